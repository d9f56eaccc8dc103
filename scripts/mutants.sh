#!/usr/bin/env bash
# Changes one line after another and tells which changes no test notices: scripts/mutants.sh quantity|link|engine
# SHARD=7/120 tries every 120th change, from the 7th on. What is found lies in target/mutants/AREA/mutants.out/missed.txt.
# The changes are made in a copy without the doors, pictures and exports, which compiles in a fraction of the time; the
# tests are those of the library and of the folder tests/ that need nothing else.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

area=${1:?say which: quantity, link or engine}
case $area in
  quantity)
    modules=(quantity units visible) tests=() file='src/quantity/**/*.rs' arguments=(--lib)
    ;;
  link)
    modules=(catalog engine import math order quantity scenario units visible) tests=(links)
    file='src/scenario/link/**/*.rs' arguments=(--lib --test links -- link)
    ;;
  engine)
    modules=(catalog engine import math order quantity scenario units visible)
    tests=(memory_mistakes speed_known_answers memory_properties speed_properties accuracy_memory accuracy_speed money verdicts cascades)
    file='src/engine/**/*.rs' arguments=()
    for name in "${tests[@]}"; do arguments+=(--test "$name"); done
    # The library's own tests come last: most changes are noticed before.
    arguments+=(--lib)
    ;;
  *) fail "scripts/mutants.sh does not know '$area': quantity, link or engine" ;;
esac

scripts/install.sh cargo-mutants
copy=target/mutants/$area
rm -rf "$copy/src" "$copy/tests" "$copy/public"
mkdir -p "$copy/src" "$copy/tests"
for module in "${modules[@]}"; do cp -R "src/$module"* "$copy/src/"; done
for name in "${tests[@]}"; do cp -R "tests/$name"* "$copy/tests/"; done
cp -R tests/accuracy tests/proptest-regressions "$copy/tests/"
cp -R public build.rs Cargo.lock rust-toolchain.toml "$copy/"
{
  echo '#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]'
  printf 'pub mod %s;\n' "${modules[@]}"
} >"$copy/src/lib.rs"
# The same crates as the project's own, without those of doors and pictures.
{
  sed -n '/^\[package\]/,/^\[lib\]/p' Cargo.toml | grep -vE '^(default-run|\[lib\])'
  echo '[dependencies]'
  sed -n '/^\[dependencies\]/,/^$/p' Cargo.toml | grep -E '^(libm|serde|serde_json|thiserror) = '
  sed -n '/^\[build-dependencies\]/,/^$/p' Cargo.toml
  echo '[dev-dependencies]'
  grep -E '^proptest = ' Cargo.toml
  printf '[profile.dev]\nopt-level = 0\ndebug = false\n[profile.dev.package."*"]\nopt-level = 1\n[workspace]\n'
} >"$copy/Cargo.toml"

shard=()
[ -z "${SHARD:-}" ] || shard=(--shard "$SHARD" --sharding round-robin)
known=$PWD/scripts/mutants.toml
cd "$copy"
export PROPTEST_CASES=${PROPTEST_CASES:-64} PROPTEST_RNG_SEED=${PROPTEST_RNG_SEED:-20261123} RUST_BACKTRACE=0
status=0
CARGO_TARGET_DIR=target cargo mutants --in-place --config "$known" --timeout 240 --no-shuffle --file "$file" "${shard[@]}" \
  -- "${arguments[@]}" || status=$?
# 2: some change was missed.
[ "$status" != 2 ] || fail "no test notices the changes in $copy/mutants.out/missed.txt: add one, or explain them in scripts/mutants.toml"
exit "$status"
