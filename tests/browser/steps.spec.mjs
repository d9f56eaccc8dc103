// Steps come from a table and leave as one; a price list changes nothing before the reader has seen what it would change.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { crossover, expect, linkOf, nativePlan, settled, test, touch, verdict, waitForLink } from "./crossover.mjs";

const table = "name;calls;in;out;quality;in house\nRoute;200k;400;10;any;\n\"Read; \"\"all\"\"\";150k;3k;200;;x\n";
const fixture = (name) => readFileSync(join(import.meta.dirname, "../prices", name), "utf8");

/** Opens the inputs behind "more" and returns the box a table is pasted into. */
async function box(page) {
  for (const details of await page.locator("details.more").all()) await details.locator("> summary").click();
  return page.getByRole("textbox", { name: "Table of steps" });
}

test("a pasted table becomes the steps, the link and the answer", async ({ page, open }) => {
  await open();
  const paste = await box(page);
  await paste.fill(table);
  await paste.blur();
  const link = await waitForLink(page, /step2\.residency=yes/);
  await settled(page);
  await expect(verdict(page)).toHaveText(nativePlan(link).advice.sentence);
  await expect(page.locator("#routing tbody tr")).toHaveCount(2);
  await expect(page.locator("#routing")).toContainText('Read; "all"');
  // What the page exports as a table is what the terminal does, and reads back.
  expect(crossover("export", link, "--as", "steps-csv")).toContain('"Read; ""all"""');
});

test("a table with problems changes nothing and says where they are", async ({ page, open }) => {
  await open();
  const before = await linkOf(page);
  const paste = await box(page);
  await paste.fill("name,calls,in\nRoute,lots,400\nRead,10,-3\n");
  await paste.blur();
  await expect(page.getByText("row 2, column calls")).toBeVisible();
  await expect(page.getByText("row 3, column in")).toBeVisible();
  expect(await linkOf(page)).toBe(before);
  await expect(page.locator("#routing")).toBeHidden();
});

test("a cascade is planned as the terminal plans it", async ({ page, open }) => {
  await open("#v=1&step1.name=Edit&step1.calls=80k&step1.in=20k&step1.out=400&step1.quality=frontier&step1.escalates=0.3");
  const [step] = nativePlan(await linkOf(page)).routing.steps;
  expect(step.cascade.chosen).toBe(true);
  await expect(page.locator("#routing")).toContainText("answers first and saves");
  await expect(page.locator("#routing")).toContainText("30 %");
});

/** Opens the panel of prices. */
async function prices(page) {
  await page.locator("#prices summary").click();
  return page.locator("#prices");
}

test("a public price list is shown, used and given back", async ({ page, context, open, complaints }) => {
  await context.route("https://raw.githubusercontent.com/**", (route) => route.fulfill({
    contentType: "application/json",
    headers: { "access-control-allow-origin": "*" },
    body: fixture("litellm.json"),
  }));
  await open("#v=1&nearest=openai%2Fgpt-6-luna");
  const panel = await prices(page);
  await expect(panel).toContainText("contacts https://raw.githubusercontent.com and nothing else");
  await panel.getByRole("button", { name: "Compare with LiteLLM's price map" }).click();
  await expect(panel.locator("tbody")).toContainText("openai/gpt-6-luna");
  await expect(panel.locator("tbody")).toContainText("free or unknown");
  // Asked for by name, so the one request to another host is meant.
  expect(complaints.splice(0)).toEqual([
    expect.stringContaining("https://raw.githubusercontent.com/BerriAI/litellm/main/model_prices_and_context_window.json"),
  ]);
  expect(await page.evaluate(() => localStorage.getItem("crossover-prices"))).toBeNull();
  await panel.getByRole("button", { name: "Use the changed and added prices" }).click();
  await page.waitForLoadState();
  await settled(page);
  expect(JSON.parse(await page.evaluate(() => localStorage.getItem("crossover-prices"))).rows.length).toBeGreaterThan(0);
  await touch(page);
  await page.locator("#assumptions summary").click();
  await expect(page.locator("#assumptions")).toContainText("Private API price, openai/gpt-6-luna");
  await prices(page);
  await page.getByRole("button", { name: "Back to the catalog's prices" }).click();
  await page.waitForLoadState();
  await settled(page);
  expect(await page.evaluate(() => localStorage.getItem("crossover-prices"))).toBeNull();
});

test("a mirror of the lists is asked in their place, where the page may contact it", async ({ page, context, open, site }) => {
  const mirror = `${new URL(site).origin}/mirror`;
  const asked = [];
  await context.route(`${mirror}/**`, (route) => {
    asked.push(route.request().url());
    return route.fulfill({ contentType: "application/json", body: fixture("genai.json") });
  });
  await open();
  const panel = await prices(page);
  const address = panel.getByRole("textbox", { name: "Address of the lists" });
  await address.fill(`${mirror}/`);
  await expect(panel).toContainText(`contacts ${mirror}/ and nothing else`);
  await panel.getByRole("button", { name: "Compare with genai-prices" }).click();
  await expect(panel.locator("tbody tr").first()).toBeVisible();
  expect(asked).toEqual([`${mirror}/pydantic/genai-prices/main/prices/new_data/v2/data_slim.json`]);
  for (const [base, why] of [["http://127.0.0.1:9", "does not name it"], ["ftp://a.org", "not an http or https address"]]) {
    await address.fill(base);
    await panel.getByRole("button", { name: "Compare with genai-prices" }).click();
    await expect(panel.getByRole("status")).toContainText(why);
  }
  expect(asked).toHaveLength(1);
});

/** A mirror of both lists beside the page; LiteLLM's takes its time. */
async function mirrored(page, context, site) {
  const mirror = `${new URL(site).origin}/mirror`;
  let late;
  await context.route(`${mirror}/**`, async (route) => {
    const first = route.request().url().includes("litellm");
    if (first) await new Promise((done) => { late = done; });
    await route.fulfill({ contentType: "application/json", body: fixture(first ? "litellm.json" : "genai.json") });
  });
  const panel = await prices(page);
  await panel.getByRole("textbox", { name: "Address of the lists" }).fill(`${mirror}/`);
  return { panel, arrive: () => late() };
}

// Regression: whichever list came last was shown.
test("of two price lists the one that was asked for last is shown", async ({ page, context, open, site }) => {
  await open();
  const { panel, arrive } = await mirrored(page, context, site);
  await panel.getByRole("button", { name: "Compare with LiteLLM's price map" }).click();
  await panel.getByRole("button", { name: "Compare with genai-prices" }).click();
  await expect(panel.locator("tbody tr").first()).toBeVisible();
  const found = await panel.getByRole("status").textContent();
  const arrived = page.waitForResponse(/litellm/);
  arrive();
  await arrived;
  await page.waitForTimeout(300);
  await expect(panel.getByRole("status")).toHaveText(found);
});

// Regression: the address had not followed yet when the page opened again.
test("prices that are used keep what was moved a moment ago", async ({ page, context, open, site }) => {
  await open("#v=1&tokens=200M");
  const { panel } = await mirrored(page, context, site);
  await panel.getByRole("button", { name: "Compare with genai-prices" }).click();
  await expect(panel.locator("tbody tr").first()).toBeVisible();
  const opened = page.waitForEvent("load");
  await panel.evaluate((e) => {
    const slider = document.querySelector("input[type=range]");
    slider.stepUp(1);
    slider.dispatchEvent(new InputEvent("input", { bubbles: true }));
    [...e.querySelectorAll("button")].find((b) => b.textContent.startsWith("Use the changed")).click();
  });
  await opened;
  await settled(page);
  expect(await page.evaluate(() => location.hash)).toBe("#v=1&tokens=220M");
});

test("a wrong list or file changes nothing and says why", async ({ page, context, open, complaints }) => {
  await context.route("https://raw.githubusercontent.com/**", (route) => route.fulfill({
    contentType: "text/html",
    headers: { "access-control-allow-origin": "*" },
    body: "<html>not a list</html>",
  }));
  await open();
  const panel = await prices(page);
  await panel.getByRole("button", { name: "Compare with genai-prices" }).click();
  await expect(panel.getByRole("status")).toContainText("nothing is changed");
  complaints.splice(0);
  const file = { name: "prices.json", mimeType: "application/json", buffer: Buffer.from('{"version": 1, "as_of": "x"}') };
  await panel.getByLabel("Price file").setInputFiles(file);
  await expect(panel.getByRole("status")).toContainText("nothing is changed");
  expect(await page.evaluate(() => localStorage.getItem("crossover-prices"))).toBeNull();
});
