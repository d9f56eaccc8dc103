// Takes out of the style sheet and the script before the page what only people read. Called by finish-page.mjs.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const { default: esbuild } = await import(join(process.env.ESBUILD ?? "esbuild", "lib/main.js"));

/** Files of a first view that are written by hand. */
const written = /^(style-.*\.css|guard\.js)$/;

/** Minifies these files of the page in `folder`. */
export function minify(folder) {
  for (const name of readdirSync(folder).filter((name) => written.test(name))) {
    const file = join(folder, name);
    const loader = name.split(".").pop();
    writeFileSync(file, esbuild.transformSync(readFileSync(file, "utf8"), { loader, minify: true, charset: "utf8" }).code);
  }
}
