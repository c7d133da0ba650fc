/**
 * How fast passwords may be guessed. Failures are counted for one account from one place, and each beyond the first few
 * makes the next attempt from there wait longer. Another place is never made to wait, so nobody can lock out the owner
 * of an account from elsewhere; and an address that no account has is treated like any other.
 *
 * Kept in memory: a restart forgives, and strangers can write nothing to the disk. Parallel attempts are counted when
 * they begin, so that a hundred at once are not a hundred for nothing.
 */
import { createHash } from "node:crypto";
import { isProblem, Problem } from "../errors.ts";
import { keepNewest } from "./newest.ts";

export const FREE_FAILURES = 5;
const FIRST_WAIT_MS = 5000;
const LONGEST_WAIT_MS = 15 * 60_000;
/** Without an attempt for so long, the count begins anew. */
export const FORGOTTEN_MS = 60 * 60_000;
/** More than these are forgotten, the longest unused first: about 10 MB. */
const MOST_KEPT = 50_000;
/** Attempts from one place whose passwords are being compared; others' turns must not wait behind one place's crowd. */
const MOST_AT_ONCE = 8;

type Count = { failures: number; allowedAt: number; usedAt: number };

export type Pace = {
  readonly counts: Map<string, Count>;
  readonly running: Map<string, number>;
  readonly freeFailures: number;
};

export function newPace(freeFailures: number = FREE_FAILURES): Pace {
  return { counts: new Map(), running: new Map(), freeFailures };
}

/** How long the next attempt waits after so many failures in a row. */
export function waitMs(failures: number, freeFailures: number = FREE_FAILURES): number {
  if (failures < freeFailures) return 0;
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures - freeFailures, 20));
}

type From = { readonly accountKey: string; readonly address: string };

/** Failures in a row, as far as they are kept. */
export function failuresOf(pace: Pace, from: From): number {
  return pace.counts.get(keyOf(from))?.failures ?? 0;
}

/** Fixed length, whatever a stranger sends. */
function keyOf({ accountKey, address }: From): string {
  return createHash("sha256")
    .update(`${placeOf(address)} ${accountKey}`)
    .digest("base64");
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

/**
 * Lets one attempt at an account begin, and runs it; it gives null for a failure.
 * @throws Problem `auth.too_many_attempts`, with the seconds to wait, without running it
 */
export async function paced<T>(
  pace: Pace,
  from: From,
  now: () => Date,
  work: () => Promise<T | null>,
): Promise<T | null> {
  const place = placeOf(from.address);
  const key = keyOf(from);
  const atOnce = pace.running.get(place) ?? 0;
  if (atOnce >= MOST_AT_ONCE) throw tooMany(1000);
  const before = pace.counts.get(key);
  const counted = begin(pace, key, now().getTime());
  pace.running.set(place, atOnce + 1);
  try {
    const outcome = await work();
    if (outcome !== null) pace.counts.delete(key);
    return outcome;
  } catch (error) {
    // Nothing was compared, so nothing was guessed: a crowd from elsewhere makes nobody wait here.
    if (isProblem(error) && error.code === "auth.busy" && pace.counts.get(key) === counted) {
      if (before === undefined) pace.counts.delete(key);
      else pace.counts.set(key, before);
    }
    throw error;
  } finally {
    const left = (pace.running.get(place) ?? 1) - 1;
    if (left > 0) pace.running.set(place, left);
    else pace.running.delete(place);
  }
}

function begin(pace: Pace, key: string, now: number): Count {
  const known = pace.counts.get(key);
  const count =
    known && now - known.usedAt < FORGOTTEN_MS ? known : { failures: 0, allowedAt: 0, usedAt: now };
  if (now < count.allowedAt) throw tooMany(count.allowedAt - now);
  const failures = count.failures + 1;
  const attempt = { failures, allowedAt: now + waitMs(failures, pace.freeFailures), usedAt: now };
  keepNewest(pace.counts, key, attempt, MOST_KEPT);
  return attempt;
}

function tooMany(waitForMs: number): Problem {
  const seconds = String(Math.ceil(waitForMs / 1000));
  return new Problem(
    "too_many_requests",
    "auth.too_many_attempts",
    `Too many attempts came from here. Try again in ${seconds} seconds.`,
    [{ code: "retry.after", message: `${seconds} seconds`, expected: seconds }],
  );
}
