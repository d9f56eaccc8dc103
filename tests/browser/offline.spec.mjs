// Without a network: after one visit the page opens from its own cache, and a new version replaces the old one.
import { expect, test } from "@playwright/test";
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "../../scripts/serve.mjs";
import { writeServiceWorker } from "../../scripts/service-worker.mjs";

const root = join(import.meta.dirname, "../..");
const built = join(root, process.env.PAGE ?? "dist");

// The fast development build registers no worker, so that a change is seen at once.
test.skip(Boolean(process.env.PAGE?.includes("target")), "a development build has no service worker");

let folder, site;
test.beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "crossover-offline-"));
  cpSync(built, folder, { recursive: true });
  site = await serve(folder, { base: "/tools/" });
});
test.afterEach(async () => {
  await site.close();
  rmSync(folder, { recursive: true });
});

/** Visits the page and waits until its worker holds everything and answers. */
async function visit(page) {
  await page.goto(site.url);
  await expect(page.locator("h1")).not.toBeEmpty();
  await page.evaluate(() => new Promise((resolve) => {
    if (navigator.serviceWorker.controller) resolve();
    else navigator.serviceWorker.addEventListener("controllerchange", () => resolve());
  }));
}

/** Looks for a new version and waits until what was found is installed or given up. */
function looked(page) {
  return page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    await registration.update().catch(() => {});
    const installing = registration.installing;
    if (!installing) return;
    await new Promise((resolve) => installing.addEventListener("statechange", () => installing.state !== "installing" && resolve()));
  });
}

const listed = (file) => JSON.parse(file.match(/const files = (\[.*\]);/)[1]);

test("airplane mode: the page, a link and a panel open without a server", async ({ page }) => {
  await visit(page);
  await site.close();
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));

  await page.reload();
  await expect(page.locator("h1")).toHaveText(/\d/);
  await page.goto(`${site.url}?from=elsewhere#v=1&tokens=200M`);
  await expect(page.getByRole("textbox", { name: "Tokens per day", exact: true })).toHaveValue(/200M/);
  await page.goto(`${site.url}?embed=break-even#v=1&tokens=200M`);
  await expect(page.locator("figcaption")).toHaveText(/\S/);
  expect(complaints).toEqual([]);
});

test("the worker keeps every file of the page and none twice", () => {
  const files = listed(readFileSync(join(folder, "service-worker.js"), "utf8"));
  expect(new Set(files).size).toBe(files.length);
  expect(files).toContain("index.html");
  expect(files.some((file) => file.endsWith(".wasm"))).toBe(true);
  expect(files.filter((file) => /_headers|service-worker|embed\.js/.test(file))).toEqual([]);
});

/** Puts a second version in the place of the first. */
function deploy() {
  const before = writeServiceWorker(folder);
  writeFileSync(join(folder, "index.html"), readFileSync(join(folder, "index.html"), "utf8").replace("<body", "<body data-version=\"2\""));
  expect(writeServiceWorker(folder)).not.toBe(before);
}

// Regression: on a reader's first visit no later version was announced, since the first worker had not been one.
test("a page that stays open hears of a new version when its reader comes back to it", async ({ page }) => {
  await visit(page);
  deploy();
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange", { bubbles: true })));
  await expect(page.locator(".update")).toBeVisible();
  await expect(page.locator(".update")).toContainText("Crossover was updated");
  await expect(page.locator("body[data-version='2']"), "nothing is taken from under the reader").toHaveCount(0);
  await page.locator(".update button").click();
  await expect(page.locator("body[data-version='2'] h1")).not.toBeEmpty();
});

test("a deployment that is half there changes nothing, and the rest of it brings the new version", async ({ page }) => {
  await visit(page);
  deploy();
  const wasm = join(folder, listed(readFileSync(join(folder, "service-worker.js"), "utf8")).find((file) => file.endsWith(".wasm")));
  renameSync(wasm, `${wasm}.not-there-yet`);
  // The browser's own copy of a name with a hash would do; a reader who comes from elsewhere has none.
  await (await page.context().newCDPSession(page)).send("Network.clearBrowserCache");
  await page.reload();
  await expect(page.locator("h1")).toHaveText(/\d/);
  await looked(page);
  await expect(page.locator(".update")).toBeHidden();
  await expect(page.locator("body[data-version='2']")).toHaveCount(0);

  renameSync(`${wasm}.not-there-yet`, wasm);
  await page.reload();
  await expect(page.locator(".update")).toBeVisible();
  await expect(page.locator(".update")).toContainText("Crossover was updated");
  await page.reload();
  await expect(page.locator("body[data-version='2'] h1")).toHaveText(/\d/);
});

// Regression: a worker that took over before the page had started was noticed by nobody.
test("a new version that took over while the page was loading is announced all the same", async ({ page }) => {
  await visit(page);
  deploy();
  // The page's program waits until the new worker answers: nobody listens when it takes over.
  await page.addInitScript(() => {
    const takenOver = new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve));
    const instantiate = WebAssembly.instantiateStreaming;
    navigator.serviceWorker.getRegistration().then((registration) => registration?.update());
    WebAssembly.instantiateStreaming = async (...given) => (await takenOver, (window.late = true), instantiate(...given));
  });
  await page.reload();
  await expect(page.locator("h1")).toHaveText(/\d/);
  expect(await page.evaluate(() => window.late)).toBe(true);
  await expect(page.locator(".update")).toBeVisible();
});

test("a new version is announced and comes with the next load", async ({ page }) => {
  await visit(page);
  await expect(page.locator(".update")).toBeHidden();
  deploy();
  await page.reload();
  await expect(page.locator(".update")).toBeVisible();
  await expect(page.locator(".update")).toContainText("Crossover was updated");
  await page.locator(".update button").click();
  await expect(page.locator("body[data-version='2'] h1")).not.toBeEmpty();
  const caches = await page.evaluate(() => caches.keys());
  expect(caches.length, "the build before is kept, older ones are not").toBeLessThanOrEqual(2);
});
