// Closes a run with one line that reads the same for people and for machines.
export default class Summary {
  counts = { passed: 0, failed: 0, skipped: 0 };

  onTestEnd(test, result) {
    const last = result.retry === test.retries || result.status === test.expectedStatus;
    if (!last) return;
    if (result.status === "skipped") this.counts.skipped += 1;
    else this.counts[result.status === test.expectedStatus ? "passed" : "failed"] += 1;
  }

  onEnd() {
    const { passed, failed, skipped } = this.counts;
    console.log(`\nbrowser: ${passed} passed, ${failed} failed, ${skipped} skipped`);
  }
}
