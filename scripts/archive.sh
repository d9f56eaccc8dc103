#!/usr/bin/env bash
# Packs the built page, the book beside it, licences and server recipes into target/archive: scripts/archive.sh
# The same commit gives the same bytes: names sorted, one date, no owner.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

[ -f dist/index.html ] || scripts/build.sh release dist
[ -f dist/docs/book/index.html ] || scripts/docs.sh
node scripts/sbom.mjs
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
name=crossover-$version
out=target/archive
date=$(git log -1 --format=%ct 2>/dev/null || echo 1767225600)
rm -rf "$out"
mkdir -p "$out/$name"
cp -R dist "$out/$name/site"
rm -rf "$out/$name/site/.stage"
touch "$out/$name/site/.nojekyll" # GitHub Pages: serve the files as they are
cp LICENSE-MIT LICENSE-APACHE CHANGELOG.md docs/recipes/archive/README.md "$out/$name"
cp src/chart/raster/font/OFL.txt "$out/$name/LICENSE-Inter" # the fonts of PNG pictures
mkdir "$out/$name/servers"
policy=$(sed -n 's/.*Content-Security-Policy: \(.*\); frame-ancestors.*/\1/p' dist/_headers | head -n 1)
[ -n "$policy" ] || fail "dist/_headers holds no Content-Security-Policy"
for recipe in docs/recipes/nginx/*.conf docs/recipes/caddy/*Caddyfile; do
  sed "s|\"POLICY;|\"$policy;|" "$recipe" >"$out/$name/servers/${recipe##*/}"
done
# Lists of what is inside.
cp target/sbom/page.cdx.json target/sbom/program.cdx.json "$out/$name"
node scripts/compress.mjs "$out/$name/site"
tar --create --sort=name --mtime="@$date" --owner=0 --group=0 --numeric-owner --mode=u+rwX,go+rX,go-w \
  --directory "$out" "$name" | gzip --no-name --best >"$out/$name.tar.gz"
(cd "$out" && sha256sum "$name.tar.gz" >"$name.tar.gz.sha256")
say "$out/$name.tar.gz: $(wc -c <"$out/$name.tar.gz") bytes, $(tar --list --file "$out/$name.tar.gz" | grep -vc '/$') files"
