// Puts what the accuracy tests print into README.md as one table, between its markers: scripts/accuracy.sh pipes them in.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const file = join(import.meta.dirname, "../README.md");
const [begin, end] = ["<!-- accuracy: written by make accuracy -->", "<!-- accuracy: end -->"];

/** Cells of the printed tables' lines: words, then figures. */
function rows(output) {
  const line = /^\.?([a-z][\w.-]*)\s+([a-z]\w*)\s+(?:([a-z]\w*)\s+)?(\d+)\s+([\d.]+%)\s+([\d.]+%)(?:\s+([\d.]+%))?$/;
  return output.split("\n").map((text) => text.trim().match(line)).filter(Boolean);
}

const words = (name) => name.replaceAll("_", " ").replace(/ ms$/, "").replace(/^tpot$/, "TPOT").replace(/^ttft$/, "TTFT");
const table = (head, cells) => [head, head.map((_, i) => (i < 2 ? "---" : "--:")), ...cells]
  .map((row) => `| ${row.join(" | ")} |`).join("\n");

const found = rows(readFileSync(0, "utf8"));
const memory = found.filter((m) => m[7]);
const speed = found.filter((m) => !m[7]);
if (!memory.length || !speed.length) {
  console.error("The accuracy tests printed no tables; run scripts/accuracy.sh.");
  process.exit(1);
}
const section = [
  begin,
  table(["predicted", "against", "cases", "median error", "90th percentile", "worst"], [
    ...memory.map((m) => [words(m[2]), words(m[1]), m[4], m[6], "", m[7]]),
    ...speed.map((m) => [words(m[3] ?? ""), `${m[1]}, ${m[2]}`, m[4], m[5], m[6], ""]),
  ]),
  end,
].join("\n");

const text = readFileSync(file, "utf8");
const [from, to] = [text.indexOf(begin), text.indexOf(end)];
if (from < 0 || to < from) {
  console.error(`README.md has lost its markers "${begin}" and "${end}".`);
  process.exit(1);
}
writeFileSync(file, text.slice(0, from) + section + text.slice(to + end.length));
