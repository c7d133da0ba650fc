import { expect, test } from "bun:test";
import { waysOf } from "./ways.ts";

test("a check draws one way for each file, the same by the same seed; by itself a file takes both", () => {
  const files = Array.from({ length: 40 }, (_, at) => `a${at}-journey.test.ts`);
  const drawn = files.map((file) => waysOf(file, "7"));
  expect(drawn.map((ways) => ways.length)).toEqual(files.map(() => 1));
  expect(new Set(drawn.flat())).toEqual(new Set([true, false]));
  expect(files.map((file) => waysOf(file, "7"))).toEqual(drawn);
  expect(files.map((file) => waysOf(file, "8"))).not.toEqual(drawn);
  expect(waysOf("a-journey.test.ts", undefined)).toHaveLength(
    process.env.MOSIS_WAYS_SEED === undefined ? 2 : 1,
  );
});
