// Links that cannot be read in full: a visible, specific message with path and hint, a page that works, and the
// reader's link kept until the reader changes something.
import { choice, expect, linkOf, move, settled, slider, test, verdict, waitForLink } from "./crossover.mjs";

const alert = (page) => page.getByRole("alert");

// What the message must name: the field or key, and a way out.
const bad = {
  // It stands there as the reader wrote it: "Tokns" would be found nowhere in the link.
  "an unknown key": ["#v=1&tokns=5M", [/\btokns: is not a key/, /tokens/]],
  "a number out of range": ["#v=1&growth=900%25", [/growth/i, /100 ?%|1\b/]],
  "a negative number": ["#v=1&tokens=-5M/d", [/tokens per day|tokens_per_day/i]],
  "NaN": ["#v=1&tokens=NaN", [/tokens per day|tokens_per_day/i, /NaN/]],
  "infinity": ["#v=1&engineer=inf", [/engineer/i]],
  "a word in place of a number": ["#v=1&peak=lots", [/peak/i, /lots/]],
  "an unknown quantization": ["#v=1&quant=fp9", [/fp9/, /fp8/]],
  "a broken percent sequence": ["#v=1&title=%E0%A4%A", [/percent|title/i]],
  "a newer version": ["#v=7&tokens=50M", [/version|newer/i, /7/]],
  "an oversized link": [`#v=1&title=${"x".repeat(9000)}`, [/8|long|bytes/i]],
  "something that is no link": ["#%%%&&==&<script>alert(1)</script>", [/./]],
};

for (const [name, [link, says]] of Object.entries(bad)) {
  test(`${name}: said, survived, kept`, async ({ page, open, site }) => {
    await open(link);
    await expect(alert(page).first()).toBeVisible();
    const words = (await alert(page).allTextContents()).join("\n");
    for (const pattern of says) expect(words).toMatch(pattern);

    // The address bar still holds what was pasted, also after the answer has come to rest.
    await page.waitForTimeout(800);
    const kept = new URL(site + link).hash;
    expect(await linkOf(page)).toBe(kept);

    // The page works: a slider still changes the answer and the link.
    await move(page, "Tokens per day", 3);
    await waitForLink(page, /^#v=1&.*tokens=/);
    await settled(page);
    await expect(verdict(page)).not.toBeEmpty();
    await expect(page.locator("#failure")).toHaveCount(0);
  });
}

// The engine needs these two to answer at all, so the page asks for another one.
const unknown = {
  model: ["#v=1&model=llama-3.3-70x", /llama-3\.3-70x/i, /llama-3\.3-70b/i, "Model", "llama-3.3-70b"],
  accelerator: ["#v=1&gpu=h100sxm", /h100sxm/i, /h100-sxm/i, "Accelerator", "h100"],
};

for (const [what, [link, name, near, label, other]] of Object.entries(unknown)) {
  test(`an unknown ${what}: named with its neighbours, kept, and mended by choosing another`, async ({ page, open }) => {
    await open(link);
    await expect(alert(page).first()).toBeVisible();
    const words = (await alert(page).allTextContents()).join("\n");
    expect(words).toMatch(name);
    expect(words).toMatch(near);
    await page.waitForTimeout(800);
    expect(await linkOf(page)).toBe(link);
    const picker = choice(page, label);
    await picker.click();
    await picker.fill(other);
    await page.keyboard.press("Enter");
    await expect(verdict(page)).not.toBeEmpty();
    await expect(alert(page)).toHaveCount(0);
  });
}

test("a link pasted into the open page is answered", async ({ page, open }) => {
  await open("#v=1&tokens=1M/d");
  const before = await verdict(page).textContent();
  await page.evaluate(() => { location.hash = "#v=1&tokens=5B/d"; });
  await expect(verdict(page)).not.toHaveText(before);
});

// Regression: what was read of the link was written over it where a move was about to be, and what was wrong could not be
// looked up.
for (const rest of [0, 50]) {
  test(`a link that cannot be read in full stays, ${rest} ms after a slider was moved`, async ({ page, open }) => {
    const link = "#v=1&tokns=5M";
    await open("#v=1&tokens=200M");
    // In one go, so that the page has no time to write the move before the link comes.
    await slider(page, "Tokens per day").evaluate(async (e, [hash, ms]) => {
      e.stepUp(3);
      e.dispatchEvent(new InputEvent("input", { bubbles: true }));
      if (ms > 0) await new Promise((done) => setTimeout(done, ms));
      location.hash = hash;
    }, [link, rest]);
    await page.waitForTimeout(500);
    expect(await linkOf(page)).toBe(link);
    await expect(alert(page).first()).toBeVisible();
    await expect(alert(page).first()).toContainText("tokns");
  });
}

// Regression: the page went back, and the address and what was said of it stayed with the link.
test("undo leaves a link that cannot be read in full", async ({ page, open }) => {
  await open("#v=1&tokens=200M");
  await page.evaluate(() => { location.hash = "#v=1&tokns=5M"; });
  await expect(alert(page).first()).toContainText("tokns");
  await page.getByRole("button", { name: "Undo" }).click();
  await waitForLink(page, /tokens=200M/);
  await expect(alert(page)).toHaveCount(0);
});

test("markup in a link is text", async ({ page, open }) => {
  await open("#v=1&title=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E&engine-version=%3Cb%3Ebold%3C%2Fb%3E");
  await expect(page.locator("main img, main b:has-text('bold'):not(.trouble b)")).toHaveCount(0);
});
