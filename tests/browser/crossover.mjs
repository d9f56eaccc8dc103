// What every browser test uses: the built page on a server of its own, the native program to compare it with, and a
// watch over everything a static page must never do.
import { expect, test as base } from "@playwright/test";
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { serve } from "../../scripts/serve.mjs";

const root = join(import.meta.dirname, "../..");
const program = join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "debug/crossover");

/** The folder of the page under test; PAGE names another than the release build, such as target/page/dist. */
const folder = join(root, process.env.PAGE ?? "dist");

/** Whether the program is in two parts, as in a release build. */
export const isSplit = readdirSync(folder).some((name) => /_later\.wasm$/.test(name));

/** Runs the native program; throws with what it said when it refuses. */
export const crossover = (...args) => execFileSync(program, args, { encoding: "utf8", maxBuffer: 1 << 26 });

/** The Plan of a link, from the native program. */
export const nativePlan = (link, ...args) => JSON.parse(crossover("plan", link || "#v=1", "--format", "json", ...args));

export const test = base.extend({
  /** Origin that a test lets the page contact, its failures included; `test.use({ contacted: "https://..." })`. */
  contacted: ["", { option: true }],
  /** Complaints that a test brings about and that may come at any time, its end included; `test.use({ forgiven: /.../ })`. */
  forgiven: [null, { option: true }],
  /** Address of the built page. It is served from a folder, as on a project site, not from the root. */
  site: [
    async ({}, use) => {
      const { url, close } = await serve(folder, { base: "/a/sub-folder/" });
      await use(url);
      await close();
    },
    { scope: "worker" },
  ],
  /** Complaints of the browser about the page, checked after each test. */
  complaints: [
    async ({ page, context, site, contacted, forgiven }, use) => {
      const complaints = [];
      const asked = (url) => contacted !== "" && url.startsWith(`${contacted}/`);
      const origin = new URL(site).origin;
      page.on("console", (message) => {
        const ours = message.type() === "error" && !asked(message.location().url);
        if (ours) complaints.push(`console: ${message.text()}`);
      });
      page.on("pageerror", (error) => complaints.push(`uncaught: ${error.message}`));
      context.on("request", (request) => {
        const url = new URL(request.url());
        if (/^https?:$/.test(url.protocol) && url.origin !== origin && !asked(url.href)) complaints.push(`cross-origin request: ${url}`);
      });
      context.on("response", (response) => {
        if (response.status() >= 400 && !asked(response.url())) complaints.push(`${response.status()}: ${response.url()}`);
      });
      await page.addInitScript(() => {
        addEventListener("securitypolicyviolation", (event) =>
          console.error(`security policy: ${event.violatedDirective} blocked ${event.blockedURI || "inline"}`));
      });
      await use(complaints);
      expect(complaints.filter((words) => !forgiven?.test(words)), "what the browser complained about").toEqual([]);
    },
    { auto: true },
  ],
  /** Opens the page with a link such as "#v=1&tokens=50M" and waits for its answer, as a reader does before a first touch. */
  untouched: async ({ page, site }, use) => {
    await use(async (link = "", query = "") => {
      await page.goto(site + query + link);
      await settled(page);
    });
  },
  /** The same, touched by a reader, whereupon everything is built. */
  open: async ({ page, untouched }, use) => {
    await use(async (link = "", query = "") => {
      await untouched(link, query);
      await touch(page);
    });
  },
});

export { expect };

export const verdict = (page) => page.getByRole("heading", { level: 1 });
export const slider = (page, label) => page.getByRole("slider", { name: new RegExp(`^${label}(, slider)?$`) });
export const textbox = (page, label) => page.getByRole("textbox", { name: label, exact: true });
export const choice = (page, label) => page.getByRole("combobox", { name: label, exact: true });
export const figure = (page, panel) => page.locator(`figure[data-panel="${panel}"]`);

/** Waits until the page shows an answer that has come to rest. */
export async function settled(page) {
  await expect(page.locator("main[data-settled=true]")).toBeVisible();
}

/** Touches the page as a reader does, whereupon what lies below and what is folded away is built. */
export async function touch(page) {
  await page.mouse.move(1, 1);
  await page.locator("#assumptions").waitFor({ state: "attached" });
  await settled(page);
}

/** A group of inputs by its heading; what is folded away in it is built when it is opened. */
export const group = (page, heading) =>
  page.locator(".group").filter({ has: page.getByRole("heading", { name: heading, exact: true }) });

/** Opens everything that is folded away, also what that shows, until all of it is open and built. */
export async function openAll(page) {
  await expect(async () => {
    const left = await page.locator("details").evaluateAll((all) => {
      const closed = all.filter((details) => !details.open);
      closed.forEach((details) => { details.open = true; });
      return closed.length + all.filter((details) => details.children.length < 2).length;
    });
    expect(left).toBe(0);
  }).toPass();
}

/** The fragment of the address bar; the page writes it after a rest. */
export const linkOf = (page) => page.evaluate(() => location.hash);

/** Waits until the address bar satisfies `pattern` and follows no further move; resolves to its fragment. */
export async function waitForLink(page, pattern) {
  await expect.poll(() => linkOf(page)).toMatch(pattern);
  await settled(page);
  let before;
  const rests = async () => {
    const now = await linkOf(page);
    const same = now === before;
    before = now;
    return same;
  };
  await expect.poll(rests, { intervals: [300] }).toBe(true);
  return before;
}

/** Moves a slider by arrow keys, as a reader without a mouse does. */
export async function move(page, label, steps) {
  const control = slider(page, label);
  await control.focus();
  for (let i = 0; i < Math.abs(steps); i += 1) await page.keyboard.press(steps < 0 ? "ArrowLeft" : "ArrowRight");
}

/** The table of numbers behind a picture, as rows of text; opens it as a reader does. */
export async function numbersBehind(page, panel) {
  const data = figure(page, panel).locator("details.data");
  if ((await data.getAttribute("open")) === null) await data.locator("summary").click();
  return data.locator("tbody tr").evaluateAll((rows) =>
    rows.map((row) => [...row.cells].map((cell) => cell.textContent.trim())));
}

/** Columns of that table by their headings; opens it, since what is closed rests. */
export async function headings(page, panel) {
  await numbersBehind(page, panel);
  return figure(page, panel).locator("details.data thead th").allTextContents();
}

const steps = { "": 1, k: 1e3, M: 1e6, B: 1e9, T: 1e12 };

/** Fails unless a text such as "$40,766", "273M" or "16.9 GiB" is `value` rounded to the digits it shows. */
export function expectShown(text, value, what) {
  const match = text.replace("−", "-").replaceAll(",", "").match(/(-?)\$?(\d+(?:\.(\d+))?)([kMBT]?)/);
  expect(match, `${what}: "${text}" should be a number`).not.toBeNull();
  const [, sign, digits, decimals = "", step] = match;
  const shown = (sign ? -1 : 1) * Number(digits) * steps[step];
  // A count drops trailing zeros and shows three digits at least, so its last digit is the third one.
  const lastDigit = step || decimals ? Math.max(10 ** Math.floor(Math.log10(Math.abs(value) || 1) - 2), 0) : 1;
  const unit = text.includes("$") ? (Math.abs(value) < 10 ? 0.01 : step ? lastDigit : 1) : lastDigit;
  expect(Math.abs(shown - value), `${what}: "${text}" against ${value}`).toBeLessThanOrEqual(unit * 0.500001);
}
