// The recipes of docs/src/embedding.md, built by their own generators, on one port, with the app on another: the charts
// are there, as tall as their content, in the page's theme, without a complaint of the browser.
import { expect, test } from "@playwright/test";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "../../scripts/serve.mjs";

const root = join(import.meta.dirname, "../..");
const placeholder = "https://crossover.example/";

/** The generators, where their page is, and how a reader of theirs chooses the dark theme. */
const sites = [
  { name: "mdbook", path: "hosting.html", dark: () => document.documentElement.classList.replace("light", "navy") },
  { name: "mkdocs", path: "hosting/", dark: () => document.querySelector("label[title=Dark]").click() },
  { name: "docusaurus", path: "hosting/", dark: () => document.documentElement.setAttribute("data-theme", "dark") },
];

/** A copy of a built site with the app's real address. */
function withAppAt(name, app) {
  const folder = mkdtempSync(join(tmpdir(), `crossover-${name}-`));
  cpSync(join(root, "target/recipes", name, "site"), folder, { recursive: true });
  let named = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath ?? entry.path, entry.name);
    if (!entry.isFile() || !/\.(html|js|json)$/.test(file)) continue;
    const text = readFileSync(file, "utf8");
    if (!text.includes(placeholder)) continue;
    writeFileSync(file, text.replaceAll(placeholder, app));
    named += 1;
  }
  expect(named, `${name} names the app`).toBeGreaterThan(0);
  return folder;
}

const background = (page) =>
  page.evaluate(() => [document.body, document.documentElement].map((e) => getComputedStyle(e).backgroundColor).join());

async function expectCharts(page) {
  const frames = page.locator("crossover-chart iframe");
  await expect(frames).toHaveCount(2);
  for (const [n, panel] of ["break-even", "cost"].entries()) {
    await frames.nth(n).scrollIntoViewIfNeeded();
    const frame = await (await frames.nth(n).elementHandle()).contentFrame();
    await expect(frame.locator(`figure[data-panel="${panel}"] figcaption`)).toHaveText(/\d/);
    const inside = () => frame.evaluate(() => document.body.offsetHeight);
    const outside = () => frames.nth(n).evaluate((element) => element.clientHeight);
    await expect.poll(async () => Math.abs((await inside()) - (await outside()))).toBeLessThanOrEqual(1);
    expect(await outside()).toBeGreaterThan(200);
    await expect.poll(() => painted(frame), "something is drawn").toBe(true);
  }
  return (await frames.nth(0).elementHandle()).contentFrame();
}

/** Whether the panel's canvas has more than one colour. */
const painted = (frame) =>
  frame.evaluate(() => {
    const canvas = document.querySelector("canvas");
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size > 3;
  });

for (const { name, path, dark } of sites) {
  test(`${name}: the charts of its recipe stand in the page`, async ({ page }) => {
    const app = await serve(join(root, "dist"), { base: "/crossover/" });
    const folder = withAppAt(name, app.url);
    const site = await serve(folder);
    const complaints = [];
    // An icon is the site's own affair; these have none.
    const icon = (message) => message.location().url.endsWith("/favicon.ico");
    page.on("console", (message) => message.type() === "error" && !icon(message) && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    try {
      await page.goto(site.url + path);
      const frame = await expectCharts(page);
      const theme = () => frame.evaluate(() => document.documentElement.dataset.theme);
      await expect.poll(theme).toBe("light");
      const before = await background(page);
      await page.evaluate(dark);
      await expect.poll(() => background(page)).not.toBe(before);
      await expect.poll(theme).toBe("dark");
      if (name !== "mdbook") {
        // A generator that changes pages without loading them: the element starts again wherever it appears.
        await page.goto(site.url);
        await page.getByRole("link", { name: "Should we host our own model?" }).first().click();
        await expectCharts(page);
      }
      expect(complaints, "what the browser complained about").toEqual([]);
    } finally {
      await app.close();
      await site.close();
      rmSync(folder, { recursive: true });
    }
  });
}
