// Puts the finished page's Content-Security-Policy into the _headers file beside it, for hosts that send it as a header.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Completes `_headers` in `folder`; call it when the policy in index.html is finished. */
export function completeHeaders(folder) {
  const page = readFileSync(join(folder, "index.html"), "utf8");
  const policy = page.match(/http-equiv="?Content-Security-Policy"?\s+content="([^"]+)"/i)?.[1];
  if (!policy) throw new Error("index.html carries no Content-Security-Policy");
  const file = join(folder, "_headers");
  writeFileSync(file, readFileSync(file, "utf8").replaceAll("Content-Security-Policy: POLICY", `Content-Security-Policy: ${policy}`));
}
