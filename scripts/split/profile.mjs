// Records what the first view runs: node scripts/split/profile.mjs FOLDER, on an unsplit release build that names its
// functions (make split-record builds it). Opens the page in Chromium as readers first see it, and writes the functions
// that did not run to later.txt. Also counted as the first view: a first move of a slider, a text typed, shared links
// of every kind. Embedded pictures fetch both parts at once.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "../../tests/browser/node_modules/@playwright/test/index.mjs";
import { serve } from "../serve.mjs";
import { instrument, nameInRecord } from "./split.mjs";

const folder = process.argv[2];
const file = join(folder, readdirSync(folder).find((name) => /^crossover-[0-9a-f]+_bg\.wasm$/.test(name)));
const whole = readFileSync(file);
const { program, names } = instrument(whole);
writeFileSync(file, program);

const { url, close } = await serve(folder);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const ran = new Set();

const ready = "[data-settled='true'], .embedded canvas, canvas";
async function visit(address, view, act = async () => {}) {
  const page = await browser.newPage({ serviceWorkers: "block", ...view });
  await page.addInitScript(() => {
    addEventListener("TrunkApplicationStarted", (event) => { window.program = event.detail.wasm; });
    // The rest does not come, so that a touch does not build what is folded away; being told so is of the first view.
    window.crossoverRest = Promise.resolve(false);
    // The program with marks in it is another one than the page names the digest of.
    const { fetch } = window;
    window.fetch = (address, options) => fetch(address, { ...options, integrity: "" });
  });
  await page.goto(url + address);
  await page.locator(ready).first().waitFor();
  await page.waitForTimeout(1500);
  await act(page);
  const marks = await page.evaluate((count) => Array.from({ length: count }, (_, i) => window.program[`ran${i}`].value), names.length);
  marks.forEach((mark, i) => mark && ran.add(i));
  console.log(`${address || "the page"}: ${ran.size} of ${names.length} functions so far`);
  await page.close();
}

const desk = { viewport: { width: 1280, height: 900 } };
await visit("", desk);
await visit("", { viewport: { width: 390, height: 844 } });
await visit("", { viewport: { width: 1920, height: 1080 }, colorScheme: "dark" });
// Every picture in view at once: scrolling to one must not wait for its drawing code.
await visit("", { viewport: { width: 1280, height: 9000 } });
await visit("", { viewport: { width: 390, height: 14000 } });
// A worker takes over soon after the first visit.
await visit("", { ...desk, serviceWorkers: "allow" });
await visit("#v=1&tokens=5M/d&model=llama-3.1-8b&quant=fp8", desk);
// A link may ask anything: every golden link, and every preset.
const golden = JSON.parse(readFileSync(join(import.meta.dirname, "../../tests/links/v1.json"), "utf8")).map((row) => row.link);
const presets = JSON.parse(readFileSync(join(import.meta.dirname, "../../public/catalog/presets.json"), "utf8")).rows.map((row) => row.link);
await visit("", { viewport: { width: 1280, height: 9000 } }, async (page) => {
  for (const link of [...presets, ...golden]) {
    await page.evaluate((hash) => { location.hash = hash; }, link.replace(/^.*#/, ""));
    await page.waitForTimeout(350);
  }
});
await visit("", desk, async (page) => {
  await page.getByRole("slider").first().focus();
  for (let i = 0; i < 5; i += 1) await page.keyboard.press("ArrowRight");
  await page.waitForTimeout(1500);
});
await visit("", desk, async (page) => {
  await page.getByRole("textbox").first().fill("70M/day");
  await page.keyboard.press("Tab");
  await page.waitForTimeout(1500);
});
await browser.close();
await close();
writeFileSync(file, whole);

// Instances of one generic function may share a name: it is of the rest when none of them ran.
const first = new Set([...ran].map((i) => nameInRecord(names[i])));
const later = [...new Set(names.map(nameInRecord).filter((name) => !first.has(name)))].sort();
const lines = later.reduce((all, name, i) => all + (i % 12 ? " " : "\n") + name, "");
writeFileSync(join(import.meta.dirname, "later.txt"),
  `# Functions that the first view does not run, as hashes of their names; written by make split-record.${lines}\n`);
console.log(`${later.length} names of functions that can wait`);
