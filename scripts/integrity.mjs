// Fixes the bytes of what a page loads (Subresource Integrity): a file that was cut, mixed with another build's or tampered
// with between the page and the reader does not run. Called by finish-page.mjs on a page whose files are finished.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The digest of some bytes as `integrity` names it. */
export const digestOf = (bytes) => `sha384-${createHash("sha384").update(bytes).digest("base64")}`;

/** The page in `folder` with the digest of every script, style sheet and program it starts with. */
export function withIntegrity(page, folder) {
  const digest = (address) => digestOf(readFileSync(join(folder, address)));
  const tags = page.replace(/<(?:script|link)\b[^>]*>/g, (tag) => {
    const address = tag.match(/\s(?:src|href)="([^"]+)"/)?.[1];
    if (!address || !(tag.startsWith("<script") || /\brel="(?:stylesheet|modulepreload)"/.test(tag))) return tag;
    // Within a frame that has no origin of its own every file is of another one, whose digest can only be checked with CORS.
    const shared = /\scrossorigin/.test(tag) ? "" : ' crossorigin="anonymous"';
    return tag.replace(/\s*\/?>$/, `${shared} integrity="${digest(address)}">`);
  });
  // A preload of WebAssembly cannot name its digest, so that the program's request, which does, would not be answered by
  // it: the script that starts the page asks itself, before it waits for anything.
  const boot = /import init from '([^']+)';\s*const wasm = await init\(\{ module_or_path: '([^']+)' \}\);/;
  const [, glue, program] = tags.match(boot) ?? [];
  if (!program) throw new Error("the script that starts the page has changed: it does not name the program");
  const start = `const program = fetch('${program}', { integrity: '${digest(program)}' });\n` +
    `const { default: init } = await import('${glue}');\nconst wasm = await init({ module_or_path: program });`;
  return tags.replace(boot, () => start).replace(/<link rel="preload"[^>]*\bas="fetch"[^>]*>/, "");
}
