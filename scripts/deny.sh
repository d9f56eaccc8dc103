#!/usr/bin/env bash
# Advisories, licences, bans and sources of the dependencies, with cargo-deny and deny.toml.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

command -v cargo-deny >/dev/null ||
  fail "cargo-deny is needed; install it with: cargo install cargo-deny --locked (about five minutes)"
cargo deny --locked check "$@"
