#!/usr/bin/env bash
# Records what of the page's program the first view does not run; scripts/split/split.mjs moves it out.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

scripts/install.sh chromium playwright
scripts/build.sh whole target/page/whole
CHROMIUM=$(find_chromium) node scripts/split/profile.mjs target/page/whole
