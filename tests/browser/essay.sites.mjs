// The built book beside the app: the essay's panels are live, and each of its claims is a link that the app reads in full.
import { expect, test } from "@playwright/test";
import { join } from "node:path";
import { serve } from "../../scripts/serve.mjs";

const root = join(import.meta.dirname, "../..");
let site;
test.beforeAll(async () => {
  site = await serve(join(root, "dist"), { base: "/tools/crossover/" });
});
test.afterAll(() => site.close());

test("the essay's panels are live in the built book", async ({ page }) => {
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(`${site.url}docs/book/essay.html`);
  const frames = page.locator("iframe[data-crossover]");
  const number = await frames.count();
  expect(number).toBeGreaterThanOrEqual(4);
  for (let n = 0; n < number; n += 1) {
    await frames.nth(n).scrollIntoViewIfNeeded();
    const frame = await (await frames.nth(n).elementHandle()).contentFrame();
    await expect(frame.locator("figcaption")).toHaveText(/\d/);
    const heights = async () => [await frame.evaluate(() => document.body.offsetHeight), await frames.nth(n).evaluate((element) => element.clientHeight)];
    await expect.poll(async () => { const [inside, outside] = await heights(); return Math.abs(inside - outside); }).toBeLessThanOrEqual(1);
    await expect(frame.locator(".trouble")).toHaveCount(0);
  }
  expect(complaints).toEqual([]);
});

test("each claim of the essay is a link that the app reads in full", async ({ page }) => {
  await page.goto(`${site.url}docs/book/essay.html`);
  const links = await page.locator("main a[href*='index.html#v=1']").evaluateAll((all) => all.map((a) => a.href));
  expect(links.length).toBeGreaterThanOrEqual(10);
  for (const link of links) {
    await page.goto("about:blank");
    await page.goto(link);
    await expect(page.locator("h1")).toHaveText(/\S/);
    await expect(page.locator("main[data-settled=true]")).toHaveCount(1);
    await expect(page.locator(".trouble"), link).toHaveCount(0);
  }
});

test("every page of the book opens without a complaint and without a missing file", async ({ page }) => {
  await page.goto(`${site.url}docs/book/index.html`);
  const chapters = await page.locator("#mdbook-sidebar a, #sidebar a").evaluateAll((all) => [...new Set(all.map((a) => a.href.split("#")[0]))]);
  expect(chapters.length).toBeGreaterThan(15);
  const wrong = [];
  page.on("console", (message) => message.type() === "error" && wrong.push(`${page.url()}: ${message.text()}`));
  page.on("pageerror", (error) => wrong.push(`${page.url()}: ${error.message}`));
  page.on("response", (response) => response.status() >= 400 && wrong.push(`${page.url()}: ${response.status()} ${response.url()}`));
  const missing = new Set();
  for (const chapter of chapters) {
    await page.goto(chapter);
    await expect(page.locator("main h1").first()).toHaveText(/\S/);
    const addresses = await page.locator("main a[href], main img[src]").evaluateAll((all) => all.map((e) => e.href || e.src));
    for (const address of new Set(addresses.map((a) => a.split(/[#?]/)[0]).filter((a) => a.startsWith(site.url)))) {
      const { status } = await fetch(address, { method: "HEAD" });
      if (status !== 200) missing.add(`${chapter}: ${address}`);
    }
  }
  expect([...missing]).toEqual([]);
  expect(wrong).toEqual([]);
});
