// Sections, numbers and texts of a WebAssembly file.

export const [CUSTOM, CODE, DATA] = [0, 10, 11];

/** Reads the numbers and texts of a WebAssembly file. */
export class Reader {
  constructor(bytes, at = 0) {
    Object.assign(this, { bytes, at });
  }

  byte() {
    return this.bytes[this.at++];
  }

  unsigned() {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }

  signed() {
    let [value, shift] = [0n, 0n];
    for (;;) {
      const byte = this.byte();
      value |= BigInt(byte & 127) << shift;
      shift += 7n;
      if (byte < 128) return Number(byte & 64 ? value - (1n << shift) : value);
    }
  }

  text() {
    const length = this.unsigned();
    this.at += length;
    return this.bytes.toString("utf8", this.at - length, this.at);
  }

  many(read) {
    return Array.from({ length: this.unsigned() }, read);
  }
}

/** Sections of a file, custom ones with their names: from `head` to `to`, their content from `start`, or `from` after the
 * name. */
export function sectionsOf(bytes) {
  const r = new Reader(bytes, 8);
  const sections = [];
  while (r.at < bytes.length) {
    const head = r.at;
    const id = r.byte();
    const length = r.unsigned();
    const to = r.at + length;
    const start = r.at;
    const name = id === CUSTOM ? r.text() : "";
    sections.push({ id, name, head, start, from: r.at, to });
    r.at = to;
  }
  return sections;
}
