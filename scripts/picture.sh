#!/usr/bin/env bash
# Builds the page's second program, which draws PNG files, into target/page/picture. Run by Trunk before each build.
# Its files carry a hash, as the page's do, except picture.js, which names them.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

profile=dev place=debug
[ "${TRUNK_PROFILE:-}" != release ] || profile=wasm-release place=wasm-release
out=target/page/picture
cargo build --quiet --locked --target wasm32-unknown-unknown --profile "$profile" --bin crossover-picture
rm -rf "$out"
mkdir -p "$out"
wasm-bindgen --target no-modules --no-typescript --out-dir "$out" --out-name picture \
  "${CARGO_TARGET_DIR:-target}/wasm32-unknown-unknown/$place/crossover-picture.wasm"
if [ "$place" = wasm-release ]; then
  wasm-opt -Oz --enable-bulk-memory --enable-nontrapping-float-to-int --enable-sign-ext --enable-mutable-globals \
    "$out/picture_bg.wasm" -o "$out/small.wasm"
  mv "$out/small.wasm" "$out/picture_bg.wasm"
fi
hash=$(cat "$out/picture.js" "$out/picture_bg.wasm" | sha256sum | cut -c1-16)
mv "$out/picture.js" "$out/crossover-picture-$hash.js"
mv "$out/picture_bg.wasm" "$out/crossover-picture-${hash}_bg.wasm"
printf 'importScripts("crossover-picture-%s.js");\nwasm_bindgen({ module_or_path: "crossover-picture-%s_bg.wasm" });\n' "$hash" "$hash" >"$out/picture.js"
