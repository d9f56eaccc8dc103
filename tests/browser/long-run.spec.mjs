// A million draws on request: progress is shown, the page stays usable, and the run can be stopped or is overtaken.
import { crossover, expect, move, settled, test } from "./crossover.mjs";

const panel = (page) => page.locator("#certainty");
const start = (page) => panel(page).getByRole("button", { name: "Draw a million times" });

/** Begins a long run on a slow processor, so that it is still going when the test looks; resolves to a way back to speed. */
async function startSlowly(page) {
  const devtools = await page.context().newCDPSession(page);
  const slow = (rate) => devtools.send("Emulation.setCPUThrottlingRate", { rate });
  await slow(10);
  await start(page).click();
  return () => slow(1);
}

/** Neither side is sure to win. */
const LINK = "#v=1&tokens=200M&same=anthropic%2Fclaude-opus-5.5&nearest=anthropic%2Fclaude-opus-5.5";

test("a million draws say what the native program says with as many", async ({ page, open }) => {
  await open(LINK);
  await expect(panel(page)).toContainText("10,000 draws");
  const hurry = await startSlowly(page);
  await expect(panel(page).getByRole("progressbar", { name: "Draws made" })).toBeVisible();
  await hurry();
  await expect(panel(page)).toContainText("1,000,000 draws", { timeout: 120_000 });
  await expect(panel(page).getByRole("progressbar")).toBeHidden();
  const native = JSON.parse(crossover("plan", LINK, "--format", "json", "--draws", "1000000"));
  const chance = (native.uncertainty.probability_self_hosting_cheaper * 100).toFixed(2);
  await expect(panel(page)).toContainText(`in ${chance} % of`);
});

test("stopped, the draws made before stay", async ({ page, open }) => {
  await open("#v=1");
  const hurry = await startSlowly(page);
  await panel(page).getByRole("button", { name: "Stop" }).click();
  await hurry();
  await expect(start(page)).toBeVisible();
  await expect(panel(page)).toContainText("10,000 draws");
});

test("a change overtakes the run, and the answer follows at once", async ({ page, open }) => {
  await open("#v=1");
  const hurry = await startSlowly(page);
  await move(page, "Tokens per day", 4);
  await hurry();
  await settled(page);
  await expect(start(page)).toBeVisible();
  await expect(panel(page)).toContainText("10,000 draws");
});

// Regression: stopped and begun again before the next frame, both runs went on and the progress jumped between them.
test("begun again at once after a stop, one run is under way", async ({ page, open }) => {
  await open("#v=1");
  const hurry = await startSlowly(page);
  await expect(panel(page).locator(".long-run .quiet")).toHaveText(/^[3-9] %$/);
  const shares = await panel(page).evaluate(async (e) => {
    const [button, words] = [e.querySelector(".long-run button"), e.querySelector(".long-run .quiet")];
    button.click();
    button.click();
    const seen = [];
    const watch = new MutationObserver(() => seen.push(parseInt(words.textContent, 10)));
    watch.observe(words, { subtree: true, childList: true, characterData: true });
    for (let i = 0; i < 20; i += 1) await new Promise(requestAnimationFrame);
    return seen;
  });
  await hurry();
  expect(shares.length).toBeGreaterThan(0);
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
});
