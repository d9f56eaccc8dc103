#!/usr/bin/env bash
# Builds the page of the current commit twice, in two folders of different names and without anything compiled before,
# and compares every file.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

work=$(mktemp -d "${TMPDIR:-/tmp}/crossover-twice.XXXXXX")
trap 'rm -rf "$work"' EXIT
for name in one another-name; do
  mkdir -p "$work/$name"
  git archive HEAD | tar -x -C "$work/$name"
  say "Building the page in $work/$name ..."
  (cd "$work/$name" && env -u CARGO_TARGET_DIR scripts/build.sh release dist >"$work/$name.log" 2>&1) ||
    { tail -n 20 "$work/$name.log" >&2; fail "the build in $name failed"; }
done
diff -r "$work/one/dist" "$work/another-name/dist" || fail "the two builds differ"
say "Both builds are the same: $(cd "$work/one/dist" && find . -type f | wc -l) files, $(cd "$work/one/dist" && cat ./*_bg.wasm | sha256sum | cut -c1-16) for the program"
