#!/usr/bin/env bash
# Runs the accuracy tests and writes the errors they print into README.md.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

cargo test --quiet --locked --test accuracy_memory --test accuracy_speed -- --nocapture --test-threads=1 |
  node scripts/accuracy.mjs
