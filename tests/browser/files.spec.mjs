// What the page hands out is what the terminal writes for the page's own link, byte for byte, in every format.
import { crossover, expect, settled, test, waitForLink } from "./crossover.mjs";

const links = {
  "the defaults": "#v=1",
  "a pipeline": "#v=1&step1.name=Read&step1.calls=150k&step1.in=3k&step1.out=200&step1.residency=yes&step2.name=Sum%20up&step2.calls=40k",
  "a hostile name": "#v=1&title=%3D1%2B1%20%22q%22%20%24(x)%20%60id%60%20%3C%26%7C%20%23&tokens=300M..400M..500M&kv=fp8",
};

for (const [what, link] of Object.entries(links)) {
  test(`the files of ${what} are the terminal's`, async ({ page, open }) => {
    await open(link);
    const take = page.locator("#take");
    await take.locator("summary").click();
    await settled(page);
    const file = take.getByLabel("File", { exact: true });
    const shown = take.getByRole("region", { name: "File content" });
    const address = await page.evaluate(() => location.href.split("#")[0]);
    const formats = await file.locator("option").evaluateAll((all) => all.map((o) => o.value));
    expect(formats.length).toBeGreaterThanOrEqual(14);
    for (const format of formats) {
      await file.selectOption(format);
      await expect.poll(() => shown.textContent(), { message: format }).toBe(crossover("export", address + link, "--as", format));
    }
  });
}

// Regression: half of the file was of the scenario before the move, and its link of the one after.
test("a file copied right after a move is of the scenario as it stands", async ({ page, context, open }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open("#v=1&tokens=200M");
  const take = page.locator("#take");
  await take.locator("summary").click();
  await take.getByLabel("File", { exact: true }).selectOption("csv");
  const copied = await take.evaluate(async (e) => {
    const slider = document.querySelector("input[type=range]");
    slider.stepUp(3);
    slider.dispatchEvent(new InputEvent("input", { bubbles: true }));
    let text;
    navigator.clipboard.writeText = async (t) => { text = t; };
    [...e.querySelectorAll("button")].find((b) => b.textContent === "Copy").click();
    await new Promise((done) => setTimeout(done, 50));
    return text;
  });
  const link = await waitForLink(page, /tokens=(?!200M)/);
  const address = await page.evaluate(() => location.href.split("#")[0]);
  expect(copied).toBe(crossover("export", address + link, "--as", "csv"));
});
