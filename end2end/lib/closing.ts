import type { FullResult, Reporter, TestCase, TestResult } from "@playwright/test/reporter";

/** The last line of a run: how many passed, failed and were left out; before it, which were tried again. */
export default class Closing implements Reporter {
  #last = new Map<string, string>();
  #again = new Set<string>();

  onTestEnd(test: TestCase, result: TestResult) {
    if (result.retry) this.#again.add(test.titlePath().slice(2).join(" › "));
    this.#last.set(test.id, result.status === test.expectedStatus && result.status !== "skipped" ? "passed" : result.status);
  }

  onEnd(_: FullResult) {
    const all = [...this.#last.values()];
    const count = (status: string) => all.filter((s) => s === status).length;
    const [passed, skipped] = [count("passed"), count("skipped")];
    for (const title of this.#again) console.log(`tried again: ${title}`);
    console.log(`\n${passed} passed, ${all.length - passed - skipped} failed, ${skipped} skipped`);
  }
}
