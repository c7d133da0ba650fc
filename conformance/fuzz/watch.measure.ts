/** The fuzzer finds what parsers with faults do, each fault by waiting for it. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { watch } from "./watch.ts";

setDefaultTimeout(240_000);

describe("the fuzzer finds", () => {
  const run = (parser: string, seconds: number, silentMs = 4000) =>
    watch({ parser, seed: 1, from: 0, seconds, keep: false, silentMs });

  test.each([
    ["testing-crash", "crash", "a fault of the parser"],
    ["testing-code", "crash", "no documented code"],
    ["testing-growth", "growth", "MiB more"],
    ["testing-slow", "slow", "of the processor"],
    ["testing-exit", "exit", "ended with 7"],
    ["testing-hang", "hang", "nothing was heard"],
  ])("what %s does: %s", async (parser, kind, words) => {
    const { faults } = await run(parser, 3, kind === "slow" ? 60_000 : 4000);
    expect<string | undefined>(faults[0]?.kind).toBe(kind);
    expect(faults[0]?.words).toContain(words);
    // The input at fault is told, not just one that was near.
    const [first = 0] = faults[0]?.bytes ?? [];
    expect(parser === "testing-code" ? (faults[0]?.bytes.length ?? 1) % 2 === 0 : first % 7 === 3).toBe(true);
  });

  test("what never ends and does nothing either, whether the runtime notices or not", async () => {
    const { faults } = await run("testing-never", 3, 400);
    expect(["exit", "hang"]).toContain(faults[0]?.kind ?? "");
  });

  test("nothing where a process that has done much is slow, and the input alone is not", async () => {
    const { faults, unconfirmed } = await run("testing-late", 3, 60_000);
    expect(faults).toEqual([]);
    expect(unconfirmed).toBeGreaterThan(0);
  });

  test("nothing in a parser without faults, and counts what it did", async () => {
    const report = await run("log-head", 1);
    expect(report).toMatchObject({ faultCount: 0, faults: [] });
    const sum = (counts: Readonly<Record<string, number>>) =>
      Object.values(counts).reduce((all, one) => all + one, 0);
    expect(report.executions).toBeGreaterThan(0);
    expect(sum(report.layers)).toBe(report.executions);
    expect(sum(report.repaired)).toBe(report.executions);
    for (const layer of ["json", "shape"]) expect(report.layers[layer]).toBeGreaterThan(0);
  });
});
