// The release archive, unpacked: it works from a sub-folder of a host like GitHub Pages, which knows no headers of ours,
// sends ten-minute caching, redirects a folder to its slash and answers 404 with a page of its own; and the servers of
// docs/recipes (nginx, Caddy) start with their recipes and send compressed files with the right headers.
import { expect, test } from "@playwright/test";
import { execFileSync, spawn } from "node:child_process";
import { createReadStream, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";

const root = join(import.meta.dirname, "../..");
const types = { ".css": "text/css", ".html": "text/html", ".js": "text/javascript", ".json": "application/json", ".png": "image/png", ".svg": "image/svg+xml", ".wasm": "application/wasm", ".webmanifest": "application/manifest+json", ".woff2": "font/woff2" };

let folder, site;
test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "crossover-archive-"));
  const archives = readdirSync(join(root, "target/archive")).filter((name) => name.endsWith(".tar.gz"));
  expect(archives).toHaveLength(1);
  execFileSync("tar", ["--extract", "--file", join(root, "target/archive", archives[0]), "--directory", folder]);
  site = join(folder, archives[0].replace(".tar.gz", ""), "site");
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A host like GitHub Pages, with the site at /sub/folder/. */
function pages(folder, asked) {
  const base = "/sub/folder/";
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const inside = `${pathname}/`.startsWith(base);
    const file = inside ? join(folder, decodeURIComponent(pathname.slice(base.length))) : "";
    const found = existsSync(file) && statSync(file).isDirectory() ? join(file, "index.html") : file;
    if (found !== file && !pathname.endsWith("/")) {
      response.writeHead(301, { location: `${pathname}/` }).end();
    } else if (file && existsSync(found)) {
      asked?.push([200, pathname]);
      response.writeHead(200, { "content-type": types[extname(found)] ?? "application/octet-stream", "cache-control": "max-age=600", "access-control-allow-origin": "*" });
      createReadStream(found).pipe(response);
    } else {
      asked?.push([404, pathname]);
      response.writeHead(404, { "content-type": "text/html" }).end("<!doctype html><title>404</title>There isn't a GitHub Pages site here.");
    }
  });
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => {
      const close = () => new Promise((done) => (server.closeAllConnections(), server.close(done)));
      resolve({ origin: `http://127.0.0.1:${server.address().port}`, base, close });
    }),
  );
}

function listen(page) {
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  return complaints;
}

test("the archive works from a sub-folder of a host like GitHub Pages, and offline after the visit", async ({ page }) => {
  const asked = [];
  const host = await pages(site, asked);
  const complaints = listen(page);
  const foreign = [];
  page.on("request", (request) => request.url().startsWith(host.origin) || /^(data|blob):/.test(request.url()) || foreign.push(request.url()));
  await page.goto(`${host.origin}/sub/folder#v=1&tokens=200M`);
  await expect(page.locator("h1")).toHaveText(/\d/);
  await expect(page.getByRole("textbox", { name: "Tokens per day", exact: true })).toHaveValue(/200M/);
  await page.evaluate(() => new Promise((resolve) => {
    if (navigator.serviceWorker.controller) resolve();
    else navigator.serviceWorker.addEventListener("controllerchange", () => resolve());
  }));
  await page.goto(`${host.origin}/sub/folder/?embed=break-even#v=1&tokens=200M`);
  await expect(page.locator("figcaption")).toHaveText(/\d/);
  expect(asked.filter(([status]) => status !== 200), "every file the page asks for is there").toEqual([]);
  expect(foreign, "nothing is asked of another origin").toEqual([]);
  await host.close();
  await page.goto(`${host.origin}/sub/folder/#v=1&tokens=300M`);
  await expect(page.getByRole("textbox", { name: "Tokens per day", exact: true })).toHaveValue(/300M/);
  expect(complaints).toEqual([]);
});

test("nothing in the archive is an absolute address of its own, and its lists name what is there", () => {
  const index = readFileSync(join(site, "index.html"), "utf8");
  const addresses = [...index.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]);
  expect(addresses.filter((address) => /^\/|^https?:/.test(address))).toEqual([]);
  const listed = JSON.parse(readFileSync(join(site, "service-worker.js"), "utf8").match(/const files = (\[.*\]);/)[1]);
  expect(listed.filter((file) => !existsSync(join(site, file)))).toEqual([]);
  const around = readdirSync(join(site, ".."));
  expect(around).toEqual(expect.arrayContaining(["LICENSE-APACHE", "LICENSE-MIT", "README.md", "servers", "site"]));
  const servers = readdirSync(join(site, "../servers"));
  expect(servers.sort()).toEqual(["Caddyfile", "crossover.conf", "sub-folder.Caddyfile", "sub-folder.conf"]);
  const headers = readFileSync(join(site, "_headers"), "utf8");
  for (const path of ["/", "/index.html"]) expect(headers).toContain(`\n${path}\n  Content-Security-Policy: ${policy()}\n`);
  expect(headers.split("Content-Security-Policy").length - 1, "not for the book, which has scripts of its own").toBe(2 + 1);
});

test("the archive lists every crate of the page and the program, with licence", () => {
  for (const [list, expected] of [["page", "leptos"], ["program", "clap"]]) {
    const { bomFormat, components } = JSON.parse(readFileSync(join(site, `../${list}.cdx.json`), "utf8"));
    expect(bomFormat).toBe("CycloneDX");
    expect(components.map(({ name }) => name)).toContain(expected);
    expect(components.filter(({ licenses, version, purl }) => !licenses?.length || !version || !purl)).toEqual([]);
  }
});

/** The policy that the page carries, as a header, which may also say who may frame it. */
const policy = () => `${readFileSync(join(site, "index.html"), "utf8").match(/Content-Security-Policy" content="([^"]+)"/)[1]}; frame-ancestors *`;

const program = (name) => ["/usr/sbin", "/usr/bin", "/usr/local/bin"].map((place) => join(place, name)).find(existsSync);

/** A tenth of a second. */
const rest = () => new Promise((resolve) => setTimeout(resolve, 100));

/** Waits until a server answers; its own words are the reason where it does not. */
async function answered(url, said) {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const response = await fetch(url).catch(() => null);
    if (response) return;
    await rest();
  }
  throw new Error(`no answer from ${url}: ${said()}`);
}

/** A port that was free a moment ago; another worker may take it before the server does. */
const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** A recipe with this machine's folder and port in it, and the command that serves it. */
const servers = {
  nginx: (port, work, file) => {
    const recipe = readFileSync(join(site, "../servers", file), "utf8");
    const local = recipe.replace("listen 80;", `listen 127.0.0.1:${port};`).replace("/srv/crossover", site).replace("/srv/www", work);
    const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${work}/${name};`).join(" ");
    const config = join(work, "nginx.conf");
    const user = process.getuid() === 0 ? "user root;" : "";
    writeFileSync(config, `daemon off; ${user} pid ${work}/pid; error_log stderr notice;\nevents {}\nhttp { include /etc/nginx/mime.types; access_log off; ${paths}\n${local}\n}\n`);
    return { check: ["-t", "-c", config, "-p", work], serve: ["-c", config, "-p", work] };
  },
  caddy: (port, work, file) => {
    const recipe = readFileSync(join(site, "../servers", file), "utf8");
    const local = recipe.replace(/^\w+\.example \{/m, `http://127.0.0.1:${port} {`).replace("/srv/crossover", site).replace("/srv/www", work);
    const config = join(work, "Caddyfile");
    writeFileSync(config, `{\n\tadmin off\n}\n${local}`);
    return { check: ["validate", "--config", config, "--adapter", "caddyfile"], serve: ["run", "--config", config, "--adapter", "caddyfile"] };
  },
};

/** What each says once its port is its own: what answers there before that may be the server of another worker. */
const listens = { nginx: /start worker process/, caddy: /serving initial configuration/ };

/** Starts a server, on another port where somebody took the one that was free. */
async function started(name, file, work) {
  const found = program(name);
  expect(found, `${name} is installed (scripts/install.sh web-servers)`).toBeTruthy();
  const env = { ...process.env, HOME: work, XDG_DATA_HOME: work, XDG_CONFIG_HOME: work };
  let said;
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const port = await freePort();
    const { check, serve } = servers[name](port, work, file);
    execFileSync(found, check, { stdio: "pipe", env });
    const child = spawn(found, serve, { stdio: ["ignore", "pipe", "pipe"], env });
    said = "";
    child.stderr.on("data", (text) => (said += text));
    const gone = new Promise((resolve) => child.once("exit", resolve));
    for (let i = 0; i < 300 && child.exitCode === null && !listens[name].test(said); i += 1) await rest();
    if (child.exitCode === null) return { port, said: () => said, stop: () => (child.kill("SIGTERM"), gone) };
  }
  throw new Error(`${name} does not start: ${said}`);
}

/** Every recipe, and the path it serves the page at. */
const recipes = [
  ["nginx", "crossover.conf", "/"],
  ["nginx", "sub-folder.conf", "/tools/crossover/"],
  ["caddy", "Caddyfile", "/"],
  ["caddy", "sub-folder.Caddyfile", "/tools/crossover/"],
];

for (const [name, file, path] of recipes) {
  test(`${name} accepts ${file}, compresses, caches names with a hash only, and serves the page`, async ({ page }) => {
    const work = mkdtempSync(join(tmpdir(), `crossover-${name}-`));
    const { port, said, stop } = await started(name, file, work);
    try {
      const url = `http://127.0.0.1:${port}${path}`;
      await answered(url, said);
      // Without its slash a folder's relative addresses would lead beside it.
      expect((await fetch(url.slice(0, -1))).url).toBe(url);
      const wasm = readdirSync(site).find((file) => file.endsWith(".wasm"));
      for (const [asked, type, cache] of [["", "text/html", "no-cache"], [wasm, "application/wasm", "public, max-age=31536000, immutable"], ["embed.js", "javascript", "no-cache"]]) {
        const { headers, status } = await fetch(url + asked, { headers: { "accept-encoding": name === "caddy" ? "br" : "gzip" } });
        expect(status).toBe(200);
        expect(headers.get("content-type"), asked).toContain(type);
        expect(headers.get("cache-control"), asked).toBe(cache);
        expect(headers.get("content-encoding"), asked).toBe(name === "caddy" ? "br" : "gzip");
        expect(headers.get("x-content-type-options"), asked).toBe("nosniff");
        expect(headers.get("content-security-policy"), asked).toBe(asked === "" ? policy() : null);
        expect(headers.get("access-control-allow-origin"), asked).toBe("*");
      }
      expect((await fetch(`${url}index.html`)).headers.get("content-security-policy")).toBe(policy());
      expect((await fetch(`${url}no-such-file`)).status).toBe(404);
      const complaints = listen(page);
      await page.goto(`${url}#v=1&tokens=200M`);
      await expect(page.locator("h1")).toHaveText(/\d/);
      await page.goto(`${url}docs/book/index.html`);
      await expect(page.locator("main h1").first()).toHaveText(/\S/);
      expect(complaints).toEqual([]);
    } finally {
      await stop();
      rmSync(work, { recursive: true, force: true });
    }
  });
}
