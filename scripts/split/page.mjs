// Splits the program of a built page and puts the loader of the rest into its glue: see split.mjs.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { digestOf } from "../integrity.mjs";
import { nameInRecord, record, split } from "./split.mjs";

/** Replaces text that must be there exactly once. */
function replaced(text, before, after) {
  if (text.split(before).length !== 2) throw new Error(`the glue of wasm-bindgen has changed: '${before}' is not in it once`);
  return text.replace(before, () => after);
}

/** The glue with the loader of the rest, whose name is `file` and whose bytes have the digest. */
function withLoader(glue, file, digest) {
  const source = readFileSync(join(import.meta.dirname, "loader.js"), "utf8");
  const loader = source.replace("'LATER'", JSON.stringify(file)).replace("'LATER_INTEGRITY'", JSON.stringify(digest));
  const asks = replaced(glue, "const import0 = {\n        __proto__: null,", "const import0 = {\n        __proto__: null,\n        later: laterNow,");
  const joins = replaced(asks, "    wasm.__wbindgen_start();\n", "    watchForLater();\n    wasm.__wbindgen_start();\n");
  const load = "const { instance, module } = await __wbg_load(await module_or_path, imports);";
  return replaced(joins, load, "const [{ instance, module }] = await Promise.all([Promise.resolve(module_or_path).then((m) => __wbg_load(m, imports)), laterWithFirst()]);") + loader;
}

/** Splits the page in `folder`, whose program must still name its functions; its files get names of their content. */
export function splitPage(folder) {
  const one = (pattern) => {
    const found = readdirSync(folder).filter((name) => pattern.test(name));
    if (found.length !== 1) throw new Error(`expected one file like ${pattern} in the page, found ${found.length}`);
    return found[0];
  };
  const [program, glue] = [one(/^crossover-[0-9a-f]+_bg\.wasm$/), one(/^crossover-[0-9a-f]+\.js$/)];
  const later = record();
  const parts = split(readFileSync(join(folder, program)), (name) => later.has(nameInRecord(name)));
  const text = readFileSync(join(folder, glue), "utf8");
  const hash = createHash("sha256").update(parts.first).update(parts.later).update(withLoader(text, "", "")).digest("hex").slice(0, 16);
  const name = `crossover-${hash}`;
  for (const file of [program, glue]) rmSync(join(folder, file));
  writeFileSync(join(folder, `${name}_bg.wasm`), parts.first);
  writeFileSync(join(folder, `${name}_later.wasm`), parts.later);
  writeFileSync(join(folder, `${name}.js`), withLoader(text, `./${name}_later.wasm`, digestOf(parts.later)));
  const page = join(folder, "index.html");
  writeFileSync(page, readFileSync(page, "utf8").replaceAll(glue.replace(/\.js$/, ""), name));
  return parts;
}
