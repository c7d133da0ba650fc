/** The SQL of identities at outside providers. */
import { and, asc, eq, isNotNull, isNull, lt, or, sql } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { identities } from "../../db/schema.ts";
import type { AccountId, IdentityId } from "../../ids.ts";

export type IdentityRow = typeof identities.$inferSelect;

export const insertIdentity = (tx: Tx, row: typeof identities.$inferInsert): void => {
  tx.insert(identities).values(row).run();
};

export const identityById = (tx: Tx, id: IdentityId): IdentityRow | undefined =>
  tx.select().from(identities).where(eq(identities.id, id)).get();

export const identityBySubject = (tx: Tx, provider: string, subject: string): IdentityRow | undefined =>
  tx
    .select()
    .from(identities)
    .where(and(eq(identities.provider, provider), eq(identities.subject, subject)))
    .get();

/** In the order in which they were linked. */
export const identitiesOf = (tx: Tx, accountId: AccountId): IdentityRow[] =>
  tx.select().from(identities).where(eq(identities.accountId, accountId)).orderBy(asc(identities.id)).all();

export const updateIdentity = (
  tx: Tx,
  id: IdentityId,
  change: Partial<Omit<IdentityRow, "id" | "accountId" | "provider" | "subject" | "createdAt">>,
): void => {
  tx.update(identities).set(change).where(eq(identities.id, id)).run();
};

/** For those of a provider of which no issuer is known. Gives how many they are. */
export const keepIssuer = (tx: Tx, provider: string, issuer: string): number =>
  tx
    .update(identities)
    .set({ issuer })
    .where(and(eq(identities.provider, provider), isNull(identities.issuer)))
    .returning({ id: identities.id })
    .all().length;

/** Those of a provider that the store can ask about and did not since `before`, the longest unasked first. */
export const dueIdentities = (tx: Tx, provider: string, before: Date, limit: number): IdentityRow[] =>
  tx
    .select()
    .from(identities)
    .where(
      and(
        isNotNull(identities.sealedToken),
        eq(identities.provider, provider),
        or(isNull(identities.askedAt), lt(identities.askedAt, before)),
        or(isNull(identities.confirmedAt), lt(identities.confirmedAt, before)),
      ),
    )
    .orderBy(sql`${identities.askedAt} NULLS FIRST`, asc(identities.id))
    .limit(limit)
    .all();

export const sealedTokens = (tx: Tx): Pick<IdentityRow, "id" | "sealedToken">[] =>
  tx
    .select({ id: identities.id, sealedToken: identities.sealedToken })
    .from(identities)
    .where(isNotNull(identities.sealedToken))
    .all();

export const removeIdentity = (tx: Tx, id: IdentityId): void => {
  tx.delete(identities).where(eq(identities.id, id)).run();
};
