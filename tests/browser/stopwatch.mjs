// Times the same work in Chromium's WebAssembly and natively: scripts/bench-browser.sh (`make bench-browser`).
// Fails where 10,000 draws do not fit one frame of 16 ms.
import { chromium } from "@playwright/test";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { serve } from "../../scripts/serve.mjs";

const root = join(import.meta.dirname, "../..");
const [folder, program, figures] = process.argv.slice(2);
/** One frame at 60 per second, us. */
const FRAME = 16_000;

/** Runs in the page: us of every piece of work, as the least, the median and the 95th percentile of 40 samples. */
async function measure() {
  const { default: init } = await import("./stopwatch.js");
  await init();
  const run = globalThis.stopwatchRun;
  const timed = (name, times) => {
    const start = performance.now();
    if (!run(name, times)) throw new Error(`${name} could not be done`);
    return ((performance.now() - start) * 1000) / times;
  };
  const rows = {};
  for (const name of globalThis.stopwatchNames.split("\n")) {
    // V8 compiles hot functions again while they run, so they are run before they are timed.
    for (const start = performance.now(); performance.now() - start < 300; ) timed(name, 1);
    const times = Math.max(1, Math.min(100_000, Math.round(4000 / Math.max(0.1, timed(name, 10)))));
    const samples = Array.from({ length: 40 }, () => timed(name, times)).sort((a, b) => a - b);
    const at = (share) => samples[Math.floor((samples.length - 1) * share)];
    rows[name] = { least: at(0), p50: at(0.5), p95: at(0.95) };
  }
  return rows;
}

const { url, close } = await serve(resolve(root, folder), { base: "/" });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-dev-shm-usage"],
});
const page = await browser.newPage();
await page.goto(url);
const wasm = await page.evaluate(measure);
const version = browser.version();
await browser.close();
await close();
const { native, growth } = JSON.parse(execFileSync(program, { encoding: "utf8" }));

const us = (x) => (x < 1000 ? `${x.toFixed(1)} us` : `${(x / 1000).toFixed(2)} ms`).padStart(10);
console.log(`Chromium ${version}, one thread; 40 samples each\n`);
console.log(`${"".padEnd(24)}${["native p50", "native p95", "wasm least", "wasm p50", "wasm p95", "wasm/native"].map((h) => h.padStart(12)).join("")}`);
for (const [name, w] of Object.entries(wasm)) {
  const n = native[name];
  const round = (x) => Number(x.toPrecision(4));
  for (const row of [w, n]) for (const key of Object.keys(row)) row[key] = round(row[key]);
  const cells = [n.p50, n.p95, w.least, w.p50, w.p95].map((x) => us(x).padStart(12));
  console.log(`${name.padEnd(24)}${cells.join("")}${(w.p50 / n.p50).toFixed(2).padStart(12)}`);
}
if (figures) writeFileSync(figures, `${JSON.stringify({ measured_on: new Date().toISOString().slice(0, 10), chromium: version, native, wasm, growth }, null, 2)}\n`);
const draws = wasm["10,000 draws"];
if (draws.least > FRAME) {
  console.error(`\n10,000 draws take ${us(draws.least).trim()} at best, more than a frame of 16 ms`);
  process.exitCode = 1;
}
