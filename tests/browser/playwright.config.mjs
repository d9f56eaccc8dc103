// The built page in headless Chromium. scripts/test.sh sets CHROMIUM; `make test-browser` runs everything.
import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: ".",
  testMatch: "*.spec.mjs",
  outputDir: "results",
  fullyParallel: true,
  workers: 2,
  forbidOnly: Boolean(process.env.CI),
  retries: 0,
  // The longest tests take 20 s where nothing else runs; shared machines are up to four times slower, and busy besides.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: [["list"], ["./summary.mjs"]],
  use: {
    browserName: "chromium",
    viewport: { width: 1280, height: 900 },
    locale: "en-US",
    // A trace doubles the time of a test; TRACE=1 keeps one of each that fails.
    trace: process.env.TRACE ? "retain-on-failure" : "off",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
        "--disable-sync", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage",
      ],
    },
  },
});
