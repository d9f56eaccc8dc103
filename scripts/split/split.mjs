// Splits the page's program: what the first view runs, and parts that are fetched later. Which functions, and which ways
// through functions, a part is made of stands in a record (record.mjs) that profile.mjs writes in a browser. Data goes
// where the functions are that refer to it. All parts share memory and tables. In an earlier part a function of a later
// one is a stub that calls it through a table; called before that part is there, the stub fetches it on the spot, so the
// record decides about bytes and never about answers.
import { binaryen } from "./tree.mjs";
import { Outliner } from "./outline.mjs";
import { placeData } from "./data.mjs";
import { dataOf, elementsOf, exportsOf, functionsOf, globalsOf, signatureRanks, tablesOf } from "./modules.mjs";
import { withoutNotes } from "./references.mjs";
import { nameInRecord } from "./record.mjs";
import { putInOrder } from "./order.mjs";
import { FIRST, importsOf, sharedName, shorten } from "./names.mjs";

/** Parts that are fetched later, in the order in which they join. */
export const LATER_PARTS = ["soon", "later"];

function setData(module, segments) {
  const { initial, max } = module.getMemoryInfo();
  module.setMemory(initial, max ?? -1, null, segments.map(({ address, bytes }) => ({ offset: module.i32.const(address), data: bytes, passive: false })), false, false, "0");
}

/** Sorts functions by signature, those of one by their places of the function table. */
function bySignature(module, functions) {
  const slots = new Map();
  elementsOf(module)[0].functions.forEach((name, slot) => { if (!slots.has(name)) slots.set(name, slot); });
  const slot = ({ name }) => slots.get(name) ?? slots.size;
  const rank = signatureRanks(functions);
  return functions.sort((a, b) => rank(a) - rank(b) || slot(a) - slot(b));
}

/** Runs of neighbouring places of the function table: [[place, functions], ...]. */
function runsOf(slots) {
  const runs = [];
  for (const [place, name] of [...slots].sort((a, b) => a[0] - b[0])) {
    const last = runs.at(-1);
    if (last && last[0] + last[1].length === place) last[1].push(name);
    else runs.push([place, [name]]);
  }
  return runs;
}

/** A part: every function of `moved`, its data and its places of the function table, and imports in place of all other
 * functions. */
function partOf(part, bytes, moved, { data, slots }) {
  const module = binaryen.readBinary(bytes);
  const functions = functionsOf(module);
  for (const e of exportsOf(module)) module.removeExport(e.name);
  const [{ table }] = elementsOf(module);
  for (const e of elementsOf(module)) module.removeElementSegment(e.name);
  setData(module, data);
  module.addMemoryImport("0", FIRST, "memory");
  for (const f of functions.filter((f) => !f.module && !moved.has(f.name))) {
    module.removeFunction(f.name);
    module.addFunctionImport(f.name, FIRST, sharedName(part, f.name), f.params, f.results);
  }
  for (const g of globalsOf(module)) {
    module.removeGlobal(g.name);
    module.addGlobalImport(g.name, FIRST, sharedName(part, g.name), g.type, g.mutable);
  }
  for (const t of tablesOf(module)) module.addTableImport(t.name, FIRST, sharedName(part, t.name));
  module.addTable(part, moved.size, moved.size);
  module.addTableImport(part, FIRST, part);
  module.addActiveElementSegment(part, part, [...moved], module.i32.const(0));
  runsOf(slots).forEach(([place, names], i) => module.addActiveElementSegment(table, `slots ${i}`, names, module.i32.const(place)));
  module.runPasses(["remove-unused-module-elements"]);
  return module;
}

/** What is left of the program: stubs in place of the functions of `moved`. What the part wants of it becomes an export;
 * `gone` are exports that the part has in its place. */
function leftOf(part, bytes, moved, { data, slots }, wanted, gone) {
  const module = binaryen.readBinary(bytes);
  gone.forEach((e) => module.removeExport(e.name));
  const functions = functionsOf(module);
  const imports = functions.find((f) => f.module)?.module;
  if (!imports) throw new Error("the program imports nothing, so it cannot ask for its other parts");
  const signatures = new Map(functions.map((f) => [f.name, f]));
  setData(module, without(dataOf(module), data));
  const need = `need ${part}`;
  module.addFunctionImport(`fetch ${part}`, imports, part, binaryen.none, binaryen.none);
  module.addGlobal(`${part} is there`, binaryen.i32, true, module.i32.const(0));
  module.addTable(part, moved.size, moved.size);
  const missing = module.i32.eqz(module.global.get(`${part} is there`, binaryen.i32));
  module.addFunction(need, binaryen.none, binaryen.none, [], module.if(missing, module.call(`fetch ${part}`, [], binaryen.none)));
  // One function for each signature asks for the part and calls; a stub only says which function it stands for.
  const callers = new Map();
  const callerOf = ({ params, results }) => {
    const name = `call ${part} ${params} ${results}`;
    if (callers.has(name)) return name;
    callers.set(name, true);
    const types = binaryen.expandType(params);
    const given = types.map((type, i) => module.local.get(i, type));
    const call = module.call_indirect(part, module.local.get(types.length, binaryen.i32), given, params, results);
    module.addFunction(name, binaryen.createType([...types, binaryen.i32]), results, [], module.block(null, [module.call(need, [], binaryen.none), call], results));
    return name;
  };
  [...moved].forEach((name, place) => {
    const f = signatures.get(name);
    const given = binaryen.expandType(f.params).map((type, i) => module.local.get(i, type));
    module.removeFunction(name);
    module.addFunction(name, f.params, f.results, [], module.call(callerOf(f), [...given, module.i32.const(place)], f.results));
  });
  elementsOf(module).forEach(({ name, table, place, functions }, i) => {
    // Only the program's own table has places that are filled later.
    const here = functions.map((f, n) => (i === 0 && slots.has(place + n) ? need : f));
    module.removeElementSegment(name);
    module.addActiveElementSegment(table, name, here, module.i32.const(place));
  });
  const exported = new Set(exportsOf(module).map((e) => e.name));
  const clash = [part, `${part}Loaded`].find((name) => exported.has(name));
  if (clash) throw new Error(`the program already exports '${clash}'`);
  module.addTableExport(part, part);
  module.addGlobalExport(`${part} is there`, `${part}Loaded`);
  for (const { name, base } of wanted.functions) module.addFunctionExport(name, base);
  for (const { name, base } of wanted.globals) module.addGlobalExport(name, base);
  for (const { name, base } of wanted.tables.filter((t) => t.name !== part)) module.addTableExport(name, base);
  module.runPasses(["remove-unused-module-elements"]);
  return module;
}

/** Data segments with the places of `gone` blanked. */
function without(segments, gone) {
  return segments.map(({ offset, data }) => {
    const bytes = new Uint8Array(data).slice();
    for (const g of gone) {
      const [from, to] = [Math.max(g.address - offset, 0), Math.min(g.address + g.bytes.length - offset, bytes.length)];
      if (from < to) bytes.fill(0, from, to);
    }
    return { address: offset, bytes };
  });
}

/** The program with the ways of `partOfName` as functions of their own and without exports that nobody calls, and the part
 * of every function that can wait. */
function withWays(bytes, partOfName, isCalled) {
  const module = binaryen.readBinary(bytes);
  exportsOf(module).filter(({ name }) => !isCalled(name)).forEach(({ name }) => module.removeExport(name));
  const parts = new Map();
  const outliner = new Outliner(module);
  for (let i = 0, count = module.getNumFunctions(); i < count; i += 1) {
    const ref = module.getFunctionByIndex(i);
    const f = binaryen.getFunctionInfo(ref);
    if (f.module) continue;
    const part = partOfName(nameInRecord(f.name));
    if (part) parts.set(f.name, part);
    else for (const [name, part] of outliner.outline(ref, partOfName)) parts.set(name, part);
  }
  return { program: module.emitBinary(), parts, ways: outliner.count };
}

/** Small functions that one other calls become part of it, and what that leaves over goes. */
function tidied(bytes) {
  const module = binaryen.readBinary(bytes);
  binaryen.setOptimizeLevel(2);
  binaryen.setShrinkLevel(2);
  binaryen.setOneCallerInlineMaxSize(16);
  binaryen.setAlwaysInlineMaxSize(2);
  binaryen.setFlexibleInlineMaxSize(2);
  module.runPasses(["inlining", "vacuum", "simplify-locals-notee", "remove-unused-names", "merge-blocks", "coalesce-locals", "reorder-locals", "vacuum", "remove-unused-module-elements"]);
  return module;
}

/**
 * Splits a WebAssembly program that still names its functions. `linked` is what the linker wrote, `partOfName` says of a
 * name of the record to which part it belongs, if not to the first, and `isCalled` of an export whether the page's script
 * calls it. Returns the bytes of { first, soon, later }, the short names that the script has to use, and counts.
 */
export function split(bytes, linked, partOfName, isCalled) {
  binaryen.setDebugInfo(true);
  const { program, parts, ways } = withWays(withoutNotes(bytes), partOfName, isCalled);
  const placed = placeData(program, linked, parts, LATER_PARTS);
  const modules = {};
  // What a part imports it may find in a part before it, which has joined by then.
  const wanted = new Set();
  let first = program;
  for (const part of [...LATER_PARTS].reverse()) {
    const whole = binaryen.readBinary(first);
    // Stubs of one signature side by side are alike but for a number.
    const moved = new Set(bySignature(whole, functionsOf(whole).filter(({ name }) => parts.get(name) === part)).map((f) => f.name));
    const module = partOf(part, first, moved, placed[part]);
    const lent = exportsOf(whole).filter((e) => wanted.has(e.name) && moved.has(e.value));
    lent.forEach((e) => module.addFunctionExport(e.value, e.name));
    const imports = importsOf(module);
    imports.functions.forEach(({ base }) => wanted.add(base));
    const left = leftOf(part, first, moved, placed[part], imports, lent);
    if (![left, module].every((m) => m.validate())) throw new Error("a part of the program is not valid");
    first = left.emitBinary();
    modules[part] = module;
  }
  modules.first = tidied(first);
  Object.values(modules).forEach(putInOrder);
  const names = shorten(modules, LATER_PARTS, (name) => LATER_PARTS.some((part) => name === part || name === `${part}Loaded`));
  if (!Object.values(modules).every((m) => m.validate())) throw new Error("a part of the program is not valid");
  Object.values(modules).forEach((m) => m.runPasses(["strip-producers", "strip-target-features"]));
  binaryen.setDebugInfo(false);
  const files = Object.fromEntries(Object.entries(modules).map(([part, module]) => [part, module.emitBinary()]));
  return { ...files, names, moved: parts.size - ways, ways };
}
