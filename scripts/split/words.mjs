// The catalog's words for people, which lie in one list between two marks (build.rs): blanked in the first part, carried
// by the rest, to which whatever reads them belongs (src/catalog/words.rs).

const [FIRST, LAST] = ["words of the catalog begin here\n", "\nwords of the catalog end here\n"];

const onlyPlaceOf = (bytes, mark) => {
  const at = bytes.indexOf(mark);
  if (at < 0 || bytes.indexOf(mark, at + 1) >= 0) throw new Error(`'${mark.trim()}' is not in the program once`);
  return at;
};

/** Where the list lies in some bytes: [from, to). */
function placeIn(bytes) {
  const [from, to] = [onlyPlaceOf(bytes, FIRST), onlyPlaceOf(bytes, LAST) + LAST.length];
  if (to < from) throw new Error("the marks of the catalog's words are in the wrong order");
  return [from, to];
}

/** The list and its address in the program's memory. */
export function wordsOf(module) {
  for (let i = 0; i < module.getNumDataSegments(); i += 1) {
    const { offset, data } = module.getDataSegmentInfo(module.getDataSegmentByIndex(i));
    const bytes = Buffer.from(data);
    if (!bytes.includes(FIRST)) continue;
    const [from, to] = placeIn(bytes);
    return { address: offset + from, bytes: Uint8Array.from(bytes.subarray(from, to)) };
  }
  throw new Error("the program has no list of the catalog's words in one piece");
}

/** A program's file with the list blanked. */
export function withoutWords(file) {
  const bytes = Buffer.from(file);
  bytes.fill(0, ...placeIn(bytes));
  return bytes;
}

/** Whether a function knows the list's address; `text` is its body in words. */
export const readsWords = (text, { address }) => text.includes(`(i32.const ${address})`);
