// Moving the inputs changes the answer, the address bar holds it, and the terminal answers that link alike.
import { choice, expect, move, nativePlan, settled, slider, test, textbox, verdict, waitForLink } from "./crossover.mjs";

/** The page must show what the native program answers to the page's own link. */
async function expectNativeAnswer(page, link) {
  await expect(verdict(page)).toHaveText(nativePlan(link).advice.sentence);
}

test("the controls have the names people look for", async ({ page, open }) => {
  await open();
  for (const details of await page.locator("details.more").all()) await details.locator("> summary").click();
  for (const label of ["Tokens per day", "GPU count", "Growth per month", "Peak to average", "Spare replicas", "Engineer cost"]) {
    await expect(slider(page, label), label).toBeVisible();
    await expect(textbox(page, label), label).toBeVisible();
  }
  for (const label of ["Quantization", "Model", "Accelerator"]) await expect(choice(page, label), label).toBeVisible();
});

const sliders = [
  ["Tokens per day", "tokens", 12],
  ["Growth per month", "growth", 5],
  ["Peak to average", "peak", -4],
  ["Engineer cost", "engineer", 6],
];

for (const [label, key, steps] of sliders) {
  test(`the ${label} slider moves the answer and the link`, async ({ page, open }) => {
    await open();
    const before = await slider(page, label).inputValue();
    await move(page, label, steps);
    expect(Number(await slider(page, label).inputValue())).toBe(Number(before) + steps);
    const link = await waitForLink(page, new RegExp(`[#&]${key}=`));
    await settled(page);
    await expectNativeAnswer(page, link);
  });
}

test("three sliders, then a reload: the same question and the same answer", async ({ page, open }) => {
  await open();
  await move(page, "Tokens per day", 8);
  await move(page, "Growth per month", 4);
  await move(page, "GPU count", 2);
  const link = await waitForLink(page, /tokens=.*growth=.*tp=|tp=/);
  await settled(page);
  const sentence = await verdict(page).textContent();
  const values = await Promise.all(["Tokens per day", "Growth per month", "GPU count"].map((l) => textbox(page, l).inputValue()));
  await page.reload();
  await settled(page);
  await expect(verdict(page)).toHaveText(sentence);
  expect(await page.evaluate(() => location.hash)).toBe(link);
  const again = await Promise.all(["Tokens per day", "Growth per month", "GPU count"].map((l) => textbox(page, l).inputValue()));
  expect(again).toEqual(values);
  await expectNativeAnswer(page, link);
});

test("a colleague who opens the link in another browser sees the same", async ({ page, open, browser, site }) => {
  await open("#v=1&tokens=300M/d&quant=awq-int4&growth=8%25");
  const colleague = await browser.newContext();
  const other = await colleague.newPage();
  await other.goto(site + (await page.evaluate(() => location.hash)));
  await settled(other);
  await expect(verdict(other)).toHaveText(await verdict(page).textContent());
  await colleague.close();
});

test("text twins read the numbers people write", async ({ page, open }) => {
  await open();
  const box = textbox(page, "Tokens per day");
  for (const text of ["200M/day", "0.2B/d", "200,000,000"]) {
    await box.fill(text);
    // What is written another way is read back.
    await expect(page.locator("#field-tokens-word")).toHaveText(text === "200M/day" ? "" : "read as 200M/day");
    await box.blur();
    await expect(page.locator("#field-tokens-word")).toHaveText("");
    await expect(box).toHaveAttribute("aria-invalid", "false");
    const link = await waitForLink(page, /tokens=200M/);
    await settled(page);
    await expectNativeAnswer(page, link);
    await page.getByRole("button", { name: "Reset", exact: true }).click();
  }
});

test("a text that is no number is kept and explained, and the answer stays", async ({ page, open }) => {
  await open();
  const sentence = await verdict(page).textContent();
  const box = textbox(page, "Tokens per day");
  for (const text of ["lots", "NaN", "-5", "1,5"]) {
    await box.fill(text);
    await expect(box).toHaveAttribute("aria-invalid", "true");
    await expect(box).toHaveValue(text);
    await expect(page.locator(`#${await box.getAttribute("aria-describedby")}`)).not.toBeEmpty();
    await expect(verdict(page)).toHaveText(sentence);
    // The last good answer stays, and is seen to be that: the sentence, the figures, the pictures.
    for (const part of [".sentence", ".figures dd", "#break-even canvas"])
      expect(Number(await page.locator(part).first().evaluate((e) => getComputedStyle(e).opacity)), part).toBeLessThan(1);
  }
  await box.fill("60M/day");
  await expect(box).toHaveAttribute("aria-invalid", "false");
  expect(await verdict(page).evaluate((e) => getComputedStyle(e).opacity)).toBe("1");
});

test("each slider shows where its default stands", async ({ page, open }) => {
  await open();
  const places = await page.locator(".slider:has(.default)").evaluateAll((all) => all.map((slider) => {
    const [range, tick] = [slider.querySelector("input"), slider.querySelector(".default")];
    const share = Number(range.value) / Number(range.max);
    const box = range.getBoundingClientRect();
    return Math.abs(tick.getBoundingClientRect().left + 1 - (box.left + 8 + share * (box.width - 16)));
  }));
  // Those in sight at the start have their defaults.
  expect(places.length).toBeGreaterThan(8);
  for (const away of places) expect(away).toBeLessThan(1);
});

test("choosing a quantization halves the weights", async ({ page, open }) => {
  await open("#v=1&quant=bf16");
  await choice(page, "Quantization").click();
  await page.getByRole("option", { name: /^awq-int4,/ }).click();
  const link = await waitForLink(page, /quant=awq-int4/);
  await settled(page);
  await expectNativeAnswer(page, link);
  const [wide, narrow] = ["bf16", "awq-int4"].map((quant) => nativePlan(`#v=1&quant=${quant}`).memory.weights_bytes_total);
  expect(narrow / wide).toBeLessThan(0.35);
});

test("another model is found by typing a part of its name", async ({ page, open }) => {
  await open();
  const model = choice(page, "Model");
  await model.click();
  await model.fill("llama-3.1-8b");
  await page.keyboard.press("Enter");
  const link = await waitForLink(page, /model=.*8b/i);
  await settled(page);
  await expectNativeAnswer(page, link);
});

test("a model is found with letters left out, and without its hyphens", async ({ page, open }) => {
  await open();
  for (const [label, typed, name] of [["Accelerator", "h100sxm", "NVIDIA H100 SXM5 80GB"], ["Model", "lma3370b", "Llama 3.3 70B Instruct"]]) {
    await choice(page, label).click();
    await choice(page, label).fill(typed);
    await expect(page.getByRole("option").filter({ hasText: name })).toBeVisible();
    await page.keyboard.press("Escape");
  }
  await choice(page, "Model").fill("zzzqqq");
  await expect(page.getByText("Nothing in the catalog matches")).toBeVisible();
});

test("moves of one slider are one step of undo until it rests", async ({ page, open }) => {
  await page.clock.install();
  await open("#v=1&tokens=200M");
  await page.clock.pauseAt(Date.now() + 60_000);
  const volume = textbox(page, "Tokens per day");
  await slider(page, "Tokens per day").focus();
  const press = async (rest) => {
    await page.clock.runFor(rest);
    await page.keyboard.press("ArrowRight");
  };
  for (const rest of [2000, 1000, 1000]) await press(rest);
  const first = await volume.inputValue();
  for (const rest of [1300, 1000]) await press(rest);
  const undo = page.getByRole("button", { name: "Undo" });
  await undo.click();
  await expect(volume).toHaveValue(first);
  await undo.click();
  await expect(volume).toHaveValue("200M/day");
});

// Regression: 2.2 times ten to the eighth was 220000000.00000003.
test("a slider stands at round numbers", async ({ page, open }) => {
  await open("#v=1&tokens=200M");
  await move(page, "Tokens per day", 1);
  expect(await waitForLink(page, /tokens=(?!200M)/)).toBe("#v=1&tokens=220M");
});

test("undo goes back, redo goes forward", async ({ page, open }) => {
  await open();
  const before = await verdict(page).textContent();
  // At once: a rest between two key presses, as a busy machine makes it, begins another step of undo.
  await slider(page, "Tokens per day").evaluate((e) => {
    for (let i = 0; i < 15; i += 1) {
      e.stepUp();
      e.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }
  });
  await settled(page);
  const after = await verdict(page).textContent();
  expect(after).not.toBe(before);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(verdict(page)).toHaveText(before);
  await page.getByRole("button", { name: "Redo" }).click();
  await expect(verdict(page)).toHaveText(after);
});
