// Ten thousand draws of one model, here and in Squiggle (npm @quri/squiggle-lang), in one run:
//   npm install --prefix SCRATCH @quri/squiggle-lang && node benches/squiggle/run.mjs SCRATCH
// Squiggle's model has no months (it multiplies by 18) and so less to do than ours, which walks every month.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const here = new URL(".", import.meta.url);
const scratch = resolve(process.argv[2] ?? ".");
const require = createRequire(pathToFileURL(scratch + "/package.json"));
const { run } = await import(pathToFileURL(require.resolve("@quri/squiggle-lang")));

const ours = JSON.parse(
  execFileSync("cargo", ["bench", "--quiet", "--bench", "squiggle"], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }).trim().split("\n").pop(),
);
const model = readFileSync(new URL("model.squiggle", here), "utf8").replaceAll("USD_PER_TOKEN", String(ours.usd_per_token));

let least = Infinity;
let result;
for (let i = 0; i < 20; i++) {
  const start = performance.now();
  result = await run(model, { environment: { sampleCount: 10_000, xyPointLength: 1_000, profile: false, seed: `seed-${i}` } });
  least = Math.min(least, performance.now() - start);
}
if (!result.result.ok) throw new Error(result.result.value.toString());
console.log(JSON.stringify({ ours, squiggle_ms: least, squiggle: result.result.value.result.toString(), times_faster: least / ours.ms }, null, 1));
