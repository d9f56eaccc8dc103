# Versions and places of the tools; sourced by the other scripts, from the project's root.
# Tools live in a per-user folder named after their version, so that every checkout shares them.

locked_version() {
  awk -v name="\"$1\"" '$1 == "name" && $3 == name { getline; gsub(/"/, "", $3); print $3; exit }' Cargo.lock
}
# Tools of the page must be exactly of the lock's wasm-bindgen.
WASM_BINDGEN_VERSION=$(locked_version wasm-bindgen)
TRUNK_VERSION=0.21.14
MDBOOK_VERSION=0.5.4
CARGO_FUZZ_VERSION=0.13.1
CARGO_DENY_VERSION=0.20.2
CARGO_MUTANTS_VERSION=27.1.0
CARGO_LLVM_COV_VERSION=0.9.1
BINARYEN_VERSION=$(sed -n 's/.*"binaryen": "\([^"]*\)".*/\1/p' scripts/tools/package.json)

# A folder's name follows the list of what is in it, so that a changed list is a new folder.
digest() { sha256sum "$1" | cut -c1-12; }

TOOLS=${CROSSOVER_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/crossover/tools}
TRUNK_DIR=$TOOLS/trunk-$TRUNK_VERSION
WASM_BINDGEN_DIR=$TOOLS/wasm-bindgen-cli-$WASM_BINDGEN_VERSION
MDBOOK_DIR=$TOOLS/mdbook-$MDBOOK_VERSION
CARGO_FUZZ_DIR=$TOOLS/cargo-fuzz-$CARGO_FUZZ_VERSION
CARGO_DENY_DIR=$TOOLS/cargo-deny-$CARGO_DENY_VERSION
CARGO_MUTANTS_DIR=$TOOLS/cargo-mutants-$CARGO_MUTANTS_VERSION
CARGO_LLVM_COV_DIR=$TOOLS/cargo-llvm-cov-$CARGO_LLVM_COV_VERSION
# wasm-opt, and esbuild for the page's script.
WASM_OPT_DIR=$TOOLS/wasm-opt-$BINARYEN_VERSION-$(digest scripts/tools/package-lock.json)
# Generators of the sites in docs/recipes, for tests only.
MKDOCS_DIR=$TOOLS/mkdocs-$(digest docs/recipes/mkdocs/requirements.txt)
SPHINX_DIR=$TOOLS/sphinx-$(digest docs/recipes/sphinx/requirements.txt)
DOCUSAURUS_DIR=$TOOLS/docusaurus-$(digest docs/recipes/docusaurus/package-lock.json)
# For the scripts that split the program.
export BINARYEN=$WASM_OPT_DIR/node_modules/binaryen
export ESBUILD=$WASM_OPT_DIR/node_modules/esbuild
export PATH=$TRUNK_DIR/bin:$MDBOOK_DIR/bin:$CARGO_FUZZ_DIR/bin:$CARGO_DENY_DIR/bin:$PATH
export PATH=$CARGO_MUTANTS_DIR/bin:$CARGO_LLVM_COV_DIR/bin:$WASM_BINDGEN_DIR/bin:$WASM_OPT_DIR/node_modules/.bin:$PATH
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1

first_of() {
  local name
  for name in "$@"; do command -v "$name" 2>/dev/null && return 0; done
  return 1
}
# Programs of the browser tests; CHROMIUM and CHROMEDRIVER choose others.
find_chromium() { first_of ${CHROMIUM:-chromium chromium-browser google-chrome}; }
find_chromedriver() { first_of ${CHROMEDRIVER:-chromedriver chromium.chromedriver}; }

say() { printf '%s\n' "$*"; }
fail() { printf 'Crossover: %s\n' "$*" >&2; exit 1; }
