// How long the start of the page keeps the main thread, from a trace: the processor time of each task, four times as long,
// as on a phone. A shared processor takes up to twice its time for the same work, so a loop of plain arithmetic is timed in
// the same page, and the tasks are counted as on the processor of which the book's figures are.

const SLOWER = 4;
/** What the loop takes on that processor, ms. */
const REFERENCE = 36;
/** What a task may take before it is felt, ms. */
const SHORT = 50;

/** Median of the times of a loop of plain arithmetic, ms. */
async function loop(page) {
  const times = await page.evaluate(() => Array.from({ length: 9 }, () => {
    const start = performance.now();
    let x = 1;
    for (let i = 0; i < 2e7; i++) { x ^= x << 13; x ^= x >>> 17; x ^= x << 5; }
    return x === 0 ? NaN : performance.now() - start;
  }));
  return times.sort((a, b) => a - b)[4];
}

/** Opens `address` in `page`; the tasks after the first words are there, ms at a quarter of the speed. */
export async function startOf(browser, page, address) {
  await browser.startTracing(page, { categories: ["toplevel", "loading", "devtools.timeline", "disabled-by-default-devtools.timeline"] });
  await page.goto(address);
  await page.locator("[data-settled='true']").waitFor({ timeout: 60_000 });
  await page.waitForTimeout(1200);
  const events = JSON.parse((await browser.stopTracing()).toString()).traceEvents;
  const slowdown = Math.max(1, (await loop(page)) / REFERENCE);
  const words = events.find((e) => e.name === "firstContentfulPaint");
  const tasks = events
    .filter((e) => e.name === "RunTask" && e.pid === words.pid && e.tid === words.tid && e.ts >= words.ts && e.tdur !== undefined)
    .map((e) => (e.tdur / 1000 / slowdown) * SLOWER);
  const sum = (all) => all.reduce((total, ms) => total + ms, 0);
  return { slowdown, blocking: sum(tasks.map((ms) => Math.max(0, ms - SHORT))), longest: Math.max(0, ...tasks), busy: sum(tasks) };
}
