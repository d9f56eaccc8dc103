#!/usr/bin/env bash
# Lines of the library that the native tests run: scripts/coverage.sh; prints each file of the engine, fails below 95 %.
# The whole list, line by line, is target/coverage/html/index.html.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

scripts/install.sh cargo-llvm-cov
mkdir -p target/coverage
say "Running the native tests with every line counted (minutes) ..."
PROPTEST_RNG_SEED=${PROPTEST_RNG_SEED:-20261123} cargo llvm-cov --locked --no-report --lib --tests -- --quiet
cargo llvm-cov report --json --summary-only --output-path target/coverage/summary.json
cargo llvm-cov report --html --output-dir target/coverage
node scripts/coverage.mjs target/coverage/summary.json
