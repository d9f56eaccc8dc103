// Pictures of the built page at three widths, light and dark: scripts/screenshots.sh (`make screenshots`).
// The two that the README shows go to docs/images/, the rest (every panel by itself as well) to a folder that is not kept.
import { chromium } from "@playwright/test";
import { mkdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { serve } from "../../scripts/serve.mjs";

const root = join(import.meta.dirname, "../..");
const kept = join(root, "docs/images");
const others = join(root, "tests/browser/screenshots");
const link = process.argv[2] ?? "";
/** Bytes of a picture in the README, at most. */
const LIMIT = 400_000;

async function take(browser, url, width, colorScheme) {
  const page = await browser.newPage({ viewport: { width, height: width < 600 ? 844 : width === 1280 ? 1240 : 1080 }, colorScheme, reducedMotion: "reduce" });
  await page.goto(url + link);
  await page.locator("main[data-settled=true]").waitFor();
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(300);
  const readme = width === 1280;
  const file = join(readme ? kept : others, `${readme ? "page" : `page-${width}`}-${colorScheme}.png`);
  await page.screenshot({ path: file });
  const bytes = statSync(file).size;
  console.log(`${relative(root, file)} ${Math.round(bytes / 1000)} kB`);
  if (readme && bytes > LIMIT) throw new Error(`${relative(root, file)} has more than ${LIMIT} bytes`);
  await wholePage(page, width, join(others, `page-${width}-${colorScheme}.png`));
  await page.close();
}

/** The page from top to bottom, drawn in full: pictures below the fold are painted when they come into view. */
async function wholePage(page, width, file) {
  // What lies below is built at a reader's first touch.
  await page.mouse.move(1, 1);
  await page.locator("#assumptions").waitFor({ state: "attached" });
  await page.locator("main[data-settled=true]").waitFor();
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width, height: Math.min(height, 12_000) });
  await page.waitForTimeout(500);
  await page.screenshot({ path: file.replace(".png", "-whole.png") });
  for (const panel of await page.locator("figure.panel:visible, section.panel:visible").all())
    await panel.screenshot({ path: file.replace("page-", `panel-${await panel.getAttribute("id")}-`) });
}

mkdirSync(kept, { recursive: true });
mkdirSync(others, { recursive: true });
const { url, close } = await serve(join(root, process.env.PAGE ?? "dist"));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic", "--no-first-run"],
});
try {
  for (const width of [390, 1280, 1920])
    for (const colorScheme of ["light", "dark"]) await take(browser, url, width, colorScheme);
} finally {
  await browser.close();
  await close();
}
