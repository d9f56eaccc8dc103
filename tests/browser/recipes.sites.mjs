// The recipes of docs/src/embedding.md, built by their own generators, on one port, with the app on another: the charts
// are there, as tall as their content, in the page's theme, without a complaint of the browser.
import { expect, test } from "@playwright/test";
import { execFileSync } from "node:child_process";
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
  { name: "sphinx", path: "hosting.html", dark: () => document.body.setAttribute("data-theme", "dark") },
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

/** The n-th block of that language below a heading of the page on embedding. */
function shown(heading, language, n = 0) {
  const page = readFileSync(join(root, "docs/src/embedding.md"), "utf8");
  const section = page.split(`### ${heading}\n`)[1].split("\n### ")[0];
  return [...section.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\``, "gm"))][n][1];
}

test("a README: the pictures its recipe draws are shown light and dark, without a script, and link to the live page", async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), "crossover-readme-"));
  const env = { ...process.env, PATH: `${join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "debug")}:${process.env.PATH}` };
  execFileSync("sh", ["-ec", shown("GitHub README", "sh")], { cwd: folder, env });
  // Nothing runs in a README and nothing is framed, and a picture in it may load nothing itself.
  const policy = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'";
  writeFileSync(join(folder, "index.html"), `<!doctype html><meta http-equiv="Content-Security-Policy" content="${policy}"><link rel="icon" href="data:,">${shown("GitHub README", "markdown")}`);
  const site = await serve(folder);
  try {
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      await page.goto(site.url);
      const image = page.locator("img");
      await expect.poll(() => image.evaluate((i) => i.complete && i.naturalWidth), colorScheme).toBeGreaterThan(300);
      expect(await image.evaluate((i) => i.currentSrc)).toContain(`crossover-${colorScheme}.svg`);
    }
    await expect(page.locator("a")).toHaveAttribute("href", "https://crossover.example/#v=1&tokens=50M");
    expect(await page.locator("img").getAttribute("alt")).toMatch(/\w/);
  } finally {
    await site.close();
    rmSync(folder, { recursive: true });
  }
});

test("Notion, Confluence: the address they are given works in a frame of a fixed height that nobody adjusts", async ({ page }) => {
  const app = await serve(join(root, "dist"), { base: "/crossover/" });
  const folder = mkdtempSync(join(tmpdir(), "crossover-wiki-"));
  const address = shown("Notion, Confluence and others", "text").trim().replace(placeholder, app.url);
  // What such pages allow a frame to do.
  const allowed = "allow-scripts allow-popups allow-forms allow-same-origin";
  writeFileSync(join(folder, "index.html"), `<!doctype html><link rel="icon" href="data:,"><body style="margin:0"><iframe sandbox="${allowed}" style="border:0;width:708px;height:300px" src="${address.replaceAll("&", "&amp;")}"></iframe>`);
  const site = await serve(folder);
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  try {
    await page.goto(site.url);
    const frame = await (await page.locator("iframe").elementHandle()).contentFrame();
    await expect(frame.locator("figure figcaption")).toHaveText(/\d/);
    await expect.poll(() => painted(frame)).toBe(true);
    const { wide, tall, scrolls } = await frame.evaluate(() => {
      const { scrollWidth, scrollHeight } = document.documentElement;
      scrollTo(0, scrollHeight);
      return { wide: scrollWidth - innerWidth, tall: scrollHeight - innerHeight, scrolls: scrollY };
    });
    expect(wide, "nothing sticks out").toBeLessThanOrEqual(0);
    expect(tall, "the frame is shorter than the panel").toBeGreaterThan(0);
    expect(scrolls, "what is below can be reached").toBeGreaterThanOrEqual(tall - 1);
    expect(complaints).toEqual([]);
  } finally {
    await app.close();
    await site.close();
    rmSync(folder, { recursive: true });
  }
});
