import { chromium } from "@playwright/test";
import { serve } from "../../scripts/serve.mjs";
const [dir, link, widths, schemes, ...more] = process.argv.slice(2);
const { url, close } = await serve(process.env.PAGE ?? "target/page/dist");
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic", "--no-first-run"] });
for (const w of widths.split(",").map(Number)) for (const s of schemes.split(",")) {
  const page = await browser.newPage({ viewport: { width: w, height: w < 600 ? 844 : w === 1280 ? 900 : 1080 }, colorScheme: s, reducedMotion: "reduce" });
  page.on("console", (m) => m.type() === "error" && console.log("ERR", m.text()));
  await page.goto(url + link);
  await page.locator("main[data-settled=true]").waitFor({ timeout: 60000 });
  await page.waitForTimeout(300);
  if (more.includes("top")) await page.screenshot({ path: `${dir}/top-${w}-${s}.png` });
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width: w, height: Math.min(height, 12000) });
  await page.waitForTimeout(700);
  if (more.includes("whole")) await page.screenshot({ path: `${dir}/whole-${w}-${s}.png` });
  if (more.includes("panels")) for (const id of ["break-even", "projection", "memory", "speed", "cost", "tornado"]) await page.locator("#" + id).screenshot({ path: `${dir}/${id}-${w}-${s}.png` });
  await page.close();
}
await browser.close(); await close();
