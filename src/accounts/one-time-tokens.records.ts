/** The SQL of tokens that work once. Nothing here decides. */
import { and, eq, gt, isNull, lt, or } from "drizzle-orm";
import type { Tx } from "../db/database.ts";
import { oneTimeTokens } from "../db/schema.ts";
import type { Sha256 } from "../ids.ts";

export type OneTimeTokenRow = typeof oneTimeTokens.$inferSelect;

export const insertOneTimeToken = (tx: Tx, row: typeof oneTimeTokens.$inferInsert): void => {
  tx.insert(oneTimeTokens).values(row).run();
};

/** A token that was neither used nor has expired. */
export const usableToken = (
  tx: Tx,
  hash: Sha256,
  purpose: OneTimeTokenRow["purpose"],
  now: Date,
): OneTimeTokenRow | undefined =>
  tx
    .select()
    .from(oneTimeTokens)
    .where(
      and(
        eq(oneTimeTokens.hash, hash),
        eq(oneTimeTokens.purpose, purpose),
        isNull(oneTimeTokens.usedAt),
        gt(oneTimeTokens.expiresAt, now),
      ),
    )
    .get();

export const markTokenUsed = (tx: Tx, hash: Sha256, at: Date): void => {
  tx.update(oneTimeTokens).set({ usedAt: at }).where(eq(oneTimeTokens.hash, hash)).run();
};

export const removeTokens = (tx: Tx, purpose: OneTimeTokenRow["purpose"]): void => {
  tx.delete(oneTimeTokens).where(eq(oneTimeTokens.purpose, purpose)).run();
};

/** Tokens that can never be used again, kept a while so that a used link is told from an unknown one. */
export const removeSpentTokens = (tx: Tx, before: Date): void => {
  tx.delete(oneTimeTokens)
    .where(or(lt(oneTimeTokens.usedAt, before), lt(oneTimeTokens.expiresAt, before)))
    .run();
};
