#!/usr/bin/env bash
# What the page's optimisation level and SIMD cost and bring: builds the hot paths at opt-level z, s and 3, each with and
# without simd128, times all of them in one headless Chromium, turn by turn, and prints bytes and times: scripts/levels.sh
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

scripts/install.sh wasm-target wasm-bindgen wasm-opt chromium playwright
root=target/levels
params=$(sed -n 's/.*data-wasm-opt-params="\([^"]*\)".*/\1/p' index.html)
level=$(sed -n 's/.*data-wasm-opt="\([^"]*\)".*/\1/p' index.html)

variant() { # opt-level features
  local folder=$root/$1${2:+-$2} target=$root/target${2:+-$2}
  local quoted=$1
  [ "$1" = 3 ] || quoted="\"$1\""
  RUSTFLAGS="${2:+-C target-feature=+$2}" cargo build --quiet --locked --target-dir "$target" --profile wasm-release \
    --target wasm32-unknown-unknown --example stopwatch \
    --config "profile.wasm-release.opt-level=$quoted" --config "profile.wasm-release.package.\"*\".opt-level=$quoted"
  mkdir -p "$folder"
  wasm-bindgen --target web --no-typescript --out-dir "$folder" "$target/wasm32-unknown-unknown/wasm-release/examples/stopwatch.wasm"
  # shellcheck disable=SC2086 # the flags are several words
  wasm-opt "-O$([ "$1" = 3 ] && echo 3 || echo "$level")" $params ${2:+--enable-simd} -o "$folder/stopwatch_bg.wasm" "$folder/stopwatch_bg.wasm"
}

began=$SECONDS
for features in "" simd128; do
  for opt in z s 3; do
    [ -e "$root/$opt${features:+-$features}/stopwatch_bg.wasm" ] || variant "$opt" "$features"
  done
done
say "six programs are built ($((SECONDS - began)) s)"
CHROMIUM=$(find_chromium) node scripts/levels.mjs "$root"
