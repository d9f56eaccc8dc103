// Panels in other people's pages: a host page on another origin embeds them; heights and themes follow, hostile
// messages do nothing, a sandboxed frame without an origin works.
import { expect, test as base } from "@playwright/test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { serve } from "../../scripts/serve.mjs";

const root = join(import.meta.dirname, "../..");
const app = join(root, process.env.PAGE ?? "dist");
const panels = ["verdict", "break-even", "memory", "cost", "speed"];
const everyPanel = [...panels, "projection", "tornado", "planner"];

const test = base.extend({
  site: [async ({}, use) => {
    const { url, close } = await serve(app, { base: "/a/sub-folder/" });
    await use(url);
    await close();
  }, { scope: "worker" }],
  /** Opens a host page of another origin with the given body; every complaint of the browser fails the test. */
  host: async ({ page, site }, use) => {
    const folder = mkdtempSync(join(tmpdir(), "crossover-host-"));
    const { url, close } = await serve(folder);
    const complaints = [];
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.setViewportSize({ width: 1000, height: 3600 });
    await use(async (body, { script = true } = {}) => {
      const tag = script ? `<script async src="${site}embed.js"></script>` : "";
      writeFileSync(join(folder, "index.html"), `<!doctype html><title>Host</title><link rel="icon" href="data:,">${tag}<body>${body}`);
      await page.goto(url);
    });
    await close();
    rmSync(folder, { recursive: true });
    expect(complaints, "what the browser complained about").toEqual([]);
  },
});

const elements = (names) =>
  names.map((name) => `<crossover-chart panel="${name}" link="v=1&tokens=200M"></crossover-chart>`).join("");

/** The content of the n-th frame once it shows its part. */
async function content(page, n) {
  const handle = await page.locator("iframe").nth(n).elementHandle();
  const frame = await handle.contentFrame();
  await frame.locator("main.embedded").waitFor();
  return frame;
}

const heightOf = (page, n) => page.locator("iframe").nth(n).evaluate((frame) => frame.clientHeight);
const inside = (frame) => frame.evaluate(() => document.body.offsetHeight);
const themeOf = (frame) => frame.evaluate(() => document.documentElement.dataset.theme ?? "system");

async function expectHeightsToFollow(page, frames) {
  for (const [n, frame] of frames.entries()) {
    await expect.poll(async () => Math.abs((await heightOf(page, n)) - (await inside(frame))), `frame ${n}`).toBeLessThanOrEqual(1);
    expect(await heightOf(page, n)).toBeGreaterThan(60);
  }
}

test("embed.js stays under 2 kB", () => {
  expect(brotliCompressSync(readFileSync(join(app, "embed.js"))).length).toBeLessThan(2000);
});

test("five panels on another origin: heights follow, nothing sticks out", async ({ page, host }) => {
  await host(elements(panels));
  const frames = [];
  for (const n of panels.keys()) frames.push(await content(page, n));
  await expectHeightsToFollow(page, frames);
  for (const [n, name] of panels.entries()) {
    const part = name === "verdict" ? "h1" : `figure[data-panel="${name}"] figcaption`;
    await expect(frames[n].locator(part)).toHaveText(/\d/);
    expect(await frames[n].locator(".bar, .inputs").count(), "the page around the panel is not there").toBe(0);
  }
  await page.setViewportSize({ width: 420, height: 3600 });
  await expectHeightsToFollow(page, frames);
  for (const frame of frames) {
    expect(await frame.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  }
});

test("every panel embeds: element and sandboxed frame, with its height, on a narrow page too", async ({ page, host, site }) => {
  const sandboxed = (name) => `<iframe data-crossover sandbox="allow-scripts" width="100%" height="100" title="${name}" src="${site}?embed=${name}#v=1&tokens=200M"></iframe>`;
  await page.setViewportSize({ width: 1000, height: 9000 });
  for (const name of everyPanel) {
    await host(elements([name]) + sandboxed(name));
    const frames = [await content(page, 0), await content(page, 1)];
    for (const frame of frames) {
      // The planner's and the verdict's finding is the sentence; the others' is their caption.
      const finding = ["verdict", "planner"].includes(name) ? "h1" : `figure[data-panel="${name}"] figcaption`;
      await expect(frame.locator(finding), name).toHaveText(/\d/);
      await expect(frame.locator(".trouble"), name).toHaveCount(0);
    }
    await expectHeightsToFollow(page, frames);
    await page.setViewportSize({ width: 320, height: 9000 });
    await expectHeightsToFollow(page, frames);
    for (const frame of frames) {
      expect(await frame.evaluate(() => document.documentElement.scrollWidth - innerWidth), `${name} at 320 pixels`).toBeLessThanOrEqual(0);
    }
    await page.setViewportSize({ width: 1000, height: 9000 });
  }
});

test("a panel shows the scenario of its link and nothing of another", async ({ page, host }) => {
  await host(`<crossover-chart panel="verdict" link="v=1&residency=yes"></crossover-chart>
    <crossover-chart panel="verdict" link="https://crossover.example/#v=1"></crossover-chart>`);
  const [required, usual] = [await content(page, 0), await content(page, 1)];
  await expect(required.locator("h1")).not.toHaveText(await usual.locator("h1").textContent());
  await expect(required.locator(".embed-foot a")).toHaveAttribute("href", /#v=1&residency=yes$/);
});

test("the theme follows the host page, unless it is pinned", async ({ page, host }) => {
  await host(`<style>body { background: #fff } .night { background: #101418 }</style>
    <crossover-chart panel="memory"></crossover-chart><crossover-chart panel="memory" theme="light"></crossover-chart>`);
  const [follows, pinned] = [await content(page, 0), await content(page, 1)];
  await expect.poll(() => themeOf(follows)).toBe("light");
  await page.evaluate(() => document.body.classList.add("night"));
  await expect.poll(() => themeOf(follows)).toBe("dark");
  expect(await themeOf(pinned)).toBe("light");
  await page.evaluate(() => document.body.classList.remove("night"));
  await expect.poll(() => themeOf(follows)).toBe("light");
  expect(await follows.evaluate(() => localStorage.length), "an embedded panel stores nothing").toBe(0);
});

test("five panels of five scenarios: themes follow, nothing leaks, and a hostile parent changes nothing", async ({ page, host, site }) => {
  const volumes = ["20M", "40M", "80M", "160M", "320M"];
  const elements = panels.map((name, n) => `<crossover-chart panel="${name}" link="v=1&tokens=${volumes[n]}"></crossover-chart>`);
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await host(`<style>body { background: #fff } .night { background: #101418 }</style>${elements.join("")}`);
  const frames = [];
  for (const n of panels.keys()) frames.push(await content(page, n));
  await expectHeightsToFollow(page, frames);
  await page.evaluate(() => document.body.classList.add("night"));
  for (const frame of frames) await expect.poll(() => themeOf(frame)).toBe("dark");
  // What is read out joins the text after a rest.
  for (const frame of frames) await expect(frame.locator("#verdict [aria-live]:empty")).toHaveCount(0);
  // So do the figures that wait for the draws.
  await expect(frames[0].locator(".fig.moving")).toHaveCount(0);
  const state = async () => Promise.all(frames.map((frame) => frame.evaluate(() => [location.hash, document.querySelector(".embed-foot a").href, document.body.innerText, document.documentElement.dataset.theme])));
  const before = await state();
  for (const [n, [hash, open]] of before.entries()) {
    expect(hash).toBe(`#v=1&tokens=${volumes[n]}`);
    expect(open).toContain(`tokens=${volumes[n]}`);
  }
  // What the frames say to the page is their height, whatever the page asks.
  const heard = await page.evaluate(async () => {
    const all = [];
    addEventListener("message", ({ data }) => all.push(data));
    for (const { shadowRoot } of document.querySelectorAll("crossover-chart")) {
      const { contentWindow } = shadowRoot.firstChild;
      for (const type of ["crossover:link", "crossover:scenario", "crossover:reset", "crossover:height"]) {
        contentWindow.postMessage({ type, version: 1, link: "v=1&tokens=1M", scenario: {}, height: 9, theme: "light<" }, "*");
      }
      contentWindow.postMessage({ type: "crossover:theme", version: 1, theme: "light", link: "v=1&tokens=1M" }, "*");
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
    return all;
  });
  for (const message of heard) expect(Object.keys(message).sort()).toEqual(["height", "type", "version"]);
  // The theme is the one thing a page may change; embed.js tells the page's own again when the frame next speaks.
  for (const frame of frames) expect(["light", "dark"]).toContain(await themeOf(frame));
  const after = await state();
  expect(after.map((s) => s.slice(0, 3))).toEqual(before.map((s) => s.slice(0, 3)));
  for (const frame of frames) {
    expect(await frame.evaluate(async () => [localStorage.length, sessionStorage.length, document.cookie, (await indexedDB.databases()).length])).toEqual([0, 0, "", 0]);
  }
  expect(asked.filter((url) => /tokens=/.test(url.split("#")[0])), "no scenario is in a request").toEqual([]);
  expect(asked.filter((url) => !url.startsWith("http://127.0.0.1:") && !/^(data|blob|about):/.test(url))).toEqual([]);
});

test("a panel far below the fold is not loaded before the reader comes near", async ({ page, host }) => {
  await page.setViewportSize({ width: 1000, height: 600 });
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await host(`<crossover-chart panel="verdict" link="v=1"></crossover-chart><div style="height: 30000px"></div><crossover-chart panel="memory" link="v=1"></crossover-chart>`);
  await content(page, 0);
  const loaded = () => asked.some((url) => url.includes("embed=memory"));
  await page.waitForTimeout(500);
  expect(loaded()).toBe(false);
  await page.locator("crossover-chart").nth(1).scrollIntoViewIfNeeded();
  await expect((await content(page, 1)).locator("figcaption")).toHaveText(/\d/);
  expect(loaded()).toBe(true);
});

test("hostile messages from the parent and from siblings do nothing", async ({ page, host, site }) => {
  // A plain frame, since those of elements cannot even be reached by their siblings.
  await host(`<iframe data-crossover width="100%" height="100" src="${site}?embed=verdict&theme=light#v=1"></iframe><crossover-chart panel="verdict" theme="light"></crossover-chart><iframe id="rogue" srcdoc="rogue"></iframe>`);
  const frame = await content(page, 0);
  const chart = page.locator("crossover-chart iframe");
  await expect(chart).toHaveCount(1);
  const state = () => frame.evaluate(() => [document.documentElement.outerHTML.length > 0, location.href, document.querySelector("h1").textContent, document.documentElement.dataset.theme]);
  await expectHeightsToFollow(page, [frame]);
  const before = await state();
  await page.evaluate(() => {
    const target = document.querySelector("iframe").contentWindow;
    const theme = { type: "crossover:theme", version: 1, theme: "dark" };
    const all = [null, 7, "dark", [], {}, { ...theme, version: 2 }, { ...theme, version: "1" }, { ...theme, theme: "<img src=x>" },
      { ...theme, theme: { toString: "dark" } }, { ...theme, type: "crossover:link" }, { type: "crossover:height", version: 1, height: 5 }];
    for (const message of all) target.postMessage(message, "*");
    const script = `<script>parent.frames[0].postMessage(${JSON.stringify(theme)}, "*");
      parent.postMessage({ type: "crossover:height", version: 1, height: 3333 }, "*")<\/script>`;
    document.querySelector("#rogue").srcdoc = script;
  });
  await page.waitForTimeout(600);
  expect(await state()).toEqual(before);
  expect(await heightOf(page, 0)).not.toBe(3333);
  expect(await page.evaluate(() => frames.length), "the element's frame is not among the page's").toBe(2);
  expect(await chart.evaluate((element) => element.clientHeight)).not.toBe(3333);
  expect(await page.locator("#rogue").evaluate((rogue) => rogue.offsetHeight)).not.toBe(3333);
});

test("a height from a panel is clamped, and nonsense is ignored", async ({ page, host }) => {
  await host(elements(["verdict"]));
  const frame = await content(page, 0);
  await expectHeightsToFollow(page, [frame]);
  const say = (height) => frame.evaluate((value) => parent.postMessage({ type: "crossover:height", version: 1, height: value }, "*"), height);
  const usual = await heightOf(page, 0);
  for (const nonsense of [Number.NaN, Number.POSITIVE_INFINITY, "100", null]) await say(nonsense);
  await page.waitForTimeout(200);
  expect(await heightOf(page, 0)).toBe(usual);
  await say(1e9);
  await expect.poll(() => heightOf(page, 0)).toBe(4000);
  await say(-5);
  await expect.poll(() => heightOf(page, 0)).toBe(60);
});

test("a sandboxed frame without origin and storage works", async ({ page, host, site }) => {
  await host(`<iframe data-crossover sandbox="allow-scripts" width="100%" height="100" src="${site}?embed=break-even#v=1&tokens=200M"></iframe>`);
  const frame = await content(page, 0);
  await expect(frame.locator("figcaption")).not.toBeEmpty();
  await expectHeightsToFollow(page, [frame]);
});

// Regression: as a module the script stopped at its first line.
test("loaded as a module it works where elements name the app", async ({ page, host, site }) => {
  await host(`<script type="module" src="${site}embed.js"></script><crossover-chart panel="verdict" app="${site}" link="v=1&tokens=200M"></crossover-chart>`, { script: false });
  const frame = await content(page, 0);
  await expect(frame.locator("h1")).toHaveText(/\d/);
  await expectHeightsToFollow(page, [frame]);
});

test("frames that were there before the script get their height too", async ({ page, host, site }) => {
  await host(`<iframe data-crossover width="100%" height="100" src="${site}?embed=speed"></iframe>`, { script: false });
  const frame = await content(page, 0);
  expect(await heightOf(page, 0)).toBeLessThan(120);
  await page.addScriptTag({ url: `${site}embed.js` });
  await expectHeightsToFollow(page, [frame]);
});

test("the planner shows the controls the author chose, and they work", async ({ page, host }) => {
  await host(`<crossover-chart panel="planner" controls="tokens,quant,gpu" link="v=1"></crossover-chart>`);
  const frame = await content(page, 0);
  await expect(frame.locator(".embed-controls [id^=field-]")).not.toHaveCount(0);
  const slider = frame.getByRole("slider").first();
  const before = await frame.locator(".figures").textContent();
  await slider.focus();
  for (let i = 0; i < 12; i += 1) await page.keyboard.press("ArrowRight");
  await expect(frame.locator(".figures")).not.toHaveText(before);
  await expect(frame.locator(".embed-foot a")).toHaveAttribute("href", /tokens=/);
});

test("gpus stands for the GPUs of a replica and the replicas; a control that is none is named", async ({ page, host }) => {
  await host(`<crossover-chart panel="planner" controls="tokens,quant,gpus,nonsense" link="v=1"></crossover-chart>`);
  const frame = await content(page, 0);
  await expect(frame.locator(".embed-controls > *")).toHaveCount(4);
  await expect(frame.locator(".trouble").first()).toContainText("No control is called 'nonsense'");
});

// Regression: a control named twice was shown twice, and both had the same id.
test("a control that is named twice is shown once", async ({ page, host }) => {
  await host(`<crossover-chart panel="planner" controls="tp,tokens,gpus,tokens" link="v=1"></crossover-chart>`);
  const frame = await content(page, 0);
  await expect(frame.locator(".embed-controls > *")).toHaveCount(3);
  const ids = await frame.locator("[id]").evaluateAll((all) => all.map((e) => e.id));
  expect(new Set(ids).size).toBe(ids.length);
});

test("panels of words stand alone too, by the link that each of them copies", async ({ page, site }) => {
  const link = "#v=1&tokens=200M";
  await page.goto(`${site}?embed=thresholds${link}`);
  await expect(page.locator("#thresholds li")).not.toHaveCount(0);
  await expect(page.locator("figure, .verdict")).toHaveCount(0);
  await page.goto(`${site}?embed=certainty${link}`);
  await expect(page.locator("#certainty")).toContainText("of 10,000 draws");
  await page.goto(`${site}?embed=fleet${link}`);
  await expect(page.locator("#fleet .finding")).toContainText("GPUs");
  await page.goto(`${site}?embed=assumptions${link}`);
  await page.locator("#assumptions summary").click();
  await expect(page.locator("#assumptions tbody")).toContainText("yours; default 50M/day");
});

test("an unknown panel says which there are", async ({ page, site }) => {
  await page.goto(`${site}?embed=%3Cb%3Ebreak`);
  await expect(page.locator("main.embedded")).toContainText("There is no panel '<b>break' to embed");
  await expect(page.locator("main.embedded")).toContainText("break-even");
});

test("the page makes the snippet and shows what it will show", async ({ page, site }) => {
  await page.goto(`${site}#v=1&tokens=200M`);
  await page.locator(".embed-maker > summary").click();
  const form = page.locator(".embed-form");
  await form.getByLabel("Panel").selectOption("memory");
  await expect(form.getByLabel("Paste this")).toHaveValue(/<crossover-chart panel="memory" link="v=1&amp;tokens=200M"/);
  await expect(page.frameLocator("iframe[title=Preview]").locator("figure[data-panel=memory] figcaption")).toHaveText(/\S/);
  await form.getByLabel("For").selectOption("markdown");
  await expect(form.getByLabel("Paste this")).toHaveValue(/<picture>/);
  await expect(form).toContainText("crossover chart '#v=1&tokens=200M' --panel memory");
  await form.getByLabel("For").selectOption("link");
  await expect(form.getByLabel("Paste this")).toHaveValue(/^\[.*\d.*\]\(http.*#v=1&tokens=200M\)\s*$/);
});

/** The preview's frame, once it shows what its address asks for. */
async function preview(page, address = /./) {
  // Each panel has a frame of its own.
  const element = page.locator("iframe[title=Preview]");
  await expect(element).toHaveAttribute("src", address);
  const frame = await (await element.elementHandle()).contentFrame();
  await frame.waitForURL(address);
  await frame.locator("main.embedded").waitFor();
  return frame;
}

test("the preview is as tall as its panel and in the page's theme, and the frame to paste has that height", async ({ page, site }) => {
  await page.goto(`${site}#v=1&tokens=200M`);
  await page.locator(".embed-maker > summary").click();
  const form = page.locator(".embed-form");
  const given = () => page.locator("iframe[title=Preview]").evaluate((e) => e.clientHeight);
  const pasted = async () => Number((await form.getByLabel("Paste this").inputValue()).match(/height="(\d+)"/)[1]);
  for (const panel of ["break-even", "verdict", "projection"]) {
    await form.getByLabel("Panel").selectOption(panel);
    await form.getByLabel("For").selectOption("iframe");
    await expect(form.getByLabel("Paste this")).toHaveValue(new RegExp(`embed=${panel}`));
    const frame = await preview(page, new RegExp(`embed=${panel}`));
    await expect(async () => {
      const height = await frame.evaluate(() => document.body.offsetHeight);
      expect(Math.abs(height - await given()), panel).toBeLessThanOrEqual(1);
      expect(await pasted(), panel).toBe(Math.ceil(height));
    }).toPass();
  }
  const frame = await preview(page, /embed=projection/);
  await page.locator(".switch select").selectOption("dark");
  await expect.poll(() => themeOf(frame), "the page's theme").toBe("dark");
  await form.getByLabel("Theme").selectOption("light");
  const pinned = await preview(page, /theme=light/);
  await expect.poll(() => themeOf(pinned), "a theme that is pinned").toBe("light");
});

// Regression: the frame to paste had the height of the panel before until the preview had told its own.
test("another panel does not take over the height of the one before", async ({ page, site }) => {
  await page.goto(`${site}#v=1&tokens=200M`);
  await page.locator(".embed-maker > summary").click();
  const form = page.locator(".embed-form");
  const heightIn = (snippet) => Number(snippet.match(/height="(\d+)"/)[1]);
  /** How far the height in the snippet is from that of what the preview shows. */
  const away = async (frame) => {
    const height = Math.ceil(await frame.evaluate(() => document.body.offsetHeight));
    return heightIn(await form.getByLabel("Paste this").inputValue()) - height;
  };
  await form.getByLabel("For").selectOption("iframe");
  await form.getByLabel("Panel").selectOption("verdict");
  const before = await preview(page, /embed=verdict/);
  await expect(before.locator("h1")).toHaveText(/\d/);
  await expect(before.locator(".fig.moving")).toHaveCount(0);
  await expect.poll(() => away(before)).toBe(0);
  // Looked at before the preview's next page can have come.
  const snippet = await form.getByLabel("Panel").evaluate(async (select) => {
    select.value = "break-even";
    select.dispatchEvent(new Event("change", { bubbles: true }));
    await new Promise((done) => setTimeout(done));
    return select.closest(".embed-form").querySelector("textarea").value;
  });
  expect(snippet).toContain("embed=break-even");
  expect(heightIn(snippet)).toBe(420);
  // Its own follows.
  const frame = await preview(page, /embed=break-even/);
  await expect.poll(() => away(frame)).toBe(0);
});

// Regression: chosen and left again before it arrived, the panel came all the same, and the frame to paste had its height.
test("a panel that is left before it arrives does not come back", async ({ page, site }) => {
  await page.goto(`${site}#v=1&tokens=200M`);
  await page.locator(".embed-maker > summary").click();
  const form = page.locator(".embed-form");
  await form.getByLabel("Panel").selectOption("projection");
  await form.getByLabel("For").selectOption("iframe");
  await preview(page, /embed=projection/);
  await page.route(/embed=verdict/, async (route) => {
    await new Promise((done) => setTimeout(done, 600));
    await route.continue().catch(() => {});
  });
  await form.getByLabel("Panel").selectOption("verdict");
  await page.waitForTimeout(100);
  await form.getByLabel("Panel").selectOption("projection");
  await page.waitForTimeout(1500);
  const frame = await preview(page, /embed=projection/);
  expect(frame.url()).toContain("embed=projection");
  await expect(async () => {
    const height = await frame.evaluate(() => document.body.offsetHeight);
    expect(Number((await form.getByLabel("Paste this").inputValue()).match(/height="(\d+)"/)[1])).toBe(Math.ceil(height));
  }).toPass();
});

test("a planner's author chooses its controls, which the preview shows and the snippet names", async ({ page, host, site }) => {
  await page.setViewportSize({ width: 1280, height: 1400 });
  await page.goto(`${site}#v=1&tokens=200M`);
  await page.locator(".embed-maker > summary").click();
  const form = page.locator(".embed-form");
  // A preview is left alone until it shows: Chromium complains of a program whose frame is gone while it arrives.
  const shown = (controls) => expect.poll(async () => (await preview(page)).locator(".embed-controls > *").count()).toBe(controls + 1);
  await expect.poll(async () => (await preview(page)).locator("canvas, h1").count()).toBeGreaterThan(0);
  await form.getByLabel("Panel").selectOption("planner");
  await shown(3);
  await expect(form.getByLabel("Paste this")).toHaveValue(/panel="planner" controls="tokens,quant,gpus" link=/);
  await form.getByLabel("Quantization").uncheck();
  await shown(2);
  await form.getByLabel("Growth per month").check();
  await expect(form.getByLabel("Paste this")).toHaveValue(/panel="planner" controls="tokens,growth,gpus" link=/);
  await shown(3);
  // What was made stands in a page of another origin.
  const snippet = await form.getByLabel("Paste this").inputValue();
  await host(snippet.replace(/<script.*<\/script>/, ""));
  const frame = await content(page, 0);
  await expect(frame.locator(".embed-controls > *")).toHaveCount(4);
  await expect(frame.locator("h1")).toHaveText(/\d/);
  await expectHeightsToFollow(page, [frame]);
});
