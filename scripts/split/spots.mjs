// Places of a function where its way may part: its beginning, the arms of an if, and what follows a possible jump in a
// block. What follows a place up to the end of its arm or block runs only if the place is reached.
import { binaryen } from "./tree.mjs";
import { nameOfWay } from "./record.mjs";

const { BlockId, IfId, LoopId, BreakId, SwitchId, ReturnId, UnreachableId, ConstId, LocalGetId, LocalSetId, LoadId, StoreId, CallId, CallIndirectId } = binaryen;
/** Bytes below which a way is not worth a function of its own. */
export const LEAST = 8;
const JUMPS = new Set([BreakId, SwitchId, ReturnId, UnreachableId]);

const jumps = (tree) => (tree.jumps ??= JUMPS.has(tree.info.id) || tree.parts.some(jumps));

/** The places of a tree, outer ones first: { parts, holder, at }, where `holder` is the block whose parts from `at` on
 * are meant, or the if whose arm `at` is meant. */
export function spotsOf(tree, found = []) {
  const { id } = tree.info;
  if (id === BlockId) {
    tree.parts.forEach((part, i) => {
      if (i > 0 && jumps(tree.parts[i - 1])) found.push({ holder: tree, at: i, parts: tree.parts.slice(i) });
      spotsOf(part, found);
    });
  } else if (id === IfId) {
    spotsOf(tree.parts[0], found);
    for (const at of [1, 2]) {
      if (!tree.parts[at]) continue;
      found.push({ holder: tree, at, parts: [tree.parts[at]] });
      spotsOf(tree.parts[at], found);
    }
  } else tree.parts.forEach((part) => spotsOf(part, found));
  return found;
}

/** About the bytes that a tree takes. */
export const weight = (tree) => (tree.weight ??= own(tree.info) + tree.parts.reduce((sum, part) => sum + weight(part), 0));

const SIZES = new Map([[BlockId, 3], [LoopId, 3], [IfId, 3], [LocalGetId, 2], [LocalSetId, 2], [BreakId, 2], [LoadId, 3], [StoreId, 3], [CallId, 3], [CallIndirectId, 3]]);

function own({ id, value }) {
  if (id !== ConstId) return SIZES.get(id) ?? 1;
  const digits = typeof value === "number" ? Math.log2(Math.abs(value) + 1) + 1 : 21;
  return 1 + Math.ceil(Math.max(digits, 1) / 7);
}

/** What a place is called in the record. */
export function nameOfSpot(functionName, { parts }) {
  const kinds = [];
  const note = ({ info, parts }) => { kinds.push(info.id, info.op ?? "", parts.length); parts.forEach(note); };
  parts.forEach(note);
  return nameOfWay(functionName, kinds.join(" "));
}
