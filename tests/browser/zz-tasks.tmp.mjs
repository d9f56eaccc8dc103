import { chromium } from "@playwright/test";
import { serve } from "../../scripts/serve.mjs";
const { url, close } = await serve(process.env.PAGE ?? "target/page/dist");
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" });
const settled = () => page.locator("main[data-settled=true]").waitFor({ timeout: 60000 });
const shot = (n) => page.screenshot({ path: `target/shots/task-${n}.png` });
await page.goto(url); await settled();
// 1 threshold
await page.locator("details.questions > summary").click(); await shot("1a");
await page.keyboard.press("Escape");
await page.locator("#break-even").scrollIntoViewIfNeeded(); await page.waitForTimeout(400);
await page.mouse.move(850, 500); await page.waitForTimeout(300); await shot("1b");
// 2 fit
const gpu = page.getByRole("combobox", { name: "Accelerator", exact: true });
await gpu.click(); await gpu.fill("L4"); await page.waitForTimeout(200); await shot("2a");
await page.keyboard.press("Enter"); await settled(); await page.waitForTimeout(300);
await page.locator("#field-tp").fill("1"); await settled(); await page.evaluate(() => scrollTo(0, 0)); await page.waitForTimeout(300); await shot("2b");
await page.locator("#memory").scrollIntoViewIfNeeded(); await page.waitForTimeout(400); await shot("2c");
const fix = page.locator(".fixes button").first(); if (await fix.isVisible()) await fix.click(); await settled(); await page.waitForTimeout(300); await shot("2d");
// 3 compare
await page.evaluate(() => scrollTo(0, 0));
await page.getByRole("button", { name: "Pin to compare" }).click(); await page.waitForTimeout(300); await shot("3a");
await gpu.click(); await gpu.fill("h100"); await page.keyboard.press("Enter"); await settled(); await page.waitForTimeout(300); await shot("3b");
// 4 share
await page.getByRole("button", { name: "Copy link", exact: true }).click(); await page.waitForTimeout(300); await shot("4");
// long run, wrong text, currency
await page.locator("#certainty").scrollIntoViewIfNeeded(); await page.getByRole("button", { name: "Draw a million times" }).click(); await page.waitForTimeout(120); await shot("6");
await page.locator("details.more").last().locator("summary").click(); await page.locator("#field-currency").fill("CHF"); await page.locator("#field-currency").blur(); await page.evaluate(() => scrollTo(0, 0)); await page.waitForTimeout(400); await shot("7");
// embedded failure
await page.goto("about:blank"); await page.route("**/*.wasm", (r) => r.abort()); await page.goto(url + "#v=1&tokens=200M"); await page.waitForTimeout(800); await shot("8");
await page.unroute("**/*.wasm");
const hi = await browser.newPage({ viewport: { width: 3840, height: 2160 } }); await hi.goto(url); await hi.locator("main[data-settled=true]").waitFor(); await hi.waitForTimeout(400); await hi.screenshot({ path: "target/shots/4k.png" });
const lo = await browser.newPage({ viewport: { width: 320, height: 700 } }); await lo.goto(url); await lo.locator("main[data-settled=true]").waitFor(); await lo.waitForTimeout(400); await lo.getByRole("button", { name: "More", exact: true }).click(); await lo.screenshot({ path: "target/shots/320.png" });
const fc = await browser.newPage({ viewport: { width: 1280, height: 900 }, forcedColors: "active", colorScheme: "dark" }); await fc.goto(url); await fc.locator("main[data-settled=true]").waitFor(); await fc.waitForTimeout(400); await fc.screenshot({ path: "target/shots/forced.png" });
await browser.close(); await close();
