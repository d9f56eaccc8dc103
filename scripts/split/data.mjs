// Where the data of a program belongs: to the first part that refers to it.
import { binaryen, treeOf } from "./tree.mjs";
import { elementsOf } from "./modules.mjs";
import { pieceAt, referencesOf } from "./references.mjs";

const { ConstId, LoadId, StoreId } = binaryen;

/** Whole numbers in a function: constants, and where loads and stores begin. */
function numbersOf(f, note) {
  const tree = treeOf(f.body);
  if (!tree) {
    for (const [, number] of binaryen.emitText(f.body).matchAll(/(?:i32\.const |offset=)(-?\d+)/g)) note(Number(number) >>> 0);
    return;
  }
  const visit = ({ info, parts }) => {
    if (info.id === ConstId && info.type === binaryen.i32) note(info.value >>> 0);
    if (info.id === LoadId || info.id === StoreId) note(info.offset);
    parts.forEach(visit);
  };
  visit(tree);
}

/** Bytes from which on a piece is large. */
const LARGE = 4096;
/** Bytes behind an address that code may reach by it: what it loads at once of a structure. */
const REACH = 64;

/**
 * Whether a number in code may be an address in a piece. Of a small piece that is copied, loads name every word, which the
 * optimiser may have put together with the address; in a large one the linker has to know an address close before, or the
 * first number that happens to lie in it, a colour perhaps, would keep it.
 */
function mayBeAddress(number, { from, to }, addresses) {
  if (to - from < LARGE) return true;
  for (let behind = 0; behind < REACH; behind += 1) if (addresses.has(number - behind)) return true;
  return false;
}

/** Whether the program's data is as the linker wrote it. */
function check(module, segments) {
  for (let i = 0; i < module.getNumDataSegments(); i += 1) {
    const { offset, data } = module.getDataSegmentInfo(module.getDataSegmentByIndex(i));
    const bytes = Buffer.from(data);
    const whole = segments.find((s) => s.address <= offset && offset + bytes.length <= s.address + s.bytes.length);
    if (!whole || !bytes.equals(whole.bytes.subarray(offset - whole.address, offset - whole.address + bytes.length))) {
      throw new Error("the program's data is not that of the linked program: build both again");
    }
  }
}

/**
 * Data and places of the function table of each later part: { data: [{ address, bytes }], slots: Map(place, function) }.
 * `parts` names the part of every function that is not of the first. What nothing refers to stays in the first.
 */
export function placeData(program, linked, parts, later) {
  const { pieces, kept, addresses, slotsOfCode, segments } = referencesOf(linked);
  const module = binaryen.readBinary(program);
  check(module, segments);
  const NEVER = later.length + 1;
  const level = (name) => later.indexOf(parts.get(name)) + 1;
  const levels = pieces.map((_, i) => (kept.has(i) ? 0 : NEVER));
  const slotLevels = new Map();
  const lower = (i, to) => {
    if (levels[i] <= to) return;
    levels[i] = to;
    pieces[i].names.forEach((other) => other >= 0 && lower(other, to));
  };
  // Pieces that are kept name others as well.
  kept.forEach((i) => { if (i >= 0) { levels[i] = NEVER; lower(i, 0); } });
  const functions = new Map();
  for (let i = 0; i < module.getNumFunctions(); i += 1) {
    const f = binaryen.getFunctionInfo(module.getFunctionByIndex(i));
    if (f.module) continue;
    functions.set(f.name, f);
    const own = level(f.name);
    numbersOf(f, (number) => {
      const piece = pieceAt(pieces, number);
      if (piece >= 0 && mayBeAddress(number, pieces[piece], addresses)) lower(piece, own);
      if (slotsOfCode.has(number)) slotLevels.set(number, Math.min(own, slotLevels.get(number) ?? NEVER));
    });
  }
  pieces.forEach((piece, i) => piece.slots.forEach((slot) => slotLevels.set(slot, Math.min(levels[i], slotLevels.get(slot) ?? NEVER))));
  const placed = Object.fromEntries(later.map((part) => [part, { data: [], slots: new Map() }]));
  pieces.forEach(({ from, to }, i) => {
    if (levels[i] === 0 || levels[i] === NEVER) return;
    const segment = segments.find((s) => s.address <= from && to <= s.address + s.bytes.length);
    placed[later[levels[i] - 1]].data.push({ address: from, bytes: segment.bytes.subarray(from - segment.address, to - segment.address) });
  });
  for (const part of later) placed[part].data = joined(placed[part].data);
  const [element] = elementsOf(module);
  element.functions.forEach((name, i) => {
    const slot = element.place + i;
    const wanted = slotLevels.get(slot) ?? 0;
    const part = wanted === NEVER ? 0 : Math.min(wanted, level(name));
    if (part > 0 && level(name) <= wanted) placed[later[part - 1]].slots.set(slot, name);
  });
  return placed;
}

/** Neighbouring data as one. */
function joined(data) {
  const all = [];
  for (const { address, bytes } of data) {
    const last = all.at(-1);
    if (last && last.address + last.bytes.length === address) last.bytes = Buffer.concat([last.bytes, bytes]);
    else all.push({ address, bytes });
  }
  return all;
}
