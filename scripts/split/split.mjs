// Splits the page's program in two: what the first view runs, and the rest, with the words of the catalog that only
// people read, which is fetched when the reader first touches the page. Which functions the rest is made of stands in
// later.txt, as recorded by profile.mjs in a browser. Both parts share memory and tables. In the first part a function of
// the rest is a stub that calls it through a table of its own; called before the rest is there, the stub fetches it on the
// spot, so the record decides about bytes and never about answers.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readsWords, withoutWords, wordsOf } from "./words.mjs";

const { default: binaryen } = await import(join(process.env.BINARYEN ?? "binaryen", "index.js"));

/** The module's functions, imported ones included. */
export const functionsOf = (module) =>
  Array.from({ length: module.getNumFunctions() }, (_, i) => binaryen.getFunctionInfo(module.getFunctionByIndex(i)));

/** How a function is named in later.txt: a hash of its path without the compiler's own hashes. */
export const nameInRecord = (name) =>
  createHash("sha256").update(name.replace(/\[[0-9a-f]{10,16}\]/g, "").replace(/_\d+$/, "")).digest("hex").slice(0, 8);

/** The names of later.txt. */
export const record = () =>
  new Set(readFileSync(join(import.meta.dirname, "later.txt"), "utf8").split("\n")
    .filter((line) => !line.startsWith("#")).flatMap((line) => line.split(" ")).filter(Boolean));

const list = (count, at, info) => Array.from({ length: count }, (_, i) => info(at(i)));
const globalsOf = (m) => list(m.getNumGlobals(), (i) => m.getGlobalByIndex(i), binaryen.getGlobalInfo);
const tablesOf = (m) => list(m.getNumTables(), (i) => m.getTableByIndex(i), binaryen.getTableInfo);
const exportsOf = (m) => list(m.getNumExports(), (i) => m.getExportByIndex(i), binaryen.getExportInfo);
const elementsOf = (m) => list(m.getNumElementSegments(), (i) => m.getElementSegmentByIndex(i), binaryen.getElementSegmentInfo);

/** Names of one or two characters for what the parts share. */
function shortName(i) {
  const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$";
  return (i < 64 ? "" : shortName(Math.floor(i / 64) - 1)) + letters[i % 64];
}

/** The rest: every function of `moved` and the catalog's words, and imports in place of all other functions. Returns it
 * with what it imports. */
function restOf(bytes, moved) {
  const module = binaryen.readBinary(bytes);
  const words = wordsOf(module);
  const functions = functionsOf(module);
  const originals = new Map(functions.map((f) => [f.name, f]));
  for (const e of exportsOf(module)) module.removeExport(e.name);
  for (const e of elementsOf(module)) module.removeElementSegment(e.name);
  const { initial, max } = module.getMemoryInfo();
  const carried = { offset: module.i32.const(words.address), data: words.bytes, passive: false };
  module.setMemory(initial, max ?? -1, null, [carried], false, false, "0");
  module.addMemoryImport("0", "first", "memory");
  for (const f of functions.filter((f) => !f.module && !moved.has(f.name))) {
    module.removeFunction(f.name);
    module.addFunctionImport(f.name, "first", f.name, f.params, f.results);
  }
  for (const g of globalsOf(module)) {
    module.removeGlobal(g.name);
    module.addGlobalImport(g.name, "first", g.name, g.type, g.mutable);
  }
  for (const t of tablesOf(module)) module.addTableImport(t.name, "first", t.name);
  module.addTable("later", moved.size, moved.size);
  module.addTableImport("later", "first", "later");
  module.addActiveElementSegment("later", "later", [...moved], module.i32.const(0));
  module.runPasses(["remove-unused-module-elements"]);
  const shared = {
    functions: functionsOf(module).filter((f) => f.module === "first").map((f) => f.name),
    globals: globalsOf(module).map((g) => g.name),
    tables: tablesOf(module).map((t) => t.name).filter((name) => name !== "later"),
  };
  // Imported under the short names that the first part exports.
  let n = 0;
  const names = new Map([...shared.functions, ...shared.globals, ...shared.tables].map((name) => [name, shortName(n++)]));
  for (const name of shared.functions) {
    const { params, results } = originals.get(name);
    module.removeFunction(name);
    module.addFunctionImport(name, "first", names.get(name), params, results);
  }
  for (const g of globalsOf(module)) {
    module.removeGlobal(g.name);
    module.addGlobalImport(g.name, "first", names.get(g.name), g.type, g.mutable);
  }
  for (const name of shared.tables) module.addTableImport(name, "first", names.get(name));
  return { module, shared, names };
}

/** The first part: stubs in place of the functions of `moved`, and what the rest needs as exports. */
function firstOf(bytes, moved, { shared, names }) {
  const module = binaryen.readBinary(bytes);
  const imports = functionsOf(module).find((f) => f.module)?.module;
  if (!imports) throw new Error("the program imports nothing, so it cannot ask for the rest");
  const signatures = new Map(functionsOf(module).map((f) => [f.name, f]));
  module.addFunctionImport("fetch the rest", imports, "later", binaryen.none, binaryen.none);
  module.addGlobal("rest is there", binaryen.i32, true, module.i32.const(0));
  module.addTable("later", moved.size, moved.size);
  const missing = module.i32.eqz(module.global.get("rest is there", binaryen.i32));
  const ask = module.call("fetch the rest", [], binaryen.none);
  module.addFunction("need the rest", binaryen.none, binaryen.none, [], module.if(missing, ask));
  [...moved].forEach((name, slot) => {
    const { params, results } = signatures.get(name);
    const given = binaryen.expandType(params).map((type, i) => module.local.get(i, type));
    const call = module.call_indirect("later", module.i32.const(slot), given, params, results);
    module.removeFunction(name);
    module.addFunction(name, params, results, [], module.block(null, [module.call("need the rest", [], binaryen.none), call], results));
  });
  const taken = new Set(exportsOf(module).map((e) => e.name));
  const clash = [...names.values(), "later", "loaded"].find((name) => taken.has(name));
  if (clash) throw new Error(`the program already exports '${clash}'`);
  module.addTableExport("later", "later");
  module.addGlobalExport("rest is there", "loaded");
  for (const name of shared.functions) module.addFunctionExport(name, names.get(name));
  for (const name of shared.globals) module.addGlobalExport(name, names.get(name));
  for (const name of shared.tables) module.addTableExport(name, names.get(name));
  module.runPasses(["remove-unused-module-elements", "reorder-functions"]);
  return module;
}

/** Splits a WebAssembly program that still names its functions. Returns { first, later, moved, unknown }. */
export function split(bytes, isLater) {
  const module = binaryen.readBinary(bytes);
  const [own, words] = [functionsOf(module).filter((f) => !f.module), wordsOf(module)];
  const readers = own.filter((f) => readsWords(binaryen.emitText(f.body), words)).map((f) => f.name);
  if (readers.length === 0) throw new Error("nothing in the program reads the catalog's words");
  const moved = new Set([...own.map((f) => f.name).filter(isLater), ...readers]);
  const rest = restOf(bytes, moved);
  const first = firstOf(bytes, moved, rest);
  for (const module of [first, rest.module]) if (!module.validate()) throw new Error("a part of the program is not valid");
  binaryen.setDebugInfo(false);
  return { first: withoutWords(first.emitBinary()), later: rest.module.emitBinary(), moved: moved.size, functions: own.length };
}

/** The program with a mark in every function that says whether it ran: the exported globals ran0, ran1, ... */
export function instrument(bytes) {
  const module = binaryen.readBinary(bytes);
  const names = [];
  functionsOf(module).forEach((f, i) => {
    if (f.module) return;
    const mark = `ran${names.length}`;
    module.addGlobal(mark, binaryen.i32, true, module.i32.const(0));
    module.addGlobalExport(mark, mark);
    const set = module.global.set(mark, module.i32.const(1));
    binaryen.Function.setBody(module.getFunctionByIndex(i), module.block(null, [set, f.body], f.results));
    names.push(f.name);
  });
  binaryen.setDebugInfo(false);
  return { program: module.emitBinary(), names };
}
