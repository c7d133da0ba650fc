/** The SQL of published apps that are being deleted. Takes and gives rows; knows no rules. */
import { and, asc, eq, gt, inArray, isNotNull, isNull, lte, or, sql } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import {
  appDeletionAudiences,
  appDeletions,
  appFetches,
  appHolders,
  appRatingSums,
  appRatings,
  apps,
  collectionApps,
  keyLineage,
  listingPictureSets,
  listingPictures,
  removedVersions,
  reports,
  shownTexts,
  storeListingRevisions,
  storeListings,
  trustedPublishers,
  versions,
} from "../../db/schema.ts";
import type { VersionState } from "../../db/version-states.ts";
import type { AppId, Audience, OrganisationId } from "../../ids.ts";
import type { VersionRow } from "../records.ts";

export type DeletionRow = typeof appDeletions.$inferSelect;

export function insertDeletion(tx: Tx, row: DeletionRow, audiences: readonly Audience[]): void {
  tx.insert(appDeletions).values(row).run();
  for (const audience of audiences)
    tx.insert(appDeletionAudiences).values({ appId: row.appId, audience }).run();
}

export function findDeletion(tx: Tx, appId: AppId): DeletionRow | undefined {
  return tx.select().from(appDeletions).where(eq(appDeletions.appId, appId)).get();
}

export function findDeletions(tx: Tx, appIds: readonly AppId[]): ReadonlyMap<AppId, DeletionRow> {
  if (appIds.length === 0) return new Map();
  const rows = tx
    .select()
    .from(appDeletions)
    .where(inArray(appDeletions.appId, [...appIds]))
    .all();
  return new Map(rows.map((row) => [row.appId, row]));
}

/**
 * Of the apps that are being deleted, by id, rising; `organisationIds: null` is every organisation. The index of these alone is
 * named: left to itself, SQLite takes that of all apps of an organisation.
 */
export function selectDeletedIds(
  tx: Tx,
  filter: {
    readonly organisationIds: readonly OrganisationId[] | null;
    /** Of an organisation's apps, or of all where null is asked, these only; null: whichever. */
    readonly appsOf: (organisationId: OrganisationId | null) => readonly AppId[] | null;
    readonly after?: string;
    readonly limit: number;
  },
): AppId[] {
  const of = (organisationId: OrganisationId | null): AppId[] => {
    const appIds = filter.appsOf(organisationId);
    const index = sql.raw(organisationId === null ? "apps_deletions" : "apps_deletion");
    return tx
      .select({ id: sql<AppId>`${apps.id}` })
      .from(sql`apps INDEXED BY ${index}`)
      .where(
        and(
          organisationId === null ? undefined : eq(apps.organisationId, organisationId),
          gt(apps.id, (filter.after ?? "") as AppId),
          appIds === null ? undefined : inArray(apps.id, [...appIds]),
          isNotNull(apps.deletionAt),
          isNull(apps.removedAt),
        ),
      )
      .orderBy(asc(apps.id))
      .limit(filter.limit)
      .all()
      .map(({ id }) => id);
  };
  if (filter.organisationIds === null) return of(null);
  return filter.organisationIds.flatMap(of).sort().slice(0, filter.limit);
}

/** When the first of them is gone; `organisationIds` and `appsOf` as above. Null: there are none. */
export function findFirstEnd(
  tx: Tx,
  filter: {
    readonly organisationIds: readonly OrganisationId[] | null;
    readonly appsOf: (organisationId: OrganisationId | null) => readonly AppId[] | null;
  },
): Date | null {
  const of = (organisationId: OrganisationId | null): number[] => {
    const appIds = filter.appsOf(organisationId);
    const index = organisationId === null ? "apps_deletion_ending" : "apps_deletion_ending_of";
    const row = tx
      .select({ at: sql<number | null>`${apps.deletionAt}` })
      // Of some apps alone each is looked up.
      .from(appIds === null ? sql`apps INDEXED BY ${sql.raw(index)}` : sql`apps`)
      .where(
        and(
          organisationId === null ? undefined : eq(apps.organisationId, organisationId),
          // Said so, the index is searched and not walked.
          gt(apps.deletionAt, new Date(0)),
          appIds === null ? undefined : inArray(apps.id, [...appIds]),
          isNull(apps.removedAt),
        ),
      )
      .orderBy(asc(apps.deletionAt))
      .limit(1)
      .get();
    return row?.at == null ? [] : [row.at];
  };
  const ends = (filter.organisationIds ?? [null]).flatMap(of);
  return ends.length === 0 ? null : new Date(Math.min(...ends));
}

export function deleteDeletion(tx: Tx, appId: AppId): void {
  tx.delete(appDeletions).where(eq(appDeletions.appId, appId)).run();
}

export type Due = Pick<DeletionRow, "appId" | "endsAt">;

/** Those whose time is over, the one that was over first before the others; after one of them, or from the first. */
export function selectDue(tx: Tx, now: Date, after: Due | null, limit: number): Due[] {
  const later =
    after === null
      ? undefined
      : or(
          gt(appDeletions.endsAt, after.endsAt),
          and(eq(appDeletions.endsAt, after.endsAt), gt(appDeletions.appId, after.appId)),
        );
  return tx
    .select({ appId: appDeletions.appId, endsAt: appDeletions.endsAt })
    .from(appDeletions)
    .where(and(lte(appDeletions.endsAt, now), later))
    .orderBy(asc(appDeletions.endsAt), asc(appDeletions.appId))
    .limit(limit)
    .all();
}

/** For another master key. */
export function allDeletions(tx: Tx): DeletionRow[] {
  return tx.select().from(appDeletions).all();
}

export function replaceSeal(tx: Tx, appId: AppId, sealed: Buffer): void {
  tx.update(appDeletions).set({ sealed }).where(eq(appDeletions.appId, appId)).run();
}

export function hasVersionIn(tx: Tx, appId: AppId, states: readonly VersionState[]): boolean {
  const row = tx
    .select({ id: versions.id })
    .from(versions)
    .where(and(eq(versions.appId, appId), inArray(versions.state, [...states])))
    .limit(1);
  return row.get() !== undefined;
}

export function selectSomeVersions(tx: Tx, appId: AppId, limit: number): VersionRow[] {
  return tx
    .select()
    .from(versions)
    .where(eq(versions.appId, appId))
    .orderBy(asc(versions.id))
    .limit(limit)
    .all();
}

/** With all that is said of it; of one that was published, which package it was stays. */
export function removeVersion(tx: Tx, row: VersionRow): void {
  const { id, appId, contentDigest, versionCode, version, publishedAt } = row;
  if (publishedAt !== null && contentDigest !== null)
    tx.insert(removedVersions)
      .values({ contentDigest, appId, versionCode, version, publishedAt })
      .onConflictDoNothing()
      .run();
  tx.delete(versions).where(eq(versions.id, id)).run();
}

/** What is the app's beside its versions: nothing is left of it but its own row, and whom it was shown to. */
export function removeBelongings(tx: Tx, appId: AppId): void {
  for (const table of [
    trustedPublishers,
    keyLineage,
    storeListings,
    storeListingRevisions,
    listingPictures,
    listingPictureSets,
    shownTexts,
    appFetches,
    collectionApps,
    appHolders,
    appRatings,
    appRatingSums,
    reports,
  ])
    tx.delete(table).where(eq(table.appId, appId)).run();
}
