import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { aboveLimit, chosen, median, resultLine, spreadLine, takeTurns } from "./harness.ts";
import { noise } from "./large-app.ts";

describe("median", () => {
  const table: readonly [figures: number[], expected: number][] = [
    [[3], 3],
    [[4, 1], 2.5],
    [[9, 1, 5], 5],
    [[10, 1, 2, 3], 2.5],
  ];
  for (const [figures, expected] of table) {
    test(`of ${figures.join(", ")} is ${expected}`, () => expect(median(figures)).toBe(expected));
  }

  test("has as many figures below as above it, in any order", () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), (figures) => {
        const middle = median(figures);
        const below = figures.filter((figure) => figure < middle).length;
        const above = figures.filter((figure) => figure > middle).length;
        expect(Math.max(below, above)).toBeLessThanOrEqual(figures.length / 2);
        expect(median(figures.toReversed())).toBe(middle);
      }),
    );
  });

  test("of nothing is an error", () => expect(() => median([])).toThrow("no figures"));
});

test("both sides are warmed up, then take turns, and the one that begins changes", async () => {
  const calls: string[] = [];
  const side = (name: string) => async () => calls.push(name);
  const figures = await takeTurns({ ours: side("ours"), peer: side("peer") }, 3);
  expect(calls.join(" ")).toBe("ours peer ours peer peer ours ours peer");
  // The first two calls are no figures.
  expect(figures).toEqual({ ours: [3, 6, 7], peer: [4, 5, 8] });
});

test("the lines say the medians, their ratio and how far the figures lie apart", () => {
  const figures = { ours: [30, 10, 20], peer: [50, 40, 30] };
  expect(resultLine({ name: "start", unit: "ms" }, figures)).toBe("start ours=20.0ms peer=40.0ms ratio=0.50");
  expect(spreadLine({ unit: "ms" }, figures)).toBe("ours 10.0ms–30.0ms, peer 30.0ms–50.0ms, 3 rounds");
});

test("measures are chosen by name, in their own order", () => {
  const all = [{ name: "a" }, { name: "b" }, { name: "c" }];
  expect(chosen(all, [])).toEqual(all);
  expect(chosen(all, ["c", "a"])).toEqual([{ name: "a" }, { name: "c" }]);
  expect(() => chosen(all, ["d"])).toThrow("there is no measure d; there are a, b, c");
});

test("noise is the same in each run and does not compress", () => {
  const bytes = noise("seed", 100_000);
  expect(noise("seed", 100_000)).toEqual(bytes);
  expect(noise("other", 100_000)).not.toEqual(bytes);
  expect(Bun.deflateSync(new Uint8Array(bytes)).byteLength).toBeGreaterThan(99_000);
});

describe("what is above its limit", () => {
  const figures = { ours: [3, 4, 5], peer: [5, 5, 5] };
  const table: readonly [limits: { limit?: number; ratioLimit?: number }, expected: string | null][] = [
    [{}, null],
    [{ limit: 4 }, null],
    [{ limit: 3.9 }, "above the limit of 3.9s"],
    [{ ratioLimit: 1 }, null],
    [{ ratioLimit: 0.8 }, "not below 0.8 times the peer's"],
  ];
  for (const [limits, expected] of table)
    test(JSON.stringify(limits), () => expect(aboveLimit({ unit: "s", ...limits }, figures)).toBe(expected));
});
