// Closes a run with its longest tests, and with one line that reads the same for people and for machines.
import { basename } from "node:path";

/** How many of the longest tests are named. */
const LONGEST = 10;
/** Characters of a name. */
const WIDTH = 90;

export default class Summary {
  counts = { passed: 0, failed: 0, skipped: 0 };
  times = [];

  onTestEnd(test, result) {
    const last = result.retry === test.retries || result.status === test.expectedStatus;
    if (!last) return;
    if (result.status === "skipped") {
      this.counts.skipped += 1;
      return;
    }
    this.counts[result.status === test.expectedStatus ? "passed" : "failed"] += 1;
    const spec = basename(test.location.file).replace(/\.\w+\.mjs$/, "");
    const name = `${spec} › ${test.title}`;
    this.times.push({ seconds: result.duration / 1000, name: name.length > WIDTH ? `${name.slice(0, WIDTH - 1)}…` : name });
  }

  onEnd() {
    const { passed, failed, skipped } = this.counts;
    const longest = this.times.sort((a, b) => b.seconds - a.seconds).slice(0, LONGEST);
    console.log("");
    for (const { seconds, name } of longest) console.log(`${seconds.toFixed(1).padStart(5)} s  ${name}`);
    console.log(`\nbrowser: ${passed} passed, ${failed} failed, ${skipped} skipped`);
  }
}
