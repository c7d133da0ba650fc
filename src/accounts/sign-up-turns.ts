/**
 * How much all who ask for an account may have the store write together. Whoever has many addresses to ask from could otherwise
 * have it write to as many strangers as they like: what limits one place, or one reader, does not limit that.
 *
 * So many at once, then so many an hour evenly (GCRA, as in `allowance.ts`, but kept in the database). What is beyond takes its
 * turn later, in the order in which it was asked; what would wait for longer than a day is not kept.
 */
import type { Store } from "../context.ts";
import type { Tx } from "../db/database.ts";
import { DAY_MS, HOUR_MS } from "../time.ts";
import { readSetting, writeSetting } from "./settings.records.ts";

const TURNS = "signup.turns";
const LONGEST_WAIT_MS = DAY_MS;
/** So long what came to nothing is told. */
const LOST_TOLD_MS = DAY_MS;

/** All times are milliseconds since 1970. */
export type Turns = {
  /** When this was written. */
  readonly at: number;
  /** When all turns of an hour are there again. */
  readonly fullAt: number;
  /** Since when somebody waits, or last did. */
  readonly crowdedSince: number | null;
  /** How many were not kept since then, and when the last of them came. */
  readonly lost: number;
  readonly lostAt: number | null;
};

/** With the limit and the mode of signing up that it was written under: with others it counts for nothing. */
type Kept = Turns & { readonly under: string };

export type Turn =
  | { readonly when: "now" }
  | { readonly when: "later"; readonly at: number }
  | { readonly when: "never" };

/** @param limit How many an hour. */
export function decideTurn(before: Turns | null, limit: number, now: number): { turns: Turns; turn: Turn } {
  const everyMs = everyMsOf(limit);
  const fullAt = fullFrom(before, now);
  const waitMs = Math.max(0, fullAt + everyMs - now - HOUR_MS);
  const wasCrowded = before !== null && (waitingIn(before, limit, now) > 0 || isLossTold(before, now));
  const kept = wasCrowded ? before : { crowdedSince: null, lost: 0, lostAt: null };
  const { crowdedSince, lost, lostAt } = kept;
  if (waitMs === 0)
    return { turns: { at: now, fullAt: fullAt + everyMs, crowdedSince, lost, lostAt }, turn: NOW };
  const since = crowdedSince ?? now;
  if (waitMs > LONGEST_WAIT_MS)
    return {
      turns: { at: now, fullAt, crowdedSince: since, lost: lost + 1, lostAt: now },
      turn: NEVER,
    };
  return {
    turns: { at: now, fullAt: fullAt + everyMs, crowdedSince: since, lost, lostAt },
    turn: { when: "later", at: now + waitMs },
  };
}

const NOW = { when: "now" } as const;
const NEVER = { when: "never" } as const;

function fullFrom(turns: Turns | null, now: number): number {
  if (turns === null) return now;
  // The clock was set back since: nobody waits for that.
  const aheadMs = Math.max(0, turns.at - now);
  return Math.max(now, turns.fullAt - aheadMs);
}

/** What was written by a clock that was ahead, as of now: the first of those that waited has its turn. */
function setBack(turns: Turns, limit: number, now: number): Turns {
  const { crowdedSince, lost, lostAt } = turns;
  return {
    at: now,
    fullAt: fullFrom(turns, now) - everyMsOf(limit),
    crowdedSince: crowdedSince && Math.min(crowdedSince, now),
    lost,
    lostAt: lostAt && Math.min(lostAt, now),
  };
}

/** Whole milliseconds, so that the last of an hour's turns is there at once. */
function everyMsOf(limit: number): number {
  return Math.floor(HOUR_MS / limit);
}

function waitingIn(turns: Turns, limit: number, now: number): number {
  return Math.max(0, Math.ceil((fullFrom(turns, now) - HOUR_MS - now) / everyMsOf(limit)));
}

function isLossTold({ lostAt }: Turns, now: number): boolean {
  return lostAt !== null && lostAt > now - LOST_TOLD_MS;
}

/** What it would be, and what takes it. */
export function nextTurn(store: Store, tx: Tx, now: Date): { readonly turn: Turn; take(): void } {
  const limit = store.config.signUpMessages;
  if (limit === 0) return { turn: NOW, take() {} };
  const { turns, turn } = decideTurn(known(store, tx), limit, now.getTime());
  return {
    turn,
    take: () => writeSetting(tx, TURNS, { ...turns, under: underOf(store) } satisfies Kept, now),
  };
}

/** Somebody who waited has their turn. */
export function noteTurn(store: Store, tx: Tx, now: Date): void {
  const before = known(store, tx);
  if (before === null || before.at <= now.getTime()) return;
  const turns = setBack(before, store.config.signUpMessages, now.getTime());
  writeSetting(tx, TURNS, { ...turns, under: underOf(store) } satisfies Kept, now);
}

export type CrowdedSignUp = {
  readonly since: Date;
  /** How many wait for their turn. */
  readonly waiting: number;
  /** How many were not kept, since too many waited. */
  readonly lost: number;
};

/** That more people ask for an account than the store writes to; null: they do not. */
export function crowdedSignUp(store: Store): CrowdedSignUp | null {
  const { db, config, clock } = store;
  const limit = config.signUpMessages;
  const turns = known(store, db.orm);
  if (turns === null || turns.crowdedSince === null) return null;
  const now = clock.now().getTime();
  const waiting = waitingIn(turns, limit, now);
  if (waiting === 0 && !isLossTold(turns, now)) return null;
  return { since: new Date(turns.crowdedSince), waiting, lost: turns.lost };
}

/** null also where another limit, or other people who may ask, begin anew: that is how an administrator ends a crowd. */
function known(store: Store, tx: Tx): Turns | null {
  if (store.config.signUpMessages === 0) return null;
  const turns = (readSetting(tx, TURNS) as Kept | undefined) ?? null;
  return turns?.under === underOf(store) ? turns : null;
}

function underOf({ config }: Store): string {
  return JSON.stringify([config.signUpMessages, config.signUp]);
}
