/** What is kept is judged without a fault in every check; and the fuzzer finds what parsers with faults do. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { corpusNames, nameOf, readCorpus } from "./corpus.ts";
import { SLOW_MS } from "./loop.ts";
import { randomAt } from "./random.ts";
import { TARGETS } from "./targets.ts";
import { watch } from "./watch.ts";

setDefaultTimeout(240_000);

describe.each(TARGETS.map((target) => [target.name, target] as const))(
  "what is kept of %s",
  (name, target) => {
    test("ends with a documented code or is accepted, and in time", async () => {
      const opened = await target.open();
      try {
        for (const bytes of readCorpus(name)) {
          const before = process.cpuUsage();
          const { layer } = await opened.judge(bytes);
          const { user, system } = process.cpuUsage(before);
          expect([...target.layers, "accepted"]).toContain(layer);
          expect((user + system) / 1000).toBeLessThan(SLOW_MS);
        }
      } finally {
        opened.close?.();
      }
    });

    test("is named by its digest", () => {
      const digests = readCorpus(name).map(nameOf);
      expect(corpusNames(name).map((file) => file.replace(/^found-/, ""))).toEqual(digests);
    });
  },
);

test("what is kept is of parsers that there are, and small", () => {
  const folder = join(import.meta.dirname, "corpus");
  const known = TARGETS.map(({ name }) => name);
  const kept = readdirSync(folder);
  expect(kept.filter((name) => !known.includes(name))).toEqual([]);
  const sizes = kept.flatMap((name) =>
    corpusNames(name).map((file) => statSync(join(folder, name, file)).size),
  );
  expect(sizes.length).toBeGreaterThan(200);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(2 ** 20);
});

test("the same seed and place give the same input", async () => {
  for (const target of TARGETS) {
    const opened = await target.open();
    try {
      const corpus = [...readCorpus(target.name), Buffer.from('{"a":[1,"b"]}')];
      const make = async () => {
        const random = randomAt(7, 3, target.name);
        for (;;) {
          try {
            return Buffer.from((await opened.make(random, corpus)).bytes);
          } catch {
            // It could not be written; the next draw is as certain.
          }
        }
      };
      const first = await make();
      expect(first.equals(await make())).toBe(true);
    } finally {
      opened.close?.();
    }
  }
});

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
