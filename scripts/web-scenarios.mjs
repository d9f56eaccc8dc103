// Lists what WebAssembly must answer exactly as the native program does: node scripts/web-scenarios.mjs FILE writes one
// scenario a line. The hand-picked ones of tests/web, every preset, every golden link, every link of the documentation, and
// generated ones: GENERATED (400) mixtures of golden links with their numbers scaled, from SEED (20261123).
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const read = (file) => readFileSync(join(root, file), "utf8");
const count = Number(process.env.GENERATED ?? 400);
const first = Number(process.env.SEED ?? 20261123);

/** Uniform numbers from 0 to 1, the same for the same seed (the mixing of MurmurHash3 over a Weyl sequence). */
function uniform(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  };
}

const lines = (text) => text.split("\n").filter(Boolean);
const golden = JSON.parse(read("tests/links/v1.json")).map(({ link }) => link);
const presets = JSON.parse(read("public/catalog/presets.json")).rows.map(({ link }) => link);
const documents = execFileSync("git", ["ls-files", "--", "README.md", "docs/*.md"], { cwd: root, encoding: "utf8" });
const documented = lines(documents).flatMap((file) => read(file).match(/#v=1[\w.~%&=-]*/g) ?? []);

/** A link of up to eight pairs of golden links, every plain number of them scaled by up to a hundred either way. */
function mixture(random, pairs) {
  const chosen = Array.from({ length: 1 + Math.floor(random() * 8) }, () => pairs[Math.floor(random() * pairs.length)]);
  const scaled = (value) => {
    if (!/^\d+(\.\d+)?$/.test(value) || random() < 0.3) return value;
    return String(Number((Number(value) * 10 ** (4 * random() - 2)).toPrecision(1 + Math.floor(random() * 12))));
  };
  const mixed = new Map(chosen.map(([key, value]) => [key, scaled(value)]));
  return ["#v=1", ...Array.from(mixed, ([key, value]) => `${key}=${value}`)].join("&");
}

const pairs = golden.flatMap((link) => link.split("&").slice(1).map((pair) => pair.split("=")));
const random = uniform(first);
const generated = Array.from({ length: count }, () => mixture(random, pairs));
const all = [...new Set([...lines(read("tests/web/scenarios.jsonl")), ...presets, ...golden, ...documented, ...generated])];
writeFileSync(process.argv[2], `${all.join("\n")}\n`);
console.log(`${all.length} scenarios, ${count} of them generated from seed ${first}`);
