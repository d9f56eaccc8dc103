#!/usr/bin/env bash
# Takes pictures of the release page: the README's into docs/images/, the others into tests/browser/screenshots/.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

scripts/install.sh chromium playwright
scripts/build.sh release dist
CHROMIUM=$(find_chromium) node tests/browser/screenshots.mjs
