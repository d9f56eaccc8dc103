// Short names for what the parts of the program and the page's script know each other by. Until then a part that has to
// be fetched imports from `FIRST`, as `sharedName`, what it wants of those that join before it.
import { binaryen } from "./tree.mjs";
import { exportsOf, functionsOf, globalsOf, tablesOf } from "./modules.mjs";

/** What the parts import of each other is of this module; everything else is the script's. */
export const FIRST = "first";
/** The first part's table of the functions that later parts call: a place takes half the bytes of an export. A function is
 * imported under its place to the base of 36. */
const LENT = "lent";
/** The module of the script's functions. */
export const SCRIPT = "s";
/** What the script calls by its name whatever that is here. */
const KEPT = new Set(["memory", LENT]);

/** What a part wants of an earlier one. */
export const sharedName = (part, name) => `${part} ${name}`;

/** Names of one or two characters. */
function shortName(i) {
  const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$";
  return (i < 64 ? "" : shortName(Math.floor(i / 64) - 1)) + letters[i % 64];
}

/** What a part imports of those before it, by kind. */
export function importsOf(module) {
  const ofFirst = (all) => all.filter((one) => one.module === FIRST);
  return { functions: ofFirst(functionsOf(module)), globals: ofFirst(globalsOf(module)), tables: ofFirst(tablesOf(module)) };
}

function importAs(module, f, from, name) {
  module.removeFunction(f.name);
  module.addFunctionImport(f.name, from, name, f.params, f.results);
}

const adders = new Map([
  [binaryen.ExternalFunction, "addFunctionExport"],
  [binaryen.ExternalTable, "addTableExport"],
  [binaryen.ExternalGlobal, "addGlobalExport"],
]);

/** Gives the exports of `shorter` short names beginning with `mark`; notes them in `names`. One name is enough for what is exported
 * twice. */
function shortenExports(module, mark, shorter, names) {
  const short = new Map();
  for (const { name, value, kind } of exportsOf(module).filter(shorter)) {
    const known = short.get(`${kind} ${value}`);
    names.set(name, known ?? mark + short.size.toString(36));
    module.removeExport(name);
    if (known) continue;
    short.set(`${kind} ${value}`, names.get(name));
    module[adders.get(kind)](value, names.get(name));
  }
}

/** Puts the functions that only later parts want into a table; notes their places in `names`. */
function lend(first, shared, names) {
  const wanted = exportsOf(first).filter(({ name, kind }) => kind === binaryen.ExternalFunction && shared.has(name));
  const values = new Set(wanted.map(({ value }) => value));
  const lent = functionsOf(first).map(({ name }) => name).filter((name) => values.has(name));
  const places = new Map(lent.map((name, i) => [name, i.toString(36)]));
  for (const { name, value } of wanted) {
    names.set(name, places.get(value));
    first.removeExport(name);
  }
  first.addTable(LENT, lent.length, lent.length);
  first.addActiveElementSegment(LENT, LENT, lent, first.i32.const(0));
  first.addTableExport(LENT, LENT);
}

/** Imports of the script's functions under short names; returns these by the script's. */
function shortenScript(modules, kept) {
  const names = new Map();
  for (const module of modules) {
    for (const f of functionsOf(module).filter((f) => f.module && f.module !== FIRST)) {
      if (!kept(f.base) && !names.has(f.base)) names.set(f.base, shortName(names.size));
      importAs(module, f, SCRIPT, names.get(f.base) ?? f.base);
    }
  }
  return names;
}

/**
 * Shortens what the modules of all parts import and export, { first, soon, later } in the `order` in which they join, but
 * for names that are `kept`. Returns the short names of what the script exports and imports: { imports, exports }.
 */
export function shorten({ first, ...parts }, order, kept) {
  const later = order.map((part) => parts[part]);
  const names = new Map();
  const shorter = ({ name }) => !KEPT.has(name) && !kept(name);
  later.forEach((module) => shortenExports(module, "_", shorter, names));
  const shared = new Set(later.flatMap((module) => importsOf(module).functions.map(({ base }) => base)));
  lend(first, shared, names);
  shortenExports(first, "$", shorter, names);
  for (const module of later) {
    const { functions, globals, tables } = importsOf(module);
    for (const f of functions) importAs(module, f, FIRST, names.get(f.base));
    for (const g of globals.filter(({ base }) => names.has(base))) {
      module.removeGlobal(g.name);
      module.addGlobalImport(g.name, FIRST, names.get(g.base), g.type, g.mutable);
    }
    for (const t of tables.filter(({ base }) => names.has(base))) module.addTableImport(t.name, FIRST, names.get(t.base));
  }
  return { imports: shortenScript([first, ...later], kept), exports: names };
}
