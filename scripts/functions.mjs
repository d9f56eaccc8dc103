// Lists the largest functions of a program that still names them, by crate and one by one:
// node scripts/functions.mjs target/page/whole [PATTERN]. make split-record leaves such a program there.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const [folder, pattern = ""] = process.argv.slice(2);
const bytes = readFileSync(join(folder, readdirSync(folder).find((name) => /^crossover-[0-9a-f]+_bg\.wasm$/.test(name))));

let at = 8;
function number() {
  let value = 0;
  for (let factor = 1; ; factor *= 128) {
    const byte = bytes[at++];
    value += (byte & 127) * factor;
    if (byte < 128) return value;
  }
}
const text = () => { const length = number(); at += length; return bytes.toString("utf8", at - length, at); };

const sizes = [];
const names = new Map();
let imported = 0;

/** Passes over an import's type; counts functions. */
function importOf(kind) {
  const limits = () => { if (number() & 1) number(), number(); else number(); };
  if (kind === 0) imported += 1, number();
  else if (kind === 1) at += 1, limits();
  else if (kind === 2) limits();
  else at += 2;
}
while (at < bytes.length) {
  const section = bytes[at++];
  const end = number() + at;
  if (section === 2) for (let left = number(); left > 0; left -= 1) text(), text(), importOf(bytes[at++]);
  else if (section === 10) for (let left = number(); left > 0; left -= 1) { const size = number(); sizes.push(size); at += size; }
  else if (section === 0 && text() === "name") {
    while (at < end) {
      const kind = bytes[at++];
      const stop = number() + at;
      if (kind === 1) for (let left = number(); left > 0; left -= 1) { const index = number(); names.set(index, text()); }
      at = stop;
    }
  }
  at = end;
}
const wanted = new RegExp(pattern);
const functions = sizes
  .map((size, i) => ({ size, name: (names.get(i + imported) ?? "").replace(/\[[0-9a-f]{10,16}\]/g, "") }))
  .filter(({ name }) => wanted.test(name))
  .sort((a, b) => b.size - a.size);
const crates = new Map();
for (const { size, name } of functions) {
  const crate = name.match(/crossover::\w+|[a-z_0-9]+(?=::)/)?.[0] ?? "other";
  crates.set(crate, (crates.get(crate) ?? 0) + size);
}
console.log(`${functions.reduce((sum, { size }) => sum + size, 0)} bytes in ${functions.length} functions`);
for (const [crate, size] of [...crates].sort((a, b) => b[1] - a[1]).slice(0, 20)) console.log(String(size).padStart(8), crate);
console.log();
for (const { size, name } of functions.slice(0, 40)) console.log(String(size).padStart(8), name.slice(0, 160));
