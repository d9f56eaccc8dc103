#!/usr/bin/env bash
# Changes one line after another and tells which changes no test notices: scripts/mutants.sh AREA, where AREA is quantity,
# link, engine, or a part of the engine: engine/cost for a folder of it, engine/top for the files beside the folders.
# SHARD=7/120 tries every 120th change, from the 7th on. What is found lies in target/mutants/.../mutants.out/missed.txt.
# The changes are made in a copy without the doors, pictures and exports, whose tests are part of the library: one crate to
# compile for each change. The engine is tried with its own tests and the plans of examples first, and what those miss with all.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

area=${1:?say which: quantity, link, engine or a part of the engine such as engine/cost}
modules=(catalog engine import math order quantity repeated_keys scenario units visible)
case $area in
  quantity) modules=(quantity units visible) tests=() file='src/quantity/**/*.rs' only=() ;;
  link) tests=(links) file='src/scenario/link/**/*.rs' only=(link) ;;
  engine | engine/*)
    tests=(plans memory_mistakes memory_answers speed_known_answers speed_anchors memory_properties speed_properties
      accuracy_memory accuracy_speed money verdicts published cascades remedies)
    part=${area#engine} file="src/$area/**/*.rs"
    [ "$part" != /top ] || part="" file='src/engine/*.rs'
    # The plans of examples notice most changes within a second.
    only=("engine::${part#/}" every_example_answers_as_before some_presets_answer_as_before)
    ;;
  *) fail "scripts/mutants.sh does not know '$area': quantity, link, engine, or engine/ and a folder of it" ;;
esac

scripts/install.sh cargo-mutants
copy=target/mutants/${area%%/*}
rm -rf "$copy/src" "$copy/tests" "$copy/public"
mkdir -p "$copy/src" "$copy/tests"
for module in "${modules[@]}"; do cp -R "src/$module"* "$copy/src/"; done
for name in "${tests[@]}"; do cp -R "tests/$name"* "$copy/tests/"; done
cp -R tests/accuracy tests/links tests/memory_case tests/proptest-regressions tests/web "$copy/tests/"
cp -R public build.rs Cargo.lock rust-toolchain.toml "$copy/"
{
  printf '#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]\n#[cfg(test)]\nextern crate self as crossover;\n'
  printf 'pub mod %s;\n' "${modules[@]}"
  for name in "${tests[@]}"; do
    path=../tests/$name.rs
    [ -f "tests/$name.rs" ] || path=../tests/$name/main.rs
    printf '#[cfg(test)]\n#[path = "%s"]\nmod %s;\n' "$path" "$name"
  done
} >"$copy/src/lib.rs"
# The same crates as the project's own, without those of doors and pictures.
{
  sed -n '/^\[package\]/,/^\[lib\]/p' Cargo.toml | grep -vE '^(default-run|\[lib\])'
  echo 'autotests = false'
  echo '[dependencies]'
  sed -n '/^\[dependencies\]/,/^$/p' Cargo.toml | grep -E '^(libm|serde|serde_json|thiserror) = '
  sed -n '/^\[build-dependencies\]/,/^$/p' Cargo.toml
  echo '[dev-dependencies]'
  grep -E '^proptest = ' Cargo.toml
  printf '[profile.dev]\nopt-level = 0\ndebug = false\n[profile.dev.package."*"]\nopt-level = 1\n[workspace]\n'
} >"$copy/Cargo.toml"

shard=()
[ -z "${SHARD:-}" ] || shard=(--shard "$SHARD" --sharding round-robin)
files=(--file "$file")
known=$PWD/scripts/mutants.toml
cd "$copy"
export PROPTEST_CASES=${PROPTEST_CASES:-64} PROPTEST_RNG_SEED=${PROPTEST_RNG_SEED:-20261123} RUST_BACKTRACE=0
try() { # the rest of cargo-mutants' arguments; 2: some change was missed
  CARGO_TARGET_DIR=target cargo mutants --in-place --config "$known" --cargo-arg=--lib --timeout 600 --no-shuffle \
    "${files[@]}" "${shard[@]}" "$@"
}
status=0
rm -rf mutants.out
try -- -- "${only[@]}" || status=$?
if [ "$status" = 2 ] && [ ${#only[@]} -gt 0 ]; then
  # Those changes by their names: a share of what is left would be other ones. cargo-mutants 27.1 passes over names where a
  # field of a struct is left out, so those in the same files are tried again too.
  files=() names=()
  while IFS= read -r name; do
    files+=(--file "${name%%:*}") names+=(--re "^$(sed 's/[][\\.*^$+?(){}|]/\\&/g' <<<"$name")\$")
  done <mutants.out/missed.txt
  status=0 shard=()
  try "${names[@]}" || status=$?
fi
[ "$status" != 2 ] || fail "no test notices the changes in $copy/mutants.out/missed.txt: add one, or explain them in scripts/mutants.toml"
exit "$status"
