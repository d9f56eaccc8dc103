// Every input of the scenario, from the program's own table of fields: set to another valid value in the form, the page's
// whole Plan (every table of its CSV, all digits) is what the native program answers to the page's own link.
import { crossover, expect, linkOf, settled, test } from "./crossover.mjs";

/** The rows of the table: path, key, what it accepts, in the document's order. */
const rows = crossover("catalog", "fields").split("\n")
  .map((line) => line.match(/^\| `([a-z_.0-9]+)` \| `([a-z0-9.…-]+)` \| (.*?) \| (.*?) \| .* \|$/))
  .filter((row) => row)
  .map(([, path, key, standard, accepts]) => ({ path, key, standard, accepts }));
/** Parts of lists have a control in each item of the list. */
const isPart = ({ key }) => /^(step1|change1)\.[a-z]/.test(key);
const fields = rows.filter((row) => !isPart(row));
const parts = rows.filter(isPart);

/** Ids of the catalog for the fields that need one; other lists give their third row. */
const ids = { "model.id": "openai/gpt-oss-120b", "hardware.accelerator": "a100-80-sxm" };
const texts = { "display.currency": "EUR", "display.as_of": "2026-11-20", "serving.engine_version": "0.11.0" };
const config = {
  architectures: ["LlamaForCausalLM"], model_type: "llama", hidden_size: 4096, intermediate_size: 14336, num_hidden_layers: 32,
  num_attention_heads: 32, num_key_value_heads: 8, vocab_size: 128256, max_position_embeddings: 131072, torch_dtype: "bfloat16",
};

test("the table is whole", () => {
  expect(fields.length).toBeGreaterThan(60);
  expect(parts.length).toBeGreaterThan(18);
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
    // By one event: between two, a busy machine would write the address of the first.
    await page.locator(`.twins:has(#field-${key}) input[type=range]`).evaluate((e) => {
      if (Number(e.value) > Number(e.max) - 2) e.stepDown(2);
      else e.stepUp(2);
      e.dispatchEvent(new InputEvent("input", { bubbles: true }));
    });
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

/** Texts for the parts of lists that are neither a choice nor a flag. */
const words = {
  name: "Another step", calls: "12k", in: "800", out: "90", cached: "20%", batchable: "40%", ttft: "900ms", escalates: "30%",
  api: "openai/gpt-6-luna", model: "openai/gpt-oss-20b", first: "openai/gpt-oss-20b", "first-api": "openai/gpt-6-luna",
  month: "4", multiplier: "0.5",
};

/** Two steps, so that changing one is seen; a tried-first model needs the share that it passes on. */
const lists = {
  step1: "#v=1&step1.name=Read&step1.calls=90k&step1.in=3k&step1.out=200&step2.name=Think&step2.calls=20k&step2.quality=frontier",
  change1: "#v=1&tokens=200M&change1.month=6&change1.role=nearest&change1.multiplier=0.8",
};

for (const [list, link] of Object.entries(lists)) {
  test(`the parts of ${list}: page and terminal agree`, async ({ page, open }) => {
    await openForm(page, open);
    for (const { key } of parts.filter((part) => part.key.startsWith(`${list}.`))) {
      await test.step(key, async () => {
        // In the order that the page writes, so that only the change to come makes it another.
        const start = /first/.test(key) ? link.replace("&step2.name", "&step1.escalates=0.3&step2.name") : link;
        await page.evaluate((hash) => { location.hash = hash; }, start);
        await settled(page);
        const own = key.slice(list.length + 1);
        const cell = page.locator(`.item .cell[data-key="${own}"]`).first();
        const input = cell.locator("input, select");
        if (await input.evaluate((e) => e.localName === "select")) {
          const now = await input.inputValue();
          const others = await input.locator("option").evaluateAll((all) => all.map((o) => o.value));
          await input.selectOption(others[(others.indexOf(now) + 1) % others.length]);
        } else if (await input.evaluate((e) => e.type === "checkbox")) {
          await input.click();
        } else {
          await input.fill(words[own]);
          await input.blur();
        }
        await expect(cell.locator("em")).toHaveCount(0);
        await expect.poll(() => linkOf(page), key).not.toBe(start);
        await settled(page);
        const changed = await linkOf(page);
        const native = withoutLink(crossover("plan", changed, "--format", "csv"));
        await expect.poll(async () => withoutLink(await planOf(page)), { message: `${key}: ${changed}` }).toBe(native);
      });
    }
  });
}
