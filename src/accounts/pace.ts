/**
 * How fast passwords and codes may be guessed. Failures are counted for one account from one place, and each beyond the first
 * few makes the next attempt from there wait longer. Another place is never made to wait by that; and an address that no
 * account has is treated like any other.
 *
 * A browser that was signed in to the account before, and a session, are places of their own (`Trier.known`): nobody else
 * can make them wait. Who comes from none of these also takes from what all strangers have together (`allowance.ts`), where
 * there is such a limit.
 *
 * Kept in memory: a restart forgives, and strangers can write nothing to the disk. Parallel attempts are counted when
 * they begin, so that a hundred at once are not a hundred for nothing.
 */
import { createHash } from "node:crypto";
import { isProblem, Problem } from "../errors.ts";
import { keepNewest } from "../newest.ts";
import { say } from "../say.ts";
import { type Allowance, spend, waitOf, windowMs } from "./allowance.ts";
import { type Entered, enter, forget, type Ledger, newLedger } from "./ledger.ts";
import { retryAfter, saidSeconds, waitWords } from "./wait.ts";

export const FREE_FAILURES = 5;
const FIRST_WAIT_MS = 5000;
const LONGEST_WAIT_MS = 15 * 60_000;
/** Without an attempt for so long, the count begins anew. */
export const FORGOTTEN_MS = 60 * 60_000;
/** More than these are forgotten, the longest unused first: about 10 MB. */
const MOST_KEPT = 50_000;
/** Attempts of one place that are under way: nearly all of them wait for a turn at the comparison, see `fair-queue.ts`. */
export const MOST_AT_ONCE = 64;

type Count = { failures: number; allowedAt: number; usedAt: number };

export type Pace = {
  readonly counts: Ledger<Count>;
  readonly running: Map<string, number>;
  readonly freeFailures: number;
};

export function newPace(freeFailures: number = FREE_FAILURES): Pace {
  const counts = newLedger<Count>({
    add(before, now) {
      const failures = (remembered(before, now)?.failures ?? 0) + 1;
      return { failures, allowedAt: now + waitMs(failures, freeFailures), usedAt: now };
    },
    put: (standing, key, count) => keepNewest(standing, key, count, MOST_KEPT),
  });
  return { counts, running: new Map(), freeFailures };
}

/** How long the next attempt waits after so many failures in a row. */
export function waitMs(failures: number, freeFailures: number = FREE_FAILURES): number {
  if (failures < freeFailures) return 0;
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures - freeFailures, 20));
}

/** From where somebody tries. */
export type Trier = {
  readonly address: string;
  /** The browser that was signed in to this account before, or the session, that it comes from; null: it comes from neither. */
  readonly known?: string | null;
};
type From = Trier & { readonly accountKey: string };

/** What all strangers have together, and the key of those who share it. */
export type Shared = { readonly allowance: Allowance; readonly key: string };

/** Failures in a row, as far as they are kept. */
export function failuresOf(pace: Pace, from: From): number {
  return pace.counts.standing.get(keyOf(from))?.failures ?? 0;
}

/** Whether there was an attempt from there that is not forgotten yet. */
export function hasTried(pace: Pace, from: From, now: Date): boolean {
  return remembered(pace.counts.standing.get(keyOf(from)), now.getTime()) !== undefined;
}

function remembered(count: Count | undefined, now: number): Count | undefined {
  return count && now - count.usedAt < FORGOTTEN_MS ? count : undefined;
}

/** What is counted apart: a known browser or session, else the place. */
export function laneOf({ address, known }: Trier): string {
  return known ?? placeOf(address);
}

function keyOf(from: From): string {
  return digestOf(`${laneOf(from)} ${from.accountKey}`);
}

/** Fixed length, whatever a stranger sends. */
export function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}

/** What counts as one place: an IPv4 address, or the /64 of IPv6 that one customer has. */
export function placeOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.toLowerCase().split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros =
    tail === undefined ? [] : Array<string>(Math.max(0, 8 - before.length - after.length)).fill("0");
  return [...before, ...zeros, ...after]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":");
}

/** Of IPv6 the /48, which one site has and whose 65,536 places would be as many attackers; null of IPv4. */
export function networkOf(address: string): string | null {
  const place = placeOf(address);
  return place.includes(":") ? place.split(":").slice(0, 3).join(":") : null;
}

/**
 * Lets one attempt at an account begin, and runs it; it gives null for a failure. What succeeds forgets all that began at the
 * account from there before it ended.
 * @param shared What it takes from besides; what succeeds gives it back.
 * @throws Problem `auth.too_many_attempts`, with the seconds to wait, without running it
 */
export async function paced<T>(
  pace: Pace,
  from: From,
  now: () => Date,
  work: () => Promise<T | null>,
  shared: readonly Shared[] = [],
): Promise<T | null> {
  const lane = laneOf(from);
  const key = keyOf(from);
  const atOnce = pace.running.get(lane) ?? 0;
  if (atOnce >= MOST_AT_ONCE) throw tooMany({ ...limitOf(pace), waitMs: 1000 });
  const entered = begin(pace, key, now().getTime(), shared);
  pace.running.set(lane, atOnce + 1);
  try {
    const outcome = await work();
    for (const each of entered) outcome === null ? each.keep() : each.withdraw();
    if (outcome !== null) forget(pace.counts, key);
    return outcome;
  } catch (error) {
    for (const each of entered) isUncompared(error) ? each.withdraw() : each.keep();
    throw error;
  } finally {
    const left = (pace.running.get(lane) ?? 1) - 1;
    if (left > 0) pace.running.set(lane, left);
    else pace.running.delete(lane);
  }
}

/**
 * Whether nothing was compared, so that nothing was guessed: a crowd from elsewhere, which takes the turns or has used up what
 * all have together, makes nobody wait here.
 */
function isUncompared(error: unknown): boolean {
  return isProblem(error) && (error.code === "auth.busy" || error.code === "auth.too_many_attempts");
}

function begin(pace: Pace, key: string, now: number, shared: readonly Shared[]): Entered[] {
  refuseEarly(pace, remembered(pace.counts.standing.get(key), now), now, shared);
  return [
    enter(pace.counts, key, now),
    ...shared.map(({ allowance, key: whose }) => spend(allowance, whose, now)),
  ];
}

/** A limit as the RateLimit headers tell it. */
type Limit = { readonly name: string; readonly quota: number; readonly windowMs: number };
type Waiting = Limit & { readonly waitMs: number };

const limitOf = ({ freeFailures }: Pace): Limit => ({
  name: "attempts",
  quota: freeFailures,
  windowMs: FORGOTTEN_MS,
});

/** Whoever has to wait for several of them is told of the longest. */
function refuseEarly(pace: Pace, count: Count | undefined, now: number, shared: readonly Shared[]): void {
  const own = { ...limitOf(pace), waitMs: Math.max(0, (count?.allowedAt ?? 0) - now) };
  const longest = shared
    .map(({ allowance, key }) => ({
      name: allowance.name,
      quota: allowance.atOnce,
      windowMs: windowMs(allowance),
      waitMs: waitOf(allowance, key, now),
    }))
    .reduce<Waiting>((a, b) => (b.waitMs > a.waitMs ? b : a), own);
  if (longest.waitMs > 0) throw tooMany(longest);
}

function tooMany({ name, quota, windowMs: window, waitMs: left }: Waiting): Problem {
  const seconds = saidSeconds(left);
  return new Problem(
    "too_many_requests",
    "auth.too_many_attempts",
    say`Too many attempts came from here. Try again in ${waitWords(seconds)}.`,
    [
      retryAfter(seconds),
      { code: "rate.policy", message: name, expected: `q=${quota};w=${Math.ceil(window / 1000)}` },
    ],
  );
}
