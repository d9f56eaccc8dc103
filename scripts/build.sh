#!/usr/bin/env bash
# Builds the page with Trunk: scripts/build.sh release|dev FOLDER
# release is small (dist/, wasm-opt, split in two); dev compiles several times faster and answers the same. whole is
# release unsplit, with the names of its functions: what make split-record looks at.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
profile=${1:?release, whole or dev} folder=${2:?folder}

scripts/install.sh wasm-target trunk wasm-bindgen
flags=(--dist "$folder")
if [ "$profile" != dev ]; then
  scripts/install.sh wasm-opt
  flags+=(--release)
  # Names in full tell the instances of a generic function apart. The places of this checkout and of Cargo's folders, which
  # are named after the registry that crates came from, stay out of the program, so that the same commit gives the same
  # bytes anywhere.
  cargo fetch --quiet --locked --target wasm32-unknown-unknown
  export RUSTFLAGS="--cfg erase_components -C symbol-mangling-version=v0 --remap-path-prefix=$PWD=."
  for crates in "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*; do RUSTFLAGS+=" --remap-path-prefix=$crates=crates"; done
  [ "$profile" = whole ] || export CROSSOVER_SPLIT=1
fi
trunk build "${flags[@]}" </dev/null || fail "the page could not be built; the reason is above"
