// By hand: the volume dragged on its picture by mouse and finger, a page scrolled across it, ways between the parts of
// the page, groups folded, pictures sharp on any screen, every panel taken along.
import { readFileSync } from "node:fs";
import { crossover, expect, figure, linkOf, nativePlan, settled, test, textbox, verdict, waitForLink } from "./crossover.mjs";

const canvas = (page) => figure(page, "break-even").locator("canvas");

/** Where the volume can be taken: found by moving along the axis, as a reader does, until the pointer says so. */
async function handle(page) {
  await canvas(page).scrollIntoViewIfNeeded();
  const box = await canvas(page).boundingBox();
  const found = await canvas(page).evaluate(async (e) => {
    const { left, top, width, height } = e.getBoundingClientRect();
    for (let x = 40; x < width - 40; x += 4) {
      e.dispatchEvent(new PointerEvent("pointermove", { clientX: left + x, clientY: top + height / 2, bubbles: true, pointerType: "mouse" }));
      await new Promise((done) => setTimeout(done));
      if (e.closest(".stage.draggable")) return x;
    }
    return null;
  });
  expect(found, "nothing to take hold of").not.toBeNull();
  return { x: box.x + found + 8, y: box.y + box.height / 2 };
}

test("the volume is dragged on its picture, and a press elsewhere changes nothing", async ({ page, open }) => {
  await open("#v=1&tokens=50M");
  const at = await handle(page);
  await page.mouse.click(at.x + 160, at.y);
  await expect(figure(page, "break-even").locator(".reading")).toContainText("tokens a day");
  await expect(textbox(page, "Tokens per day")).toHaveValue("50M/day");
  await page.mouse.move(at.x, at.y);
  await page.mouse.down();
  await page.mouse.move(at.x + 60, at.y, { steps: 6 });
  await page.mouse.move(at.x + 120, at.y, { steps: 6 });
  await page.mouse.up();
  const link = await waitForLink(page, /tokens=(?!50M)\d/);
  await settled(page);
  const volume = nativePlan(link).curves.tokens_per_day;
  expect(volume).toBeGreaterThan(150e6);
  await expect(verdict(page)).toHaveText(nativePlan(link).advice.sentence);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(textbox(page, "Tokens per day")).toHaveValue("50M/day");
});

// Regression: a rest of more than 1.2 s within a drag made two steps of undo of it.
test("a drag that rests on its way is one step of undo", async ({ page, open }) => {
  await open("#v=1&tokens=50M");
  const at = await handle(page);
  await page.mouse.move(at.x, at.y);
  await page.mouse.down();
  await page.mouse.move(at.x + 60, at.y, { steps: 3 });
  await page.waitForTimeout(1500);
  await page.mouse.move(at.x + 120, at.y, { steps: 3 });
  await page.mouse.up();
  await waitForLink(page, /tokens=(?!50M)\d/);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(textbox(page, "Tokens per day")).toHaveValue("50M/day");
});

test.describe("with a finger", () => {
  test.use({ hasTouch: true, viewport: { width: 390, height: 844 } });

  /** A finger from one point along a way. */
  async function swipe(page, from, way) {
    const client = await page.context().newCDPSession(page);
    const send = (type, points) => client.send("Input.dispatchTouchEvent", { type, touchPoints: points });
    await send("touchStart", [from]);
    for (let i = 1; i <= 10; i += 1) {
      await send("touchMove", [{ x: from.x + (way.x * i) / 10, y: from.y + (way.y * i) / 10 }]);
      await page.waitForTimeout(16);
    }
    await send("touchEnd", []);
  }

  // A finger that came down on the picture to scroll the page used to set the volume to where it came down.
  test("a page scrolled across the picture keeps the volume; a finger on the line moves it", async ({ page, open }) => {
    await open("#v=1&tokens=50M");
    const at = await handle(page);
    for (const beside of [0, 70]) {
      await swipe(page, { x: at.x + beside, y: at.y + 60 }, { x: 2, y: -60 });
      await page.waitForTimeout(400);
      await expect(textbox(page, "Tokens per day"), `${beside} px beside the line`).toHaveValue("50M/day");
    }
    const again = await handle(page);
    await swipe(page, again, { x: 60, y: 0 });
    await expect.poll(async () => nativePlan(await linkOf(page)).curves.tokens_per_day).toBeGreaterThan(100e6);
  });

  test("one touch from the answer to the inputs and back, with the figures in view all the way", async ({ page, open }) => {
    await open("#v=1&tokens=50M");
    await page.getByRole("button", { name: "Inputs \u2193" }).click();
    await expect(page.getByRole("slider", { name: /^Tokens per day/ })).toBeInViewport();
    await page.getByRole("slider", { name: /^Tokens per day/ }).press("ArrowRight");
    for (const dt of ["Self-hosted, a month", "Chance it is cheaper"]) await expect(page.locator(".figures").getByText(dt)).toBeInViewport();
    expect(await page.evaluate(() => getComputedStyle(document.querySelector("main.page")).readingFlow ?? "grid-order")).toBe("grid-order");
    await page.getByRole("button", { name: "Answer \u2191" }).click();
    await expect(verdict(page)).toBeInViewport();
    await waitForLink(page, /^#v=1&tokens=5/);
  });
});

// Drawn and laid out within the frame, after up to 16 ms of waiting for it, a move was late by that work.
test("what a move changes is drawn before its frame comes, where there is time", async ({ page, open }) => {
  await open("#v=1");
  const drawn = await page.evaluate(async () => {
    const slider = document.querySelector("input[type=range]");
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    let pictures = 0;
    const clear = CanvasRenderingContext2D.prototype.clearRect;
    CanvasRenderingContext2D.prototype.clearRect = function (...place) { pictures += 1; clear.apply(this, place); };
    const seen = [];
    for (let i = 1; i <= 20; i += 1) {
      await frame();
      await frame();
      pictures = 0;
      const next = frame().then(() => seen.push(pictures));
      slider.value = String(Number(slider.max) * i / 30);
      slider.dispatchEvent(new InputEvent("input", { bubbles: true }));
      await next;
    }
    return seen;
  });
  // On a busy machine some frames come at once.
  expect(drawn.filter(Boolean).length).toBeGreaterThan(5);
});

test("a reason leads to the panel that shows its number, and the link stays", async ({ page, open }) => {
  await open("#v=1&tokens=100M");
  const reasons = page.locator(".reasons li");
  await reasons.filter({ hasText: "Self-hosting takes" }).getByRole("button", { name: "Where the money goes" }).click();
  await expect(figure(page, "cost")).toBeFocused();
  await expect(figure(page, "cost").locator("figcaption")).toBeInViewport();
  expect(await linkOf(page)).toBe("#v=1&tokens=100M");
});

// The list stayed where it was while the arrow keys went on below its edge.
test("arrow keys keep the row they stand on in sight", async ({ page, open }) => {
  await open();
  const model = page.getByRole("combobox", { name: "Model", exact: true });
  await model.click();
  const row = page.locator('#field-model-list [aria-selected="true"]');
  const inSight = () => row.evaluate((e) => {
    const [own, list] = [e.getBoundingClientRect(), e.parentElement.getBoundingClientRect()];
    return own.top >= list.top - 2 && own.bottom <= list.bottom + 2 && own.bottom <= innerHeight + 2;
  });
  // It opened at its first row, whatever was chosen: the reader had to look for where they were.
  await expect(row).toContainText("Llama 3.3 70B Instruct");
  await expect.poll(inSight).toBe(true);
  const start = Number((await row.getAttribute("id")).split("-").at(-1));
  expect(start).toBeGreaterThan(0);
  for (let i = 0; i < 20; i += 1) await page.keyboard.press("ArrowDown");
  await expect(row).toHaveAttribute("id", `field-model-${start + 20}`);
  expect(await inSight()).toBe(true);
  for (let i = 0; i < 19; i += 1) await page.keyboard.press("ArrowUp");
  expect(await inSight()).toBe(true);
  await page.keyboard.press("Escape");
  // A list that would open below the window is brought into it.
  await page.setViewportSize({ width: 1280, height: 620 });
  await page.getByRole("combobox", { name: "Accelerator", exact: true }).click();
  const list = page.locator("#field-gpu-list");
  await expect.poll(async () => list.evaluate((e) => Math.round(e.getBoundingClientRect().bottom - innerHeight))).toBeLessThanOrEqual(0);
});

test("groups of inputs fold and unfold by key", async ({ page, open }) => {
  await open();
  const group = page.locator("details.group").filter({ hasText: "People and updates" });
  await expect(textbox(page, "Engineer cost")).toBeVisible();
  await group.locator("> summary").focus();
  await page.keyboard.press("Enter");
  await expect(textbox(page, "Engineer cost")).toBeHidden();
  await page.keyboard.press("Enter");
  await expect(textbox(page, "Engineer cost")).toBeVisible();
});

for (const deviceScaleFactor of [1, 2, 3]) {
  test.describe(`at ${deviceScaleFactor} device pixels per pixel`, () => {
    test.use({ deviceScaleFactor });

    test("every picture has as many pixels as the screen", async ({ page, open }) => {
      await open("#v=1&tokens=100M");
      for (const panel of ["break-even", "projection", "memory", "cost", "speed", "tornado"]) {
        const picture = figure(page, panel).locator("canvas");
        await picture.scrollIntoViewIfNeeded();
        const wide = await picture.evaluate((c) => c.getBoundingClientRect().width);
        await expect.poll(() => picture.evaluate((c) => c.width), panel).toBe(Math.round(wide * deviceScaleFactor));
      }
    });
  });
}

test("the verdict, the thresholds and the assumptions are taken along like the pictures", async ({ page, open, context }, info) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const link = "#v=1&tokens=200M&quant=awq-int4";
  await open(link);
  const plan = nativePlan(link);
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  const take = (place, name) => page.locator(place).getByRole("button", { name, exact: true }).click();

  await take(".troubles", "Copy CSV");
  await expect.poll(copied).toContain(`"Verdict","${plan.advice.sentence}"`);
  await take(".troubles", "Copy panel link");
  await expect.poll(copied).toContain(`?embed=verdict${link}`);
  await take(".troubles", "Copy SVG");
  const file = info.outputPath("verdict.svg");
  crossover("chart", link, "--panel", "verdict", "--output", file);
  await expect.poll(copied).toBe(readFileSync(file, "utf8"));
  const download = page.waitForEvent("download");
  await take(".troubles", "Save PNG");
  expect((await download).suggestedFilename()).toBe("crossover-verdict.png");

  await take("#thresholds", "Copy CSV");
  await expect.poll(async () => (await copied()).trim().split("\r\n").length).toBe(plan.advice.thresholds.length + 1);
  for (const panel of ["thresholds", "certainty", "assumptions"]) {
    await take(`#${panel}`, "Copy panel link");
    await expect.poll(copied).toContain(`?embed=${panel}${link}`);
  }
  await take("#certainty", "Copy CSV");
  await expect.poll(copied).toContain('"Draws","10000"');
  await take("#assumptions", "Copy CSV");
  await expect.poll(copied).toMatch(/"Tokens per day","200M\/day","yours; default 50M\/day"/);
});
