/** The SQL of lineages: which keys may sign an app, with the statements that made them so. */
import { and, asc, eq, inArray, isNotNull, isNull, sql } from "drizzle-orm";
import type { Tx } from "../db/database.ts";
import { apps, keyLineage } from "../db/schema.ts";
import type { LineageEntry } from "../format/lineage.ts";
import type { AppId, KeyId, OrganisationId } from "../ids.ts";

export type LineageRow = typeof keyLineage.$inferSelect;

/** The first key first. */
export function selectLineage(tx: Tx, appId: AppId): LineageRow[] {
  return tx
    .select()
    .from(keyLineage)
    .where(eq(keyLineage.appId, appId))
    .orderBy(asc(keyLineage.position))
    .all();
}

export function hasLineage(tx: Tx, appId: AppId): boolean {
  const row = tx.select({ appId: keyLineage.appId }).from(keyLineage).where(eq(keyLineage.appId, appId));
  return row.limit(1).get() !== undefined;
}

export function insertLineage(tx: Tx, row: typeof keyLineage.$inferInsert): void {
  tx.insert(keyLineage).values(row).run();
}

export function deleteLineage(tx: Tx, appId: AppId): void {
  tx.delete(keyLineage).where(eq(keyLineage.appId, appId)).run();
}

/** Every key that was not lost before. */
export function markLost(tx: Tx, appId: AppId, at: Date): void {
  tx.update(keyLineage)
    .set({ lostAt: at })
    .where(and(eq(keyLineage.appId, appId), isNull(keyLineage.lostAt)))
    .run();
}

/** The places of these keys in all lineages, by app. */
export function selectPlaces(tx: Tx, keyids: readonly KeyId[]): LineageRow[] {
  return tx
    .select()
    .from(keyLineage)
    .where(inArray(keyLineage.keyid, [...keyids]))
    .orderBy(asc(keyLineage.appId))
    .all();
}

/** The organisation's apps that have a lineage, by id; all of them without a limit. */
export function selectAppsWithLineage(tx: Tx, organisationId: OrganisationId, limit = -1): AppId[] {
  return tx
    .select({ id: sql<AppId>`${apps.id}` })
    .from(sql`apps INDEXED BY apps_with_lineage`)
    .where(and(eq(apps.organisationId, organisationId), sql`${apps.lineageKeys} > 0`))
    .orderBy(asc(apps.id))
    .limit(limit)
    .all()
    .map((row) => row.id);
}

/** The keys that stand in an app's lineage by a statement of the store, or in all lineages, by app and place. */
export function selectStated(tx: Tx, appId?: AppId): LineageRow[] {
  return tx
    .select()
    .from(keyLineage)
    .where(
      and(
        appId === undefined ? undefined : eq(keyLineage.appId, appId),
        isNotNull(keyLineage.storeStatement),
      ),
    )
    .orderBy(asc(keyLineage.appId), asc(keyLineage.position))
    .all();
}

/** Another signature of the store over the same; false when the row is not as it was read. */
export function replaceStatement(
  tx: Tx,
  { appId, keyid, storeStatement: before }: LineageRow,
  next: Buffer,
): boolean {
  const place = and(eq(keyLineage.appId, appId), eq(keyLineage.keyid, keyid));
  const row = tx.select({ now: keyLineage.storeStatement }).from(keyLineage).where(place).get();
  if (!row?.now || !before || !row.now.equals(before)) return false;
  tx.update(keyLineage).set({ storeStatement: next }).where(place).run();
  return true;
}

/** A row as the entry that devices read. */
export function entryOf(row: LineageRow): LineageEntry {
  const { keyid: keyId, addition, storeStatement } = row;
  if (storeStatement === null) return { kind: "first", keyId };
  return addition === null
    ? { kind: "recovery", keyId, recovery: storeStatement }
    : { kind: "addition", keyId, addition, acceptance: storeStatement };
}
