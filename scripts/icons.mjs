// Draws the project's icon, public/icon.svg and public/icons/*.png, from one geometry: node scripts/icons.mjs
// A staircase and a straight line that cross. Run it after changing the drawing; the files are committed.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";

const root = join(import.meta.dirname, "..");
const paper = [255, 255, 255], blue = [0, 95, 175], vermilion = [200, 75, 0], ink = [30, 34, 40];
// In units of a 64 x 64 square; later strokes lie on top.
const strokes = [
  { colour: vermilion, width: 5, points: [[11, 53], [53, 13]] },
  { colour: blue, width: 5, points: [[9, 42], [23, 42], [23, 33], [41, 33], [41, 24], [55, 24]] },
];
const crossing = { x: 32, y: 33, radius: 4.5 };

const hex = (rgb) => `#${rgb.map((c) => c.toString(16).padStart(2, "0")).join("")}`;

function svg() {
  const lines = strokes.map(({ colour, width, points }) =>
    `  <polyline points="${points.join(" ")}" fill="none" stroke="${hex(colour)}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"/>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
  <rect width="64" height="64" rx="12" fill="${hex(paper)}"/>
${lines.join("\n")}
  <circle cx="${crossing.x}" cy="${crossing.y}" r="${crossing.radius}" fill="${hex(paper)}" stroke="${hex(ink)}" stroke-width="3"/>
</svg>
`;
}

const clamp = (v) => Math.min(Math.max(v, 0), 1);

function distanceToSegment(x, y, [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const t = clamp(((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy));
  return Math.hypot(x - ax - t * dx, y - ay - t * dy);
}

function distanceToStroke(x, y, points) {
  return Math.min(...points.slice(1).map((p, i) => distanceToSegment(x, y, points[i], p)));
}

/** Signed distance to the rounded square that is the icon's ground; negative inside. */
function distanceToGround(x, y, radius) {
  const [dx, dy] = [Math.abs(x - 32) - 32 + radius, Math.abs(y - 32) - 32 + radius];
  return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - radius;
}

/** Colour and opacity at a point, edges softened over one pixel of the given size. */
function pixel(x, y, size, radius) {
  const cover = (distance) => clamp(0.5 - distance / size);
  let colour = paper;
  const lay = (over, share) => (colour = colour.map((c, i) => c * (1 - share) + over[i] * share));
  for (const { colour: c, width, points } of strokes) lay(c, cover(distanceToStroke(x, y, points) - width / 2));
  const d = Math.hypot(x - crossing.x, y - crossing.y);
  lay(ink, cover(d - crossing.radius - 1.5));
  lay(paper, cover(d - crossing.radius + 1.5));
  return [...colour.map(Math.round), Math.round(255 * (radius ? cover(distanceToGround(x, y, radius)) : 1))];
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A square PNG; `inset` is the margin on each side as a share, `radius` of its corners in 64ths. */
function png(pixels, { inset = 0, radius = 12 } = {}) {
  const rows = Buffer.alloc(pixels * (1 + pixels * 4));
  const size = 64 / (pixels * (1 - 2 * inset));
  for (let j = 0; j < pixels; j += 1) {
    for (let i = 0; i < pixels; i += 1) {
      const [x, y] = [i, j].map((p) => (p + 0.5) * size - (64 * inset) / (1 - 2 * inset));
      rows.set(pixel(x, y, size, radius), j * (1 + pixels * 4) + 1 + i * 4);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(pixels, 0);
  header.writeUInt32BE(pixels, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0))]);
}

mkdirSync(join(root, "public/icons"), { recursive: true });
writeFileSync(join(root, "public/icon.svg"), svg());
const files = { "icon-192": png(192), "icon-512": png(512), "apple-touch-icon": png(180, { radius: 0 }) };
files["icon-maskable-512"] = png(512, { inset: 0.1, radius: 0 });
for (const [name, bytes] of Object.entries(files)) writeFileSync(join(root, `public/icons/${name}.png`), bytes);
