// Writes service-worker.js into a built page: the page works offline after the first visit.
// The list of files and the version are those of the build, so a new build is a new worker; there is nothing to bump. The
// page carries the version too, so that it can tell whether the worker that answers it is of its own build.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const name = "service-worker.js";
// Read by web servers or by other people's pages, never by this one.
const notPartOfThePage = new Set([name, "_headers", "embed.js"]);
// Kept for offline use when it was used once: who saves no PNG does not pay for the program that draws it.
const onDemand = /^(picture\.js|crossover-picture-.*)$/;

/** Files of a folder, as relative addresses, in a fixed order. */
function filesOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1).replaceAll("\\", "/"))
    .filter((file) => !notPartOfThePage.has(file) && !onDemand.test(file) && !file.endsWith(".map"))
    .sort();
}

const carried = /(<meta name="version" content=")[^"]*(">)/;

/** Writes the version into index.html; the page's own bytes count without it. */
function stamp(folder, version) {
  const file = join(folder, "index.html");
  const page = readFileSync(file, "utf8");
  if (!carried.test(page)) throw new Error("index.html has no <meta name=\"version\" content=\"\">");
  writeFileSync(file, page.replace(carried, `$1${version}$2`));
}

/** Writes the worker of the page in `folder`; returns its version. Call it when every other file is finished. */
export function writeServiceWorker(folder) {
  stamp(folder, "");
  const files = filesOf(folder);
  const hash = createHash("sha256");
  for (const file of files) hash.update(`${file}\0`).update(readFileSync(join(folder, file))).update("\0");
  const template = readFileSync(join(import.meta.dirname, "service-worker.template.js"), "utf8");
  const version = hash.update(template).digest("hex").slice(0, 16);
  writeFileSync(join(folder, name), template.replace('"VERSION"', JSON.stringify(version)).replace('["FILES"]', JSON.stringify(files)));
  stamp(folder, version);
  return version;
}
