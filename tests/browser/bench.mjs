// How the page feels, measured in Chromium: node bench.mjs (make bench-page builds and runs it).
// For scale, the same slider on an empty page that copies its value into a text is measured beside it.
// Input to painted answer: from the dispatch of a slider's input event to the end of the frame that paints the verdict
// it leads to, over 200 moves, at 1x and 4x CPU throttle. Loading: largest contentful paint, layout shift and the time
// to the first answer, over a simulated 4G line (1.6 Mbit/s, 150 ms) and without one. Served with brotli.
import { chromium } from "@playwright/test";
import { join } from "node:path";
import { serve } from "../../scripts/serve.mjs";
import { startOf } from "./start.mjs";

const MOVES = 200;
const folder = join(import.meta.dirname, "../..", process.env.PAGE ?? "dist");
const { url, close } = await serve(folder, { brotli: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
});

const percentile = (sorted, p) => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * p) - 1)];

async function opened({ throttle = 1, line } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, serviceWorkers: "block" });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: throttle });
  if (line) await devtools.send("Network.emulateNetworkConditions", { offline: false, ...line });
  await page.addInitScript(() => {
    window.seen = { paint: 0, shift: 0 };
    new PerformanceObserver((list) => list.getEntries().forEach((e) => { window.seen.paint = e.startTime; }))
      .observe({ type: "largest-contentful-paint", buffered: true });
    new PerformanceObserver((list) => list.getEntries().forEach((e) => { if (!e.hadRecentInput) window.seen.shift += e.value; }))
      .observe({ type: "layout-shift", buffered: true });
  });
  await page.goto(url);
  await page.locator("[data-settled='true']").waitFor({ timeout: 60_000 });
  const answered = await page.evaluate(() => performance.now());
  return { page, answered };
}

/** Moves the first slider; each move is timed from its input event to after the frame that follows. */
async function sliderTimes(page) {
  await page.getByRole("slider").first().focus();
  await page.waitForTimeout(1500);
  return page.evaluate(async (moves) => {
    const slider = document.querySelector("input[type=range]");
    const frame = () => new Promise((done) => requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => done(performance.now());
      port2.postMessage(0);
    }));
    const times = [];
    const busy = [];
    for (let i = 0; i < moves; i += 1) {
      const place = Number(slider.min) + (Number(slider.max) - Number(slider.min)) * (0.3 + 0.4 * Math.abs(Math.sin(i / 9)));
      await frame();
      const start = performance.now();
      slider.value = String(place);
      slider.dispatchEvent(new InputEvent("input", { bubbles: true }));
      await Promise.resolve();
      busy.push(performance.now() - start);
      times.push(await frame() - start);
    }
    return { times, busy };
  }, MOVES);
}

/** A page of one slider and one text: what the browser itself takes on this machine. */
async function empty(throttle) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await (await context.newCDPSession(page)).send("Emulation.setCPUThrottlingRate", { rate: throttle });
  await page.setContent("<input type=range min=0 max=1 step=any><p></p>");
  await page.evaluate(() => {
    document.querySelector("input").addEventListener("input", (e) => { document.querySelector("p").textContent = e.target.value; });
  });
  return page;
}

function report(name, { times, busy }) {
  times.sort((a, b) => a - b);
  busy.sort((a, b) => a - b);
  console.log(`${name}: median ${ms(percentile(times, 0.5))}, p95 ${ms(percentile(times, 0.95))}, ` +
    `worst ${ms(times.at(-1))}; in the event itself p95 ${ms(percentile(busy, 0.95))}`);
}

const ms = (value) => `${value.toFixed(1)} ms`;
for (const throttle of [1, 4]) {
  const { page } = await opened({ throttle });
  report(`slider to painted answer, ${throttle}x`, await sliderTimes(page));
  await page.context().close();
  const floor = await empty(throttle);
  report(`an empty page, ${throttle}x`, await sliderTimes(floor));
  await floor.context().close();
}
const fourG = { downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8, latency: 150 };
for (const [name, options] of [["no throttle", {}], ["4x CPU", { throttle: 4 }], ["4G", { line: fourG }], ["4G, 4x CPU", { line: fourG, throttle: 4 }]]) {
  const { page, answered } = await opened(options);
  await page.waitForTimeout(500);
  const { paint, shift } = await page.evaluate(() => window.seen);
  console.log(`loading, ${name}: largest paint ${ms(paint)}, whole answer ${ms(answered)}, layout shift ${shift.toFixed(3)}`);
  await page.context().close();
}
{
  const page = await browser.newPage({ viewport: { width: 412, height: 823 }, serviceWorkers: "block" });
  const { blocking, longest, busy, loops, share } = await startOf(browser, page, url);
  console.log(`start on a phone: ${ms(busy)} of processor time (${loops.toFixed(1)} loops), longest task ${ms(longest)} (${(share * 100).toFixed(0)} %), ` +
    `blocking at a quarter of the speed ${ms(blocking)}`);
  await page.close();
}
await browser.close();
await close();
