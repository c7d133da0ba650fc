/** What is kept is judged without a fault in every check, and the fuzzer tells a fault. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { LOG_FIELDS } from "../../src/format/log/entries.ts";
import { parseLeaf } from "../../src/format/log/leaves.ts";
import { corpusNames, nameOf, readCorpus } from "./corpus.ts";
import { SLOW_MS } from "./loop.ts";
import { randomAt } from "./random.ts";
import { CATALOGUE } from "./targets/catalogue.ts";
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

/** Of the others the seeds are the kit's cases, which are judged by themselves. */
const OWN_SEEDS = TARGETS.filter(({ name }) => !["package", "catalogue", "delta"].includes(name));

test.each(OWN_SEEDS.map((target) => [target.name, target] as const))(
  "%s accepts what changes begin with: else they would reach its first layer alone",
  async (_, target) => {
    const opened = await target.open();
    try {
      const layers: string[] = [];
      for (const seed of await opened.seeds()) layers.push((await opened.judge(seed)).layer);
      expect(layers).toContain("accepted");
    } finally {
      opened.close?.();
    }
  },
);

test("log leaves of every type are among what changes begin with", async () => {
  const target = TARGETS.find(({ name }) => name === "log-leaf");
  const seeds = (await (await target?.open())?.seeds()) ?? [];
  const types = seeds.map((seed) => parseLeaf(seed).type);
  expect(new Set<string>(types)).toEqual(new Set(Object.keys(LOG_FIELDS)));
});

test("a catalogue may have a file where the one before had a folder", async () => {
  const opened = await CATALOGUE.open();
  try {
    for (const path of [
      "known/root.json/x",
      "known/root.json",
      "known/snapshot.json/y",
      "known",
      "known/log.json",
    ])
      expect((await opened.judge(Buffer.from(JSON.stringify({ [path]: "AA==" })))).code).toMatch(
        /^catalogue\./,
      );
    expect((await opened.judge(Buffer.from("{}"))).code).toBeNull();
  } finally {
    opened.close?.();
  }
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

test("the fuzzer tells what makes a parser fail, and which input it was", async () => {
  const { faults } = await watch({
    parser: "testing-crash",
    seed: 1,
    from: 0,
    seconds: 3,
    keep: false,
    silentMs: 4000,
  });
  expect<string | undefined>(faults[0]?.kind).toBe("crash");
  expect((faults[0]?.bytes[0] ?? 0) % 7).toBe(3);
});

test("it tells no hang of a process that has done much, where the input alone comes to its end", async () => {
  const { faults, unconfirmed } = await watch({
    parser: "testing-tired",
    seed: 1,
    from: 0,
    seconds: 2,
    keep: false,
    silentMs: 1000,
  });
  expect(faults).toEqual([]);
  expect(unconfirmed).toBeGreaterThan(0);
});
