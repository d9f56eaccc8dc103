// When the surroundings fail: each failure has a sentence and a way on, and the reader's link is never lost.
import { readFileSync } from "node:fs";
import { expect, isSplit, linkOf, move, settled, test, verdict, waitForLink } from "./crossover.mjs";

const LINK = "#v=1&tokens=200M";
const failure = (page) => page.locator("#failure");

/** Ends every interference, but not before the requests that are in hand: one let go half way is answered by nobody. */
const undisturbed = (page) => page.unrouteAll({ behavior: "wait" });

/** Expects the banner with the link in it, and that trying again brings the answer once nothing interferes any more. */
async function expectWayOn(page, says) {
  await expect(failure(page)).toContainText(says);
  await expect(failure(page).locator("pre").first()).toContainText(LINK);
  await undisturbed(page);
  await failure(page).getByRole("button", { name: "Try again" }).click();
  await settled(page);
  await expect(verdict(page)).not.toBeEmpty();
  expect(await linkOf(page)).toBe(LINK);
}

test("the WebAssembly does not arrive", async ({ page, site, complaints }) => {
  await page.route("**/*.wasm", (route) => route.abort());
  await page.goto(site + LINK);
  await expect(page.getByRole("heading", { name: "When does self-hosting an LLM pay off?" })).toBeVisible();
  await expectWayOn(page, "The planner could not be loaded");
  complaints.length = 0;
});

test("the WebAssembly is cut off in the middle", async ({ page, site, complaints }) => {
  await page.route("**/*.wasm", async (route) => {
    const response = await route.fetch();
    const body = await response.body();
    await route.fulfill({ status: 200, contentType: "application/wasm", body: body.subarray(0, body.length / 2) });
  });
  await page.goto(site + LINK);
  await expectWayOn(page, "The planner could not be loaded");
  complaints.length = 0;
});

/** Answers with the file and something behind it that changes nothing of what it does. */
async function changed(page, pattern, addition) {
  await page.route(pattern, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: Buffer.concat([await response.body(), Buffer.from(addition)]) });
  });
}

// A custom section named "x", which every engine skips, and an empty statement: both would run if the page let them.
for (const [what, pattern, addition] of [
  ["WebAssembly", "**/*_bg.wasm", [0, 2, 1, 120]],
  ["script", "**/crossover-*.js", ";"],
]) {
  test(`the program's ${what} is not that of this build: it does not run`, async ({ page, site, complaints }) => {
    await changed(page, pattern, addition);
    await page.goto(site + LINK);
    await expectWayOn(page, "The planner could not be loaded");
    expect(complaints.splice(0).join("\n")).toMatch(/integrity/);
  });
}

test("a style sheet that is not that of this build is left out, and the page answers", async ({ page, open, complaints }) => {
  await changed(page, "**/style-*.css", "body { display: none }");
  await open(LINK);
  await expect(verdict(page)).toBeVisible();
  expect(complaints.splice(0).join("\n")).toMatch(/integrity/);
});

test("the program's script is missing", async ({ page, site, complaints }) => {
  await page.route("**/crossover-*.js", (route) => route.fulfill({ status: 404, body: "" }));
  await page.goto(site + LINK);
  await expectWayOn(page, "The planner could not be loaded");
  complaints.length = 0;
});

test("a browser without WebAssembly", async ({ page, site, complaints }) => {
  await page.addInitScript(() => { delete globalThis.WebAssembly; });
  await page.goto(site + LINK);
  await expect(failure(page)).toContainText("no WebAssembly");
  complaints.length = 0;
});

test("storage closed: the page answers, and says that the theme is not kept", async ({ page, open }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, "localStorage", { get() { throw new DOMException("denied", "SecurityError"); } });
  });
  await open(LINK);
  await expect(verdict(page)).not.toBeEmpty();
  await page.getByRole("combobox", { name: "Theme" }).selectOption("dark");
  await expect(page.getByRole("status").filter({ hasText: "for this visit only" })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});

test("storage full: the same", async ({ page, open }) => {
  await page.addInitScript(() => {
    Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };
  });
  await open(LINK);
  await page.getByRole("combobox", { name: "Theme" }).selectOption("light");
  await expect(page.getByRole("status").filter({ hasText: "for this visit only" })).toBeVisible();
});

// On a phone the field began beyond the right edge, at any width the header grew by it, and nothing took it away again.
for (const width of [320, 390, 1280]) {
  test(`the clipboard refused: the link is there to be copied by hand, ${width} px`, async ({ page, open }) => {
    await page.setViewportSize({ width, height: 800 });
    await page.addInitScript(() => { navigator.clipboard.writeText = () => Promise.reject(new DOMException("denied", "NotAllowedError")); });
    await open(LINK);
    const header = await page.locator(".bar").boundingBox();
    await page.getByRole("button", { name: "Copy link", exact: true }).click();
    const field = page.getByLabel("The clipboard is closed to this page");
    await expect(field).toHaveValue(new RegExp(`${LINK}$`));
    await expect(field).toBeFocused();
    expect(await field.evaluate((e) => e.selectionEnd - e.selectionStart === e.value.length)).toBe(true);
    const box = await page.locator(".by-hand").boundingBox();
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(width);
    expect(await page.locator(".bar").boundingBox()).toEqual(header);
    await page.keyboard.press("Escape");
    await expect(field).toHaveCount(0);
  });
}

test("no clipboard at all, as on an insecure address: the same", async ({ page, open }) => {
  await page.addInitScript(() => { Object.defineProperty(Navigator.prototype, "clipboard", { get: () => undefined }); });
  await open(LINK);
  await page.getByRole("button", { name: "Copy link", exact: true }).click();
  await expect(page.getByLabel("The clipboard is closed to this page")).toHaveValue(new RegExp(`${LINK}$`));
  await expect(failure(page)).toHaveCount(0);
});

/** A browser without service workers: one would answer in the network's place, or be asked for at the moment it goes. */
const withoutWorker = (page) => page.addInitScript(() => { Object.defineProperty(Navigator.prototype, "serviceWorker", { get: () => undefined }); });

test.describe("a page that goes on without a network", () => {
  // Chromium asks for the icon again whenever the address changes; a page without a worker does not get it.
  test.use({ forgiven: /ERR_INTERNET_DISCONNECTED/ });

  // Regression: the test failed where the network went while the worker was being asked for, which Chromium complains of.
  test("the network is lost in the middle of a visit: everything goes on", async ({ page, context, open }) => {
    await withoutWorker(page);
    await open(LINK);
    const before = await verdict(page).textContent();
    // In the middle of a visit: the reader has touched the page, and the rest of the program is there.
    await page.mouse.move(300, 300);
    await page.waitForFunction(() => window.crossoverRest);
    await context.setOffline(true);
    await move(page, "Tokens per day", 20);
    await waitForLink(page, /tokens=(?!200M)/);
    await settled(page);
    await expect(verdict(page)).not.toHaveText(before);
    await context.setOffline(false);
  });
});

// Tried again without a network, the page was gone, and a link that had been moved on stood in the banner as it was.
test("the network is lost before the first touch: the banner says what to do, holds the link as it is, and stays", async ({ page, context, untouched, complaints }) => {
  test.skip(!isSplit, "only a program in parts has one to fetch");
  await withoutWorker(page);
  await untouched(LINK);
  await context.setOffline(true);
  await page.getByRole("slider", { name: "Tokens per day" }).focus();
  for (let i = 0; i < 3; i += 1) await page.keyboard.press("ArrowRight");
  await expect(failure(page)).toContainText("keep it, and try again with a connection");
  const moved = await waitForLink(page, /tokens=(?!200M)/);
  await expect(failure(page).locator("pre").first()).toContainText(moved);
  await failure(page).getByRole("button", { name: "Try again" }).click();
  await expect(failure(page).getByRole("button")).toHaveText("Still offline: try again later");
  await expect(verdict(page)).not.toBeEmpty();
  await context.setOffline(false);
  await failure(page).getByRole("button").click();
  await settled(page);
  await expect(failure(page)).toHaveCount(0);
  expect(await linkOf(page)).toBe(moved);
  complaints.length = 0;
});

// The banner stayed for the rest of the visit, and what lies below the first screen was never built.
test("the network is lost at the first touch and comes back: the next touch goes on", async ({ page, context, untouched, complaints }) => {
  test.skip(!isSplit, "only a program in parts has one to fetch");
  await withoutWorker(page);
  await untouched(LINK);
  await context.setOffline(true);
  await page.mouse.move(700, 500);
  await expect(failure(page)).toContainText("did not arrive");
  await context.setOffline(false);
  await expect(async () => {
    await page.mouse.move(700, 600);
    await page.mouse.move(700, 610);
    await expect(failure(page)).toHaveCount(0, { timeout: 500 });
  }).toPass();
  await settled(page);
  await expect(page.locator("#fleet")).toHaveCount(1);
  await expect(page.locator("#assumptions")).toHaveCount(1);
  complaints.length = 0;
});

test("a panic in the program: the banner keeps the link and offers two ways on", async ({ page, open, complaints }) => {
  await open(LINK);
  // The browser refuses the program an element, which it cannot survive.
  await page.evaluate(() => {
    const create = Document.prototype.createElement;
    Document.prototype.createElement = function (tag, ...rest) {
      if (tag === "li" || tag === "template") throw new Error("refused by the test");
      return create.call(this, tag, ...rest);
    };
    Node.prototype.cloneNode = () => { throw new Error("refused by the test"); };
  });
  await page.getByRole("combobox", { name: "Model", exact: true }).click();
  await expect(failure(page)).toContainText("Crossover stopped");
  await expect(failure(page)).toContainText(LINK);
  await expect(failure(page).getByRole("link", { name: "Reload without this link" })).toBeVisible();
  complaints.length = 0;
});

test("without scripts there is a sentence, not a blank page", async ({ browser, site }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(site);
  expect(await page.content()).toContain("needs JavaScript and WebAssembly");
  await expect(page.getByRole("heading")).toBeVisible();
  await context.close();
});

test("the page says its reasons without the program: guard.js stays small", () => {
  const folder = process.env.PAGE ?? "dist";
  expect(readFileSync(`${import.meta.dirname}/../../${folder}/guard.js`).length).toBeLessThan(3000);
});
