// What a module is made of, as lists.
import { binaryen } from "./tree.mjs";

/** The module's functions, imported ones included. */
export const functionsOf = (module) =>
  Array.from({ length: module.getNumFunctions() }, (_, i) => binaryen.getFunctionInfo(module.getFunctionByIndex(i)));

const compare = (a, b) => (a < b ? -1 : Number(a > b));

/** Ranks the signatures of functions: few values before many, and of several those that are used most first. A type of
 * several values is an address inside binaryen, which another folder's build need not share, so the values are compared. */
export function signatureRanks(functions) {
  const valuesOf = (type) => binaryen.expandType(type).join();
  const uses = new Map();
  for (const { params } of functions) uses.set(valuesOf(params), (uses.get(valuesOf(params)) ?? 0) + 1);
  const several = (values) => values.includes(",");
  const usesOfSeveral = (values) => (several(values) ? uses.get(values) : 0);
  const order = [...uses.keys()].sort((a, b) => several(a) - several(b) || usesOfSeveral(b) - usesOfSeveral(a) || compare(a, b));
  return ({ params, results }) => order.indexOf(valuesOf(params)) * 1000 + results;
}

const list = (count, at, info) => Array.from({ length: count }, (_, i) => info(at(i)));
export const globalsOf = (m) => list(m.getNumGlobals(), (i) => m.getGlobalByIndex(i), binaryen.getGlobalInfo);
export const tablesOf = (m) => list(m.getNumTables(), (i) => m.getTableByIndex(i), binaryen.getTableInfo);
export const exportsOf = (m) => list(m.getNumExports(), (i) => m.getExportByIndex(i), binaryen.getExportInfo);
/** Element segments: the functions of a table from a place on. */
export const elementsOf = (m) =>
  list(m.getNumElementSegments(), (i) => m.getElementSegmentByIndex(i), (ref) => {
    const { name, table, offset, data } = binaryen.getElementSegmentInfo(ref);
    return { name, table, place: binaryen.getExpressionInfo(offset).value, functions: data };
  });
export const dataOf = (m) => list(m.getNumDataSegments(), (i) => m.getDataSegmentByIndex(i), m.getDataSegmentInfo);
