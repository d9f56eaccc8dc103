#!/usr/bin/env bash
# Formatting, and clippy for the native and the WebAssembly build; any warning fails.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

scripts/install.sh wasm-target
say "Formatting"
cargo fmt --check || fail "run cargo fmt"
say "Clippy, native"
cargo clippy --quiet --locked --all-targets -- -D warnings
say "Clippy, WebAssembly"
cargo clippy --quiet --locked --target wasm32-unknown-unknown --lib --bins --test web -- -D warnings
