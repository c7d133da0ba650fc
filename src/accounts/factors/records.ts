/** The SQL of second factors and of sign-ins that wait for one. */
import { and, asc, eq, gt, isNotNull, isNull, lt, lte, or, sql } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { hot } from "../../db/hot.ts";
import { factors, pendingSignIns, recoveryCodes, sessions } from "../../db/schema.ts";
import type { AccountId, FactorId, Sha256 } from "../../ids.ts";

export type FactorRow = typeof factors.$inferSelect;
export type PendingRow = typeof pendingSignIns.$inferSelect;

export const insertFactor = (tx: Tx, row: typeof factors.$inferInsert): FactorRow =>
  tx.insert(factors).values(row).returning().get();

/** In the order in which they were added. */
export const factorsOf = (tx: Tx, accountId: AccountId): FactorRow[] =>
  tx.select().from(factors).where(eq(factors.accountId, accountId)).orderBy(asc(factors.id)).all();

const hasFactorStatement = hot((tx) =>
  tx
    .select({ id: factors.id })
    .from(factors)
    .where(eq(factors.accountId, sql.placeholder("accountId")))
    .limit(1)
    .prepare(),
);

export const hasFactor = (tx: Tx, accountId: AccountId): boolean =>
  hasFactorStatement(tx).get({ accountId }) !== undefined;

const countStatement = hot((tx) =>
  tx
    .select({ n: sql<number>`count(*)` })
    .from(factors)
    .where(eq(factors.accountId, sql.placeholder("accountId")))
    .prepare(),
);

export const countFactors = (tx: Tx, accountId: AccountId): number =>
  countStatement(tx).get({ accountId })?.n ?? 0;

export const factorByCredential = (tx: Tx, credentialId: string): FactorRow | undefined =>
  tx.select().from(factors).where(eq(factors.credentialId, credentialId)).get();

/** The row that is gone; undefined: there was none. */
export const removeFactorRow = (tx: Tx, accountId: AccountId, id: FactorId): FactorRow | undefined =>
  tx
    .delete(factors)
    .where(and(eq(factors.accountId, accountId), eq(factors.id, id)))
    .returning()
    .get();

/** The rows that are gone. */
export const removeFactorsOf = (tx: Tx, accountId: AccountId): FactorRow[] =>
  tx.delete(factors).where(eq(factors.accountId, accountId)).returning().all();

/** Takes a code of that step; false when one of it or of a later one was taken meanwhile. */
export const takeStep = (tx: Tx, id: FactorId, step: number, now: Date): boolean =>
  tx
    .update(factors)
    .set({ lastStep: step, lastUsedAt: now })
    .where(and(eq(factors.id, id), or(isNull(factors.lastStep), lt(factors.lastStep, step))))
    .returning({ id: factors.id })
    .get() !== undefined;

export const notePasskeyUse = (tx: Tx, id: FactorId, signCount: number, now: Date): void => {
  tx.update(factors).set({ signCount, lastUsedAt: now }).where(eq(factors.id, id)).run();
};

/** Ids and secrets of every authenticator app, for another master key. */
export const sealedSecrets = (tx: Tx): { id: FactorId; sealedSecret: Buffer }[] =>
  tx
    .select({ id: factors.id, sealedSecret: factors.sealedSecret })
    .from(factors)
    .where(isNotNull(factors.sealedSecret))
    .orderBy(asc(factors.id))
    .all()
    .flatMap(({ id, sealedSecret }) => (sealedSecret === null ? [] : [{ id, sealedSecret }]));

export const replaceSealedSecret = (tx: Tx, id: FactorId, sealedSecret: Buffer): void => {
  tx.update(factors).set({ sealedSecret }).where(eq(factors.id, id)).run();
};

/** In the place of those that there were. */
export const replaceRecoveryCodes = (
  tx: Tx,
  accountId: AccountId,
  hashes: readonly Sha256[],
  now: Date,
): void => {
  removeRecoveryCodes(tx, accountId);
  for (const hash of hashes)
    tx.insert(recoveryCodes).values({ hash, accountId, createdAt: now, usedAt: null }).run();
};

export const removeRecoveryCodes = (tx: Tx, accountId: AccountId): void => {
  tx.delete(recoveryCodes).where(eq(recoveryCodes.accountId, accountId)).run();
};

/** Whether it was there and unused. */
export const takeRecoveryCode = (tx: Tx, accountId: AccountId, hash: Sha256, now: Date): boolean =>
  tx
    .update(recoveryCodes)
    .set({ usedAt: now })
    .where(
      and(eq(recoveryCodes.hash, hash), eq(recoveryCodes.accountId, accountId), isNull(recoveryCodes.usedAt)),
    )
    .returning({ hash: recoveryCodes.hash })
    .get() !== undefined;

export const recoveryCodesLeft = (tx: Tx, accountId: AccountId): number =>
  tx
    .select({ n: sql<number>`count(*)` })
    .from(recoveryCodes)
    .where(and(eq(recoveryCodes.accountId, accountId), isNull(recoveryCodes.usedAt)))
    .get()?.n ?? 0;

export const insertPending = (tx: Tx, row: PendingRow): void => {
  tx.insert(pendingSignIns).values(row).run();
};

export const findPending = (tx: Tx, hash: Sha256, now: Date): PendingRow | undefined =>
  tx
    .select()
    .from(pendingSignIns)
    .where(and(eq(pendingSignIns.hash, hash), gt(pendingSignIns.expiresAt, now)))
    .get();

/** Whether it was there: of two who come with the same, one is let in. */
export const takePending = (tx: Tx, hash: Sha256): boolean =>
  tx
    .delete(pendingSignIns)
    .where(eq(pendingSignIns.hash, hash))
    .returning({ hash: pendingSignIns.hash })
    .get() !== undefined;

export const removeExpiredPending = (tx: Tx, now: Date): void => {
  tx.delete(pendingSignIns).where(lte(pendingSignIns.expiresAt, now)).run();
};

/**
 * Nothing is done with their secrets any more but to get others for them, and what they have shown of who they are was for
 * what they could do before: but for the session that made the change itself, if it is one of the account.
 */
export const markForRenewal = (tx: Tx, accountId: AccountId, via: string | null): void => {
  const provedAt = sql`CASE WHEN ${sessions.id} = ${via} THEN ${sessions.provedAt} ELSE 0 END`;
  tx.update(sessions).set({ renew: true, provedAt }).where(eq(sessions.accountId, accountId)).run();
};
