// Draws how the time of a plan grows with what it is asked for: node scripts/growth.mjs [RUNS] (make growth builds the
// program and writes docs/src/images/growth.svg). Each point is the shortest time of all runs, which other programs on
// the machine lengthen least.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const program = join(root, process.env.CARGO_TARGET_DIR ?? "target", "release/examples/stopwatch");
const runs = Number(process.argv[2] ?? 5);
const [WIDTH, HEIGHT, GAP] = [320, 220, 40];
const [LEFT, TOP, BOTTOM] = [56, 44, 34];

/** By series, [size, us] with the shortest time of all runs. */
function measured() {
  const all = Array.from({ length: runs }, () => JSON.parse(execFileSync(program, { encoding: "utf8" })).growth);
  return Object.entries(all[0]).map(([name, points]) =>
    [name, points.map(([size], i) => [size, Math.min(...all.map((growth) => growth[name][i][1]))])]);
}

const time = (us) => (us < 1000 ? `${us.toPrecision(3).replace(/\.0+$/, "")} us` : `${(us / 1000).toPrecision(3)} ms`);
const count = (n) => n.toLocaleString("en");
const text = (x, y, words, rest = "") => `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${rest}>${words}</text>`;

/** One picture on logarithmic axes, from its lower left end of data to a decade that holds it. */
function panel([name, points], x0, y0) {
  const [xs, ys] = [points.map((p) => p[0]), points.map((p) => p[1])];
  const [low, high] = [10 ** Math.floor(Math.log10(Math.min(...ys))), 10 ** Math.ceil(Math.log10(Math.max(...ys)))];
  const place = (v, from, to, start, end) => start + ((end - start) * Math.log(v / from)) / Math.log(to / from);
  const [right, base] = [x0 + WIDTH - 12, y0 + HEIGHT - BOTTOM];
  const x = (v) => place(v, xs[0], xs.at(-1), x0 + LEFT, right);
  const y = (v) => place(v, low, high, base, y0 + TOP);
  const decades = Array.from({ length: Math.round(Math.log10(high / low)) + 1 }, (_, i) => low * 10 ** i);
  const grid = decades.map((v) => `<path d="M${x0 + LEFT} ${y(v).toFixed(1)}H${right}" stroke="#e6e3dc"/>`
    + text(x0 + LEFT - 6, y(v) + 4, time(v), 'text-anchor="end" fill="#5d6167"'));
  const ticks = points.map(([v]) => text(x(v), base + 18, count(v), 'text-anchor="middle" fill="#5d6167"'));
  const line = `<path d="M${points.map(([a, b]) => `${x(a).toFixed(1)} ${y(b).toFixed(1)}`).join("L")}" fill="none" stroke="#0b5cad" stroke-width="2"/>`;
  const dots = points.map(([a, b]) => `<circle cx="${x(a).toFixed(1)}" cy="${y(b).toFixed(1)}" r="3" fill="#0b5cad"/>`);
  const ends = [points[0], points.at(-1)].map(([a, b], i) =>
    text(x(a), y(b) - 9, time(b), `text-anchor="${i ? "end" : "start"}" fill="#1c1e21"`));
  return [text(x0 + LEFT, y0 + 18, name, 'fill="#1c1e21" font-weight="600"'), ...grid, ...ticks, line, ...dots, ...ends].join("\n");
}

const series = measured();
const [w, h] = [2 * WIDTH + GAP, 2 * HEIGHT + GAP];
const panels = series.map((s, i) => panel(s, (i % 2) * (WIDTH + GAP), Math.floor(i / 2) * (HEIGHT + GAP)));
writeFileSync(join(root, "docs/src/images/growth.svg"),
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${w} ${h}" font-family="system-ui, sans-serif" font-size="12">\n`
  + `<title>Time of a native plan by months, steps, draws and size of the catalog</title>\n`
  + `<rect width="${w}" height="${h}" fill="#fdfcf9"/>\n${panels.join("\n")}\n</svg>\n`);
for (const [name, points] of series) console.log(`${name}: ${points.map(([size, us]) => `${count(size)} ${time(us)}`).join(", ")}`);
