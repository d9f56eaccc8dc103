// Times the programs of scripts/levels.sh in one Chromium and prints bytes and times against the page's own level:
// node scripts/levels.mjs FOLDER
import { brotliCompressSync, constants } from "node:zlib";
import { createRequire } from "node:module";
import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { serve } from "./serve.mjs";

const root = join(import.meta.dirname, "..");
const { chromium } = createRequire(join(root, "tests/browser/"))("@playwright/test");
const folder = resolve(root, process.argv[2]);
const variants = readdirSync(folder).filter((name) => !name.startsWith("target")).sort();
const OWN = "z";
/** Rounds in which every variant has a turn, so that a busy moment of the machine meets all of them. */
const ROUNDS = 15;

/** Runs in the page: the program of a folder, with each piece of work run until V8 has compiled it for good. */
async function load(name) {
  const { default: init } = await import(`./${name}/stopwatch.js`);
  await init();
  const run = globalThis.stopwatchRun;
  const names = globalThis.stopwatchNames.split("\n");
  for (const work of names) for (const start = performance.now(); performance.now() - start < 400; ) run(work, 1);
  (globalThis.programs ??= {})[name] = run;
  return names;
}

/** Runs in the page: us of one run of a piece of work, from as many as fill some milliseconds. */
function time([name, work]) {
  const run = globalThis.programs[name];
  const timed = (times) => { const start = performance.now(); run(work, times); return ((performance.now() - start) * 1000) / times; };
  return timed(Math.max(1, Math.min(20_000, Math.round(5000 / Math.max(0.1, timed(3))))));
}

const { url, close } = await serve(folder, { base: "/" });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-dev-shm-usage"],
});
const page = await browser.newPage();
await page.route(`${url}levels.html`, (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html><title>levels</title>" }));
await page.goto(`${url}levels.html`);
let works = [];
for (const name of variants) works = await page.evaluate(load, name);
const times = Object.fromEntries(variants.map((name) => [name, Object.fromEntries(works.map((work) => [work, []]))]));
for (let round = 0; round < ROUNDS; round += 1) {
  for (const work of works) for (const name of variants) times[name][work].push(await page.evaluate(time, [name, work]));
}
await browser.close();
await close();

const median = (all) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)];
/** Median of the rounds' ratios to the page's own level. */
const ratio = (name, work) => median(times[name][work].map((us, round) => us / times[OWN][work][round]));
const bytes = (name) => brotliCompressSync(readFileSync(join(folder, name, "stopwatch_bg.wasm")),
  { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 } }).length;
const line = (cells) => console.log(`| ${cells.join(" | ")} |`);
line(["", "bytes, brotli", ...works]);
line(["---", ...works.map(() => "--:"), "--:"]);
for (const name of variants) line([name, bytes(name).toLocaleString("en"), ...works.map((work) => ratio(name, work).toFixed(2))]);
console.log(`\nus at ${OWN}, median: ${works.map((work) => `${work} ${median(times[OWN][work]).toFixed(1)}`).join(", ")}`);
