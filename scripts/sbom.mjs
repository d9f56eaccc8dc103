// Lists what the page and the program are compiled from, as CycloneDX 1.5: node scripts/sbom.mjs writes
// target/sbom/page.cdx.json and program.cdx.json, which scripts/archive.sh packs. From Cargo.lock alone, without a date
// or a serial number, so that the same commit gives the same bytes.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const out = join(root, "target/sbom");
const host = execFileSync("rustc", ["-vV"], { encoding: "utf8" }).match(/host: (.*)/)[1];

const metadata = (target) =>
  JSON.parse(execFileSync("cargo", ["metadata", "--locked", "--format-version", "1", "--filter-platform", target], {
    cwd: root, encoding: "utf8", maxBuffer: 1 << 28,
  }));

/** The packages that end up in what is built for a target: reachable over normal dependencies, not build or test ones. */
function reached({ resolve }) {
  const nodes = new Map(resolve.nodes.map((node) => [node.id, node]));
  const seen = new Set([resolve.root]);
  for (const id of seen) {
    for (const { pkg, dep_kinds } of nodes.get(id).deps) if (dep_kinds.some(({ kind }) => kind === null)) seen.add(pkg);
  }
  return { seen, edges: (id) => nodes.get(id).deps.filter(({ pkg }) => seen.has(pkg)).map(({ pkg }) => pkg) };
}

function document(target) {
  const all = metadata(target);
  const { seen, edges } = reached(all);
  const packages = new Map(all.packages.map((p) => [p.id, p]));
  const reference = (id) => `pkg:cargo/${packages.get(id).name}@${packages.get(id).version}`;
  const component = (id, type) => {
    const { name, version, license, description } = packages.get(id);
    return {
      type, "bom-ref": reference(id), name, version, ...(description ? { description: description.trim() } : {}),
      ...(license ? { licenses: [{ expression: license.replaceAll("/", " OR ") }] } : {}), purl: reference(id),
    };
  };
  const ids = [...seen].sort((a, b) => (reference(a) < reference(b) ? -1 : 1));
  return {
    bomFormat: "CycloneDX", specVersion: "1.5", version: 1,
    metadata: { component: component(all.resolve.root, "application") },
    components: ids.filter((id) => id !== all.resolve.root).map((id) => component(id, "library")),
    dependencies: ids.map((id) => ({ ref: reference(id), dependsOn: [...new Set(edges(id).map(reference))].sort() })),
  };
}

mkdirSync(out, { recursive: true });
for (const [name, target] of [["page", "wasm32-unknown-unknown"], ["program", host]]) {
  const list = document(target);
  writeFileSync(join(out, `${name}.cdx.json`), `${JSON.stringify(list, null, 1)}\n`);
  console.log(`target/sbom/${name}.cdx.json: ${list.components.length} crates`);
}
