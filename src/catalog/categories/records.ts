/** The SQL of categories, and of which apps are in them. Takes and gives rows; knows no rules. */
import { and, asc, count, desc, eq, gt, inArray, isNotNull, isNull, lte, max, sql } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { each, hot } from "../../db/hot.ts";
import { appAudiences, apps, categories, categoryAliases } from "../../db/schema.ts";
import type { AppId, Audience } from "../../ids.ts";
import { STABLE } from "../visibility/audiences.ts";

export type CategoryRow = typeof categories.$inferSelect;

const allStatement = hot((tx) =>
  tx.select().from(categories).orderBy(asc(categories.position), asc(categories.id)).prepare(),
);

/** In the order in which they are shown. There are few enough (`MOST_CATEGORIES`). */
export function selectCategories(tx: Tx): CategoryRow[] {
  return allStatement(tx).all();
}

export function findCategory(tx: Tx, id: string): CategoryRow | undefined {
  return tx.select().from(categories).where(eq(categories.id, id)).get();
}

export function countCategories(tx: Tx): number {
  return tx.select({ n: count() }).from(categories).get()?.n ?? 0;
}

export function lastPosition(tx: Tx): number {
  return (
    tx
      .select({ last: max(categories.position) })
      .from(categories)
      .get()?.last ?? 0
  );
}

export function insertCategory(tx: Tx, row: typeof categories.$inferInsert): CategoryRow {
  return tx.insert(categories).values(row).returning().get();
}

export function updateCategory(
  tx: Tx,
  id: string,
  change: Partial<Pick<CategoryRow, "names" | "descriptions" | "icon" | "position" | "revision">>,
): CategoryRow | undefined {
  return tx.update(categories).set(change).where(eq(categories.id, id)).returning().get();
}

export function removeCategory(tx: Tx, id: string): void {
  tx.delete(categories).where(eq(categories.id, id)).run();
}

export type CategoryAlias = Pick<typeof categoryAliases.$inferSelect, "alias" | "categoryId">;

const aliasStatement = hot((tx) =>
  tx
    .select({ alias: categoryAliases.alias, categoryId: categoryAliases.categoryId })
    .from(categoryAliases)
    .orderBy(asc(categoryAliases.alias))
    .prepare(),
);

/** There are few enough (`MOST_ALIASES` of each category). */
export function selectAliases(tx: Tx): CategoryAlias[] {
  return aliasStatement(tx).all();
}

export function insertAlias(tx: Tx, alias: string, categoryId: string, now: Date): void {
  tx.insert(categoryAliases)
    .values({ alias, categoryId, createdAt: now })
    .onConflictDoUpdate({ target: categoryAliases.alias, set: { categoryId } })
    .run();
}

export function moveAliases(tx: Tx, from: string, to: string): void {
  tx.update(categoryAliases).set({ categoryId: to }).where(eq(categoryAliases.categoryId, from)).run();
}

export function removeAlias(tx: Tx, alias: string): void {
  tx.delete(categoryAliases).where(eq(categoryAliases.alias, alias)).run();
}

/** How many apps of whatever visibility are in one of these, `most` at most. */
export function countAppsIn(tx: Tx, ids: readonly string[], most: number): number {
  const some = tx
    .select({ id: apps.id })
    .from(apps)
    .where(inArray(apps.category, [...ids]))
    .limit(most)
    .as("some");
  return tx.select({ n: count() }).from(some).get()?.n ?? 0;
}

/** The category that somebody chose for an app; undefined: there is no such app. */
export function findChosen(tx: Tx, appId: AppId): { readonly chosen: string | null } | undefined {
  return tx.select({ chosen: apps.chosenCategory }).from(apps).where(eq(apps.id, appId)).get();
}

export function saveChosen(tx: Tx, appId: AppId, chosen: string | null): void {
  tx.update(apps).set({ chosenCategory: chosen }).where(eq(apps.id, appId)).run();
}

/** Where lists find the app from now on; null: in none. */
export function saveShownCategory(tx: Tx, appId: AppId, category: string | null): void {
  tx.update(apps).set({ category }).where(eq(apps.id, appId)).run();
  tx.update(appAudiences).set({ category }).where(eq(appAudiences.appId, appId)).run();
}

const isShownTo = (audience: Audience, category: string) =>
  and(
    eq(appAudiences.audience, audience),
    eq(appAudiences.channel, STABLE),
    eq(appAudiences.category, category),
    isNotNull(appAudiences.toldAt),
    isNull(appAudiences.leftAt),
  );

/** By this index: left to itself, SQLite reads all apps of an audience to find those of a category. */
const byCategory = sql`${appAudiences} INDEXED BY app_audiences_category`;

/** The apps of a category in an audience's catalogue, by their ids. */
export function selectShownIn(
  tx: Tx,
  audience: Audience,
  category: string,
  page: { readonly after: string; readonly limit: number },
): AppId[] {
  return tx
    .select({ id: sql<AppId>`${appAudiences.appId}` })
    .from(byCategory)
    .where(
      and(
        isShownTo(audience, category),
        isNotNull(appAudiences.category),
        gt(appAudiences.appId, page.after as AppId),
      ),
    )
    .orderBy(asc(appAudiences.appId))
    .limit(page.limit)
    .all()
    .map(({ id }) => id);
}

/** The same from one of them back, that one first. */
export function selectShownInUpTo(
  tx: Tx,
  audience: Audience,
  category: string,
  page: { readonly upTo: AppId; readonly limit: number },
): AppId[] {
  return tx
    .select({ id: sql<AppId>`${appAudiences.appId}` })
    .from(byCategory)
    .where(
      and(
        isShownTo(audience, category),
        isNotNull(appAudiences.category),
        lte(appAudiences.appId, page.upTo),
      ),
    )
    .orderBy(desc(appAudiences.appId))
    .limit(page.limit)
    .all()
    .map(({ id }) => id);
}

/** How many different apps of these categories are in one of the audiences' catalogues, `most` at most. */
export function countShownIn(
  tx: Tx,
  audiences: readonly Audience[],
  ids: readonly string[],
  most: number,
): number {
  return (
    countStatement(tx).get({ audiences: JSON.stringify(audiences), ids: JSON.stringify(ids), most })?.n ?? 0
  );
}

const countStatement = hot((tx) =>
  tx
    .select({ n: sql<number>`count(*)` })
    .from(
      // By this index: left to itself, SQLite reads all apps of an audience to find those of a category.
      sql`(SELECT DISTINCT a.app_id FROM ${each("audiences")} AS audience CROSS JOIN ${each("ids")} AS word
        CROSS JOIN app_audiences AS a INDEXED BY app_audiences_category ON a.audience = audience.value AND a.category = word.value AND a.channel = ${sql.raw(`'${STABLE}'`)}
          AND a.told_at IS NOT NULL AND a.left_at IS NULL AND a.category IS NOT NULL
        LIMIT ${sql.placeholder("most")})`,
    )
    .prepare(),
);
