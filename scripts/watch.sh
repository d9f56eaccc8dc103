#!/usr/bin/env bash
# Serves the page and builds it again whenever a file changes: scripts/watch.sh PORT
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

folder=target/page/dist
scripts/build.sh dev "$folder"
trunk watch --dist "$folder" --skip-initial-build >target/page/watch.log 2>&1 &
watcher=$!
trap 'kill "$watcher" 2>/dev/null || true' EXIT
say "Building again on every change; what the compiler says is in target/page/watch.log"
node scripts/serve.mjs "$folder" --port "${1:-8080}" --open
