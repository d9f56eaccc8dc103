// Serves a built page: node scripts/serve.mjs FOLDER [--port N] [--base /some/path/] [--open] [--brotli]
// As a module, `serve(folder, options)` is the server of the browser tests.
import { spawn } from "node:child_process";
import { createReadStream, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { brotliCompressSync } from "node:zlib";

const types = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".md": "text/markdown; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

/** The file of `folder` that a request path names, or null; never one outside the folder. */
function fileFor(folder, base, url) {
  let path;
  try {
    path = decodeURIComponent(new URL(url, "http://localhost").pathname);
  } catch {
    return null;
  }
  if (!path.startsWith(base)) return null;
  const file = normalize(join(folder, path.slice(base.length)));
  if (file !== normalize(folder) && !file.startsWith(normalize(folder + sep))) return null;
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat?.isDirectory()) return fileIfThere(join(file, "index.html"));
  return stat?.isFile() ? file : null;
}

function fileIfThere(file) {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ? file : null;
}

/** Texts and programs as good hosts send them, compressed once. */
const packed = new Map();
function brotliOf(file) {
  if (!packed.has(file)) packed.set(file, brotliCompressSync(readFileSync(file)));
  return packed.get(file);
}

/**
 * Starts a server on the loopback address; a port of 0 takes a free one. Resolves to { url, close }. With `brotli` it
 * compresses as good hosts do, at the highest level; a file is then read once.
 */
export function serve(folder, { port = 0, base = "/", brotli = false } = {}) {
  const server = createServer((request, response) => {
    const file = request.method === "GET" || request.method === "HEAD" ? fileFor(folder, base, request.url) : null;
    if (!file) {
      response.writeHead(404, { "content-type": "text/plain; charset=utf-8" }).end("There is no such file.\n");
      return;
    }
    const accepts = brotli && /\bbr\b/.test(request.headers["accept-encoding"] ?? "") && extname(file) !== ".png";
    response.writeHead(200, {
      "content-type": types[extname(file)] ?? "application/octet-stream",
      "content-length": accepts ? brotliOf(file).length : statSync(file).size,
      ...(accepts ? { "content-encoding": "br", vary: "accept-encoding" } : {}),
      "cache-control": "no-cache",
      "x-content-type-options": "nosniff",
      // A frame with sandbox="allow-scripts" has no origin of its own; its module scripts need this.
      "access-control-allow-origin": "*",
    });
    if (request.method === "HEAD") response.end();
    else if (accepts) response.end(brotliOf(file));
    else createReadStream(file).on("error", () => response.destroy()).pipe(response);
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const url = `http://127.0.0.1:${server.address().port}${base}`;
      resolve({ url, close: () => new Promise((done) => (server.closeAllConnections(), server.close(done))) });
    });
  });
}

/** Opens the reader's browser where there is a screen to show it on. */
function openBrowser(url) {
  const screen = process.platform === "darwin" || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (!screen || process.env.CI) return;
  const opener = process.platform === "darwin" ? "open" : "xdg-open";
  spawn(opener, [url], { stdio: "ignore", detached: true }).on("error", () => {}).unref();
}

/** The first free port from `port` on, so that a second page can be served beside the first. */
async function serveNear(folder, port, options) {
  for (let candidate = port; candidate < port + 20; candidate += 1) {
    try {
      return await serve(folder, { port: candidate, ...options });
    } catch (error) {
      if (error.code !== "EADDRINUSE") throw error;
    }
  }
  throw new Error(`ports ${port} to ${port + 19} are all taken; choose one with PORT=N`);
}

async function main(args) {
  const value = (name, otherwise) => (args.includes(name) ? args[args.indexOf(name) + 1] : otherwise);
  const folder = args[0] ?? "dist";
  if (!fileIfThere(join(folder, "index.html"))) throw new Error(`${folder} holds no page; run make build first`);
  const { url } = await serveNear(folder, Number(value("--port", "8080")), { base: value("--base", "/"), brotli: args.includes("--brotli") });
  console.log(`Crossover is at ${url} (Ctrl-C stops it)`);
  if (args.includes("--open")) openBrowser(url);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  main(process.argv.slice(2)).catch((error) => {
    console.error(`Crossover: ${error.message}.`);
    process.exit(1);
  });
}
