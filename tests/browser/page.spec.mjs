// What holds for the page as a whole: accessibility, width, themes, security, size.
import axe from "axe-core";
import { brotliCompressSync, constants } from "node:zlib";
import { startOf } from "./start.mjs";
import { expect, isSplit, move, openAll, settled, test } from "./crossover.mjs";

/** Bytes that a first visit may transfer: 2 % above what it takes with the quicker brotli of a server. This only falls. */
const TRANSFER_CEILING = 276_300;

/** What the longest task may be of the start: 9 % is measured; a part of the program compiled in a piece makes it half. */
const LONGEST_SHARE_CEILING = 0.2;
/** Processor time of the start, in loops timed beside it: 10 are measured, more beside another test. */
const LOOPS_CEILING = 18;

for (const colorScheme of ["light", "dark"]) {
  for (const width of [390, 1280]) {
    test(`axe finds nothing, ${colorScheme}, ${width} px`, async ({ page, open }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height: 900 });
      await open("#v=1&tokens=100M/d");
      await openAll(page);
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
      const found = violations.flatMap((v) => v.nodes.map((node) => `${v.id}: ${node.target.join(" ")}: ${node.failureSummary}`));
      expect(found).toEqual([]);
    });
  }
}

for (const width of [320, 390, 768, 1280, 1920]) {
  test(`nothing sticks out at ${width} px`, async ({ page, open }) => {
    await page.setViewportSize({ width, height: 800 });
    await open("#v=1&tokens=100M/d");
    await openAll(page);
    const { scroll, client } = await page.evaluate(() => ({
      scroll: document.documentElement.scrollWidth,
      client: document.documentElement.clientWidth,
    }));
    expect(scroll).toBeLessThanOrEqual(client);
  });
}

test("the policy forbids inline scripts and styles, and eval", async ({ page, open, complaints }) => {
  await open();
  const policy = await page.locator("meta[http-equiv='Content-Security-Policy']").getAttribute("content");
  // The two hosts that buttons name: the model hub and the public price lists.
  const asked = "connect-src 'self' https://huggingface.co https://raw.githubusercontent.com;";
  expect(policy).toContain(asked);
  expect(policy.replace(asked, "")).not.toMatch(/unsafe-inline|'unsafe-eval'|\*|https?:/);
  expect(policy).toMatch(/default-src 'none'/);
  await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.injected = true";
    document.body.append(script);
  });
  expect(await page.evaluate(() => window.injected)).toBeUndefined();
  // The browser said that it blocked the script; that is the point.
  expect(complaints.splice(0).join("\n")).toMatch(/script-src/);
});

test("a first visit transfers no more than it did", async ({ page, untouched }) => {
  const bodies = [];
  page.on("response", (response) => bodies.push(response.body().catch(() => Buffer.alloc(0))));
  await untouched();
  const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
  const sizes = (await Promise.all(bodies)).map((body) => brotliCompressSync(body, options).length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  test.info().annotations.push({ type: "transfer", description: `${total} bytes in ${sizes.length} answers` });
  expect(total).toBeLessThan(TRANSFER_CEILING);
});

test.describe("the program in parts", () => {
test.skip(!isSplit, "only a release build is split");
// A worker that has taken over would answer from what it keeps, also what a test takes away.
test.use({ serviceWorkers: "block" });

test("the first view does without the rest of the program, and a touch brings it", async ({ page, untouched }) => {
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await untouched();
  const parts = () => asked.map((url) => url.match(/_(soon|later)\.wasm$/)?.[1]).filter(Boolean).sort();
  expect(parts(), "the record is stale: make split-record").toEqual([]);
  await page.mouse.move(300, 300);
  await expect.poll(parts).toEqual(["later", "soon"]);
});

test("what a link may ask comes with the first part, and nothing else", async ({ page, untouched }) => {
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await untouched("#v=1&tokens=7M/d");
  expect(asked.map((url) => url.match(/_(soon|later)\.wasm$/)?.[1]).filter(Boolean), "the record is stale: make split-record").toEqual(["soon"]);
});

for (const [when, onTheSpot] of [
  ["touched", (page) => page.mouse.move(300, 300)],
  ["asked for something at once", (page) => page.locator("details.note").first().evaluate((details) => { details.open = true; })],
]) test(`without the rest of the program the page says so and keeps the link, ${when}`, async ({ page, untouched, complaints }) => {
  await page.route(/_later\.wasm$/, (route) => route.abort());
  await untouched("#v=1&tokens=7M/d");
  const failure = page.locator("#failure");
  await onTheSpot(page);
  await expect(failure).toContainText("did not arrive");
  await expect(failure).toContainText("tokens=7M/d");
  // The browser said that the file and with it the program failed; that is the point.
  expect(complaints.splice(0).join("\n")).toMatch(/_later|Failed to load|NetworkError/);
});
});

test.describe("what is folded away", () => {
  /** How many are not built. The embed dialogue holds a frame, so it is built only while it is open. */
  const left = (page) => page.locator("details:not(.embed-maker)")
    .evaluateAll((all) => all.filter((details) => details.children.length < 2).length);
  const sources = (page) => page.locator("#assumptions td.source");

  test("is built when it is opened", async ({ page, untouched }) => {
    await untouched();
    const note = page.locator("details.note").first();
    await expect(note.locator("> *")).toHaveCount(1);
    await note.evaluate((details) => { details.open = true; });
    await expect(note).toContainText("tokens");
  });

  test("holds the assumptions with their sources", async ({ page, open }) => {
    await open();
    await expect(page.locator("#assumptions tr", { hasText: "GPU price, AWS" }).first()).toContainText("karpenter-provider-aws");
  });

  test("is built by itself once the reader touches the page, so that the browser's search finds it", async ({ page, untouched }) => {
    await untouched();
    expect(await left(page)).toBeGreaterThan(20);
    await page.mouse.move(300, 300);
    await expect.poll(() => left(page)).toBe(0);
    await settled(page);
    await expect(page.locator("#field-months")).toHaveCount(1);
  });

  // Regression: a part that the reader had opened was built again at its turn, and at every opening, and what was typed was lost.
  test("keeps what was typed when its turn comes, and when it is opened again", async ({ page, untouched }) => {
    await untouched();
    await page.mouse.move(300, 300);
    const summary = page.locator("#prices summary");
    await summary.click();
    const address = page.locator("#prices").getByRole("textbox", { name: "Address of the lists" });
    await address.fill("https://mirror.example");
    await expect.poll(() => left(page)).toBe(0);
    await settled(page);
    await expect(address).toHaveValue("https://mirror.example");
    await summary.click();
    await expect(address).toBeHidden();
    await summary.click();
    await expect(address).toHaveValue("https://mirror.example");
  });

  test("is built for paper, although nobody touched the page", async ({ page, untouched }) => {
    await untouched();
    await expect(sources(page)).toHaveCount(0);
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    await expect(page.locator("#fleet")).toContainText("replica");
    await expect(sources(page).first()).toContainText(/default|yours/);
  });
});

test.describe("what lies below every first screen", () => {
  const parts = (page) => page.locator("#answer > :is(section, figure)").evaluateAll((all) => all.map((part) => part.id || part.dataset.panel));

  // Regression: the fleet was built at the first touch above what was there already; who pressed something below it as it
  // came pressed something else.
  test("is built in reading order, so that nothing which is there moves down", async ({ page, untouched }) => {
    await untouched();
    const before = await parts(page);
    await page.mouse.wheel(0, 400);
    await expect(page.locator("#assumptions")).toBeAttached();
    await settled(page);
    const after = await parts(page);
    expect(after.length).toBeGreaterThan(before.length + 4);
    expect(after.slice(0, before.length)).toEqual(before);
  });

  test("is built without a touch where the screen is that tall", async ({ page, untouched }) => {
    await page.setViewportSize({ width: 1280, height: 6000 });
    await untouched();
    await expect(page.locator("#assumptions")).toBeAttached();
  });

  test("is built before a reason leads there", async ({ page, untouched }) => {
    await untouched();
    await page.locator("details.data summary", { hasText: "more reason" }).click();
    await page.getByRole("button", { name: "How sure that is" }).first().click();
    await expect(page.locator("#certainty")).toBeFocused();
    await expect(page.locator("#certainty")).toBeInViewport();
  });
});

test("the page starts in short tasks", async ({ browser, site }) => {
  test.skip(!isSplit, "an unoptimised build takes longer");
  // The start and the loops are timed one after the other, and another test may fall on either: the best of three counts.
  const starts = [];
  for (let i = 0; i < 3; i += 1) {
    const page = await browser.newPage({ viewport: { width: 412, height: 823 }, serviceWorkers: "block" });
    starts.push(await startOf(browser, page, site));
    await page.close();
  }
  const worse = ({ loops, share }) => Math.max(loops / LOOPS_CEILING, share / LONGEST_SHARE_CEILING);
  const { loops, share } = starts.reduce((best, start) => (worse(start) < worse(best) ? start : best));
  test.info().annotations.push({ type: "start", description: `${loops.toFixed(1)} loops, longest task ${(share * 100).toFixed(0)} % of them` });
  expect(share).toBeLessThan(LONGEST_SHARE_CEILING);
  expect(loops).toBeLessThan(LOOPS_CEILING);
});

test("the layout does not shift while the page starts and a slider moves", async ({ page, untouched }) => {
  await page.addInitScript(() => {
    window.shifts = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => { if (!entry.hadRecentInput) window.shifts += entry.value; }))
      .observe({ type: "layout-shift", buffered: true });
  });
  await untouched();
  await move(page, "Tokens per day", 5);
  await settled(page);
  expect(await page.evaluate(() => window.shifts)).toBeLessThan(0.1);
});

test("without scripts the page says what it needs", async ({ browser, site }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(site);
  expect(await page.content()).toContain("JavaScript and WebAssembly");
  await context.close();
});
