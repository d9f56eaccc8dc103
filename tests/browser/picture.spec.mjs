// Pictures that leave the page are those of the terminal, byte for byte: SVG from the clipboard, PNG as a file. The
// program that draws PNG is loaded when one is asked for, not before.
import { readFileSync } from "node:fs";
import { crossover, expect, figure, settled, test } from "./crossover.mjs";

const link = "#v=1&tokens=200M&quant=awq-int4";
/** What the terminal writes for a panel: to a file, since a pipe of text would spoil a PNG. */
function drawn(panel, theme, ending, info, ...options) {
  const file = info.outputPath(`${panel}-${theme}.${ending}`);
  crossover("chart", link, "--panel", panel, "--theme", theme, "--output", file, ...options);
  return readFileSync(file);
}

for (const theme of ["light", "dark"]) {
  test(`SVG and PNG of the page are those of the terminal, ${theme}`, async ({ page, open, context }, info) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.emulateMedia({ colorScheme: theme });
    const asked = [];
    page.on("request", (request) => asked.push(request.url()));
    await open(link);
    expect(asked.filter((url) => url.includes("picture")), "nothing of it is loaded before").toEqual([]);
    for (const panel of ["break-even", "projection", "memory", "cost", "speed", "tornado"]) {
      await figure(page, panel).scrollIntoViewIfNeeded();
      await figure(page, panel).getByRole("button", { name: "Copy SVG" }).click();
      const svg = drawn(panel, theme, "svg", info).toString("utf8");
      await expect.poll(() => page.evaluate(() => navigator.clipboard.readText()), panel).toBe(svg);
      const download = page.waitForEvent("download");
      await figure(page, panel).getByRole("button", { name: "Save PNG" }).click();
      const saved = readFileSync(await (await download).path());
      expect(saved.equals(drawn(panel, theme, "png", info)), `${panel}.png, ${saved.length} bytes`).toBe(true);
      expect((await download).suggestedFilename()).toBe(`crossover-${panel}.png`);
    }
  });
}

// Regression: what was copied while a slider moved was the answer that had come to rest before.
for (const name of ["Copy CSV", "Copy SVG"]) {
  test(`what is copied right after a move is of the scenario as it stands: ${name}`, async ({ page, open, context }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await open(link);
    const button = figure(page, "projection").getByRole("button", { name });
    /** What a click copies, in the same task as these steps of the first slider. */
    const copied = async (steps) => {
      await page.evaluate(() => navigator.clipboard.writeText(""));
      await button.evaluate((e, n) => {
        if (n > 0) {
          const slider = document.querySelector("input[type=range]");
          slider.stepUp(n);
          slider.dispatchEvent(new InputEvent("input", { bubbles: true }));
        }
        e.click();
      }, steps);
      await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).not.toBe("");
      return page.evaluate(() => navigator.clipboard.readText());
    };
    const before = await copied(0);
    const atOnce = await copied(8);
    await settled(page);
    const atRest = await copied(0);
    expect(atRest).not.toBe(before);
    expect(atOnce).toBe(atRest);
  });
}

// Regression: what was copied of the months was never their sums, although those stood on the page.
test("the months are copied as they are shown: summed, and on a logarithmic scale", async ({ page, open, context }, info) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open(link);
  const panel = figure(page, "projection");
  const copied = async () => {
    await panel.getByRole("button", { name: "Copy SVG" }).click();
    return page.evaluate(() => navigator.clipboard.readText());
  };
  await panel.getByRole("checkbox", { name: "log scale" }).check();
  await expect.poll(copied).toBe(drawn("projection", "light", "svg", info, "--log-scale").toString("utf8"));
  await panel.getByRole("checkbox", { name: "cumulative" }).check();
  const both = drawn("projection", "light", "svg", info, "--log-scale", "--cumulative").toString("utf8");
  await expect.poll(copied).toBe(both);
  expect(both).toContain("US dollars since the start, log scale");
  const download = page.waitForEvent("download");
  await panel.getByRole("button", { name: "Save PNG" }).click();
  const saved = readFileSync(await (await download).path());
  expect(saved.equals(drawn("projection", "light", "png", info, "--log-scale", "--cumulative"))).toBe(true);
});
