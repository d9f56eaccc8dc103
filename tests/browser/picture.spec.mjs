// Pictures that leave the page are those of the terminal, byte for byte: SVG from the clipboard, PNG as a file. The
// program that draws PNG is loaded when one is asked for, not before.
import { readFileSync } from "node:fs";
import { crossover, expect, figure, test } from "./crossover.mjs";

const link = "#v=1&tokens=200M&quant=awq-int4";
/** What the terminal writes for a panel: to a file, since a pipe of text would spoil a PNG. */
function drawn(panel, theme, ending, info) {
  const file = info.outputPath(`${panel}-${theme}.${ending}`);
  crossover("chart", link, "--panel", panel, "--theme", theme, "--output", file);
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
