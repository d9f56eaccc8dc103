// Lighthouse on the built page, served with brotli: node lighthouse.mjs (make lighthouse builds and runs it).
// Every category must reach 95, as a phone on a simulated 4G line and as a desktop. What costs points is printed.
import { chromium } from "@playwright/test";
import lighthouse, { desktopConfig } from "lighthouse";
import { join } from "node:path";
import { serve } from "../../scripts/serve.mjs";

const LEAST = 95;
const folder = join(import.meta.dirname, "../..", process.env.PAGE ?? "dist");
const port = 9300 + (process.pid % 500);
const { url, close } = await serve(folder, { brotli: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", `--remote-debugging-port=${port}`],
});

let failed = false;
for (const [device, config] of [["phone", undefined], ["desktop", desktopConfig]]) {
  const { lhr } = await lighthouse(url, { port, logLevel: "error", output: "json" }, config);
  const scores = Object.values(lhr.categories).map((c) => [c.title, Math.round((c.score ?? 0) * 100)]);
  // What the machine itself computes: 1500 and more is a fast desktop, for which the simulated phone is meant.
  const speed = Math.round(lhr.environment.benchmarkIndex);
  console.log(`${device}: ${scores.map(([title, score]) => `${title} ${score}`).join(", ")} (benchmark index ${speed})`);
  const value = (id) => lhr.audits[id]?.displayValue ?? "-";
  console.log(`  largest paint ${value("largest-contentful-paint")}, blocking ${value("total-blocking-time")}, ` +
    `layout shift ${value("cumulative-layout-shift")}, ${value("total-byte-weight")}`);
  for (const category of Object.values(lhr.categories)) {
    for (const { id, weight } of category.auditRefs) {
      const audit = lhr.audits[id];
      if (weight > 0 && audit.score !== null && audit.score < 0.9) {
        console.log(`  ${category.title}: ${audit.title} (${Math.round(audit.score * 100)})${audit.displayValue ? `: ${audit.displayValue}` : ""}`);
        for (const item of (audit.details?.items ?? []).slice(0, 3)) {
          const what = item.node?.snippet ?? item.description ?? item.url ?? item.source;
          if (what) console.log(`    ${String(what).slice(0, 160)}`);
        }
      }
    }
  }
  failed ||= scores.some(([, score]) => score < LEAST);
}
await browser.close();
await close();
if (failed) console.error(`A category is below ${LEAST}.`);
process.exitCode = failed ? 1 : 0;
