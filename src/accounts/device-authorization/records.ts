/** The SQL of programs that wait for a person to sign them in. */
import { and, asc, desc, eq, gt, isNull, lte, sql } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { deviceAuthorizations } from "../../db/schema.ts";
import type { AccountId, Sha256 } from "../../ids.ts";

export type AuthorizationRow = typeof deviceAuthorizations.$inferSelect;

export const insertAuthorization = (tx: Tx, row: typeof deviceAuthorizations.$inferInsert): void =>
  void tx.insert(deviceAuthorizations).values(row).run();

export const byDeviceCode = (tx: Tx, hash: Sha256): AuthorizationRow | undefined =>
  tx.select().from(deviceAuthorizations).where(eq(deviceAuthorizations.deviceCodeHash, hash)).get();

/** One that nobody has decided on, and that is not over. */
export const openByUserCode = (tx: Tx, hash: Sha256, now: Date): AuthorizationRow | undefined =>
  tx
    .select()
    .from(deviceAuthorizations)
    .where(
      and(
        eq(deviceAuthorizations.userCodeHash, hash),
        isNull(deviceAuthorizations.decision),
        gt(deviceAuthorizations.expiresAt, now),
      ),
    )
    .get();

export const decideAuthorization = (
  tx: Tx,
  hash: Sha256,
  decided: Pick<AuthorizationRow, "decision"> &
    Partial<Pick<AuthorizationRow, "accountId" | "sessionId" | "days">>,
): void =>
  void tx
    .update(deviceAuthorizations)
    .set(decided)
    .where(eq(deviceAuthorizations.deviceCodeHash, hash))
    .run();

/** What a person has let in by a session that goes on under another id. */
export const followSession = (tx: Tx, accountId: AccountId, before: string, after: string): void =>
  void tx
    .update(deviceAuthorizations)
    .set({ sessionId: after })
    .where(and(eq(deviceAuthorizations.accountId, accountId), eq(deviceAuthorizations.sessionId, before)))
    .run();

export const removeAuthorization = (tx: Tx, hash: Sha256): void =>
  void tx.delete(deviceAuthorizations).where(eq(deviceAuthorizations.deviceCodeHash, hash)).run();

const count = { n: sql<number>`count(*)` };

/** Of these nobody has decided on. */
const waits = (now: Date) =>
  and(isNull(deviceAuthorizations.decision), gt(deviceAuthorizations.expiresAt, now));

export const countWaiting = (tx: Tx, now: Date): number =>
  tx.select(count).from(deviceAuthorizations).where(waits(now)).get()?.n ?? 0;

/** So many of those that were begun from one place, the oldest first. */
export const waitingFrom = (
  tx: Tx,
  address: string,
  now: Date,
  limit: number,
): Pick<AuthorizationRow, "deviceCodeHash" | "createdAt">[] =>
  tx
    .select({
      deviceCodeHash: deviceAuthorizations.deviceCodeHash,
      createdAt: deviceAuthorizations.createdAt,
    })
    .from(deviceAuthorizations)
    .where(and(eq(deviceAuthorizations.address, address), waits(now)))
    .orderBy(asc(deviceAuthorizations.expiresAt))
    .limit(limit)
    .all();

/** Of those that nobody has decided on: of the place that has the most of them. */
export const removeOldestOfLargest = (tx: Tx): void => {
  const undecided = isNull(deviceAuthorizations.decision);
  const largest = tx
    .select({ address: deviceAuthorizations.address })
    .from(deviceAuthorizations)
    .where(undecided)
    .groupBy(deviceAuthorizations.address)
    .orderBy(desc(sql`count(*)`))
    .limit(1)
    .get();
  if (largest === undefined) return;
  const oldest = tx
    .select({ hash: deviceAuthorizations.deviceCodeHash })
    .from(deviceAuthorizations)
    .where(and(eq(deviceAuthorizations.address, largest.address), undecided))
    .orderBy(asc(deviceAuthorizations.expiresAt))
    .limit(1)
    .get();
  if (oldest !== undefined) removeAuthorization(tx, oldest.hash);
};

/** Gives how many were over. */
export const removeExpired = (tx: Tx, before: Date): number =>
  tx
    .delete(deviceAuthorizations)
    .where(lte(deviceAuthorizations.expiresAt, before))
    .returning({ hash: deviceAuthorizations.deviceCodeHash })
    .all().length;
