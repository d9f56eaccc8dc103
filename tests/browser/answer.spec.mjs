// The page says what the native program says: verdict, figures, and the tables behind the pictures, for links that
// exercise different parts of the engine.
import { crossover, expect, expectShown, figure, headings, nativePlan, numbersBehind, test, verdict } from "./crossover.mjs";

const GIB = 2 ** 30;
const ACCELERATORS = JSON.parse(crossover("catalog", "accelerators", "--format", "json"));
const links = {
  "the defaults": "#v=1",
  "a small volume": "#v=1&tokens=1M/d",
  "a large volume in four bits": "#v=1&tokens=2B/d&quant=awq-int4",
  "a mixture of experts on H200": "#v=1&tokens=200M/d&model=deepseek-v3.1&gpu=h200-sxm&quant=fp8",
  "a dense model on A100": "#v=1&tokens=80M/d&gpu=a100-80-sxm&quant=bf16&growth=10%25",
  "a fleet for the 90th percentile": "#v=1&tokens=20B/d&spill=0.9",
  "a model that does not fit": "#v=1&gpu=l4&tp=1&quant=bf16",
};

for (const [name, link] of Object.entries(links)) {
  test(`${name}: page and terminal agree`, async ({ page, open }) => {
    const plan = nativePlan(link);
    await open(link);
    await expect(verdict(page)).toHaveText(plan.advice.sentence);
    if (plan.cost.self_hosted) await expectFigures(page, plan);
    await expectBreakEven(page, plan);
    await expectMonths(page, plan);
    await expectMemory(page, plan);
    await expectCost(page, plan);
    await expectSpeed(page, plan);
    await expectTornado(page, plan);
    await expectFleet(page, plan);
    await expectThresholds(page, plan);
  });
}

async function expectFigures(page, plan) {
  const values = await page.locator(".figures .fig dd:not(.small)").allTextContents();
  expectShown(values[0], plan.cost.self_hosted.total_usd_per_month, "self-hosted a month");
  const cheapest = Math.min(...plan.cost.api.map((api) => api.total_usd_per_month));
  expectShown(values[1], cheapest, "cheapest API a month");
  const chance = plan.uncertainty.probability_self_hosting_cheaper;
  if (chance !== null) expect(values[3]).toContain(`${Math.round(chance * 100)} %`);
}

async function expectBreakEven(page, plan) {
  const rows = await numbersBehind(page, "break-even");
  const crossings = plan.break_even.flatMap((line) => line.crossings);
  const shown = rows.filter((row) => row[1] !== "none");
  expect(shown).toHaveLength(crossings.length);
  shown.forEach((row, i) => expectShown(row[1], crossings[i].tokens_per_day, `crossing ${i + 1}`));
}

async function expectMonths(page, plan) {
  const rows = await numbersBehind(page, "projection");
  const columns = await headings(page, "projection");
  const months = plan.projection.months;
  expect(rows).toHaveLength(months.length);
  const own = columns.findIndex((heading) => /^self-hosted/i.test(heading));
  rows.forEach((row, i) => {
    expect(row[0]).toBe(String(months[i].month));
    expectShown(row[1], months[i].tokens_per_day, `tokens a day in month ${i + 1}`);
    if (own >= 0 && months[i].self_hosted_usd !== null)
      expectShown(row[own], months[i].self_hosted_usd, `self-hosted in month ${i + 1}`);
  });
}

async function expectMemory(page, plan) {
  const rows = await numbersBehind(page, "memory");
  const weights = rows.find((row) => /^weights/i.test(row[0]));
  expectShown(weights[1], plan.memory.per_gpu.weights_bytes / GIB, "weights per GPU");
  expectShown(rows.at(-1)[1], plan.memory.per_gpu.capacity_bytes / GIB, "memory of the GPU");
}

async function expectCost(page, plan) {
  const rows = await numbersBehind(page, "cost");
  for (const api of plan.cost.api) {
    const row = rows.find((cells) => cells[0].endsWith(`(${api.id})`));
    expect(row, `a row for ${api.id}`).toBeDefined();
    expectShown(row[1], api.total_usd_per_month, api.id);
  }
  if (!plan.cost.self_hosted) return;
  const total = rows.find((cells) => cells[0] === "Self-hosted");
  expectShown(total[1], plan.cost.self_hosted.total_usd_per_month, "self-hosted");
}

async function expectSpeed(page, plan) {
  const rows = await numbersBehind(page, "speed");
  const { frontier, ...own } = plan.speed;
  const points = frontier.filter((point) => Number.isFinite(point.tpot_ms));
  expect(rows).toHaveLength(points.length + 1);
  points.forEach((point, i) => {
    expectShown(rows[i][0], point.concurrency, `requests at once, sample ${i + 1}`);
    expectShown(rows[i][1], point.output_tokens_per_second, `tokens a second, sample ${i + 1}`);
    expectTime(rows[i][2], point.tpot_ms, `time per token, sample ${i + 1}`);
    expectTime(rows[i][3], point.ttft_ms, `time to first token, sample ${i + 1}`);
  });
  const last = rows.at(-1);
  if (own.output_tokens_per_second === null) return;
  expectShown(last[0], own.concurrency, "requests at once where it runs");
  const [mean, p95] = last[2].split(", p95 ");
  expectTime(mean, own.tpot_ms, "time per token where it runs");
  expectTime(p95, own.tpot_p95_ms, "time per token, p95");
}

/** A time such as "43.4 ms" or "1.5 s" against milliseconds. */
function expectTime(text, ms, what) {
  const seconds = / s$/.test(text);
  expectShown(text, seconds ? ms / 1000 : ms, what);
}

async function expectTornado(page, plan) {
  if (plan.sensitivity.length === 0) return expect(figure(page, "tornado")).toBeHidden();
  const rows = await numbersBehind(page, "tornado");
  expect(rows).toHaveLength(plan.sensitivity.length);
  plan.sensitivity.forEach((swing, i) => {
    expectShown(rows[i][2], swing.low_usd, `${swing.path} at its low end`);
    expectShown(rows[i][4], swing.high_usd, `${swing.path} at its high end`);
  });
}

async function expectFleet(page, plan) {
  const panel = page.locator("#fleet");
  const figures = await panel.locator("dd").allTextContents();
  const { fleet } = plan;
  if (fleet.gpus === null) return expect(figures).toHaveLength(0);
  expectShown(figures[0], fleet.gpus, "GPUs");
  expectShown(figures[2], fleet.replicas_for_peak, "replicas for the peak");
  expect(figures[3]).toBe(String(fleet.spare_replicas));
  if (fleet.why_not_fewer) await expect(panel.locator("li", { hasText: fleet.why_not_fewer })).toBeVisible();
  const table = (label) => panel.locator(`[aria-label="${label}"] tbody tr`);
  const { average, peak, peak_with_one_lost: lost, peak_with_a_zone_lost: zone } = fleet.at;
  const points = [average, peak, lost, zone].filter(Boolean);
  await expect(table("Under load")).toHaveCount(points.length);
  for (const [i, point] of points.entries()) {
    const cells = await table("Under load").nth(i).locator("td").allTextContents();
    expectShown(cells[0], point.requests_per_second, `requests a second, row ${i + 1}`);
    expectTime(cells[4], point.tpot_ms, `time per token, row ${i + 1}`);
    if (!point.overloaded) expectTime(cells[3], point.ttft_p95_ms, `first token, p95, row ${i + 1}`);
  }
  await expect(table("Smaller, with the highest load on an API")).toHaveCount(
    fleet.spill.length ? fleet.spill.length + (fleet.api_share_of_tokens ? 0 : 1) : 0,
  );
  await panel.locator("summary").click();
  const reasons = table("Layouts that lost").locator("td:last-child");
  await expect(reasons).toHaveText(fleet.runners_up.map((layout) => layout.reason));
}

async function expectThresholds(page, plan) {
  const texts = plan.advice.thresholds.map(({ text }) => text[0].toUpperCase() + text.slice(1));
  if (texts.length) await expect(page.locator("#thresholds li")).toHaveText(texts);
  const worthy = plan.uncertainty.value_of_information.filter((value) => value.usd >= 1).slice(0, 4);
  const shown = await page.locator("#worth-measuring dd").allTextContents();
  if (plan.uncertainty.draws) expect(shown).toHaveLength(worthy.length);
  shown.forEach((text, i) => expectShown(text, worthy[i].usd, `worth of ${worthy[i].path}`));
}

test("every picture is drawn and states what it shows", async ({ page, open }) => {
  await open("#v=1");
  for (const panel of ["break-even", "projection", "memory", "cost", "speed"]) {
    const canvas = figure(page, panel).locator("canvas");
    await canvas.scrollIntoViewIfNeeded();
    await expect(figure(page, panel).locator("figcaption")).not.toBeEmpty();
    await expect.poll(() => canvas.evaluate(inkOf), { message: `ink on ${panel}` }).toBeGreaterThan(1000);
  }
});

// The last column was always to the left and its heading to the right: figures under no heading, words away from theirs.
test("in the tables figures end at the right and words begin at the left, each with its heading", async ({ page, open }) => {
  await open("#v=1&tokens=200M");
  for (const [panel, column, side] of [["cost", 2, "right"], ["tornado", 4, "right"], ["speed", 3, "right"], ["memory", 3, "left"], ["break-even", 2, "left"], ["projection", -1, "left"]]) {
    await numbersBehind(page, panel);
    const sides = await figure(page, panel).locator("details.data tr").evaluateAll((rows, at) => [...new Set(rows.map((row) => getComputedStyle([...row.cells].at(at)).textAlign))], column);
    expect(sides, `column ${column} of ${panel}`).toEqual([side]);
  }
});

/** Pixels of a canvas that something was drawn on. */
function inkOf(canvas) {
  if (!canvas.width || !canvas.height) return 0;
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let ink = 0;
  for (let i = 3; i < data.length; i += 4) ink += data[i] > 0;
  return ink;
}

/** What the terminal says would help: the field's path, the value, the outcome. */
function whatHelps(link) {
  const lines = crossover("plan", link).split("\nWhat would help\n")[1].split("\n\n")[0].split("\n");
  return lines.map((line) => /^\s+(\S+)\s+(.*?)\s\s+(.*)$/.exec(line).slice(1));
}

// What made it fit could be too slow, and what was too slow had no remedy at all.
for (const [what, link, taken] of [
  ["does not fit", "#v=1&gpu=l4&tp=1&quant=bf16", /Accelerator/],
  ["is too slow", "#v=1&gpu=l4&tp=4", /GPU count/],
]) {
  test(`what ${what} is mended by what the planner has tried`, async ({ page, open }) => {
    await open(link);
    const fixes = page.getByRole("list", { name: "What would help" });
    const called = { "workload.tpot_p95_ms": "Time per output token (TPOT) target", "serving.tensor_parallel": "GPU count", "hardware.accelerator": "Accelerator", "model.quantization": "Quantization" };
    const named = (value) => ACCELERATORS.find(({ id }) => id === value)?.name ?? value;
    const said = whatHelps(link).map(([path, value, outcome]) => `${called[path]} ${named(value)}: ${outcome} Try it`);
    await expect(fixes.getByRole("listitem")).toHaveText(said);
    await expect(page.locator(".troubles"), "they stand under the verdict").toContainText("Try it");
    await fixes.getByRole("button", { name: taken }).first().click();
    await expect(figure(page, "memory").locator("figcaption")).toContainText("Fits on");
    await expect(fixes).toBeHidden();
    await expect(verdict(page)).not.toContainText(/does not fit|Too slow/);
  });
}

test("at the form the strip says what is in the way, and leads back to what would help", async ({ page, open }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open("#v=1&gpu=l4&tp=1");
  await page.getByRole("button", { name: "Inputs" }).click();
  const own = page.locator(".figures .fig").first();
  await expect(own).toContainText("does not fit");
  await expect(page.getByRole("list", { name: "What would help" })).not.toBeInViewport();
  await own.getByRole("button", { name: "What would help" }).click();
  await expect(page.getByRole("list", { name: "What would help" })).toBeInViewport();
});

// Where nothing fits there were "down to NaN replicas" every month, empty axes of a speed that is none, and labels on labels.
test("what does not fit says so everywhere, in words that can be read", async ({ page, open }) => {
  await open("#v=1&gpu=l4&tp=1&quant=bf16");
  await expect(page.locator(".figures .fig").first()).toContainText("does not fit");
  await expect(figure(page, "speed").locator("figcaption")).toContainText("does not fit");
  await expect(figure(page, "speed").locator("canvas")).toBeHidden();
  const rows = await numbersBehind(page, "projection");
  expect(rows.flat().filter((cell) => /NaN|undefined|inf/.test(cell))).toEqual([]);
  await expect(figure(page, "break-even").getByRole("button", { name: "Self-hosted" })).toHaveCount(0);
});

test("of a split pipeline the figures are those of the verdict", async ({ page, open }) => {
  const link = "#v=1&step1.name=Route&step1.calls=200k&step1.in=400&step1.out=10&step1.quality=any&step2.name=Retrieve&step2.calls=150k&step2.in=3k&step2.out=200&step2.residency=yes&step3.name=Reason&step3.calls=40k&step3.in=6k&step3.out=800&step3.quality=frontier";
  const { routing } = nativePlan(link);
  expect(routing.panels_about).toBe("self_hosted_steps");
  await open(link);
  const values = await page.locator(".figures .fig dd:not(.small)").allTextContents();
  expectShown(values[0], routing.total_usd, "step by step");
  expectShown(values[1], routing.all_api_usd ?? routing.api_where_possible_usd, "on APIs");
  expectShown(values[2], routing.all_self_hosted_usd ?? routing.self_hosted_where_possible_usd, "self-hosted");
});
