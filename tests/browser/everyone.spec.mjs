// For everyone: the whole way by keyboard, every view without violations, narrow and wide screens, zoom, forced colours,
// reduced motion, paper.
import axe from "axe-core";
import { choice, expect, figure, group, linkOf, openAll, settled, test, textbox, verdict, waitForLink } from "./crossover.mjs";

test("by keyboard alone, from opening to sharing", async ({ page, context, open }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open();
  const press = async (...keys) => { for (const key of keys) await page.keyboard.press(key); };
  /** Tabs forward until `target` has the focus; each stop must show where it is. */
  const tabTo = async (target, limit = 120) => {
    for (let i = 0; i < limit; i += 1) {
      await page.keyboard.press("Tab");
      const seen = await page.evaluate(() => {
        const e = document.activeElement;
        const box = e.getBoundingClientRect();
        const { outlineStyle } = getComputedStyle(e);
        return { visible: box.width > 0 && box.height > 0, ring: outlineStyle !== "none" || e === document.body, name: e.outerHTML.slice(0, 80) };
      });
      expect(seen.visible && seen.ring, `focus is seen on ${seen.name}`).toBe(true);
      if (await target.evaluate((e) => e === document.activeElement)) return;
    }
    throw new Error("not reached by Tab");
  };

  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the answer" })).toBeFocused();
  // A question, a slider, a text, another GPU.
  await tabTo(page.locator("details.questions > summary"));
  await press("Enter", "Tab", "Tab", "Enter");
  await waitForLink(page, /^#v=1&/);
  await tabTo(textbox(page, "Tokens per day"));
  await page.keyboard.type("300M/day");
  await press("Tab");
  await waitForLink(page, /tokens=300M/);
  await tabTo(choice(page, "Accelerator"));
  await page.keyboard.type("h200-sxm");
  await press("Enter");
  await waitForLink(page, /gpu=h200/);
  // Into the answer: exact values by arrow keys, a line taken out, the numbers opened.
  await tabTo(figure(page, "break-even").getByRole("button", { name: "Frontier API" }));
  await press("Space");
  await tabTo(figure(page, "break-even").locator(".stage"));
  await press("ArrowRight", "ArrowRight");
  await expect(figure(page, "break-even").locator(".reading")).toContainText("tokens a day");
  await tabTo(figure(page, "break-even").locator("details.data summary"));
  await press("Enter");
  await expect(figure(page, "break-even").locator("tbody")).toBeVisible();
  // Back up, and share.
  const share = page.getByRole("button", { name: "Copy link", exact: true });
  for (let i = 0; i < 200 && !(await share.evaluate((e) => e === document.activeElement)); i += 1) await press("Shift+Tab");
  await press("Enter");
  await expect(page.getByRole("status").filter({ hasText: "Link copied" })).toBeVisible();
  await settled(page);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(await linkOf(page));
});

// Regression: a word said once more went when the time of the first one was over.
test("a notice that is said again stays for its whole time", async ({ page, open }) => {
  // Taken at once, so that the word is said before the clock goes on.
  await page.addInitScript(() => { navigator.clipboard.writeText = () => Promise.resolve(); });
  await page.clock.install();
  await open();
  await page.clock.pauseAt(Date.now() + 60_000);
  const notice = page.getByRole("status").filter({ hasText: "Link copied" });
  const share = page.getByRole("button", { name: "Copy link", exact: true });
  await share.click();
  await expect(notice).toBeVisible();
  await page.clock.runFor(3500);
  await share.click();
  await page.clock.runFor(3500);
  await expect(notice).toBeVisible();
  await page.clock.runFor(600);
  await expect(notice).toHaveCount(0);
});

/** Violations in the page as it stands. */
async function violations(page) {
  await page.evaluate(axe.source);
  const { violations: found } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"], rules: { "target-size": { enabled: true } } }));
  return found.flatMap((v) => v.nodes.map((node) => `${v.id}: ${node.target.join(" ")}: ${node.failureSummary}`));
}

/** What stands open together hides nothing of each other, so that few runs see every view. */
const views = {
  "scenarios compared, an export open, the clipboard refused": async (page) => {
    await page.locator("#take details summary").click();
    await expect(page.locator("#take pre")).not.toBeEmpty();
    await page.getByRole("button", { name: "Copy link", exact: true }).click();
    await expect(page.locator(".by-hand input")).toHaveValue(/#v=1/);
  },
  "the questions": (page) => page.locator("details.questions > summary").click(),
  "the embed dialogue": async (page) => {
    const more = page.getByRole("button", { name: "More", exact: true });
    if (await more.isVisible()) await more.click();
    await page.locator("details.embed-maker > summary").click();
    await expect(page.locator(".embed-form textarea")).not.toBeEmpty();
  },
  "a wrong import, a wrong text, a long list": async (page) => {
    await group(page, "Model and serving").locator("details.more > summary").click();
    await page.locator("#field-config").fill("{");
    await page.locator("#field-config").blur();
    await textbox(page, "Tokens per day").fill("lots");
    await choice(page, "Model").click();
  },
};

for (const [width, colorScheme] of [[390, "dark"], [390, "light"], [1280, "dark"], [1280, "light"]]) {
  test(`axe finds nothing in any view, ${colorScheme}, ${width} px`, async ({ page, open }) => {
    await page.addInitScript(() => { if (navigator.clipboard) navigator.clipboard.writeText = () => Promise.reject(new Error("refused")); });
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height: 900 });
    for (const [name, show] of Object.entries(views)) {
      await test.step(name, async () => {
        await page.goto("about:blank");
        await open("#v=1&tokens=100M&currency=EUR&rate=0.92&pin1=v%3D1%26gpu%3Dl40s");
        await show(page);
        expect(await violations(page), name).toEqual([]);
      });
    }
  });
}

const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

test("at 320 px with everything open, and with the header's tools in one row", async ({ page, open }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await open("#v=1&tokens=100M&currency=EUR&rate=0.92&pin1=v%3D1%26gpu%3Dl40s");
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  const tops = await page.locator(".tools > *").evaluateAll((all) => all.map((e) => Math.round(e.getBoundingClientRect().top + e.getBoundingClientRect().height / 2)));
  expect(Math.max(...tops) - Math.min(...tops)).toBeLessThan(6);
  await page.getByRole("button", { name: "More", exact: true }).click();
  for (const name of ["Reset", "Pin to compare"]) await expect(page.getByRole("button", { name, exact: true })).toBeInViewport();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Reset", exact: true })).toBeHidden();
  await openAll(page);
  expect(await overflow(page)).toBeLessThanOrEqual(0);
});

test("at 4K the page keeps its measure, and at 200 % zoom nothing is lost", async ({ page, open }) => {
  await page.setViewportSize({ width: 3840, height: 2160 });
  await open("#v=1&tokens=100M");
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  const box = await page.locator("main").boundingBox();
  expect(box.width).toBeLessThanOrEqual(1920);
  expect(Math.abs(box.x + box.width / 2 - 1920)).toBeLessThan(12);
  // Zoom halves the CSS pixels of a window.
  await page.setViewportSize({ width: 640, height: 450 });
  await expect(verdict(page)).toBeInViewport();
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  for (const name of ["Tokens per day", "GPU price"]) {
    await textbox(page, name).scrollIntoViewIfNeeded();
    await expect(textbox(page, name)).toBeInViewport();
  }
});

// It stayed open over the page after its buttons, and a tap beside it did not close it.
test("the tools behind the button of a phone close once one is taken, and by a tap elsewhere", async ({ page, open }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open();
  const more = page.getByRole("button", { name: "More", exact: true });
  const pin = page.getByRole("button", { name: "Pin to compare" });
  await more.click();
  await pin.click();
  await expect(pin).toBeHidden();
  await expect(page.locator("#compare")).toBeVisible();
  await more.click();
  await page.getByRole("combobox", { name: "Theme" }).click();
  await expect(pin).toBeVisible();
  await page.mouse.click(20, 600);
  await expect(pin).toBeHidden();
  await expect(more).toHaveAttribute("aria-expanded", "false");
});

// On a phone every question ended at the right edge in the middle of a word.
test("a question is read to its end on a phone", async ({ page, open }) => {
  for (const width of [320, 390]) {
    await page.setViewportSize({ width, height: 844 });
    await page.goto("about:blank");
    await open();
    await page.locator("details.questions > summary").click();
    await expect(page.locator(".questions li").first()).toBeVisible();
    const cut = await page.locator(".questions li span, .questions li small").evaluateAll((all) =>
      all.filter((e) => e.getBoundingClientRect().right > innerWidth - 16 || e.scrollWidth > e.clientWidth + 1).map((e) => e.textContent));
    expect(cut, `cut at ${width} px`).toEqual([]);
  }
});

const PIPELINE = "#v=1&title=Agent%20pipeline&step1.name=Route&step1.calls=200k&step1.in=400&step1.out=10&step1.quality=any&step2.name=Retrieve&step2.calls=150k&step2.in=3k&step2.out=200&step2.residency=yes&step3.name=Reason&step3.calls=40k&step3.in=6k&step3.out=800&step3.quality=frontier&step4.name=Summarise&step4.calls=150k&step4.in=2500&step4.out=250&step4.batchable=0.5";

test("the names of the figures are read to their end", async ({ page, open }) => {
  for (const link of ["", PIPELINE]) for (const width of [390, 740, 960, 1100, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    await page.goto("about:blank");
    await open(link);
    const cut = await page.locator(".fig dt").evaluateAll((all) => all.filter((e) => e.scrollWidth > e.clientWidth).map((e) => e.textContent));
    expect(cut, `cut at ${width} px`).toEqual([]);
  }
});

test("the verdict is read out once it rests, not at every step on the way", async ({ page, open }) => {
  await open();
  const live = page.locator(".verdict [aria-live=polite]");
  await expect(live).toHaveText(await verdict(page).textContent());
  await page.evaluate(() => {
    window.said = 0;
    new MutationObserver(() => { window.said += 1; }).observe(document.querySelector(".verdict [aria-live=polite]"), { childList: true, characterData: true, subtree: true });
  });
  // At once, so that a busy machine makes no rest of its own in between.
  await page.getByRole("slider").first().evaluate((e) => {
    for (let i = 0; i < 30; i += 1) {
      e.stepUp();
      e.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }
  });
  await expect(live).toHaveText(await verdict(page).textContent());
  expect(await page.evaluate(() => window.said)).toBeLessThanOrEqual(2);
});

test("forced colours keep borders, states and pictures", async ({ page, open }) => {
  await page.emulateMedia({ forcedColors: "active", colorScheme: "dark" });
  await open("#v=1&tokens=100M");
  const legend = figure(page, "break-even").getByRole("button", { name: "Frontier API" });
  await legend.click();
  const style = (locator, property) => locator.evaluate((e, p) => getComputedStyle(e)[p], property);
  expect(await style(legend.locator("span"), "textDecorationLine")).toBe("line-through");
  expect(await style(page.getByRole("button", { name: "Copy link", exact: true }), "borderStyle")).toBe("solid");
  await choice(page, "Quantization").click();
  expect(await style(page.locator(".formats li.at"), "outlineStyle")).toBe("solid");
  await page.keyboard.press("Escape");
  // Pictures are drawn for the paper they stand on: the canvas keeps a ground of its own.
  const ground = await style(figure(page, "break-even").locator("canvas"), "backgroundColor");
  expect(ground).not.toBe("rgba(0, 0, 0, 0)");
});

test("reduced motion: nothing moves", async ({ page, open }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await open();
  const moving = await page.evaluate(() => [...document.querySelectorAll("*")].filter((e) => {
    const { transitionDuration, animationName } = getComputedStyle(e);
    return animationName !== "none" || transitionDuration.split(", ").some((d) => d !== "0s");
  }).length);
  expect(moving).toBe(0);
});

// What the answer rests on was built when the page was printed, too late for its own lines and link.
test("a page printed before it was touched says on paper what it rests on, and where", async ({ page, untouched, site }) => {
  await untouched("#v=1&tokens=7M/d");
  await page.pdf();
  await expect(page.locator("#on-paper")).toContainText("Llama-3.3-70B-Instruct");
  await expect(page.locator("#on-paper")).toContainText(`${site}#v=1&tokens=7M`);
});

/** Pages of the page on paper. */
async function printed(page, format) {
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  await page.emulateMedia({ media: "print" });
  const pdf = (await page.pdf({ format, printBackground: true })).toString("latin1");
  return pdf.match(/\/Type \/Page\b/g).length;
}

test("on paper: the report, light, with the link and what it rests on, nothing to click", async ({ page, open }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await open("#v=1&tokens=100M");
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  for (const hidden of [".inputs", ".tools", ".panel-tools", "#take", "#assumptions"]) await expect(page.locator(hidden).first()).toBeHidden();
  const rests = page.locator("#on-paper");
  await expect(rests).toContainText("#v=1&tokens=100M");
  await expect(rests).toContainText(`Planned on ${new Date().toISOString().slice(0, 10)}`);
  for (const words of ["Tokens per day 100M/day (default 50M/day)", "Quantization fp8", "Rent or own Rent on demand", "GPU price from", "APIs compared with"]) await expect(rests).toContainText(words);
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe("rgb(255, 255, 255)");
});

// Regression: the page printed by its own button said what it rested on before the last move, at the old address, with
// pictures without their uncertainty.
test("the button prints what was moved a moment ago", async ({ page, open }) => {
  await open("#v=1&tokens=200M");
  const { paper, moving } = await page.evaluate(() => new Promise((done) => {
    window.print = () => {
      dispatchEvent(new Event("beforeprint"));
      done({ paper: document.querySelector("#on-paper").textContent, moving: document.querySelectorAll(".fig.moving").length });
    };
    const slider = document.querySelector("input[type=range]");
    slider.stepUp(1);
    slider.dispatchEvent(new InputEvent("input", { bubbles: true }));
    [...document.querySelectorAll("header button")].find((b) => b.textContent === "Print").click();
  }));
  expect(paper).toContain("Tokens per day 220M/day");
  expect(paper).toContain("#v=1&tokens=220M");
  expect(moving).toBe(0);
});

// A table of steps or of pinned scenarios took the report to a third page with a few lines on it.
for (const format of ["A4", "Letter"]) {
  test(`a comparison and a pipeline have two pages of ${format} as well`, async ({ page, open }) => {
    const pin = (n, link) => `&pin${n}=${encodeURIComponent(link)}`;
    const two = `#v=1&tokens=300M${pin(1, "v=1&tokens=300M&gpu=l40s")}`;
    const four = `${two}${pin(2, "v=1&tokens=300M&gpu=h200-sxm&quant=bf16&title=Bigger%20cards")}${pin(3, "v=1&tokens=900M&rent=owned")}`;
    for (const link of [two, four, PIPELINE]) {
      await page.emulateMedia({ media: "screen" });
      await page.goto("about:blank");
      await open(link);
      expect(await printed(page, format), `pages of ${link}`).toBe(2);
    }
  });
}

// The report had two pages and three of assumptions behind them that nobody had asked for.
for (const format of ["A4", "Letter"]) {
  test(`two pages of ${format}, and the whole list behind them where it is asked for`, async ({ page, open }) => {
    for (const link of ["", "#v=1&tokens=400M&title=A%20longer%20title%20for%20the%20report", "#v=1&tokens=2B&rent=owned"]) {
      await page.emulateMedia({ media: "screen" });
      await page.goto("about:blank");
      await open(link);
      expect(await printed(page, format), `pages of ${link}`).toBe(2);
    }
    await page.emulateMedia({ media: "screen" });
    await page.getByRole("checkbox", { name: "print them all" }).check();
    const pages = await printed(page, format);
    await expect(page.getByRole("region", { name: "Assumptions" })).toBeVisible();
    expect(pages).toBeGreaterThan(3);
    expect(pages).toBeLessThanOrEqual(6);
  });
}
