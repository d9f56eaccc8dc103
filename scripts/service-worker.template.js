// Keeps the page for offline use. Written by the build: the names below are replaced by this build's.
// A build is cached as a whole or not at all. A new one takes over as soon as it is complete, so that the next load is
// the new version; the build before it is kept, for pages that were still loading it.
const version = "VERSION";
const files = ["FILES"];
const prefix = "crossover-";
const current = prefix + version;

self.addEventListener("install", (event) => {
  event.waitUntil(install());
});

async function install() {
  const cache = await caches.open(current);
  // Names with a hash never change their content, so the browser's own copy will do; the rest is asked for anew.
  const fresh = (file) => (/-[0-9a-f]{16}(_[a-z]+)?\.(js|wasm|css)$/.test(file) ? "default" : "no-cache");
  await cache.addAll(files.map((file) => new Request(file, { cache: fresh(file) })));
  await self.skipWaiting();
}

self.addEventListener("activate", (event) => {
  event.waitUntil(tidy().then(() => self.clients.claim()));
});

// A page asks which version answers it now: where it is not the page's own, the page missed the change.
self.addEventListener("message", (event) => {
  if (event.data === "version") event.ports[0]?.postMessage(version);
});

// Caches are listed oldest first.
async function tidy() {
  const others = (await caches.keys()).filter((key) => key.startsWith(prefix) && key !== current);
  await Promise.all(others.slice(0, -1).map((key) => caches.delete(key)));
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const scope = new URL(self.registration.scope);
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== scope.origin || !url.pathname.startsWith(scope.pathname)) return;
  const file = decodeURIComponent(url.pathname.slice(scope.pathname.length)) || "index.html";
  if (/^(picture\.js|crossover-picture-.*)$/.test(file)) event.respondWith(demanded(file, request));
  else if (files.includes(file) || /^crossover-.*\.(js|wasm)$|\.css$/.test(file)) event.respondWith(answer(file, request));
});

async function answer(file, request) {
  const kept = await (await caches.open(current)).match(file);
  return kept ?? (await caches.match(file)) ?? fetch(request);
}

// Not every reader needs these: asked for when they are used, and without a network the last ones that were.
async function demanded(file, request) {
  try {
    const answer = await fetch(request);
    if (answer.ok) await (await caches.open(current)).put(file, answer.clone());
    return answer;
  } catch (offline) {
    const kept = await caches.match(file);
    if (kept) return kept;
    throw offline;
  }
}
