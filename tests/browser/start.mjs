// How long the start of the page keeps the main thread, from a trace: the processor time of each task, which other
// programs on the machine do not change, four times as long, as on a phone.

const SLOWER = 4;
/** What a task may take before it is felt, ms. */
const SHORT = 50;

/** Opens `address` in `page`; the tasks after the first words are there, ms at a quarter of the speed. */
export async function startOf(browser, page, address) {
  await browser.startTracing(page, { categories: ["toplevel", "loading", "devtools.timeline", "disabled-by-default-devtools.timeline"] });
  await page.goto(address);
  await page.locator("[data-settled='true']").waitFor({ timeout: 60_000 });
  await page.waitForTimeout(1200);
  const events = JSON.parse((await browser.stopTracing()).toString()).traceEvents;
  const words = events.find((e) => e.name === "firstContentfulPaint");
  const tasks = events
    .filter((e) => e.name === "RunTask" && e.pid === words.pid && e.tid === words.tid && e.ts >= words.ts && e.tdur !== undefined)
    .map((e) => (e.tdur / 1000) * SLOWER);
  const sum = (all) => all.reduce((total, ms) => total + ms, 0);
  return { blocking: sum(tasks.map((ms) => Math.max(0, ms - SHORT))), longest: Math.max(0, ...tasks), busy: sum(tasks) };
}
