#!/usr/bin/env bash
# One part of the tests: scripts/test.sh native|wasm|browser|bench-page|lighthouse
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

# The native program answers the scenarios that WebAssembly and the page must answer identically.
native_program() {
  cargo build --quiet --locked --bin crossover
}

# Property tests try the same cases in every run; another PROPTEST_RNG_SEED searches elsewhere.
native() {
  PROPTEST_RNG_SEED=${PROPTEST_RNG_SEED:-20261123} cargo test --locked --no-fail-fast
}

wasm() {
  scripts/install.sh wasm-target wasm-bindgen chromium
  native_program
  mkdir -p target/web
  node scripts/web-scenarios.mjs target/web/scenarios.jsonl
  "${CARGO_TARGET_DIR:-target}"/debug/crossover plan --stream <target/web/scenarios.jsonl >target/web/plans.jsonl
  # Seconds until the browser is given up: some hundred plans take a fraction of it on a machine with nothing else to do.
  WASM_BINDGEN_TEST_TIMEOUT=${WASM_BINDGEN_TEST_TIMEOUT:-600} \
    CHROMEDRIVER=$(find_chromedriver) CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=wasm-bindgen-test-runner \
    cargo test --locked --target wasm32-unknown-unknown --test web
}

browser() {
  scripts/install.sh chromium playwright
  native_program
  scripts/build.sh release dist
  node --test --test-reporter=dot scripts/split/*.test.mjs
  node scripts/size.mjs dist --check
  cd tests/browser
  CHROMIUM=$(find_chromium) npx --no-install playwright test
}

# Measures or judges the release build with a script of tests/browser.
on_the_page() {
  scripts/install.sh chromium playwright
  scripts/build.sh release dist
  cd tests/browser
  CHROMIUM=$(find_chromium) node "$1"
}

case ${1:-} in
  native | wasm | browser) "$1" ;;
  bench-page) on_the_page bench.mjs ;;
  lighthouse) on_the_page lighthouse.mjs ;;
  *) fail "say which tests: native, wasm or browser" ;;
esac
