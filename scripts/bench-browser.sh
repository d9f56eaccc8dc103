#!/usr/bin/env bash
# Times the hot paths in headless Chromium's WebAssembly and natively, in one run; prints a table and, with a file as
# argument, writes the figures there.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

scripts/install.sh wasm-target wasm-bindgen wasm-opt chromium playwright
target=${CARGO_TARGET_DIR:-target} folder=target/stopwatch
# The profile and the optimiser's flags are those of the page (Cargo.toml, index.html).
cargo build --quiet --locked --profile wasm-release --target wasm32-unknown-unknown --example stopwatch
cargo build --quiet --locked --release --example stopwatch
mkdir -p "$folder"
wasm-bindgen --target web --no-typescript --out-dir "$folder" \
  "$target/wasm32-unknown-unknown/wasm-release/examples/stopwatch.wasm"
params=$(sed -n 's/.*data-wasm-opt-params="\([^"]*\)".*/\1/p' index.html)
level=$(sed -n 's/.*data-wasm-opt="\([^"]*\)".*/\1/p' index.html)
# shellcheck disable=SC2086 # the flags are several words
wasm-opt "-O$level" $params -o "$folder/stopwatch_bg.wasm" "$folder/stopwatch_bg.wasm"
printf '<!doctype html><title>stopwatch</title>' >"$folder/index.html"
CHROMIUM=$(find_chromium) node tests/browser/stopwatch.mjs "$folder" "$target/release/examples/stopwatch" "$@"
