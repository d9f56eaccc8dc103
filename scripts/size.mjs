// Prints the size of a built page, file by file, as sent with brotli: node scripts/size.mjs FOLDER
// The budget is what a first visit may transfer; tests/browser checks it on what the page really asks for.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const best = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };

/** Bytes of a file after brotli at its highest level. */
export const brotliBytes = (content) => brotliCompressSync(content, best).length;

const folder = process.argv[2] ?? "dist";
const rows = readdirSync(folder)
  .filter((name) => /\.(html|js|css|wasm|svg|webmanifest)$/.test(name))
  .map((name) => {
    const content = readFileSync(join(folder, name));
    return { name, raw: content.length, brotli: brotliBytes(content) };
  })
  .sort((a, b) => b.brotli - a.brotli);
const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
const width = Math.max(...rows.map((row) => row.name.length));
const line = (name, raw, brotli) =>
  console.log(`${name.padEnd(width)} ${raw.toLocaleString("en").padStart(10)} ${brotli.toLocaleString("en").padStart(10)}`);
line("", "bytes", "brotli");
for (const { name, raw, brotli } of rows) line(name, raw, brotli);
line("total", sum("raw"), sum("brotli"));
