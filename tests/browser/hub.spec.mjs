// A model by its Hugging Face id: nothing leaves before the button is pressed, the button says whom it contacts, what comes
// back is the model the terminal reads, and whatever goes wrong is said in words. The hub is played by the test.
import { crossover, expect, nativePlan, settled, test, verdict, waitForLink } from "./crossover.mjs";

const hub = "https://huggingface.co";
test.use({ contacted: hub });

// Shaped like the hub's files of a small dense model, with fields that no planner needs.
const config = {
  architectures: ["LlamaForCausalLM"], model_type: "llama", hidden_size: 4096, intermediate_size: 14336, num_hidden_layers: 32,
  num_attention_heads: 32, num_key_value_heads: 8, vocab_size: 128256, max_position_embeddings: 131072, rope_theta: 500000.0,
  tie_word_embeddings: false, torch_dtype: "bfloat16", bos_token_id: 128000, eos_token_id: [128001, 128008, 128009],
};
const files = {
  "/acme/big/resolve/main/config.json": config,
  "/acme/big/resolve/main/model.safetensors.index.json": { metadata: { total_size: 16060522496 }, weight_map: { a: "model-00001-of-00004.safetensors" } },
  "/acme/small/resolve/main/config.json": config,
  "/api/models/acme/small": { id: "acme/small", safetensors: { parameters: { BF16: 8030261248 }, total: 8030261248 } },
};
const cors = { "access-control-allow-origin": "*" };

/** Plays the hub; resolves to the list of requests it gets. */
async function play(page, answer) {
  const requests = [];
  await page.route(`${hub}/**`, async (route) => {
    requests.push(route.request());
    const path = new URL(route.request().url()).pathname;
    if (answer) return answer(route, path);
    const file = files[path];
    return route.fulfill(file ? { json: file, headers: cors } : { status: 404, body: "Entry not found", headers: cors });
  });
  return requests;
}

/** Opens the part of the form that fetches, and types an id. */
async function ask(page, id) {
  const group = page.locator(".group").filter({ hasText: "Model and serving" });
  await group.locator("details.more > summary").click();
  const part = group.locator("details.hub");
  await part.locator("summary").click();
  await part.getByRole("textbox", { name: "Model id" }).fill(id);
  return { part, button: part.getByRole("button"), said: group.locator(".field:has(details.hub) > [role=status]") };
}

const paths = (requests) => requests.map((request) => new URL(request.url()).pathname);

test("nothing leaves before the button, which names whom it contacts", async ({ page, open }) => {
  const requests = await play(page);
  await open();
  const { part, button } = await ask(page, "");
  await expect(part).toContainText("Nothing is contacted until you press the button");
  await expect(button).toBeDisabled();
  await part.getByRole("textbox", { name: "Model id" }).fill("acme/big");
  await expect(button).toHaveText("Fetch from huggingface.co");
  await expect(part).toContainText("contacts huggingface.co and nobody else");
  for (const path of [...Object.keys(files).filter((p) => p.includes("big")), "/api/models/acme/big"]) {
    await expect(part).toContainText(hub + path);
  }
  await page.waitForTimeout(400);
  expect(requests, "requests before the button").toEqual([]);
});

test("a sharded model takes two requests, and the page answers what the terminal answers", async ({ page, open }) => {
  const requests = await play(page);
  await open();
  const { button, said } = await ask(page, "acme/big");
  await button.click();
  await expect(said).toContainText("Your own model is used");
  expect(paths(requests)).toEqual(["/acme/big/resolve/main/config.json", "/acme/big/resolve/main/model.safetensors.index.json"]);
  const headers = await requests[0].allHeaders();
  expect([headers.cookie, headers.authorization, headers.referer]).toEqual([undefined, undefined, undefined]);
  const link = await waitForLink(page, /model\.?config|config=|weights=/);
  await settled(page);
  const plan = nativePlan(link);
  await expect(verdict(page)).toHaveText(plan.advice.sentence);
  expect(plan.memory.weights_bytes_total).toBe(16060522496);
  expect(decodeURIComponent(link)).not.toContain("bos_token_id");
  expect(crossover("plan", link)).toContain("big");
});

test("a small model has its size in the hub's metadata", async ({ page, open }) => {
  const requests = await play(page);
  await open();
  const { button, said } = await ask(page, "acme/small");
  await button.click();
  await expect(said).toContainText("Your own model is used");
  expect(paths(requests)[2]).toBe("/api/models/acme/small");
  const link = await waitForLink(page, /weights/);
  expect(nativePlan(link).memory.weights_bytes_total).toBe(16060522496);
});

const troubles = [
  ["a gated model", (route) => route.fulfill({ status: 401, headers: cors }), /gated, private or does not exist.*licence/],
  ["a forbidden model", (route) => route.fulfill({ status: 403, headers: cors }), /gated/],
  ["an unknown model", (route) => route.fulfill({ status: 404, headers: cors }), /is not there.*check the id/],
  ["too many requests", (route) => route.fulfill({ status: 429, headers: cors }), /too many requests/],
  ["a hub in trouble", (route) => route.fulfill({ status: 503, headers: cors }), /fails at the hub/],
  ["a web page", (route) => route.fulfill({ body: "<!doctype html><title>Log in</title>", headers: cors }), /web page, not JSON/],
  ["a file that is not JSON", (route) => route.fulfill({ body: "version https://git-lfs", headers: cors }), /complete JSON/],
  ["a file that is too large", (route) => route.fulfill({ body: " ".repeat(5 << 20), headers: cors }), /larger than any such file/],
  ["no network", (route) => route.abort("connectionrefused"), /could not be reached/],
];

for (const [name, answer, words] of troubles) {
  test(`${name} is said in words and changes nothing`, async ({ page, open }) => {
    await play(page, answer);
    await open();
    const before = await verdict(page).textContent();
    const { button, said } = await ask(page, "acme/big");
    await button.click();
    await expect(said).toHaveText(words);
    await expect(button).toBeEnabled();
    await expect(verdict(page)).toHaveText(before);
  });
}

test("a hub that says nothing is given up after half a minute", async ({ page, open }) => {
  await play(page, () => new Promise(() => {}));
  await page.clock.install();
  await open();
  const { button, said } = await ask(page, "acme/big");
  await button.click();
  await expect(said).toContainText("Contacting huggingface.co");
  await page.clock.fastForward(31_000);
  await expect(said).toContainText("gave no answer in 30 seconds");
});

test("a host that the policy does not name is refused in words, without a request", async ({ page, open }) => {
  const requests = [];
  page.on("request", (request) => request.url().includes("example.org") && requests.push(request));
  await open();
  const { part, button } = await ask(page, "acme/big");
  await part.getByRole("textbox", { name: "Hub address" }).fill("https://hub.example.org");
  await expect(part).toContainText("This page may not contact hub.example.org: its Content-Security-Policy does not name it");
  await expect(button).toBeDisabled();
  expect(requests).toEqual([]);
});

test("an id that is none is explained", async ({ page, open }) => {
  await open();
  for (const id of ["llama", "a/b/c", "../etc"]) {
    const { part, button } = id === "llama" ? await ask(page, id) : { part: page.locator("details.hub"), button: page.locator("details.hub button") };
    await part.getByRole("textbox", { name: "Model id" }).fill(id);
    await expect(part).toContainText("is not owner/name");
    await expect(button).toBeDisabled();
  }
});

test("a configuration is chosen, or dropped, together with its index", async ({ page, open }) => {
  await open();
  const file = (name, value) => ({ name, mimeType: "application/json", buffer: Buffer.from(JSON.stringify(value)) });
  const index = file("model.safetensors.index.json", files["/acme/big/resolve/main/model.safetensors.index.json"]);
  const group = page.locator(".group").filter({ hasText: "Model and serving" });
  await group.locator("details.more > summary").click();
  const said = group.locator(".field:has(details.hub) > [role=status]");
  const input = page.getByLabel("Model files: config.json with or without its index, or GGUF");
  await input.setInputFiles([index]);
  await expect(said).toContainText("there is no config.json");
  await input.setInputFiles([file("config.json", config), index]);
  await expect(said).toContainText("Your own model is used");
  const link = await waitForLink(page, /weights/);
  expect(nativePlan(link).memory.weights_bytes_total).toBe(16060522496);
  await page.getByRole("button", { name: "Reset", exact: true }).click();
  const dropped = await page.evaluateHandle((text) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], "config.json", { type: "application/json" }));
    return transfer;
  }, JSON.stringify(config));
  await group.locator(".field:has(details.hub)").dispatchEvent("drop", { dataTransfer: dropped });
  await expect(said).toContainText("Your own model is used");
});

test("a file that is too large for a configuration is refused by its size", async ({ page, open }) => {
  await open();
  const group = page.locator(".group").filter({ hasText: "Model and serving" });
  await group.locator("details.more > summary").click();
  const input = page.getByLabel("Model files: config.json with or without its index, or GGUF");
  await input.setInputFiles([{ name: "weights.bin", mimeType: "application/octet-stream", buffer: Buffer.alloc(30e6, 32) }]);
  await expect(group.locator(".field:has(details.hub) > [role=status]")).toContainText("weights.bin has 30 MB");
});
