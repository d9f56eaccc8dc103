// Prints the size of a built page, file by file, as sent with brotli: node scripts/size.mjs FOLDER [--check | --write]
// --check compares with the committed figures (scripts/size.json), says what grew, and fails where a figure is more
// than 2 % above them; --write records the figures of this build. tests/browser checks what the page really asks for.
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const root = join(import.meta.dirname, "..");
const figuresFile = join(import.meta.dirname, "size.json");
/** What a first view should transfer at most, bytes with brotli. */
const BUDGET = 250_000;
/** Growth of a figure that fails the check. */
const TOLERANCE = 1.02;
const best = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };

/** Bytes of a file after brotli at its highest level. */
export const brotliBytes = (content) => brotliCompressSync(content, best).length;

/** What a file is to the reader: a part of the first view, or fetched later, or not by this page. */
function kindOf(name) {
  const part = name.match(/_(soon|later)\.wasm$/);
  if (part) return part[1];
  // Made for other pages, or fetched when somebody saves a picture.
  if (/^(embed|service-worker|picture)\.js$|^crossover-picture-/.test(name)) return "other";
  return { wasm: "wasm", js: "js", css: "css", html: "html" }[name.split(".").pop()] ?? "rest";
}

function sizesOf(folder) {
  return readdirSync(folder)
    .filter((name) => /\.(html|js|css|wasm|svg|webmanifest)$/.test(name))
    .map((name) => {
      const content = readFileSync(join(folder, name));
      return { name, kind: kindOf(name), raw: content.length, brotli: brotliBytes(content) };
    })
    .sort((a, b) => b.brotli - a.brotli);
}

/** Crates that the page is compiled from. */
function dependencies() {
  const tree = ["tree", "--locked", "--target", "wasm32-unknown-unknown", "--edges", "normal", "--prefix", "none", "--format", "{p}"];
  const lines = execFileSync("cargo", tree, { cwd: root, encoding: "utf8" }).split("\n");
  return new Set(lines.map((line) => line.replace(/ \(.*$/, "")).filter(Boolean)).size - 1;
}

function figuresOf(files) {
  const sum = (...kinds) => files.filter((f) => kinds.includes(f.kind)).reduce((total, f) => total + f.brotli, 0);
  return {
    first_view: sum("wasm", "js", "css", "html", "rest"),
    wasm: sum("wasm"), js: sum("js"), css: sum("css"), html: sum("html"), soon_wasm: sum("soon"), later_wasm: sum("later"),
    dependencies: dependencies(),
  };
}

function print(files) {
  const width = Math.max(...files.map(({ name }) => name.length));
  const number = (n) => n.toLocaleString("en").padStart(10);
  const line = (name, raw, brotli, kind) => console.log(`${name.padEnd(width)} ${raw.padStart(10)} ${brotli.padStart(10)}  ${kind}`);
  line("", "bytes", "brotli", "");
  for (const { name, raw, brotli, kind } of files) line(name, number(raw), number(brotli), kind);
}

/** Says how the figures differ from the committed ones; returns the names of those that grew too much. */
function compare(now, before) {
  const tooMuch = [];
  for (const [name, value] of Object.entries(now)) {
    const old = before[name] ?? 0;
    const sign = value > old ? "+" : "";
    const share = old ? ` (${sign}${((value / old - 1) * 100).toFixed(1)} %)` : "";
    if (value !== old) console.log(`${name}: ${old.toLocaleString("en")} -> ${value.toLocaleString("en")}${share}`);
    if (value > old * TOLERANCE) tooMuch.push(name);
  }
  return tooMuch;
}

function main(args) {
  const files = sizesOf(args.find((a) => !a.startsWith("--")) ?? "dist");
  print(files);
  const now = figuresOf(files);
  const over = now.first_view - BUDGET;
  console.log(`first view: ${now.first_view.toLocaleString("en")} bytes, ${Math.abs(over).toLocaleString("en")} ${over > 0 ? "above" : "below"} the budget`);
  if (args.includes("--write")) writeFileSync(figuresFile, `${JSON.stringify(now, null, 2)}\n`);
  if (!args.includes("--check")) return 0;
  const grown = compare(now, JSON.parse(readFileSync(figuresFile, "utf8")));
  if (grown.length === 0) return 0;
  console.error(`Grown by more than 2 %: ${grown.join(", ")}. See docs/src/performance.md for how to find out why;`);
  console.error("if it is worth its bytes, record it with: node scripts/size.mjs dist --write");
  return 1;
}

process.exitCode = main(process.argv.slice(2));
