/** The SQL of known browsers. Nothing here decides. */
import { and, asc, desc, eq, gt, lte, sql } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { hot } from "../../db/hot.ts";
import { accounts, knownBrowsers } from "../../db/schema.ts";
import type { AccountId, BrowserId, Sha256 } from "../../ids.ts";

export type BrowserRow = typeof knownBrowsers.$inferSelect;

/** The last use first. */
export const browsersOf = (tx: Tx, accountId: AccountId): BrowserRow[] =>
  tx
    .select()
    .from(knownBrowsers)
    .where(eq(knownBrowsers.accountId, accountId))
    .orderBy(desc(knownBrowsers.seenAt))
    .all();

/** Of all accounts that it knows. */
export const browserRows = (tx: Tx, secretHash: Sha256, now: Date): BrowserRow[] =>
  tx
    .select()
    .from(knownBrowsers)
    .where(and(eq(knownBrowsers.secretHash, secretHash), gt(knownBrowsers.expiresAt, now)))
    .all();

const oneStatement = hot((tx) =>
  tx
    .select({ accountId: knownBrowsers.accountId })
    .from(knownBrowsers)
    .where(
      and(
        eq(knownBrowsers.secretHash, sql.placeholder("secretHash")),
        gt(knownBrowsers.expiresAt, sql.placeholder("now")),
      ),
    )
    .orderBy(asc(knownBrowsers.accountId))
    .limit(1)
    .prepare(),
);

/** Always the same one of those who signed in there: the oldest account. */
export const oneAccountOf = (tx: Tx, secretHash: Sha256, now: Date): AccountId | undefined =>
  oneStatement(tx).get({ secretHash, now: now.getTime() })?.accountId;

export const browserOfEmail = (
  tx: Tx,
  secretHash: Sha256,
  emailKey: string,
  now: Date,
): BrowserId | undefined =>
  tx
    .select({ id: knownBrowsers.id })
    .from(knownBrowsers)
    .innerJoin(accounts, eq(accounts.id, knownBrowsers.accountId))
    .where(
      and(
        eq(knownBrowsers.secretHash, secretHash),
        eq(accounts.emailKey, emailKey),
        gt(knownBrowsers.expiresAt, now),
      ),
    )
    .get()?.id;

export const browserOfAccount = (
  tx: Tx,
  secretHash: Sha256,
  accountId: AccountId,
  now: Date,
): BrowserId | undefined =>
  tx
    .select({ id: knownBrowsers.id })
    .from(knownBrowsers)
    .where(
      and(
        eq(knownBrowsers.secretHash, secretHash),
        eq(knownBrowsers.accountId, accountId),
        gt(knownBrowsers.expiresAt, now),
      ),
    )
    .get()?.id;

export const insertBrowser = (tx: Tx, row: typeof knownBrowsers.$inferInsert): void => {
  tx.insert(knownBrowsers).values(row).run();
};

export const updateBrowser = (tx: Tx, id: BrowserId, change: Partial<BrowserRow>): void => {
  tx.update(knownBrowsers).set(change).where(eq(knownBrowsers.id, id)).run();
};

/** Whether it was there and that account's. */
export const removeBrowser = (tx: Tx, accountId: AccountId, id: BrowserId): boolean =>
  tx
    .delete(knownBrowsers)
    .where(and(eq(knownBrowsers.id, id), eq(knownBrowsers.accountId, accountId)))
    .returning({ id: knownBrowsers.id })
    .get() !== undefined;

export const removeBrowsersOf = (tx: Tx, accountId: AccountId): void => {
  tx.delete(knownBrowsers).where(eq(knownBrowsers.accountId, accountId)).run();
};

export const removeExpiredBrowsers = (tx: Tx, now: Date): void => {
  tx.delete(knownBrowsers).where(lte(knownBrowsers.expiresAt, now)).run();
};
