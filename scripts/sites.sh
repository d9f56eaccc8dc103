#!/usr/bin/env bash
# Builds the sites of docs/recipes with their own generators into target/recipes, and opens them in Chromium beside the
# app, on two ports; then the book, and the release archive on nginx, Caddy and a host like GitHub Pages:
# scripts/sites.sh. The app is that of dist/, which is built where it is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
out=$PWD/target/recipes

# A copy of a recipe beside what was built of it, so that no generator writes into the sources.
sources() { # name -> folder
  rm -rf "$out/$1"
  mkdir -p "$out/$1"
  cp -R "docs/recipes/$1" "$out/$1/src"
  rm -rf "$out/$1/src/node_modules" "$out/$1/src/.docusaurus"
}

# Runs a generator quietly; shows what it said when it fails.
build() { # name command...
  local name=$1 log=$out/$1/log began=$SECONDS
  shift
  "$@" >"$log" 2>&1 </dev/null || { cat "$log" >&2; fail "$name could not build its site"; }
  say "$name built its site in $((SECONDS - began)) s"
}

mdbook_site() {
  sources mdbook
  build mdbook mdbook build "$out/mdbook/src" --dest-dir "$out/mdbook/site"
}

mkdocs_site() {
  sources mkdocs
  build mkdocs "$MKDOCS_DIR/bin/mkdocs" build --strict --config-file "$out/mkdocs/src/mkdocs.yml" --site-dir "$out/mkdocs/site"
}

sphinx_site() {
  sources sphinx
  build sphinx "$SPHINX_DIR/bin/sphinx-build" -W --keep-going "$out/sphinx/src" "$out/sphinx/site"
}

docusaurus_site() {
  sources docusaurus
  ln -s "$DOCUSAURUS_DIR/node_modules" "$out/docusaurus/src/node_modules"
  # Its cache lies among the shared packages and names files of the checkout that filled it: another one cannot build.
  DISABLE_VERSION_CHECK=1 NO_UPDATE_NOTIFIER=1 DOCUSAURUS_NO_PERSISTENT_CACHE=true \
    build docusaurus env --chdir "$out/docusaurus/src" node_modules/.bin/docusaurus build --out-dir "$out/docusaurus/site"
}

scripts/install.sh mdbook mkdocs sphinx docusaurus chromium playwright web-servers
mdbook_site
mkdocs_site
sphinx_site
docusaurus_site
[ -f dist/index.html ] || scripts/build.sh release dist
scripts/docs.sh
scripts/archive.sh
cargo build --quiet --locked # draws the pictures of the README's recipe
cd tests/browser
CHROMIUM=$(find_chromium) npx --no-install playwright test --config sites.config.mjs
