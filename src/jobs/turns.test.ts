import { expect, test } from "bun:test";
import fc from "fast-check";
import { decideNext, MOST_AHEAD, NONE_PASSED, PRIORITIES, type Priority } from "./turns.ts";

function turns(steps: readonly (readonly Priority[])[]): (Priority | null)[] {
  let passed = NONE_PASSED;
  return steps.map((due) => {
    const turn = decideNext(due, passed);
    passed = turn?.passed ?? passed;
    return turn?.next ?? null;
  });
}

test("the highest goes first, and every fifth turn is one of the next", () => {
  expect(turns(Array.from({ length: 12 }, () => [2, 0]))).toEqual([2, 2, 2, 2, 0, 2, 2, 2, 2, 0, 2, 2]);
  expect(turns(Array.from({ length: 7 }, () => [2, 1, 0]))).toEqual([2, 2, 2, 2, 1, 0, 2]);
  expect(turns([[0], [], [1, 0], [0]])).toEqual([0, null, 1, 0]);
});

test("none of what is due waits for ever, whatever else comes", () => {
  const others = fc.array(fc.subarray([...PRIORITIES]), { minLength: 50, maxLength: 50 });
  fc.assert(
    fc.property(fc.constantFrom(...PRIORITIES), others, (one, steps) => {
      const given = turns(
        steps.map((due) => PRIORITIES.filter((each) => each === one || due.includes(each))),
      );
      const gaps = given.map((next) => (next === one ? "x" : ".")).join("");
      expect(gaps).not.toContain(".".repeat(MOST_AHEAD + 2));
    }),
  );
});
