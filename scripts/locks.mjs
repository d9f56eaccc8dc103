// Checks that everything fetched from a registry beside crates is fixed to one version and, where the format can, to its
// bytes: npm locks, pip requirements, and actions of workflows. node scripts/locks.mjs; run by scripts/deny.sh.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const root = join(import.meta.dirname, "..");
const read = (file) => readFileSync(join(root, file), "utf8");
const tracked = (...patterns) =>
  execFileSync("git", ["ls-files", "--", ...patterns], { cwd: root, encoding: "utf8" }).split("\n").filter(Boolean);
const problems = [];
let checked = 0;
const expect = (holds, problem) => {
  checked += 1;
  if (!holds) problems.push(problem);
};

for (const lock of tracked("*package-lock.json")) {
  const manifest = JSON.parse(read(join(dirname(lock), "package.json")));
  for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
    expect(/^\d+\.\d+\.\d+$/.test(version), `${dirname(lock)}/package.json: ${name} is '${version}', not one version`);
  }
  for (const [path, { integrity, inBundle }] of Object.entries(JSON.parse(read(lock)).packages)) {
    if (path !== "" && !inBundle) expect(/^sha512-/.test(integrity ?? ""), `${lock}: ${path} has no sha512 of its bytes`);
  }
}
for (const file of tracked("*requirements.txt")) {
  for (const line of read(file).split("\n").filter((text) => text.trim() && !text.startsWith("#"))) {
    expect(/^[\w.[\]-]+==[\w.]+$/.test(line.trim()), `${file}: '${line}' is not one version`);
  }
}
for (const file of tracked("*.yml", "*.yaml", "*.md")) {
  for (const [, action] of read(file).matchAll(/^\s*-?\s*uses:\s*(\S+)/gm)) {
    expect(/@[0-9a-f]{40}$/.test(action), `${file}: the action ${action} is not pinned to a commit`);
  }
}
if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exit(1);
}
console.log(`${checked} packages of npm and pip and actions are fixed`);
