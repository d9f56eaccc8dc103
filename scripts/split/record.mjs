// The record of what the first view does not run: soon.txt names what a first touch or a shared link may run, later.txt
// what neither does. profile.mjs writes it.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const fileOf = (part) => join(import.meta.dirname, `${part}.txt`);
const hash = (text) => createHash("sha256").update(text).digest("hex").slice(0, 8);

/** How a function is named in the record: a hash of its path without the compiler's own hashes. */
export const nameInRecord = (name) => hash(name.replace(/\[[0-9a-f]{10,16}\]/g, "").replace(/_\d+$/, ""));

/** How a way through a function is named in the record: a hash of that and of the kinds of what it is made of. */
export const nameOfWay = (functionName, kinds) => hash(`${nameInRecord(functionName)} ${kinds}`);

/** The part of each name of the record. */
export function recorded(parts) {
  const all = new Map();
  for (const part of parts) {
    const names = readFileSync(fileOf(part), "utf8").split("\n").filter((line) => !line.startsWith("#")).flatMap((line) => line.split(" "));
    names.filter(Boolean).forEach((name) => all.set(name, part));
  }
  return all;
}

/** Writes the names of a part. */
export function record(part, about, names) {
  const lines = [...names].sort().reduce((all, name, i) => all + (i % 12 ? " " : "\n") + name, "");
  writeFileSync(fileOf(part), `# Functions and ways through functions that ${about}, as hashes of their names; written by make split-record.${lines}\n`);
}
