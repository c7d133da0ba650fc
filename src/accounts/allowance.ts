/**
 * What a crowd may do together: so many at once, then one more each so often (GCRA, as in `http/limits.ts`). One number is
 * kept for each of them: when all of it is there again.
 *
 * Kept in memory. Beyond `MOST_KEPT` the longest unused is forgotten, but not before those that have used up less: so nobody
 * makes the store forget a count by filling it with made-up names.
 */

import { keepNewest } from "../newest.ts";
import { type Entered, enter, type Ledger, newLedger } from "./ledger.ts";

const MOST_KEPT = 50_000;
/** So many of the longest unused are passed over that have used up at least half of what is theirs. */
const MOST_SPARED = 16;

export type Allowance = {
  readonly name: string;
  readonly atOnce: number;
  readonly everyMs: number;
  /** When all of it is there again, in milliseconds. */
  readonly ledger: Ledger<number>;
};

export function newAllowance(name: string, atOnce: number, everyMs: number): Allowance {
  const mostMs = atOnce * everyMs;
  const ledger = newLedger<number>({
    add: (before, now) => fullFrom(before, now, mostMs) + everyMs,
    put: (standing, key, fullAt, now) => put(standing, key, fullAt, now, mostMs),
  });
  return { name, atOnce, everyMs, ledger };
}

/** Until one more may be done, in milliseconds; 0: now. */
export function waitOf(allowance: Allowance, key: string, now: number): number {
  return Math.max(0, usedUntil(allowance, key, now) + allowance.everyMs - now - windowMs(allowance));
}

/** How many are used up now. */
export function usedOf(allowance: Allowance, key: string, now: number): number {
  return (usedUntil(allowance, key, now) - now) / allowance.everyMs;
}

/** What is withdrawn of it is given back. */
export function spend({ ledger }: Allowance, key: string, now: number): Entered {
  return enter(ledger, key, now);
}

/** After so long all of it is there again. */
export function windowMs({ atOnce, everyMs }: Allowance): number {
  return atOnce * everyMs;
}

function usedUntil(allowance: Allowance, key: string, now: number): number {
  return fullFrom(allowance.ledger.standing.get(key), now, windowMs(allowance));
}

/** When all of it is there again, by what was kept of that. @param mostMs How long a whole window takes */
export function fullFrom(kept: number | undefined, now: number, mostMs: number): number {
  if (kept === undefined) return now;
  // Later than a whole window takes it is only where the clock was set back: nobody waits for that.
  return kept > now + mostMs ? now : Math.max(kept, now);
}

function put(map: Map<string, number>, key: string, fullAt: number, now: number, mostMs: number): void {
  keepNewest(map, key, fullAt, MOST_KEPT + MOST_SPARED);
  if (map.size <= MOST_KEPT) return;
  let spared = 0;
  for (const [oldest, its] of map) {
    if (map.size <= MOST_KEPT) return;
    map.delete(oldest);
    if (spared < MOST_SPARED && its - now >= mostMs / 2) {
      spared += 1;
      map.set(oldest, its);
    }
  }
}
