/** The SQL of lineages: which keys may sign an app, with the statements that made them so. */
import { and, asc, eq, inArray, isNull } from "drizzle-orm";
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

export function insertLineage(tx: Tx, row: typeof keyLineage.$inferInsert): void {
  tx.insert(keyLineage).values(row).run();
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

/** The organisation's apps that have a lineage. */
export function selectAppsWithLineage(tx: Tx, organisationId: OrganisationId): AppId[] {
  return tx
    .selectDistinct({ id: apps.id })
    .from(apps)
    .innerJoin(keyLineage, eq(keyLineage.appId, apps.id))
    .where(eq(apps.organisationId, organisationId))
    .orderBy(asc(apps.id))
    .all()
    .map((row) => row.id);
}

/** A row as the entry that devices read. */
export function entryOf(row: LineageRow): LineageEntry {
  const { keyid: keyId, addition, storeStatement } = row;
  if (storeStatement === null) return { kind: "first", keyId };
  return addition === null
    ? { kind: "recovery", keyId, recovery: storeStatement }
    : { kind: "addition", keyId, addition, acceptance: storeStatement };
}
