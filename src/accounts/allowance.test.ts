import { expect, test } from "bun:test";
import { type Allowance, newAllowance, spend, waitOf } from "./allowance.ts";

const use = (allowance: Allowance, key: string, now: number) => spend(allowance, key, now).keep();

test("gives so many at once, and one more each so often", () => {
  const of3 = newAllowance("test", 3, 1000);
  use(of3, "a", 0);
  use(of3, "a", 0);
  expect(waitOf(of3, "a", 0)).toBe(0);
  const third = spend(of3, "a", 0);
  expect([waitOf(of3, "a", 0), waitOf(of3, "a", 400), waitOf(of3, "a", 1000), waitOf(of3, "b", 0)]).toEqual([
    1000, 600, 0, 0,
  ]);
  third.withdraw();
  expect(waitOf(of3, "a", 0)).toBe(0);
});

test("is given back no more than was taken", () => {
  const of3 = newAllowance("test", 3, 1000);
  const early = spend(of3, "a", 0);
  // By then the first one is there again, and giving it back must not give back these.
  for (let n = 0; n < 3; n += 1) use(of3, "a", 5000);
  early.withdraw();
  expect(waitOf(of3, "a", 5000)).toBe(1000);
  spend(of3, "b", 0).withdraw();
  expect(of3.ledger.standing.has("b")).toBe(false);
  expect(of3.ledger.open.size).toBe(0);
});

test("nobody waits because the clock was set back", () => {
  const of3 = newAllowance("test", 3, 1000);
  for (let n = 0; n < 3; n += 1) use(of3, "a", 1e9);
  expect(waitOf(of3, "a", 0)).toBe(0);
});

test("forgets the longest unused, and not for made-up names who has used up theirs", () => {
  const of4 = newAllowance("test", 4, 1e6);
  for (let n = 0; n < 4; n += 1) use(of4, "guessed at", 0);
  for (let n = 0; n < 120_000; n += 1) use(of4, `made up ${n}`, n);
  expect(of4.ledger.standing.size).toBe(50_000);
  expect(waitOf(of4, "guessed at", 120_000)).toBeGreaterThan(0);
  expect(of4.ledger.standing.has("made up 0")).toBe(false);
  expect(of4.ledger.standing.has("made up 119999")).toBe(true);
});
