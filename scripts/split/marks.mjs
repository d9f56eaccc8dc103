// Marks in a program that say which functions, and which ways through them, ran.
import { binaryen, treeOf } from "./tree.mjs";
import { nameInRecord } from "./record.mjs";
import { withoutNotes } from "./references.mjs";
import { LEAST, nameOfSpot, spotsOf, weight } from "./spots.mjs";

/** Bytes of a page of memory. */
const PAGE = 65536;

/** The program with a mark for every function and every way that is worth one: bytes of memory from `address` on, behind all
 * that the program itself uses. `names` are those in the record, and those of the functions that they are `of`. */
export function instrument(bytes) {
  binaryen.setDebugInfo(false);
  const module = binaryen.readBinary(withoutNotes(bytes));
  const { initial, max } = module.getMemoryInfo();
  const address = initial * PAGE;
  const names = [];
  const mark = (name, of) => module.i32.store8(address + names.push({ name, of }) - 1, 1, module.i32.const(0), module.i32.const(1), "0");
  for (let i = 0, count = module.getNumFunctions(); i < count; i += 1) {
    const ref = module.getFunctionByIndex(i);
    const f = binaryen.getFunctionInfo(ref);
    if (f.module) continue;
    const of = nameInRecord(f.name);
    const tree = treeOf(f.body);
    const spots = (tree ? spotsOf(tree) : []).filter(({ parts }) => parts.reduce((sum, part) => sum + weight(part), 0) >= LEAST);
    // From the end of a block on, so that places before stay where they are.
    for (const spot of spots.sort((a, b) => b.at - a.at)) put(module, spot, mark(nameOfSpot(f.name, spot), of));
    binaryen.Function.setBody(ref, module.block(null, [mark(of, of), f.body], f.results));
  }
  const data = Array.from({ length: module.getNumDataSegments() }, (_, i) => module.getDataSegmentInfo(module.getDataSegmentByIndex(i)));
  const segments = data.map((s) => ({ offset: module.i32.const(s.offset), data: new Uint8Array(s.data), passive: false }));
  module.setMemory(initial + Math.ceil(names.length / PAGE), max ?? -1, null, segments, false, false, "0");
  return { program: module.emitBinary(), names, address };
}

function put(module, { holder, at, parts }, mark) {
  if (holder.info.id !== binaryen.IfId) return binaryen.Block.insertChildAt(holder.ref, at, mark);
  const [{ ref }] = parts;
  const arm = module.block(null, [mark, ref], binaryen.getExpressionType(ref));
  if (at === 1) binaryen.If.setIfTrue(holder.ref, arm);
  else binaryen.If.setIfFalse(holder.ref, arm);
}
