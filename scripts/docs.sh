#!/usr/bin/env bash
# Builds the book into target/docs, and beside the app (dist/docs/book) where that is built: scripts/docs.sh
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

scripts/install.sh mdbook
cargo run --quiet --locked --example reference
git diff --quiet -- docs 2>/dev/null || say "Generated pages of the book have changed; commit them."
mdbook build docs
if [ -f dist/index.html ]; then
  rm -rf dist/docs/book
  mkdir -p dist/docs
  cp -R target/docs dist/docs/book
fi
