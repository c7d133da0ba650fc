/** How a part of the check ended. */

export type Outcome = {
  /** Things that were checked and hold; tests, for a run of tests. */
  readonly passed: number;
  readonly failed: number;
  /** One line for the summary, when there is more to say than the numbers. */
  readonly note?: string;
  /** One line for each test that failed, for the end of the summary: what is kept of a long output is its end. */
  readonly failing?: readonly string[];
  /** What it has to say beside, where it did not write while it ran. */
  readonly words?: string;
};

export function passed(count: number, note?: string): Outcome {
  return note === undefined ? { passed: count, failed: 0 } : { passed: count, failed: 0, note };
}

export function failed(count: number, note: string): Outcome {
  return { passed: 0, failed: count, note };
}

/** One thing that holds or does not, by an exit code. */
export function single(code: number, note: string): Outcome {
  return code === 0 ? passed(1) : failed(1, `${note} (exit code ${code})`);
}
