// Every input of the scenario, from the program's own table of fields: set to another valid value in the form, the page's
// whole Plan (every table of its CSV, all digits) is what the native program answers to the page's own link.
import { crossover, expect, linkOf, settled, test } from "./crossover.mjs";

/** The rows of the table: path, key, what it accepts, in the document's order; parts of lists have no control of their own. */
const fields = crossover("catalog", "fields").split("\n")
  .map((line) => line.match(/^\| `([a-z_.0-9]+)` \| `([a-z0-9.…-]+)` \| (.*?) \| (.*?) \| .* \|$/))
  .filter((row) => row && !/^(step1|change1)\.[a-z]/.test(row[2]))
  .map(([, path, key, standard, accepts]) => ({ path, key, standard, accepts }));

/** Ids of the catalog for the fields that need one; other lists give their third row. */
const ids = { "model.id": "openai/gpt-oss-120b", "hardware.accelerator": "a100-80-sxm" };
const texts = { "display.currency": "EUR", "display.as_of": "2026-11-20", "serving.engine_version": "0.11.0" };
const config = {
  architectures: ["LlamaForCausalLM"], model_type: "llama", hidden_size: 4096, intermediate_size: 14336, num_hidden_layers: 32,
  num_attention_heads: 32, num_key_value_heads: 8, vocab_size: 128256, max_position_embeddings: 131072, torch_dtype: "bfloat16",
};

test("the table is whole", () => {
  expect(fields.length).toBeGreaterThan(60);
  expect(fields.map((f) => f.path)).toEqual(expect.arrayContaining(["workload.tokens_per_day", "api.price_changes", "steps", "model.config"]));
});

/** Sets a field to another value than its default; resolves to what its link must hold. */
async function set(page, { path, key, accepts }) {
  const control = page.locator(`#field-${key}`);
  if (path === "title") {
    await page.getByRole("textbox", { name: "Title" }).fill("Another question");
  } else if (path === "model.config") {
    await control.fill(JSON.stringify(config));
    await control.blur();
  } else if (/list of objects/.test(accepts)) {
    const list = path === "steps" ? "step" : "change";
    await page.locator(`#field-${path === "steps" ? "steps" : "price-changes"}`).click();
    return new RegExp(`&${list}1\\.`);
  } else if ((await control.getAttribute("role")) === "combobox") {
    await control.click();
    if (ids[path]) await control.fill(ids[path]);
    else for (let i = 0; i < 2; i += 1) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
  } else if (accepts === "true, false") {
    await control.click();
  } else if (/^text/.test(accepts)) {
    await control.fill(texts[path] ?? "words");
    await control.blur();
  } else if (await control.evaluate((e) => e.localName === "select")) {
    const now = await control.inputValue();
    const others = await control.locator("option").evaluateAll((all) => all.map((o) => o.value));
    await control.selectOption(others[(others.indexOf(now) + 1) % others.length]);
  } else {
    const slider = page.locator(`.twins:has(#field-${key}) input[type=range]`);
    await slider.focus();
    const last = await slider.evaluate((e) => Number(e.value) > Number(e.max) - 2);
    for (let i = 0; i < 2; i += 1) await page.keyboard.press(last ? "ArrowLeft" : "ArrowRight");
  }
  return new RegExp(`[#&]${key}=`);
}

/** The page's Plan as its CSV, without the link in it. */
const planOf = (page) => page.locator("#take pre").textContent();
const withoutLink = (csv) => csv.replace(/[^,\n]*#v=1[^\n]*/, "").replaceAll("\r", "").trim();

async function openForm(page, open) {
  await open("#v=1");
  await page.locator("details.more").evaluateAll((all) => all.forEach((details) => { details.open = true; }));
  await page.locator("#take details.data summary").click();
  await page.getByRole("combobox", { name: "File" }).selectOption("csv");
}

const GROUPS = 6;
const share = Math.ceil(fields.length / GROUPS);
for (let group = 0; group < GROUPS; group += 1) {
  const some = fields.slice(group * share, (group + 1) * share);
  test(`inputs ${some[0].path} to ${some.at(-1).path}: page and terminal agree`, async ({ page, open }) => {
    await openForm(page, open);
    for (const field of some) {
      await test.step(field.path, async () => {
        const pattern = await set(page, field);
        await expect.poll(() => linkOf(page), field.path).toMatch(pattern);
        await settled(page);
        const link = await linkOf(page);
        const native = withoutLink(crossover("plan", link, "--format", "csv"));
        await expect.poll(async () => withoutLink(await planOf(page)), { message: `${field.path}: ${link}` }).toBe(native);
        await page.getByRole("button", { name: "Reset", exact: true }).click();
        await expect.poll(() => linkOf(page)).toBe("");
        await settled(page);
      });
    }
  });
}
