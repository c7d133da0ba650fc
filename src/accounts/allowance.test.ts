import { expect, test } from "bun:test";
import { giveBack, newAllowance, spend, waitOf } from "./allowance.ts";

test("gives so many at once, and one more each so often", () => {
  const of3 = newAllowance("test", 3, 1000);
  for (let n = 0; n < 3; n += 1) {
    expect(waitOf(of3, "a", 0)).toBe(0);
    spend(of3, "a", 0);
  }
  expect([waitOf(of3, "a", 0), waitOf(of3, "a", 400), waitOf(of3, "a", 1000), waitOf(of3, "b", 0)]).toEqual([
    1000, 600, 0, 0,
  ]);
  giveBack(of3, "a", 0);
  expect(waitOf(of3, "a", 0)).toBe(0);
});

test("gives back no more than was taken", () => {
  const of3 = newAllowance("test", 3, 1000);
  spend(of3, "a", 0);
  for (let n = 0; n < 5; n += 1) giveBack(of3, "a", 0);
  for (let n = 0; n < 3; n += 1) spend(of3, "a", 0);
  expect(waitOf(of3, "a", 0)).toBe(1000);
  expect(of3.fullAt.has("b")).toBe(false);
  giveBack(of3, "b", 0);
  expect(of3.fullAt.has("b")).toBe(false);
});

test("nobody waits because the clock was set back", () => {
  const of3 = newAllowance("test", 3, 1000);
  for (let n = 0; n < 3; n += 1) spend(of3, "a", 1e9);
  expect(waitOf(of3, "a", 0)).toBe(0);
});

test("forgets the longest unused, and not for made-up names who has used up theirs", () => {
  const of4 = newAllowance("test", 4, 1e6);
  for (let n = 0; n < 4; n += 1) spend(of4, "guessed at", 0);
  for (let n = 0; n < 120_000; n += 1) spend(of4, `made up ${n}`, n);
  expect(of4.fullAt.size).toBe(50_000);
  expect(waitOf(of4, "guessed at", 120_000)).toBeGreaterThan(0);
  expect(of4.fullAt.has("made up 0")).toBe(false);
  expect(of4.fullAt.has("made up 119999")).toBe(true);
});
