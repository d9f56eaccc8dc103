// Splits the program of a built page and puts the loader of its later parts into its glue: see split.mjs.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { digestOf } from "../integrity.mjs";
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

/** The glue with the loader of the later parts, their files and digests by their names, without what only people read. */
function withLoader(glue, files) {
  const loader = replaced(readFileSync(join(import.meta.dirname, "loader.js"), "utf8"), "'PARTS'", JSON.stringify(files));
  const imports = LATER_PARTS.map((part) => `\n        ${part}: () => partNow('${part}'),`).join("");
  const head = "const import0 = {\n        __proto__: null,";
  const asks = replaced(glue, head, head + imports);
  const joins = replaced(asks, "    wasm.__wbindgen_start();\n", "    watchForTouch();\n    wasm.__wbindgen_start();\n");
  const load = "const { instance, module } = await __wbg_load(await module_or_path, imports);";
  const whole = replaced(joins, load, "const [{ instance, module }] = await Promise.all([Promise.resolve(module_or_path).then((m) => __wbg_load(m, imports)), partsWithFirst()]);") + loader;
  return esbuild.transformSync(whole, { minify: true, format: "esm" }).code;
}

/** Splits the page in `folder`, whose program must still name its functions; its files get names of their content. */
export function splitPage(folder) {
  const one = (pattern) => {
    const found = readdirSync(folder).filter((name) => pattern.test(name));
    if (found.length !== 1) throw new Error(`expected one file like ${pattern} in the page, found ${found.length}`);
    return found[0];
  };
  const [program, glue] = [one(/^crossover-[0-9a-f]+_bg\.wasm$/), one(/^crossover-[0-9a-f]+\.js$/)];
  const names = recorded(LATER_PARTS);
  const parts = split(readFileSync(join(folder, program)), readFileSync(LINKED), (name) => names.get(name));
  const text = readFileSync(join(folder, glue), "utf8");
  const hash = createHash("sha256").update(parts.first).update(withLoader(text, {}));
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
  writeFileSync(join(folder, `${name}.js`), withLoader(text, files));
  const page = join(folder, "index.html");
  writeFileSync(page, readFileSync(page, "utf8").replaceAll(glue.replace(/\.js$/, ""), name));
  return parts;
}
