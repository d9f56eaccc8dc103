// What a module is made of, as lists.
import { binaryen } from "./tree.mjs";

/** The module's functions, imported ones included. */
export const functionsOf = (module) =>
  Array.from({ length: module.getNumFunctions() }, (_, i) => binaryen.getFunctionInfo(module.getFunctionByIndex(i)));

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
