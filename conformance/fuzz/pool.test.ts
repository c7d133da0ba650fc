/** What a run holds has a bound, however much of it is new, and what goes is decided by the seed. */
import { describe, expect, test } from "bun:test";
import { Problem, type ProblemDetail } from "../../src/errors.ts";
import { fuzz, signatureOf } from "./loop.ts";
import { createOutcomes, createPool, OUTCOMES_MOST, POOL_BYTES, POOL_ITEM_BYTES, POOL_MOST } from "./pool.ts";
import { randomAt } from "./random.ts";
import { placeOf, refusedBy } from "./target.ts";
import { TESTING_TARGETS } from "./testing-targets.ts";

const SEEDS = [Buffer.from("one"), Buffer.from("two")];
const BOUNDS = { most: 20, bytes: 1000 };

function filled(seed: number, sizes: readonly number[]) {
  const pool = createPool(SEEDS, BOUNDS);
  for (const [place, size] of sizes.entries())
    pool.add(new Uint8Array(size).fill(place), randomAt(seed, place, "pool"));
  return pool;
}

describe("the pool", () => {
  test.each([
    ["number", Array.from({ length: 500 }, () => 3)],
    ["bytes", Array.from({ length: 500 }, (_, index) => 1 + ((index * 7) % 400))],
  ])("is bounded by %s, and keeps the seeds", (_, sizes) => {
    const { items, foundBytes } = filled(1, sizes);
    const found = items.slice(SEEDS.length);
    expect(items.slice(0, SEEDS.length)).toEqual(SEEDS);
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThanOrEqual(BOUNDS.most);
    expect(foundBytes()).toBe(found.reduce((sum, bytes) => sum + bytes.length, 0));
    expect(foundBytes()).toBeLessThanOrEqual(BOUNDS.bytes);
    // The newest is always there.
    expect(found.some((bytes) => bytes[0] === (sizes.length - 1) % 256)).toBe(true);
  });

  test("holds the same for the same seed, and other things for another", () => {
    const sizes = Array.from({ length: 300 }, (_, index) => 1 + ((index * 13) % 90));
    const first = filled(1, sizes).items;
    expect(filled(1, sizes).items).toEqual(first);
    expect(filled(2, sizes).items).not.toEqual(first);
  });

  test("takes nothing that is too large to be changed again, and all that fits", () => {
    const pool = createPool([]);
    pool.add(new Uint8Array(POOL_ITEM_BYTES + 1), randomAt(1, 1, "pool"));
    expect(pool.items).toEqual([]);
    pool.add(new Uint8Array(POOL_ITEM_BYTES), randomAt(1, 1, "pool"));
    expect(pool.items).toHaveLength(1);
  });

  test("holds no more of a part than the part", () => {
    const pool = createPool([]);
    pool.add(new Uint8Array(2 ** 20).subarray(5, 8), randomAt(1, 1, "pool"));
    expect(pool.items[0]?.buffer.byteLength).toBe(3);
  });
});

test("of outcomes the smallest input is held, up to a number and a size", () => {
  const outcomes = createOutcomes({ most: 3, bytes: 100 });
  expect(outcomes.see("a", new Uint8Array(60))).toBe(true);
  expect(outcomes.see("a", new Uint8Array(50))).toBe(false);
  expect(outcomes.see("a", new Uint8Array(55))).toBe(false);
  expect(outcomes.see("b", new Uint8Array(60))).toBe(true);
  expect(outcomes.see("c", new Uint8Array(40))).toBe(true);
  expect(outcomes.see("d", new Uint8Array(1))).toBe(false);
  expect([...outcomes.smallest].map(([name, bytes]) => [name, bytes?.length])).toEqual([
    ["a", 50],
    ["b", undefined],
    ["c", 40],
  ]);
  outcomes.see("a", new Uint8Array(10));
  outcomes.see("b", new Uint8Array(20));
  expect(outcomes.smallest.get("b")).toHaveLength(20);
});

test("a run in which every input is new stays within the bounds", async () => {
  const target = TESTING_TARGETS.find(({ name }) => name === "testing-novel");
  if (target === undefined) throw new Error("there is no such parser");
  let most = 0;
  const faults: string[] = [];
  const run = await fuzz(
    target,
    await target.open(),
    { seed: 3, from: 0, seconds: 2 },
    {
      before: () => {},
      progress: ({ poolBytes }) => {
        most = Math.max(most, poolBytes);
      },
      fault: ({ words }) => faults.push(words),
    },
  );
  expect(faults).toEqual([]);
  // Enough of them that without bounds there would be more.
  expect(run.executions * (POOL_ITEM_BYTES - 4096)).toBeGreaterThan(2 * POOL_BYTES);
  expect(run.poolBytes).toBeGreaterThan(POOL_BYTES / 2);
  expect(run.poolBytes).toBeLessThanOrEqual(POOL_BYTES);
  expect(most).toBeLessThanOrEqual(POOL_BYTES);
  expect(run.poolBytes / (POOL_ITEM_BYTES - 4096)).toBeLessThan(POOL_MOST);
  expect(run.smallest.size).toBeLessThanOrEqual(OUTCOMES_MOST);
  const held = [...run.smallest.values()].reduce((sum, bytes) => sum + (bytes?.length ?? 0), 0);
  expect(held).toBeLessThanOrEqual(POOL_BYTES);
});

describe("what an input says makes no outcome new", () => {
  const signature = (detail: Omit<ProblemDetail, "code" | "message">) => {
    const message = "It is refused.";
    const details = [{ code: "MPK-M001", message, ...detail }];
    return signatureOf(refusedBy(new Problem("invalid", "MPK-M001", message, details), () => "schema"));
  };

  test.each([
    [{ found: "a sscsssA" }, { found: "Afcf ff ffff" }],
    [{ expected: '"},"size":1,"src":"icon' }, { expected: "a small sall sscmall" }],
    [
      { found: "1f3acc20", expected: "e2" },
      { found: "acc", expected: "0a0b0c0d" },
    ],
    [{ pointer: "/files/aqzz/size" }, { pointer: "/files/bqzz.lua/size" }],
    [{ pointer: "/files/3/size" }, { pointer: "/files/17/size" }],
    [{ pointer: `/a${"/b".repeat(9)}` }, { pointer: `/a${"/b".repeat(30)}/c` }],
    [{ expected: "at most 4096 bytes" }, { expected: "at most 12 bytes" }],
  ])("%j is as %j", (one, other) => {
    expect(signature(one)).toBe(signature(other));
  });

  test.each([
    [{ pointer: "/files/0" }, { pointer: "/files/0/size" }],
    [{ expected: "an app id" }, { expected: "each key once" }],
    [{ found: "a key that is not known" }, { found: "nothing" }],
    [{ entry: "manifest.json" }, { entry: "icons/a.png" }],
  ])("%j is not as %j", (one, other) => {
    expect(placeOf(one)).not.toBe(placeOf(other));
  });
});
