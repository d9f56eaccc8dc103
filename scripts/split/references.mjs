// What the linker says about a program's data (--emit-relocs): where each piece lies, which other pieces and places of
// the function table it names, and what code names beside its pieces. Addresses stay the same through wasm-bindgen and
// wasm-opt, so that this holds for the finished program as well.
import { CODE, DATA, Reader, sectionsOf } from "./reader.mjs";

const FIRST_OF_MEMORY = new Set([3, 4, 5, 11]);
const TABLE_IN_CODE = new Set([1, 12]);
const TABLE_IN_DATA = 2;
const WITH_ADDEND = new Set([3, 4, 5, 8, 9, 11, 14, 15, 16, 17, 21, 22, 23]);
const [SYMBOL_TABLE, UNDEFINED, EXPLICIT_NAME] = [8, 0x10, 0x40];
const [OF_FUNCTION, OF_DATA, OF_SECTION] = [0, 1, 3];

/** A program without the linker's notes, which do not hold for its code any more. */
export function withoutNotes(bytes) {
  const gone = sectionsOf(bytes).filter(({ name }) => name === "linking" || name.startsWith("reloc."));
  const kept = [];
  let at = 0;
  for (const { head, to } of gone) {
    kept.push(bytes.subarray(at, head));
    at = to;
  }
  return Buffer.concat([...kept, bytes.subarray(at)]);
}

/** Data segments: { address, from, to } of the file. */
function segmentsOf(bytes, section) {
  const r = new Reader(bytes, section.from);
  return r.many(() => {
    if (r.unsigned() !== 0 || r.byte() !== 0x41) throw new Error("the program has data at no fixed address");
    const address = r.signed();
    r.byte();
    const length = r.unsigned();
    r.at += length;
    return { address, from: r.at - length, to: r.at };
  });
}

/** Symbols in their order: { data: [from, to) } of memory for a piece of data. */
function symbolsOf(bytes, section, segments) {
  const r = new Reader(bytes, section.from);
  if (r.unsigned() !== 2) throw new Error("the linker's notes have another version");
  while (r.at < section.to) {
    const kind = r.byte();
    const end = r.unsigned() + r.at;
    if (kind === SYMBOL_TABLE) return r.many(() => symbol(r, segments));
    r.at = end;
  }
  throw new Error("the linker's notes have no symbols");
}

function symbol(r, segments) {
  const [kind, flags] = [r.byte(), r.unsigned()];
  if (kind === OF_DATA) {
    r.text();
    if (flags & UNDEFINED) return {};
    const [segment, offset, size] = [r.unsigned(), r.unsigned(), r.unsigned()];
    // Symbols of the linker itself lie in no segment.
    if (!segments[segment]) return {};
    const from = segments[segment].address + offset;
    return { data: [from, from + size] };
  }
  r.unsigned();
  if (kind !== OF_SECTION && (!(flags & UNDEFINED) || flags & EXPLICIT_NAME)) r.text();
  return {};
}

/** Relocations of a section: { type, at (in the file), symbol, addend }. */
function relocationsOf(bytes, notes, section) {
  const r = new Reader(bytes, notes.from);
  r.unsigned();
  return r.many(() => {
    const type = r.byte();
    const [offset, symbol] = [r.unsigned(), r.unsigned()];
    return { type, at: section.start + offset, symbol, addend: WITH_ADDEND.has(type) ? r.signed() : 0 };
  });
}

/** Pieces out of the places of symbols, in order; what overlaps is one piece. */
function piecesOf(symbols) {
  const places = symbols.map((s) => s.data).filter((d) => d && d[1] > d[0]).sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  const pieces = [];
  for (const [from, to] of places) {
    const last = pieces.at(-1);
    if (last && from < last.to) last.to = Math.max(last.to, to);
    else pieces.push({ from, to, names: new Set(), slots: new Set() });
  }
  return pieces;
}

/** The place of the piece that holds an address, or -1. */
export function pieceAt(pieces, address) {
  let [low, high] = [0, pieces.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (pieces[middle].to <= address) low = middle + 1;
    else high = middle;
  }
  return low < pieces.length && pieces[low].from <= address ? low : -1;
}

/**
 * Pieces of data of a linked program: { from, to, names: pieces that it names, slots: places of the function table that
 * it names }; `kept`: pieces that code names by an address outside of them; `addresses`: those that code names;
 * `slotsOfCode`: places of the function table that code names.
 */
export function referencesOf(bytes) {
  const sections = sectionsOf(bytes);
  const named = (name) => {
    const found = sections.find((s) => s.name === name);
    if (!found) throw new Error(`the linked program has no '${name}': was it linked with --emit-relocs?`);
    return found;
  };
  const data = sections.find((s) => s.id === DATA);
  const code = sections.find((s) => s.id === CODE);
  const segments = segmentsOf(bytes, data);
  const symbols = symbolsOf(bytes, named("linking"), segments);
  const pieces = piecesOf(symbols);
  const [kept, addresses, slotsOfCode] = [new Set(), new Set(), new Set()];
  const pieceOf = (symbol) => (symbols[symbol].data ? pieceAt(pieces, symbols[symbol].data[0]) : -1);
  const outside = ({ symbol, addend }) => {
    const place = symbols[symbol].data;
    return place && (addend < 0 || (addend > 0 && addend >= place[1] - place[0]));
  };
  for (const r of relocationsOf(bytes, named("reloc.CODE"), code)) {
    if (TABLE_IN_CODE.has(r.type)) slotsOfCode.add(new Reader(bytes, r.at).signed());
    if (!FIRST_OF_MEMORY.has(r.type) || !symbols[r.symbol].data) continue;
    addresses.add(symbols[r.symbol].data[0] + r.addend);
    if (outside(r)) kept.add(pieceOf(r.symbol));
  }
  for (const r of relocationsOf(bytes, named("reloc.DATA"), data)) {
    const segment = segments.find((s) => s.from <= r.at && r.at < s.to);
    const holder = pieces[pieceAt(pieces, segment.address + r.at - segment.from)];
    if (!holder) throw new Error("the linked program has a reference outside of its data");
    if (r.type === TABLE_IN_DATA) holder.slots.add(bytes.readUInt32LE(r.at));
    if (FIRST_OF_MEMORY.has(r.type)) {
      holder.names.add(pieceOf(r.symbol));
      if (outside(r)) kept.add(pieceOf(r.symbol));
    }
  }
  return { pieces, kept, addresses, slotsOfCode, segments: segments.map((s) => ({ address: s.address, bytes: bytes.subarray(s.from, s.to) })) };
}
