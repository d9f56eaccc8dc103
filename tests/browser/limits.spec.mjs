// The limits of docs/src/security.md in the page: whatever is pasted, dropped or linked, the page says what is the matter
// within seconds, keeps its answer and goes on. The terminal's are in tests/limits.rs.
import { closeSync, mkdtempSync, openSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, linkOf, move, settled, test, verdict, waitForLink } from "./crossover.mjs";

/** Far above what any of these takes alone, for machines with other things to do. */
const MOST_MS = 20_000;
const MODEL = { hidden_size: 64, num_hidden_layers: 2, num_attention_heads: 2, vocab_size: 100 };

let folder;
test.beforeAll(() => { folder = mkdtempSync(join(tmpdir(), "crossover-limits-")); });
test.afterAll(() => rmSync(folder, { recursive: true }));

/** A file with a text, or of a hundred megabytes of nothing. */
function file(name, text) {
  const path = join(folder, name);
  if (text === undefined) {
    closeSync(openSync(path, "w"));
    truncateSync(path, 100e6);
  } else writeFileSync(path, text);
  return path;
}

const keys = (count) => Array.from({ length: count }, (_, n) => `"k${n}":1`).join(",");

/** Runs `act`, expects its message within the limit, and that the page still answers. */
async function expectSaid(page, act, said, words) {
  const before = await verdict(page).textContent();
  const started = Date.now();
  await act();
  await expect(said).toContainText(words, { timeout: MOST_MS });
  expect(Date.now() - started).toBeLessThan(MOST_MS);
  await expect(verdict(page)).toHaveText(before);
  await expect(page.locator("#failure")).toHaveCount(0);
}

async function modelFiles(page) {
  const group = page.locator(".group").filter({ hasText: "Model and serving" });
  await group.locator("details.more > summary").click();
  return {
    choose: page.getByLabel("Model files: config.json with or without its index, or GGUF"),
    said: group.locator(".field:has(details.hub) > [role=status]"),
  };
}

test("a link of a megabyte is refused in words, and the page goes on", async ({ page, open, site }) => {
  const started = Date.now();
  await page.goto(`${site}#v=1&title=${"x".repeat(1e6)}`);
  await expect(page.locator("main")).toContainText("more than the 8192 that are read", { timeout: MOST_MS });
  expect(Date.now() - started).toBeLessThan(MOST_MS);
  await expect(page.locator("#failure")).toHaveCount(0);
  await open("#v=1&tokens=200M");
  await expect(verdict(page)).not.toBeEmpty();
});

test("a hundred megabytes are refused by their size", async ({ page, open }) => {
  await open("#v=1&tokens=200M");
  const { choose, said } = await modelFiles(page);
  const huge = file("huge.json");
  await expectSaid(page, () => choose.setInputFiles(huge), said, "huge.json has 100 MB");
  const prices = page.locator("#prices");
  await prices.locator("details.data > summary").first().click();
  await expectSaid(page, () => prices.getByLabel("Price file").setInputFiles(huge), prices.getByRole("status"), "has 100 MB, more than");
});

test("an object of a million keys is read or refused in seconds", async ({ page, open }) => {
  await open("#v=1&tokens=200M");
  const { choose, said } = await modelFiles(page);
  const million = file("keys.json", `{${keys(1e6)},"model_type":"llama"}`);
  await expectSaid(page, () => choose.setInputFiles(million), said, "hidden_size");
  const config = file("config.json", JSON.stringify(MODEL));
  const index = file("model.safetensors.index.json", `{"metadata":{"total_size":200000},"weight_map":{${keys(1e6)}}}`);
  await choose.setInputFiles([config, index]);
  await expect(said).toContainText("Your own model is used", { timeout: MOST_MS });
});

test("nesting a million deep is refused", async ({ page, open }) => {
  await open("#v=1&tokens=200M");
  const { choose, said } = await modelFiles(page);
  for (const [name, text] of [["lists.json", "[".repeat(1e6)], ["objects.json", '{"text_config":'.repeat(1e6)]]) {
    await expectSaid(page, () => choose.setInputFiles(file(name, text)), said, "recursion limit");
  }
});

test("a GGUF header that promises the world is refused", async ({ page, open }) => {
  await open("#v=1&tokens=200M");
  const { choose, said } = await modelFiles(page);
  const header = Buffer.alloc(24);
  header.write("GGUF");
  header.writeUInt32LE(3, 4);
  header.writeBigUInt64LE(2n ** 64n - 1n, 8);
  header.writeBigUInt64LE(1n, 16);
  await expectSaid(page, () => choose.setInputFiles(file("tensors.gguf", header)), said, "more than");
});

test("text of strangers neither steers nor turns anything around", async ({ page, open }) => {
  await open("#v=1&tokens=200M&title=%E2%80%AEgnp.exe%1B%5B2J%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E");
  await expect(verdict(page)).not.toBeEmpty();
  expect(await page.locator("img[src=x]").count()).toBe(0);
  expect(await page.locator("body").innerText()).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u001b]/);
  await move(page, "Tokens per day", 1);
  await waitForLink(page, /tokens=(?!200M)/);
  await settled(page);
  expect(await linkOf(page)).not.toMatch(/%E2%80%AE|%1B/);
});
