// Puts a .br and a .gz beside each text and program of a folder, for servers that send them as they are:
// node scripts/compress.mjs FOLDER. Both at their highest level, without a date, so that the same file gives the same bytes.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const compressible = /\.(css|html|js|json|svg|txt|wasm|webmanifest)$/;
/** Below this a header costs more than is saved, bytes. */
const least = 512;

for (const entry of readdirSync(process.argv[2], { recursive: true, withFileTypes: true })) {
  const file = join(entry.parentPath ?? entry.path, entry.name);
  const content = entry.isFile() && compressible.test(entry.name) ? readFileSync(file) : Buffer.alloc(0);
  if (content.length < least) continue;
  const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length } };
  writeFileSync(`${file}.br`, brotliCompressSync(content, brotli));
  writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
}
