// The expressions of a WebAssembly function as a tree: what Binaryen knows of each, and what it is made of.
import { join } from "node:path";

export const { default: binaryen } = await import(join(process.env.BINARYEN ?? "binaryen", "index.js"));

const {
  BlockId, IfId, LoopId, BreakId, SwitchId, CallId, CallIndirectId, LocalGetId, LocalSetId, GlobalGetId, GlobalSetId,
  LoadId, StoreId, ConstId, UnaryId, BinaryId, SelectId, DropId, ReturnId, NopId, UnreachableId, MemorySizeId,
  MemoryGrowId, MemoryCopyId, MemoryFillId,
} = binaryen;

/** Parts of an expression in the order in which they are computed, by its kind. Other kinds are not known here. */
const PARTS = new Map([
  [BlockId, (e) => e.children],
  [IfId, (e) => [e.condition, e.ifTrue, e.ifFalse]],
  [LoopId, (e) => [e.body]],
  [BreakId, (e) => [e.value, e.condition]],
  [SwitchId, (e) => [e.value, e.condition]],
  [CallId, (e) => e.operands],
  [CallIndirectId, (e) => [...e.operands, e.target]],
  [LocalGetId, () => []],
  [LocalSetId, (e) => [e.value]],
  [GlobalGetId, () => []],
  [GlobalSetId, (e) => [e.value]],
  [LoadId, (e) => [e.ptr]],
  [StoreId, (e) => [e.ptr, e.value]],
  [ConstId, () => []],
  [UnaryId, (e) => [e.value]],
  [BinaryId, (e) => [e.left, e.right]],
  [SelectId, (e) => [e.ifTrue, e.ifFalse, e.condition]],
  [DropId, (e) => [e.value]],
  [ReturnId, (e) => [e.value]],
  [NopId, () => []],
  [UnreachableId, () => []],
  [MemorySizeId, () => []],
  [MemoryGrowId, (e) => [e.delta]],
  [MemoryCopyId, (e) => [e.dest, e.source, e.size]],
  [MemoryFillId, (e) => [e.dest, e.value, e.size]],
]);

/** An expression as a tree of { ref, info, parts }; null where it holds a kind that is not known here. */
export function treeOf(ref) {
  const id = binaryen.getExpressionId(ref);
  const of = PARTS.get(id);
  if (!of) return null;
  const bare = id === NopId || id === UnreachableId;
  const info = bare ? { id, type: binaryen.getExpressionType(ref) } : binaryen.getExpressionInfo(ref);
  const parts = [];
  for (const part of of(info)) {
    if (!part) continue;
    const tree = treeOf(part);
    if (!tree) return null;
    parts.push(tree);
  }
  return { ref, info, parts };
}
