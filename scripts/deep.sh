#!/usr/bin/env bash
# Checks that are too long for every change: scripts/deep.sh properties|32-bit|fuzz|mutants. Guide: docs/src/ci.md
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

property_tests=(--test memory_properties --test speed_properties --test money --test import --test catalog)

# The property tests from many seeds; every run of the usual tests takes the same one.
properties() {
  local first=${FIRST_SEED:-$(date +%Y%m%d)} count=${SEEDS:-200} seed
  say "Property tests from $count seeds, the first is $first (FIRST_SEED and SEEDS choose)"
  cargo build --quiet --release --locked --tests
  for ((seed = first; seed < first + count; seed++)); do
    PROPTEST_RNG_SEED=$seed cargo test --quiet --release --locked --lib "${property_tests[@]}" >/dev/null || fail "seed $seed: repeat it with PROPTEST_RNG_SEED=$seed cargo test --release"
  done
}

# Every fuzz target for a while.
fuzz() { scripts/fuzz.sh "${MINUTES:-1}"; }

# The property tests with words of 32 bits, as WebAssembly has, and every scenario of `make test-wasm` byte for byte.
thirty_two_bit() {
  local target=i686-unknown-linux-gnu
  echo 'int main(void) { return 0; }' | cc -m32 -x c -o /dev/null - 2>/dev/null ||
    fail "the C linker cannot make 32-bit programs; on Debian: apt-get install gcc-multilib"
  [ -d "$(rustc --print sysroot)/lib/rustlib/$target" ] || rustup target add "$target"
  cargo test --locked --target "$target" --lib "${property_tests[@]}"
  cargo build --quiet --locked --bin crossover
  cargo build --quiet --locked --bin crossover --target "$target"
  mkdir -p target/web
  node scripts/web-scenarios.mjs target/web/scenarios.jsonl
  local wide=target/debug/crossover narrow=target/$target/debug/crossover
  "$wide" plan --stream <target/web/scenarios.jsonl >target/web/plans.jsonl
  "$narrow" plan --stream <target/web/scenarios.jsonl | cmp - target/web/plans.jsonl || fail "32 bits give other plans than 64"
  say "32 bits give the same $(wc -l <target/web/plans.jsonl) plans as 64"
}

# Lines whose change no test notices.
mutants() {
  local area missed=0
  for area in ${AREAS:-quantity link engine}; do scripts/mutants.sh "$area" || missed=1; done
  return "$missed"
}

case ${1:-} in
  properties | fuzz | mutants) "$1" ;;
  32-bit) thirty_two_bit ;;
  *) fail "say which: properties, 32-bit, fuzz or mutants" ;;
esac
