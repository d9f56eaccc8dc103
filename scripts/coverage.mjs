// Prints how many lines the tests ran: a line for each folder of src, each file of the engine below the goal, and the
// engine as a whole, which must reach it. node scripts/coverage.mjs SUMMARY.json; run by scripts/coverage.sh.
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Least share of the engine's lines that tests run. */
const GOAL = 0.95;

const source = join(import.meta.dirname, "../src/");
const files = JSON.parse(readFileSync(process.argv[2], "utf8")).data[0].files
  .filter(({ filename }) => filename.startsWith(source))
  .map(({ filename, summary: { lines } }) => ({ name: filename.slice(source.length), ...lines }));
if (files.length === 0) {
  console.error(`The summary names no file of ${source}; were the tests run?`);
  process.exit(1);
}

const share = ({ covered, count }) => (count ? covered / count : 1);
const sum = (some) => some.reduce((a, b) => ({ covered: a.covered + b.covered, count: a.count + b.count }), { covered: 0, count: 0 });
const line = (name, of) => console.log(`${(100 * share(of)).toFixed(1).padStart(6)} %  ${String(of.covered).padStart(6)} of ${String(of.count).padStart(6)}  ${name}`);

const folderOf = ({ name }) => (name.includes("/") ? name.split("/")[0] : ".");
const folders = new Map(files.map((file) => [folderOf(file), files.filter((other) => folderOf(other) === folderOf(file))]));
for (const [folder, some] of [...folders].sort()) line(`src/${folder}`, sum(some));
const engine = folders.get("engine");
console.log(`\nFiles of the engine below ${100 * GOAL} %:`);
for (const file of engine.filter((f) => share(f) < GOAL).sort((a, b) => share(a) - share(b))) line(`src/${file.name}`, file);
console.log();
line("the engine", sum(engine));
if (share(sum(engine)) < GOAL) {
  console.error(`The tests run less than ${100 * GOAL} % of the engine's lines: add tests for those in target/coverage/html.`);
  process.exit(1);
}
