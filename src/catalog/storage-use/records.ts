/** The SQL of the room that files take. What sums is asked by the job alone, for a few apps at a time. */
import { and, asc, desc, eq, gt, gte, inArray, isNotNull, isNull, notInArray, sql } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import {
  apps,
  blobs,
  deltas,
  listingPictures,
  storageApps,
  storageCounts,
  storageKinds,
  versionPictures,
  versions,
} from "../../db/schema.ts";
import type { AppId } from "../../ids.ts";

export type AppRow = typeof storageApps.$inferSelect;
export type KindRow = typeof storageKinds.$inferSelect;

const ONLY_COUNT = 1;

export function findCountedAt(tx: Tx): Date | null {
  return tx.select().from(storageCounts).where(eq(storageCounts.id, ONLY_COUNT)).get()?.countedAt ?? null;
}

export function replaceKinds(tx: Tx, kinds: readonly KindRow[], countedAt: Date): void {
  const names = kinds.map(({ kind }) => kind);
  tx.delete(storageKinds).where(notInArray(storageKinds.kind, names)).run();
  for (const row of kinds)
    tx.insert(storageKinds).values(row).onConflictDoUpdate({ target: storageKinds.kind, set: row }).run();
  tx.insert(storageCounts)
    .values({ id: ONLY_COUNT, countedAt })
    .onConflictDoUpdate({ target: storageCounts.id, set: { countedAt } })
    .run();
}

export function selectKinds(tx: Tx): KindRow[] {
  return tx.select().from(storageKinds).all();
}

export function saveApp(tx: Tx, row: AppRow): void {
  tx.insert(storageApps).values(row).onConflictDoUpdate({ target: storageApps.appId, set: row }).run();
}

export function selectAppIds(tx: Tx, after: string, limit: number): AppId[] {
  return tx
    .select({ id: apps.id })
    .from(apps)
    .where(and(gt(apps.id, after as AppId), isNull(apps.removedAt)))
    .orderBy(asc(apps.id))
    .limit(limit)
    .all()
    .map(({ id }) => id);
}

/** Of apps that are gone, whose rows stay. */
export function forgetRemovedApps(tx: Tx): void {
  const removed = tx.select({ id: apps.id }).from(apps).where(isNotNull(apps.removedAt));
  tx.delete(storageApps).where(inArray(storageApps.appId, removed)).run();
}

const sum = (column: unknown) => sql<number>`coalesce(sum(${column}), 0)`;

/** Each sum by the index of the app; a picture or container that several of its versions have counts once. */
export function sumApp(tx: Tx, appId: AppId): AppRow {
  const packages = tx
    .select({
      versions: sql<number>`count(*)`,
      bytes: sql<number>`coalesce(sum(${versions.uploadSizeBytes} + coalesce(${versions.releasedSizeBytes}, 0)), 0)`,
    })
    .from(versions)
    .where(eq(versions.appId, appId))
    .get();
  const own = tx.select({ id: versions.id }).from(versions).where(eq(versions.appId, appId));
  const containers = tx
    .selectDistinct({ sha256: deltas.sha256, sizeBytes: deltas.sizeBytes })
    .from(deltas)
    .where(and(inArray(deltas.versionId, own), isNotNull(deltas.sha256)))
    .as("containers");
  const deltasBytes =
    tx
      .select({ bytes: sum(containers.sizeBytes) })
      .from(containers)
      .get()?.bytes ?? 0;
  const keys = tx
    .select({ key: versionPictures.blobKey })
    .from(versionPictures)
    .where(inArray(versionPictures.versionId, own))
    .union(
      tx
        .select({ key: listingPictures.blobKey })
        .from(listingPictures)
        .where(eq(listingPictures.appId, appId)),
    );
  const picturesBytes =
    tx
      .select({ bytes: sum(blobs.sizeBytes) })
      .from(blobs)
      .where(inArray(blobs.key, keys))
      .get()?.bytes ?? 0;
  const packagesBytes = packages?.bytes ?? 0;
  const totalBytes = packagesBytes + deltasBytes + picturesBytes;
  return { appId, versions: packages?.versions ?? 0, packagesBytes, deltasBytes, picturesBytes, totalBytes };
}

const place = (appId: AppId) => sql`(SELECT total_bytes, app_id FROM storage_apps WHERE app_id = ${appId})`;
const rank = sql`(${storageApps.totalBytes}, ${storageApps.appId})`;

export type LargeApp = AppRow & { readonly appName: string };

/** The largest first, those after this one only. */
export function selectLargest(
  tx: Tx,
  { after, limit }: { readonly after?: AppId; readonly limit: number },
): LargeApp[] {
  return (
    tx
      .select({ row: storageApps, appName: apps.name })
      .from(storageApps)
      .innerJoin(apps, eq(apps.id, storageApps.appId))
      // That no sum is below 0 says where the index is entered.
      .where(
        and(
          gte(storageApps.totalBytes, 0),
          isNull(apps.removedAt),
          after === undefined ? undefined : sql`${rank} < ${place(after)}`,
        ),
      )
      .orderBy(desc(storageApps.totalBytes), desc(storageApps.appId))
      .limit(limit)
      .all()
      .map(({ row, appName }) => ({ ...row, appName }))
  );
}

/** From this one on towards larger ones. */
export function selectIdsFrom(tx: Tx, from: AppId, limit: number): AppId[] {
  return tx
    .select({ id: storageApps.appId })
    .from(storageApps)
    .where(sql`${rank} >= ${place(from)}`)
    .orderBy(asc(storageApps.totalBytes), asc(storageApps.appId))
    .limit(limit)
    .all()
    .map(({ id }) => id);
}
