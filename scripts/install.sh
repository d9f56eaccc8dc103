#!/usr/bin/env bash
# Installs what a command needs, if it is missing: scripts/install.sh WHAT...
# WHAT: wasm-target trunk wasm-bindgen wasm-opt mdbook cargo-fuzz cargo-deny cargo-mutants cargo-llvm-cov mkdocs
#       sphinx docusaurus chromium playwright web-servers
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

log=$(mktemp "${TMPDIR:-/tmp}/crossover-install.XXXXXX")
trap 'rm -f "$log"' EXIT

# Runs a long command quietly; shows the end of what it said when it fails.
quietly() {
  if ! "$@" >"$log" 2>&1 </dev/null; then
    tail -n 20 "$log" >&2
    return 1
  fi
}

need() { command -v "$1" >/dev/null || fail "$1 is needed and was not found: $2"; }

# Compiles a command-line tool of crates.io without optimisation: it runs for seconds, so building it fast matters more.
cargo_tool() { # crate version folder minutes [cargo flags...]
  local crate=$1 version=$2 folder=$3 minutes=$4
  shift 4
  say "Installing $crate $version into $folder (about $minutes minutes, once per machine) ..."
  local -x CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_DEBUG=0
  local -x CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_STRIP=symbols
  # A lock may name crates that a registry no longer has; then the newest compatible ones serve.
  quietly cargo install "$crate" --version "$version" --root "$folder" --locked "$@" ||
    quietly cargo install "$crate" --version "$version" --root "$folder" "$@" ||
    fail "$crate $version could not be installed; the reason is above"
}

install_wasm_target() {
  need cargo "install Rust with rustup"
  local lib
  lib=$(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown
  [ -d "$lib" ] && return
  need rustup "the wasm32-unknown-unknown target of $(rustc --version) is missing and rustup would add it"
  say "Adding the wasm32-unknown-unknown target to Rust (under a minute) ..."
  quietly rustup target add wasm32-unknown-unknown || fail "rustup could not add the wasm32-unknown-unknown target"
}

install_trunk() {
  # Without its default features Trunk cannot download tools, which it never has to here, and builds twice as fast.
  [ -x "$TRUNK_DIR/bin/trunk" ] || cargo_tool trunk "$TRUNK_VERSION" "$TRUNK_DIR" 2 --no-default-features
}

install_wasm_bindgen() {
  [ -n "$WASM_BINDGEN_VERSION" ] || fail "Cargo.lock names no wasm-bindgen"
  [ -x "$WASM_BINDGEN_DIR/bin/wasm-bindgen" ] ||
    cargo_tool wasm-bindgen-cli "$WASM_BINDGEN_VERSION" "$WASM_BINDGEN_DIR" 2
}

install_wasm_opt() {
  [ -x "$WASM_OPT_DIR/node_modules/.bin/wasm-opt" ] && return
  need npm "install Node.js 20 or newer"
  say "Installing wasm-opt $BINARYEN_VERSION and esbuild into $WASM_OPT_DIR (seconds) ..."
  mkdir -p "$WASM_OPT_DIR"
  cp scripts/tools/package.json scripts/tools/package-lock.json "$WASM_OPT_DIR"
  quietly npm ci --prefix "$WASM_OPT_DIR" --no-fund --no-audit || fail "npm could not install scripts/tools/package-lock.json"
}

install_mdbook() {
  [ -x "$MDBOOK_DIR/bin/mdbook" ] ||
    cargo_tool mdbook "$MDBOOK_VERSION" "$MDBOOK_DIR" 4 --no-default-features --features search
}

# A generator of sites in Python, in an environment of its own.
python_tool() { # name recipe folder
  [ -f "$3/.installed" ] && return
  need python3 "install Python 3.11 or newer with venv"
  say "Installing $1 into $3 (seconds) ..."
  quietly python3 -m venv "$3" || fail "python3 could not make a virtual environment"
  quietly "$3/bin/pip" install --disable-pip-version-check -r "docs/recipes/$2/requirements.txt" ||
    fail "pip could not install docs/recipes/$2/requirements.txt"
  touch "$3/.installed"
}

install_mkdocs() { python_tool "MkDocs Material" mkdocs "$MKDOCS_DIR"; }

install_sphinx() { python_tool Sphinx sphinx "$SPHINX_DIR"; }

install_docusaurus() {
  [ -x "$DOCUSAURUS_DIR/node_modules/.bin/docusaurus" ] && return
  need npm "install Node.js 20 or newer"
  say "Installing Docusaurus into $DOCUSAURUS_DIR (about a minute, 270 MB) ..."
  mkdir -p "$DOCUSAURUS_DIR"
  cp docs/recipes/docusaurus/package.json docs/recipes/docusaurus/package-lock.json "$DOCUSAURUS_DIR"
  quietly npm ci --prefix "$DOCUSAURUS_DIR" --no-fund --no-audit ||
    fail "npm could not install docs/recipes/docusaurus/package-lock.json"
}

# Debian's packages, from an up-to-date list.
apt_install() {
  local root=
  [ "$(id -u)" = 0 ] || root=sudo
  export DEBIAN_FRONTEND=noninteractive
  quietly $root apt-get update || fail "apt-get update failed; the reason is above"
  quietly $root apt-get install -y --no-install-recommends "$@" || fail "apt-get could not install $*"
}

install_web_servers() {
  export PATH=$PATH:/usr/sbin:/sbin
  command -v nginx >/dev/null && command -v caddy >/dev/null && return
  command -v apt-get >/dev/null || fail "nginx and caddy are needed to check their recipes; install them"
  say "Installing nginx and Caddy from Debian's packages (under a minute) ..."
  apt_install nginx-light caddy
}

install_cargo_fuzz() {
  need c++ "libFuzzer is compiled with it"
  [ -x "$CARGO_FUZZ_DIR/bin/cargo-fuzz" ] || cargo_tool cargo-fuzz "$CARGO_FUZZ_VERSION" "$CARGO_FUZZ_DIR" 1
}

install_cargo_deny() {
  [ -x "$CARGO_DENY_DIR/bin/cargo-deny" ] || cargo_tool cargo-deny "$CARGO_DENY_VERSION" "$CARGO_DENY_DIR" 5
}

install_cargo_mutants() {
  [ -x "$CARGO_MUTANTS_DIR/bin/cargo-mutants" ] || cargo_tool cargo-mutants "$CARGO_MUTANTS_VERSION" "$CARGO_MUTANTS_DIR" 2
}

install_cargo_llvm_cov() {
  [ -x "$CARGO_LLVM_COV_DIR/bin/cargo-llvm-cov" ] ||
    cargo_tool cargo-llvm-cov "$CARGO_LLVM_COV_VERSION" "$CARGO_LLVM_COV_DIR" 1
  [ -x "$(rustc --print target-libdir)/../bin/llvm-profdata" ] && return
  need rustup "Rust's llvm-tools component is missing and rustup would add it"
  say "Adding Rust's llvm-tools, which read the counts (under a minute) ..."
  quietly rustup component add llvm-tools || fail "rustup could not add llvm-tools"
}

install_chromium() {
  find_chromium >/dev/null && find_chromedriver >/dev/null && return
  command -v apt-get >/dev/null ||
    fail "Chromium and chromedriver are needed for the browser tests; install them, or set CHROMIUM and CHROMEDRIVER"
  say "Installing Chromium and its driver from Debian's packages (about a minute) ..."
  apt_install chromium chromium-driver fonts-dejavu-core fonts-liberation
}

install_playwright() {
  local stamp=tests/browser/node_modules/.installed
  cmp -s tests/browser/package-lock.json "$stamp" && return
  need npm "install Node.js 20 or newer"
  say "Installing Playwright and axe-core for the browser tests (seconds) ..."
  quietly npm ci --prefix tests/browser --no-fund --no-audit || fail "npm could not install tests/browser/package-lock.json"
  cp tests/browser/package-lock.json "$stamp"
}

for what in "$@"; do
  case $what in
    wasm-target) install_wasm_target ;;
    trunk) install_trunk ;;
    wasm-bindgen) install_wasm_bindgen ;;
    wasm-opt) install_wasm_opt ;;
    mdbook) install_mdbook ;;
    mkdocs) install_mkdocs ;;
    sphinx) install_sphinx ;;
    docusaurus) install_docusaurus ;;
    web-servers) install_web_servers ;;
    cargo-fuzz) install_cargo_fuzz ;;
    cargo-deny) install_cargo_deny ;;
    cargo-mutants) install_cargo_mutants ;;
    cargo-llvm-cov) install_cargo_llvm_cov ;;
    chromium) install_chromium ;;
    playwright) install_playwright ;;
    *) fail "scripts/install.sh does not know '$what'" ;;
  esac
done
