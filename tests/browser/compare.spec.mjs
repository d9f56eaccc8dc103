// Scenarios side by side: pinned, named, swapped, removed, undone, in the link, on the pictures' axes and in the tables;
// and the legend that takes lines out of sight.
import { choice, expect, figure, headings, linkOf, move, nativePlan, numbersBehind, settled, test, textbox, waitForLink } from "./crossover.mjs";

const pin = (page) => page.getByRole("button", { name: "Pin to compare" });
const table = (page) => page.getByRole("region", { name: "Comparison" });
const usd = (value) => `$${Math.round(value).toLocaleString("en-US")}`;

async function pickGpu(page, words) {
  const gpu = choice(page, "Accelerator");
  await gpu.click();
  await gpu.fill(words);
  await page.keyboard.press("Enter");
}

test("two GPUs: pinned, compared in table, pictures and numbers, and the link brings both back", async ({ page, open }) => {
  await open("#v=1&tokens=200M");
  await pin(page).click();
  await pickGpu(page, "h200-sxm");
  await waitForLink(page, /gpu=h200.*&pin1=v%3D1%26tokens%3D200M$/);
  await settled(page);

  const [before, now] = ["#v=1&tokens=200M", "#v=1&tokens=200M&gpu=h200-sxm"].map((link) => nativePlan(link).cost.self_hosted.total_usd_per_month);
  const row = table(page).locator("tr", { hasText: "Self-hosted, a month" });
  const sign = before > now ? "+" : "−";
  const more = `${usd(Math.abs(before - now))} ${before > now ? "more" : "less"}`;
  await expect(row.locator("td")).toHaveText([usd(now), `${usd(before)} ${more} than on the page`]);
  await expect(textbox(page, "Name of A")).toHaveValue("h100-sxm");

  // The numbers behind the pictures have its column, the cost table its difference.
  expect(await headings(page, "projection")).toContain("A: h100-sxm");
  expect(await headings(page, "cost")).toContain("A: h100-sxm, per month");
  const total = (await numbersBehind(page, "cost")).find((cells) => cells[0] === "Self-hosted");
  expect(total[3]).toContain(usd(before));

  // The crosshair reads it.
  await figure(page, "projection").locator(".stage").focus();
  await page.keyboard.press("ArrowRight");
  await expect(figure(page, "projection").locator(".reading")).toContainText("A: h100-sxm");

  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await page.locator("#compare").getByRole("button", { name: "Copy CSV" }).click();
  await expect.poll(copied).toContain(`"Self-hosted, a month","${usd(now)}","${usd(before)} (${sign}${usd(Math.abs(before - now))})"`);
  await page.locator("#compare").getByRole("button", { name: "Copy comparison link" }).click();
  await expect.poll(copied).toContain("pin1=");

  const link = await linkOf(page);
  await page.reload();
  await settled(page);
  expect(await linkOf(page)).toBe(link);
  await expect(row.locator("td").nth(1)).toContainText(usd(before));
});

// A volume was named by what follows its last slash: "day".
test("a pinned scenario is named by what is different in it", async ({ page, open }) => {
  await open("#v=1&tokens=200M&growth=8%25&gpu=h200-sxm&pin1=v%3D1%26model%3Dopenai%2Fgpt-oss-120b");
  await expect(textbox(page, "Name of A")).toHaveValue(/^50M\/day, /);
  await expect(textbox(page, "Name of A")).not.toHaveValue(/^day|, mo\b/);
});

test("a pinned scenario is renamed, swapped, removed, and undone", async ({ page, open }) => {
  await open("#v=1&tokens=200M");
  await pin(page).click();
  await move(page, "Tokens per day", 6);
  await textbox(page, "Name of A").fill("Last year & before");
  await textbox(page, "Name of A").blur();
  await waitForLink(page, /pin1=.*title%3DLast%2520year%2520%2526%2520before/);
  const volume = await textbox(page, "Tokens per day").inputValue();

  await page.getByRole("button", { name: "Swap with A" }).click();
  await expect(textbox(page, "Tokens per day")).toHaveValue("200M/day");
  await expect(textbox(page, "Title")).toHaveValue("Last year & before");
  await page.getByRole("button", { name: "Swap with A" }).click();
  await expect(textbox(page, "Tokens per day")).toHaveValue(volume);

  await page.getByRole("button", { name: "Remove A", exact: true }).click();
  await expect(page.locator("#compare")).toBeHidden();
  await expect.poll(() => linkOf(page)).not.toContain("pin1");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(textbox(page, "Name of A")).toHaveValue("Last year & before");
});

test("three are pinned at most, each with a line of its own", async ({ page, open }) => {
  await open("#v=1");
  for (let i = 0; i < 3; i += 1) {
    await pin(page).click();
    await move(page, "GPU price", 8);
  }
  await expect(pin(page)).toBeDisabled();
  const lines = figure(page, "break-even").getByRole("group", { name: "Lines shown" }).getByRole("button");
  await expect(lines).toHaveCount(7);
  const dashes = await lines.locator("line").evaluateAll((all) => all.map((line) => line.getAttribute("stroke-dasharray")));
  expect(new Set(dashes).size, "every line has a dash of its own").toBe(7);
});

test("a pin that cannot be read is said, kept in the address, and harms nothing else", async ({ page, open }) => {
  for (const [pins, says] of [["&pin1=v%3D9%26tokens%3D5M", /version 9/], ["&pin1=v%3D1%26gpu%3Dh100sxm", /h100sxm/], ["&pin1=v%3D1%26tokns%3D5M", /tokns/]]) {
    const link = `#v=1&tokens=200M${pins}`;
    await open(link);
    await expect(page.getByRole("alert")).toContainText(says);
    await expect(textbox(page, "Tokens per day")).toHaveValue("200M/day");
    await page.waitForTimeout(500);
    expect(await linkOf(page)).toBe(link);
    await page.goto("about:blank");
  }
});

test("a hidden line leaves the crosshair and gives the others its room", async ({ page, open }) => {
  await open("#v=1");
  const panel = figure(page, "projection");
  const frontier = panel.getByRole("button", { name: "Frontier API" });
  const own = panel.getByRole("button", { name: "Self-hosted" });
  const ink = () => panel.locator("canvas").evaluate((canvas) => canvas.toDataURL().length);
  await panel.scrollIntoViewIfNeeded();
  await expect(frontier).toHaveAttribute("aria-pressed", "true");
  const before = await ink();
  await frontier.focus();
  await page.keyboard.press("Space");
  await expect(frontier).toHaveAttribute("aria-pressed", "false");
  await expect(frontier).toBeFocused();
  await expect.poll(ink).not.toBe(before);
  await panel.locator(".stage").focus();
  await page.keyboard.press("ArrowRight");
  await expect(panel.locator(".reading")).toContainText("Self-hosted");
  await expect(panel.locator(".reading")).not.toContainText("Frontier API");
  await own.click();
  await expect(own).toHaveAttribute("aria-pressed", "false");
  // The table keeps what the picture hides.
  expect(await headings(page, "projection")).toEqual(expect.arrayContaining(["Self-hosted", "Frontier API"]));
});
