// Amounts in another currency at the reader's own rate: everything shown is converted and says at which rate; the
// engine, the inputs and the files stay in US dollars; what cannot be used is said.
import { expect, expectShown, figure, group, linkOf, nativePlan, numbersBehind, settled, test, verdict } from "./crossover.mjs";

test("everything shown is in the reader's currency, at the reader's rate and date", async ({ page, open }) => {
  await open("#v=1&tokens=200M&currency=eur&rate=0.5&rate-date=2026-11-20");
  const plan = nativePlan("#v=1&tokens=200M");
  await expect(page.locator("#rate-note")).toContainText("at 0.5 EUR per USD, 2026-11-20");
  const values = await page.locator(".figures .fig dd:not(.small)").allTextContents();
  expect(values[0]).toMatch(/^€/);
  expectShown(values[0].replace("€", "$"), plan.cost.self_hosted.total_usd_per_month / 2, "self-hosted a month");
  const rows = await numbersBehind(page, "projection");
  expectShown(rows[0][3].replace("€", "$"), plan.projection.months[0].self_hosted_usd / 2, "month 1");
  for (const panel of ["projection", "cost", "tornado"]) await expect(figure(page, panel).locator("figcaption")).toContainText("€");
  const answer = await page.evaluate(() => [...document.querySelectorAll("main > :not(#inputs)")].map((part) => part.innerText).join("\n"));
  expect(answer.match(/.*\$\d.*/g), "no dollars are left").toBeNull();
  await expect(verdict(page)).toContainText("€");
});

test("files stay in US dollars", async ({ page, open }) => {
  await open("#v=1&currency=EUR&rate=0.5");
  await page.locator("#take details.data summary").click();
  await page.getByRole("combobox", { name: "File" }).selectOption("csv");
  const total = nativePlan("#v=1").cost.self_hosted.total_usd_per_month;
  await expect(page.locator("#take pre")).toContainText(`total_usd_per_month,${total}`);
});

test("a currency without a rate, and one that is none, are said; amounts stay in dollars", async ({ page, open }) => {
  await open();
  await group(page, "Currency").locator("details.more > summary").click();
  const code = page.locator("#field-currency");
  const figures = page.locator(".figures .fig dd").first();
  // It said that the planner decides the rate, which it never does.
  await expect(page.locator("#field-rate-word")).toHaveText("auto: amounts stay in US dollars");
  await code.fill("Euro");
  await code.blur();
  await expect(page.locator(".troubles")).toContainText("'Euro' is no currency code");
  await code.fill("EUR");
  await code.blur();
  await expect(page.locator(".troubles")).toContainText("no rate is known for EUR");
  await expect(figures).toContainText("$");
  const rate = page.locator("#field-rate");
  await rate.fill("lots");
  await expect(rate).toHaveAttribute("aria-invalid", "true");
  await rate.fill("0.92");
  await expect(figures).toContainText("€");
  await page.locator("#field-rate-date").fill("20.11.2026");
  await page.locator("#field-rate-date").blur();
  await expect(page.locator(".troubles")).toContainText("'20.11.2026' is no date");
  await settled(page);
  await expect.poll(() => linkOf(page)).toMatch(/currency=EUR&rate=0.92&rate-date=20.11.2026/);
});
