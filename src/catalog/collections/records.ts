/** The SQL of collections, and of which apps are in them. Takes and gives rows; knows no rules. */
import { and, asc, count, eq, gt, max, type SQL, sql } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { hot } from "../../db/hot.ts";
import { collectionApps, collections } from "../../db/schema.ts";
import type { AppId, Audience } from "../../ids.ts";
import { hasOffered } from "../revocation/records.ts";
import type { Order } from "../sorting/orders.ts";
import { ORDER_KEYS } from "../sorting/records.ts";
import { STABLE } from "../visibility/audiences.ts";

export type CollectionRow = typeof collections.$inferSelect;

const allStatement = hot((tx) =>
  tx.select().from(collections).orderBy(asc(collections.position), asc(collections.id)).prepare(),
);

/** In the order in which they are shown. There are few enough (`MOST_COLLECTIONS`). */
export function selectCollections(tx: Tx): CollectionRow[] {
  return allStatement(tx).all();
}

export function findCollection(tx: Tx, id: string): CollectionRow | undefined {
  return tx.select().from(collections).where(eq(collections.id, id)).get();
}

export function lastPosition(tx: Tx): number {
  return (
    tx
      .select({ last: max(collections.position) })
      .from(collections)
      .get()?.last ?? 0
  );
}

export function insertCollection(tx: Tx, row: typeof collections.$inferInsert): CollectionRow {
  return tx.insert(collections).values(row).returning().get();
}

export function updateCollection(
  tx: Tx,
  id: string,
  change: Partial<Omit<CollectionRow, "id" | "createdBy" | "createdAt">>,
): void {
  tx.update(collections).set(change).where(eq(collections.id, id)).run();
}

/** With what is in it. */
export function removeCollection(tx: Tx, id: string): void {
  tx.delete(collections).where(eq(collections.id, id)).run();
}

/** How many apps are in it, whoever may see them. */
export function countApps(tx: Tx, id: string): number {
  return (
    tx.select({ n: count() }).from(collectionApps).where(eq(collectionApps.collectionId, id)).get()?.n ?? 0
  );
}

export type Placed = { readonly appId: AppId; readonly position: number };

/** In their order, from after a position on. */
export function selectPlaced(
  tx: Tx,
  id: string,
  page: { readonly after: number; readonly limit: number },
): Placed[] {
  return tx
    .select({ appId: collectionApps.appId, position: collectionApps.position })
    .from(collectionApps)
    .where(and(eq(collectionApps.collectionId, id), gt(collectionApps.position, page.after)))
    .orderBy(asc(collectionApps.position), asc(collectionApps.appId))
    .limit(page.limit)
    .all();
}

export function savePlace(tx: Tx, id: string, { appId, position }: Placed): void {
  tx.insert(collectionApps)
    .values({ collectionId: id, appId, position })
    .onConflictDoUpdate({
      target: [collectionApps.collectionId, collectionApps.appId],
      set: { position },
    })
    .run();
}

export function removePlace(tx: Tx, id: string, appId: AppId): void {
  tx.delete(collectionApps)
    .where(and(eq(collectionApps.collectionId, id), eq(collectionApps.appId, appId)))
    .run();
}

/** What one of the audiences' catalogues has of an app of a collection. */
const inCatalogues = sql`FROM app_audiences AS a WHERE a.app_id = c.app_id AND a.channel = ${sql.raw(`'${STABLE}'`)}
  AND a.audience IN (SELECT value FROM json_each(${sql.placeholder("audiences")}))
  AND a.told_at IS NOT NULL AND a.left_at IS NULL`;

/**
 * What of a collection is listed, is offered, and is in one of the audiences' catalogues. What bounds it is how many apps a
 * collection may have (`MOST_APPS`): each is looked up by its id.
 */
const shownIn = sql`collection_apps AS c WHERE c.collection_id = ${sql.placeholder("id")}
  AND EXISTS (SELECT 1 ${inCatalogues})
  AND EXISTS (SELECT 1 FROM apps WHERE apps.id = c.app_id AND apps.unlisted_at IS NULL AND ${hasOffered})`;

const shownBy = (ordered: SQL) =>
  hot((tx) =>
    tx
      .select({ id: sql<AppId>`app_id` })
      .from(
        sql`(SELECT c.app_id FROM ${shownIn} ORDER BY ${ordered}
          LIMIT ${sql.placeholder("limit")} OFFSET ${sql.placeholder("from")})`,
      )
      .prepare(),
  );

/** The highest of what the audiences' catalogues have of it; the last id among equals first, as in other lists of the store. */
const byKey = (order: Order) =>
  sql`(SELECT max(${sql.raw(ORDER_KEYS[order])}) ${inCatalogues}) DESC, c.app_id DESC`;

const SHOWN = {
  arranged: shownBy(sql`c.position, c.app_id`),
  newest: shownBy(byKey("newest")),
  updated: shownBy(byKey("updated")),
  installs: shownBy(byKey("installs")),
};

/** As an administrator arranged them, or in another order. @param page From which of them on, the first being 0 */
export function selectShownIn(
  tx: Tx,
  audiences: readonly Audience[],
  id: string,
  page: { readonly from: number; readonly limit: number },
  order: Order | "arranged" = "arranged",
): AppId[] {
  return SHOWN[order](tx)
    .all({ ...page, id, audiences: JSON.stringify(audiences) })
    .map((row) => row.id);
}

const countStatement = hot((tx) =>
  tx.select({ n: sql<number>`n` }).from(sql`(SELECT count(*) AS n FROM ${shownIn})`).prepare(),
);

export function countShownIn(tx: Tx, audiences: readonly Audience[], id: string): number {
  return countStatement(tx).get({ id, audiences: JSON.stringify(audiences) })?.n ?? 0;
}
