// Finishes a built page: fixes the bytes of the files it starts with, puts the SHA-256 of its one inline script into its
// Content-Security-Policy, so that no other inline script can run, completes the response headers, and lists the files for
// offline use. Run by Trunk after each build, on the staged folder.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { completeHeaders } from "./headers.mjs";
import { withIntegrity } from "./integrity.mjs";
import { writeServiceWorker } from "./service-worker.mjs";

if (process.env.CROSSOVER_SPLIT) await makeSmall();

const placeholder = "'sha256-BOOT'";
const folder = process.env.TRUNK_STAGING_DIR;
if (!folder) fail("TRUNK_STAGING_DIR is not set; this script is a Trunk hook");

const file = join(folder, "index.html");
const page = complete(readFileSync(file, "utf8"));
const inline = [...page.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map((m) => m[1]);
if (inline.length !== 1) fail(`expected one inline script in index.html, found ${inline.length}`);
if (!page.includes(placeholder)) fail(`index.html has no ${placeholder} in its Content-Security-Policy`);

const hash = createHash("sha256").update(inline[0], "utf8").digest("base64");
// The comment that explains the placeholder has done its work.
const finished = withHubs(page).replace(/\s*<!--[\s\S]*?-->/g, "").replace(placeholder, `'sha256-${hash}'`);
writeFileSync(file, finished);
try {
  completeHeaders(folder);
  writeServiceWorker(folder);
} catch (error) {
  fail(error.message);
}

/** The page with the digests of its files; stops the build where it cannot have them. */
function complete(page) {
  try {
    return withIntegrity(page, folder);
  } catch (error) {
    return fail(error.message);
  }
}

/** Lets the page contact the hubs of CROSSOVER_HUBS (origins, separated by spaces) beside the public one. */
function withHubs(page) {
  const hubs = (process.env.CROSSOVER_HUBS ?? "").split(/\s+/).filter(Boolean);
  const odd = hubs.find((hub) => !/^https?:\/\/[a-z0-9.-]+(:\d+)?$/i.test(hub));
  if (odd) fail(`CROSSOVER_HUBS names '${odd}', which is not an origin such as https://hub.example.org`);
  return page.replace("connect-src 'self' https://huggingface.co", ["connect-src 'self' https://huggingface.co", ...hubs].join(" "));
}

/** A release build: what the first view does not run becomes files of its own, and its texts lose their comments. */
async function makeSmall() {
  try {
    const { minify } = await import("./minify.mjs");
    minify(process.env.TRUNK_STAGING_DIR ?? "");
    const { splitPage } = await import("./split/page.mjs");
    const { moved, ways } = splitPage(process.env.TRUNK_STAGING_DIR ?? "");
    console.log(`${moved} functions and ${ways} ways through others can wait until the page is touched`);
  } catch (error) {
    fail(error.message);
  }
}

function fail(reason) {
  console.error(`The page cannot be finished: ${reason}.`);
  process.exit(1);
}
