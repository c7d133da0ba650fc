/** The SQL of storeListings, and of what lists call apps in each language. */
import { and, desc, eq, inArray, lte } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { shownTexts, storeListingRevisions, storeListings } from "../../db/schema.ts";
import type { AppId } from "../../ids.ts";
import { EMPTY_LISTING, type ListingDocument } from "./document.ts";
import type { LocalTexts } from "./texts.ts";

export type ListingRow = {
  readonly document: ListingDocument;
  readonly revision: number;
  readonly updatedAt: Date | null;
};

/** Of an app whose listing nobody wrote: an empty one, of revision 0. */
export function findListing(tx: Tx, appId: AppId): ListingRow {
  const row = tx.select().from(storeListings).where(eq(storeListings.appId, appId)).get();
  if (row === undefined) return { document: EMPTY_LISTING, revision: 0, updatedAt: null };
  return { document: JSON.parse(row.document), revision: row.revision, updatedAt: row.updatedAt };
}

export type RevisionRow = {
  readonly revision: number;
  readonly document: ListingDocument;
  readonly changedBy: string;
  readonly changedAt: Date;
};

/** Puts a listing in the place of the one before, and keeps so many of those that were. */
export function writeListing(
  tx: Tx,
  appId: AppId,
  { revision, document, changedBy, changedAt }: RevisionRow,
  kept: number,
): void {
  const text = JSON.stringify(document);
  const row = { document: text, revision, updatedAt: changedAt };
  tx.insert(storeListings)
    .values({ appId, ...row })
    .onConflictDoUpdate({ target: storeListings.appId, set: row })
    .run();
  tx.insert(storeListingRevisions).values({ appId, revision, document: text, changedBy, changedAt }).run();
  tx.delete(storeListingRevisions)
    .where(and(eq(storeListingRevisions.appId, appId), lte(storeListingRevisions.revision, revision - kept)))
    .run();
}

/** The last first. */
export function selectRevisions(tx: Tx, appId: AppId): RevisionRow[] {
  return tx
    .select()
    .from(storeListingRevisions)
    .where(eq(storeListingRevisions.appId, appId))
    .orderBy(desc(storeListingRevisions.revision))
    .all()
    .map(({ revision, document, changedBy, changedAt }) => ({
      ...{ revision, changedBy, changedAt },
      document: JSON.parse(document),
    }));
}

/** What lists call the app; nothing where it is in none. */
export function replaceShownTexts(tx: Tx, appId: AppId, texts: LocalTexts | null): void {
  tx.delete(shownTexts).where(eq(shownTexts.appId, appId)).run();
  if (texts === null) return;
  for (const [locale, { name, summary }] of texts.byLocale) {
    const isDefault = locale === texts.defaultLocale;
    tx.insert(shownTexts).values({ appId, locale, isDefault, name, summary }).run();
  }
}

export type ShownTextRow = typeof shownTexts.$inferSelect;

export function selectShownTexts(tx: Tx, ids: readonly AppId[]): ShownTextRow[] {
  if (ids.length === 0) return [];
  return tx
    .select()
    .from(shownTexts)
    .where(inArray(shownTexts.appId, [...ids]))
    .all();
}
