// The weight format is chosen from a list that shows what each takes and costs, by mouse, key and finger.
import axe from "axe-core";
import { choice, expect, expectShown, nativePlan, test, waitForLink } from "./crossover.mjs";

const list = (page) => page.getByRole("listbox", { name: "Quantization" });
const format = (page, id) => list(page).getByRole("option", { name: new RegExp(`^${id.replace(/[._]/g, "\\$&")},`) });
const GIB = 2 ** 30;

test("each format says its bytes, its GPUs and its quality as the terminal plans them", async ({ page, open }) => {
  await open("#v=1&tokens=100M");
  await choice(page, "Quantization").click();
  await expect(list(page).getByRole("option")).toHaveCount(19);
  await expect(format(page, "fp8")).toHaveAttribute("aria-selected", "true");
  for (const id of ["bf16", "fp8", "awq-int4", "gguf-q4_k_m", "gguf-q2_k"]) {
    const plan = nativePlan(`#v=1&tokens=100M&quant=${id}`, "--draws", "0");
    const spoken = await format(page, id).locator(".visually-hidden").textContent();
    expectShown(spoken.match(/weights ([\d.]+ GiB)/)[1], plan.memory.weights_bytes_total / GIB, id);
    const gpus = plan.fleet.gpus_per_replica;
    expect(spoken, id).toContain(`fits on ${gpus} GPU${gpus === 1 ? "" : "s"}`);
    await expect(format(page, id)).toContainText(`${gpus} GPU`);
  }
  await expect(format(page, "bf16")).toContainText("released");
  await expect(format(page, "awq-int4")).toContainText(/9\d(\.\d)? %/);
  await expect(format(page, "nf4")).toContainText("unknown");
  await expect(page.locator(".formats .source")).toContainText("published measurements");
});

test("what does not fit says so", async ({ page, open }) => {
  await open("#v=1&gpu=l4&tp=1");
  await choice(page, "Quantization").click();
  await expect(format(page, "bf16")).toContainText("no fit");
  await expect(format(page, "bf16").locator(".visually-hidden")).toContainText("does not fit");
});

test("by keyboard: opened, walked, found by a letter, left and chosen", async ({ page, open }) => {
  await open();
  const control = choice(page, "Quantization");
  const at = () => control.getAttribute("aria-activedescendant").then((id) => page.locator(`[id="${id}"]`).locator(".visually-hidden").textContent());
  await control.focus();
  await page.keyboard.press("ArrowDown");
  await expect(control).toHaveAttribute("aria-expanded", "true");
  expect(await at()).toMatch(/^fp8,/);
  await page.keyboard.press("ArrowDown");
  expect(await at()).toMatch(/^fp8-block,/);
  await page.keyboard.press("End");
  expect(await at()).toMatch(/^native,/);
  const inSight = () => page.locator(".formats li.at").evaluate((e) => {
    const [own, box] = [e.getBoundingClientRect(), e.parentElement.getBoundingClientRect()];
    return own.top >= box.top - 2 && own.bottom <= box.bottom + 2;
  });
  expect(await inSight()).toBe(true);
  await page.keyboard.press("g");
  expect(await at()).toMatch(/^gptq-int4,/);
  await page.keyboard.press("Escape");
  await expect(control).toHaveAttribute("aria-expanded", "false");
  await expect(control).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("a");
  await page.keyboard.press("Enter");
  await waitForLink(page, /quant=awq-int4/);
  await expect(control).toBeFocused();
  await expect(control).toContainText("awq-int4");
});

// Regression: the list stood at the chosen row once more when its rows came, and a letter typed before that was lost.
test("a letter typed as the list opens is kept", async ({ page, open }) => {
  await open();
  const control = choice(page, "Quantization");
  await control.focus();
  await control.evaluate((e) => {
    for (const key of ["Enter", "a"]) e.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  });
  await expect(format(page, "awq-int4")).toHaveClass(/\bat\b/);
  await page.evaluate(() => new Promise((done) => setTimeout(done, 50)));
  await page.keyboard.press("Enter");
  await waitForLink(page, /quant=awq-int4/);
});

// Regression: a list closed a moment after its control was left, also where its reader had come back by then.
for (const [what, id, again] of [["models", "field-model", true], ["formats", "field-quant", false]]) {
  test(`a list opened again soon after its control was left stays open: ${what}`, async ({ page, open }) => {
    await open();
    // In one go: the rests between are shorter than the page's own, and a busy machine would make them longer.
    const states = await page.locator(`#${id}`).evaluate(async (control, clicked) => {
      const rest = (ms) => new Promise((done) => setTimeout(done, ms));
      control.focus();
      control.click();
      await rest(0);
      const opened = control.ariaExpanded;
      control.blur();
      await rest(40);
      control.focus();
      // A click opens the list of models, and would close that of formats, which is still open.
      if (clicked) control.click();
      await rest(250);
      return [opened, control.ariaExpanded];
    }, again);
    expect(states).toEqual(["true", "true"]);
  });
}

test.describe("with a finger on a narrow phone", () => {
  test.use({ hasTouch: true, viewport: { width: 320, height: 640 } });

  test("the list fits the screen, is large enough to touch, and has no violations", async ({ page, open }) => {
    await open();
    await choice(page, "Quantization").tap();
    await expect(format(page, "bf16")).toBeInViewport();
    const { left, right, height } = await format(page, "gguf-q4_k_m").evaluate((e) => {
      const box = e.getBoundingClientRect();
      return { left: box.left, right: box.right, height: box.height };
    });
    expect([left >= 0, right <= 320, height >= 28]).toEqual([true, true, true]);
    // No cell runs into the next.
    const cut = await list(page).locator("li > [aria-hidden]").evaluateAll((all) => all.filter((e) => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0).map((e) => e.textContent));
    expect(cut).toEqual([]);
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() => window.axe.run(".formats", { resultTypes: ["violations"] }));
    expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" "))}`)).toEqual([]);
    await format(page, "awq-int4").tap();
    await waitForLink(page, /quant=awq-int4/);
    await expect(list(page)).toBeHidden();
  });
});
