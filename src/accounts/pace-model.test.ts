/** Attempts that begin and end in any order, against a plain model that remembers all of them and counts anew each time. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import { isProblem, Problem } from "../errors.ts";
import { testClock } from "../testing/store.ts";
import { newAllowance, waitOf } from "./allowance.ts";
import { FORGOTTEN_MS, failuresOf, newPace, paced, waitMs } from "./pace.ts";

const ENDS = ["wrong", "wrong", "right", "busy", "busy", "refused", "broken"] as const;
type End = (typeof ENDS)[number];
const AT_ONCE = 8;
const EVERY_MS = 30_000;
const ADDRESS = "192.0.2.1";

type Attempt = { readonly account: string; readonly at: number; end: End | null; isForgotten: boolean };

/** In the order in which they began, without those of which nothing was compared. */
const counted = (all: readonly Attempt[]) => all.filter(({ end }) => end !== "busy" && end !== "refused");

function countOf(all: readonly Attempt[], account: string): { failures: number; allowedAt: number } {
  const own = counted(all).filter((each) => each.account === account && !each.isForgotten);
  let failures = 0;
  for (const [n, { at }] of own.entries()) {
    const isAnew = at - (own[n - 1]?.at ?? at) >= FORGOTTEN_MS;
    failures = isAnew ? 1 : failures + 1;
  }
  return { failures, allowedAt: (own.at(-1)?.at ?? 0) + waitMs(failures) };
}

/** What all accounts of the place have together. */
function sharedWait(all: readonly Attempt[], now: number): number {
  let fullAt = 0;
  for (const { at, end } of counted(all)) if (end !== "right") fullAt = Math.max(fullAt, at) + EVERY_MS;
  return Math.max(0, Math.max(fullAt, now) + EVERY_MS - now - AT_ONCE * EVERY_MS);
}

const PROBLEMS: Readonly<Partial<Record<End, Error>>> = {
  busy: new Problem("too_many_requests", "auth.busy", "Busy."),
  refused: new Problem("too_many_requests", "auth.too_many_attempts", "Refused elsewhere."),
  broken: new Error("The disk is full."),
};

type Step =
  | { readonly do: "begin"; readonly of: string }
  | { readonly do: "end"; readonly nth: number; readonly end: End }
  | { readonly do: "wait"; readonly ms: number };
const account = fc.constantFrom("a", "b");
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: account.map((of) => ({ do: "begin", of }) as const) },
  {
    weight: 5,
    arbitrary: fc
      .record({ nth: fc.nat(7), end: fc.constantFrom(...ENDS) })
      .map((how) => ({ do: "end", ...how }) as const),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(1, 4999, 5000, 20_000, 90_000, 1_000_000, FORGOTTEN_MS)
      .map((ms) => ({ do: "wait", ms }) as const),
  },
);

async function story(steps: readonly Step[]): Promise<void> {
  const clock = testClock();
  const [pace, ofPlace] = [newPace(), newAllowance("place", AT_ONCE, EVERY_MS)];
  const all: Attempt[] = [];
  const underWay: { attempt: Attempt; over: Promise<unknown>; finish: (end: End) => void }[] = [];

  function begin(of: string): void {
    const now = clock.now().getTime();
    const waits = Math.max(countOf(all, of).allowedAt - now, sharedWait(all, now));
    const turn = Promise.withResolvers<string | null>();
    let hasBegun = false;
    const work = () => {
      hasBegun = true;
      return turn.promise;
    };
    const from = { accountKey: of, address: ADDRESS };
    const over = paced(pace, from, clock.now, work, [{ allowance: ofPlace, key: ADDRESS }]).catch((error) =>
      isProblem(error) ? (error.details[0]?.expected ?? error.code) : "broken",
    );
    expect(hasBegun).toBe(waits <= 0);
    if (!hasBegun) return;
    const attempt: Attempt = { account: of, at: now, end: null, isForgotten: false };
    all.push(attempt);
    const finish = (end: End): void => {
      const problem = PROBLEMS[end];
      if (problem === undefined) turn.resolve(end === "right" ? "in" : null);
      else turn.reject(problem);
    };
    underWay.push({ attempt, over, finish });
  }

  async function end(nth: number, how: End): Promise<void> {
    const [ended] = underWay.splice(nth % Math.max(1, underWay.length), 1);
    if (ended === undefined) return;
    ended.finish(how);
    await ended.over;
    ended.attempt.end = how;
    if (how === "right")
      for (const each of all) if (each.account === ended.attempt.account) each.isForgotten = true;
  }

  function compare(): void {
    const now = clock.now().getTime();
    for (const of of ["a", "b"])
      expect(failuresOf(pace, { accountKey: of, address: ADDRESS })).toBe(countOf(all, of).failures);
    expect(waitOf(ofPlace, ADDRESS, now)).toBe(sharedWait(all, now));
  }

  for (const each of steps) {
    if (each.do === "begin") begin(each.of);
    else if (each.do === "end") await end(each.nth, each.end);
    else clock.advance(each.ms);
    compare();
  }
  while (underWay.length > 0) await end(0, "busy");
  compare();
  // Nothing is remembered of what is over but the sums.
  expect([pace.counts.open.size, ofPlace.ledger.open.size, pace.running.size]).toEqual([0, 0, 0]);
}

test("what was compared counts, and what was not is as if it had never begun, in whatever order they end", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60, size: "max" }), (steps) => story(steps)),
    { numRuns: 1500 },
  );
});
