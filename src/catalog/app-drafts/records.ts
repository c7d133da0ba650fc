/** The SQL of what somebody has filled in of an app. Takes and gives rows; knows no rules. */
import { eq, lte } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { appDrafts } from "../../db/schema.ts";
import type { AccountId } from "../../ids.ts";

export type AppDraftRow = typeof appDrafts.$inferSelect;

export function findDraft(tx: Tx, accountId: AccountId): AppDraftRow | undefined {
  return tx.select().from(appDrafts).where(eq(appDrafts.accountId, accountId)).get();
}

export function saveDraft(tx: Tx, row: AppDraftRow): void {
  const { accountId: _, ...rest } = row;
  tx.insert(appDrafts).values(row).onConflictDoUpdate({ target: appDrafts.accountId, set: rest }).run();
}

export function removeDraft(tx: Tx, accountId: AccountId): boolean {
  return (
    tx
      .delete(appDrafts)
      .where(eq(appDrafts.accountId, accountId))
      .returning({ accountId: appDrafts.accountId })
      .get() !== undefined
  );
}

export function removeDraftsUntil(tx: Tx, savedAt: Date): void {
  tx.delete(appDrafts).where(lte(appDrafts.savedAt, savedAt)).run();
}
