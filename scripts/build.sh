#!/usr/bin/env bash
# Builds the page with Trunk: scripts/build.sh release|dev FOLDER
# release is small (dist/, wasm-opt); dev compiles several times faster and answers the same.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
profile=${1:?release or dev} folder=${2:?folder}

scripts/install.sh wasm-target trunk wasm-bindgen
flags=(--dist "$folder")
if [ "$profile" = release ]; then
  scripts/install.sh wasm-opt
  flags+=(--release)
fi
trunk build "${flags[@]}" </dev/null || fail "the page could not be built; the reason is above"
