// Splits the program of a built page and puts the loader of its later parts into its glue: see split.mjs.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { digestOf } from "../integrity.mjs";
import { SCRIPT } from "./names.mjs";
import { recorded } from "./record.mjs";
import { LATER_PARTS, split } from "./split.mjs";

const { default: esbuild } = await import(join(process.env.ESBUILD ?? "esbuild", "lib/main.js"));

/** What the linker wrote, before wasm-bindgen and wasm-opt. */
const LINKED = join(process.env.CARGO_TARGET_DIR ?? "target", "wasm32-unknown-unknown/wasm-release/crossover.wasm");

/** Replaces text that must be there exactly once. */
function replaced(text, before, after) {
  if (text.split(before).length !== 2) throw new Error(`the glue of wasm-bindgen has changed: '${before}' is not in it once`);
  return text.replace(before, () => after);
}

/** The glue without the classes that crates hand out to scripts: this page has no script that takes one. */
function withoutClasses(glue) {
  const declared = /^export class (\w+) \{\n[\s\S]*?^\}\n(?:if \(Symbol\.dispose\).*\n)?/gm;
  const names = [...glue.matchAll(declared)].map(([, name]) => name);
  const rest = glue.replace(declared, "").replace(/^const (\w+)Finalization = [\s\S]*?;\n/gm, (all, name) => (names.includes(name) ? "" : all));
  const used = names.find((name) => new RegExp(`\\b${name}\\b`).test(rest));
  if (used) throw new Error(`the glue of wasm-bindgen uses its class ${used}`);
  return rest;
}

/** What the glue calls of the program. */
const calledBy = (glue) => new Set([...glue.matchAll(/\bwasm\.(\w+)/g)].map(([, name]) => name));

/** The glue with the short names of what it gives and calls. */
function withNames(glue, { imports, exports }) {
  return glue
    .replace(/^ {8}(\w+)(?=: function)/gm, (all, name) => `        ${imports.get(name) ?? name}`)
    .replace(/^ {8}"\.\/crossover_bg\.js"/m, `        ${SCRIPT}`)
    .replace(/\bwasm\.(\w+)/g, (all, name) => `wasm.${exports.get(name) ?? name}`);
}

const source = (name) => readFileSync(join(import.meta.dirname, name), "utf8");

/** The glue with a start of its own and the loader of the later parts, their files and digests by their names, without what
 * only people read. */
function withLoader(glue, files, names) {
  const loader = replaced(source("loader.js"), "'PARTS'", JSON.stringify(files));
  const imports = LATER_PARTS.map((part) => `\n        ${part}: () => partNow('${part}'),`).join("");
  const head = "const import0 = {\n        __proto__: null,";
  const [rest, end] = replaced(glue, head, head + imports).split("let wasmModule, wasmInstance, wasm;\n");
  if (!end?.includes("__wbg_init as default")) throw new Error("the glue of wasm-bindgen has changed: it does not end with the start of the program");
  const whole = withNames(rest + source("start.js"), names) + loader;
  return esbuild.transformSync(whole, { minify: true, treeShaking: true, charset: "utf8", format: "esm" }).code;
}

/** Splits the page in `folder`, whose program must still name its functions; its files get names of their content. */
export function splitPage(folder) {
  const one = (pattern) => {
    const found = readdirSync(folder).filter((name) => pattern.test(name));
    if (found.length !== 1) throw new Error(`expected one file like ${pattern} in the page, found ${found.length}`);
    return found[0];
  };
  const [program, glue] = [one(/^crossover-[0-9a-f]+_bg\.wasm$/), one(/^crossover-[0-9a-f]+\.js$/)];
  const partOfName = recorded(LATER_PARTS);
  const text = withoutClasses(readFileSync(join(folder, glue), "utf8"));
  const called = calledBy(text);
  const parts = split(readFileSync(join(folder, program)), readFileSync(LINKED), (name) => partOfName.get(name), (name) => called.has(name));
  const hash = createHash("sha256").update(parts.first).update(withLoader(text, {}, parts.names));
  for (const part of LATER_PARTS) hash.update(parts[part]);
  const name = `crossover-${hash.digest("hex").slice(0, 16)}`;
  for (const file of [program, glue]) rmSync(join(folder, file));
  writeFileSync(join(folder, `${name}_bg.wasm`), parts.first);
  const files = {};
  for (const part of LATER_PARTS) {
    const file = `${name}_${part}.wasm`;
    writeFileSync(join(folder, file), parts[part]);
    files[part] = [`./${file}`, digestOf(parts[part])];
  }
  writeFileSync(join(folder, `${name}.js`), withLoader(text, files, parts.names));
  const page = join(folder, "index.html");
  writeFileSync(page, readFileSync(page, "utf8").replaceAll(glue.replace(/\.js$/, ""), name));
  return parts;
}
