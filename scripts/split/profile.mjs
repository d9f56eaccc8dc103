// Records what the first view runs: node scripts/split/profile.mjs FOLDER, on an unsplit release build that names its
// functions (make split-record builds it). Opens the page in Chromium as readers first see it, moves a slider and types a
// text; then as they may go on (every picture in view, shared links of every kind). What no visit, or only a later one,
// runs is written to the record. Embedded pictures fetch all parts at once.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { chromium } from "../../tests/browser/node_modules/@playwright/test/index.mjs";
import { serve } from "../serve.mjs";
import { instrument } from "./marks.mjs";
import { record } from "./record.mjs";

const folder = process.argv[2];
const file = join(folder, readdirSync(folder).find((name) => /^crossover-[0-9a-f]+_bg\.wasm$/.test(name)));
const whole = readFileSync(file);
const { program, names, address } = instrument(whole);
writeFileSync(file, program);

const { url, close } = await serve(folder);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
let ran = new Set();

const ready = "[data-settled='true'], .embedded canvas, canvas";
async function visit(link, { slower = 1, ...view }, act = async () => {}) {
  const page = await browser.newPage({ serviceWorkers: "block", ...view });
  if (slower > 1) await (await page.context().newCDPSession(page)).send("Emulation.setCPUThrottlingRate", { rate: slower });
  await page.addInitScript(() => {
    addEventListener("TrunkApplicationStarted", (event) => { window.program = event.detail.wasm; });
    // The rest does not come, so that a touch does not build what is folded away; being told so is of the first view.
    window.crossoverRest = Promise.resolve(false);
    // The program with marks in it is another one than the page names the digest of.
    const { fetch } = window;
    window.fetch = (address, options) => fetch(address, { ...options, integrity: "" });
  });
  await page.goto(url + link);
  await page.locator(ready).first().waitFor();
  await page.waitForTimeout(1500);
  await act(page);
  const marks = await page.evaluate(([from, count]) => [...new Uint8Array(window.program.memory.buffer, from, count)], [address, names.length]);
  marks.forEach((mark, i) => mark && ran.add(names[i].name));
  console.log(`${link || "the page"}: ${ran.size} of ${names.length} functions and ways so far`);
  await page.close();
}

const desk = { viewport: { width: 1280, height: 900 } };
await visit("", desk);
await visit("", { viewport: { width: 390, height: 844 } });
await visit("", { viewport: { width: 1920, height: 1080 }, colorScheme: "dark" });
// What is cut into pieces by the clock is cut elsewhere on a slower machine, and so is the memory that is taken: a way that
// depends on it would be fetched on the spot, one first view in ten.
for (const slower of [1, 2, 3, 4, 4, 5, 6, 6, 8])
  for (const view of [desk, { viewport: { width: 412, height: 823 }, deviceScaleFactor: 1.75 }, { viewport: { width: 1920, height: 1080 } }])
    await visit("", { ...view, slower });
// A worker takes over soon after the first visit, on a busy machine later, or while the program still starts.
const takenOver = async (page) => {
  await page.waitForFunction(() => navigator.serviceWorker.controller);
  await page.waitForTimeout(1500);
};
for (const slower of [1, 2, 4, 8]) await visit("", { ...desk, slower, serviceWorkers: "allow" }, takenOver);
// And where other programs want the processor, everything comes in another order.
const busy = cpus().map(() => new Worker("for (;;);", { eval: true }));
for (const slower of [1, 1, 2, 4])
  for (const view of [desk, { viewport: { width: 412, height: 823 }, deviceScaleFactor: 1.75 }])
    await visit("", { ...view, slower, serviceWorkers: "allow" }, takenOver);
await Promise.all(busy.map((worker) => worker.terminate()));
// A first move or text does not wait for another part.
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
const first = ran;

ran = new Set(first);
// Every picture in view at once: scrolling to one must not wait for long.
await visit("", { viewport: { width: 1280, height: 9000 } });
await visit("", { viewport: { width: 390, height: 14000 } });
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
await browser.close();
await close();
writeFileSync(file, whole);

// Instances of one generic function may share a name: it can wait when none of them ran. A function that waits takes its
// ways along.
const waiting = [...new Set(names.filter(({ name, of }) => !first.has(name) && (name === of || first.has(of))).map(({ name }) => name))];
const soon = waiting.filter((name) => ran.has(name));
const later = waiting.filter((name) => !ran.has(name));
record("soon", "the first view does not run, but a first look around or a shared link may", soon);
record("later", "neither the first view nor a shared link runs", later);
console.log(`${soon.length} names can wait a little, ${later.length} for longer`);
