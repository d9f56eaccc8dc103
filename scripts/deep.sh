#!/usr/bin/env bash
# Checks that are too long for every change: scripts/deep.sh properties|fuzz|mutants. Guide: docs/src/ci.md
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

# The property tests from many seeds; every run of the usual tests takes the same one.
properties() {
  local first=${FIRST_SEED:-$(date +%Y%m%d)} count=${SEEDS:-200} seed
  say "Property tests from $count seeds, the first is $first (FIRST_SEED and SEEDS choose)"
  cargo build --quiet --release --locked --tests
  for ((seed = first; seed < first + count; seed++)); do
    PROPTEST_RNG_SEED=$seed cargo test --quiet --release --locked --lib --test memory_properties --test speed_properties \
      --test links --test import >/dev/null || fail "seed $seed: repeat it with PROPTEST_RNG_SEED=$seed cargo test --release"
  done
}

# Every fuzz target for a while.
fuzz() { scripts/fuzz.sh "${MINUTES:-1}"; }

# Lines whose change no test notices.
mutants() {
  local files=(${MUTANTS:-src/scenario/link src/quantity src/engine}) flags=() file
  command -v cargo-mutants >/dev/null || fail "mutants need cargo-mutants: cargo install --locked cargo-mutants"
  for file in "${files[@]}"; do
    [ -d "$file" ] && file="$file/**/*.rs"
    flags+=(--file "$file")
  done
  cargo mutants --output target "${flags[@]}" -- --lib --tests
}

case ${1:-} in
  properties | fuzz | mutants) "$1" ;;
  *) fail "say which: properties, fuzz or mutants" ;;
esac
