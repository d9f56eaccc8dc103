// Writes target/page/style.css: style/main.css with its local @import lines replaced by the sheets they name.
// Browsers would fetch imports one after another; one sheet is one request. Run by Trunk before each build.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const root = join(import.meta.dirname, "..");
const importLine = /^@import\s+(?:url\()?["']([^"']+)["']\)?\s*;[ \t]*$/gm;

function inline(file, parents = []) {
  if (parents.includes(file)) throw new Error(`${relative(root, file)} imports itself`);
  let text;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw new Error(`${relative(root, file)} is missing${parents.length ? `; ${relative(root, parents.at(-1))} imports it` : ""}`);
  }
  return text.replace(importLine, (_, name) => inline(join(dirname(file), name), [...parents, file]));
}

const output = join(root, "target/page/style.css");
try {
  mkdirSync(dirname(output), { recursive: true });
  writeFileSync(output, inline(join(root, "style/main.css")));
} catch (error) {
  console.error(`The style sheet cannot be put together: ${error.message}.`);
  process.exit(1);
}
