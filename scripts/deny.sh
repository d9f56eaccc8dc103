#!/usr/bin/env bash
# What comes from others: scripts/deny.sh. npm, pip and actions are fixed to one version; crates have licences, names and
# sources that deny.toml allows, for the project and for its fuzz targets; and no known vulnerability, where the database of
# advisories can be fetched (ADVISORIES=required fails without).
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

DATABASE=https://github.com/RustSec/advisory-db

check() { # manifest checks...
  local manifest=$1
  shift
  # Two versions of a crate are the authors' affair; a licence or an exception that one of the two locks does not need is fine.
  cargo deny --log-level error --locked --config deny.toml --manifest-path "$manifest" check --hide-inclusion-graph \
    --allow duplicate --allow license-not-encountered --allow license-exception-not-encountered "$@"
}

reachable() { GIT_TERMINAL_PROMPT=0 timeout 30 git ls-remote --quiet "$DATABASE" HEAD >/dev/null 2>&1; }

node scripts/locks.mjs || fail "what is fetched for builds and tests must be fixed to one version; the list is above"
scripts/install.sh cargo-deny
what=(bans licenses sources)
if reachable; then
  what+=(advisories)
elif [ "${ADVISORIES:-}" = required ]; then
  fail "advisories cannot be checked: $DATABASE cannot be reached from here"
else
  say "Advisories were NOT checked, because $DATABASE cannot be reached from here; run make deny where it can"
fi
for manifest in Cargo.toml fuzz/Cargo.toml; do
  say "Crates of $manifest: ${what[*]}"
  check "$manifest" "${what[@]}"
done
