// How the start of the page keeps the main thread, from a trace: the processor time of each task. A shared processor takes
// up to twice its time for the same work, so nothing here is judged in milliseconds: the start is counted in loops of plain
// arithmetic timed in the same page, and its longest task as a share of the whole.

const SLOWER = 4;
/** What a task may take before it is felt, ms. */
const SHORT = 50;

/** Median of the times of a loop of plain arithmetic, ms. */
async function timeOfLoop(page) {
  const times = await page.evaluate(() => Array.from({ length: 9 }, () => {
    const start = performance.now();
    let x = 1;
    for (let i = 0; i < 2e7; i++) { x ^= x << 13; x ^= x >>> 17; x ^= x << 5; }
    return x === 0 ? NaN : performance.now() - start;
  }));
  return times.sort((a, b) => a - b)[4];
}

const sum = (all) => all.reduce((total, ms) => total + ms, 0);

/**
 * Opens `address` in `page` and follows its tasks after the first words are there.
 * `busy` and `longest`: ms of processor time of this machine; `blocking`: ms beyond 50 ms of each task at a quarter of its
 * speed, as on a phone; `loops`: `busy` in loops; `share`: the longest task's part of `busy`.
 */
export async function startOf(browser, page, address) {
  await browser.startTracing(page, { categories: ["toplevel", "loading", "devtools.timeline", "disabled-by-default-devtools.timeline"] });
  await page.goto(address);
  await page.locator("[data-settled='true']").waitFor({ timeout: 60_000 });
  await page.waitForTimeout(1200);
  const events = JSON.parse((await browser.stopTracing()).toString()).traceEvents;
  const words = events.find((e) => e.name === "firstContentfulPaint");
  const tasks = events
    .filter((e) => e.name === "RunTask" && e.pid === words.pid && e.tid === words.tid && e.ts >= words.ts && e.tdur !== undefined)
    .map((e) => e.tdur / 1000);
  const [busy, longest] = [sum(tasks), Math.max(0, ...tasks)];
  const blocking = sum(tasks.map((ms) => Math.max(0, ms * SLOWER - SHORT)));
  return { busy, longest, blocking, loops: busy / (await timeOfLoop(page)), share: longest / busy };
}
