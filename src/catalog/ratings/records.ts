/** The SQL of ratings, and of who has an app. Takes and gives rows; knows no rules. */
import { and, desc, eq, inArray, isNull, lt, type SQL, sql } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { each, hot } from "../../db/hot.ts";
import { accounts, appHolders, appRatingSums, appRatings, deltas, versions } from "../../db/schema.ts";
import type { AccountId, AppId, DeviceId, RatingId, Sha256, VersionCode, VersionId } from "../../ids.ts";

/** Whose a rating is. */
export type Rater = { readonly accountId: AccountId } | { readonly deviceId: DeviceId };

export type RatingRow = typeof appRatings.$inferSelect;

const isRater = (table: typeof appRatings | typeof appHolders, rater: Rater): SQL =>
  "accountId" in rater ? eq(table.accountId, rater.accountId) : eq(table.deviceId, rater.deviceId);

const columnsOf = (rater: Rater) =>
  "accountId" in rater
    ? { accountId: rater.accountId, deviceId: null }
    : { accountId: null, deviceId: rater.deviceId };

export type ReleaseRow = {
  readonly appId: AppId;
  readonly versionCode: VersionCode;
  readonly version: string;
};

const RELEASE = { appId: versions.appId, versionCode: versions.versionCode, version: versions.version };

/** Which version a released package is; undefined: none. */
export function versionOfPackage(tx: Tx, sha256: Sha256): ReleaseRow | undefined {
  return tx.select(RELEASE).from(versions).where(eq(versions.releasedSha256, sha256)).limit(1).get();
}

/** The same of a container, of what comes out of it. */
export function versionOfContainer(tx: Tx, sha256: Sha256): ReleaseRow | undefined {
  const container = tx
    .select({ id: deltas.versionId })
    .from(deltas)
    .where(eq(deltas.sha256, sha256))
    .limit(1)
    .get();
  return container && versionById(tx, container.id);
}

function versionById(tx: Tx, id: VersionId): ReleaseRow | undefined {
  return tx.select(RELEASE).from(versions).where(eq(versions.id, id)).get();
}

export type HolderRow = typeof appHolders.$inferSelect;

export function findHolder(tx: Tx, rater: Rater, appId: AppId): HolderRow | undefined {
  return tx
    .select()
    .from(appHolders)
    .where(and(isRater(appHolders, rater), eq(appHolders.appId, appId)))
    .get();
}

/** In the place of what they fetched before. */
export function saveHolder(tx: Tx, rater: Rater, release: ReleaseRow, now: Date): void {
  const { appId, ...of } = release;
  const set = { ...of, fetchedAt: now };
  if (findHolder(tx, rater, appId) === undefined)
    tx.insert(appHolders)
      .values({ appId, ...columnsOf(rater), ...set })
      .run();
  else
    tx.update(appHolders)
      .set(set)
      .where(and(isRater(appHolders, rater), eq(appHolders.appId, appId)))
      .run();
}

/** Also one that is hidden and was taken back. */
export function findRatingOf(tx: Tx, rater: Rater, appId: AppId): RatingRow | undefined {
  return tx
    .select()
    .from(appRatings)
    .where(and(isRater(appRatings, rater), eq(appRatings.appId, appId)))
    .get();
}

export function insertRating(
  tx: Tx,
  rater: Rater,
  row: Pick<
    RatingRow,
    "id" | "appId" | "stars" | "body" | "language" | "versionCode" | "version" | "createdAt"
  >,
): RatingRow {
  return tx
    .insert(appRatings)
    .values({ ...row, ...columnsOf(rater), updatedAt: row.createdAt, revision: 1 })
    .returning()
    .get();
}

export function updateRating(
  tx: Tx,
  { id, revision }: RatingRow,
  set: Partial<Omit<RatingRow, "id" | "appId" | "accountId" | "deviceId" | "revision" | "createdAt">>,
): RatingRow {
  return tx
    .update(appRatings)
    .set({ ...set, revision: revision + 1 })
    .where(eq(appRatings.id, id))
    .returning()
    .get();
}

export function removeRating(tx: Tx, id: RatingId): void {
  tx.delete(appRatings).where(eq(appRatings.id, id)).run();
}

export type SumRow = { readonly stars: number; readonly ratings: number };

/** Of each app: how many gave it how many stars. */
export function selectSums(tx: Tx, appIds: readonly AppId[]): ReadonlyMap<AppId, readonly SumRow[]> {
  if (appIds.length === 0) return new Map();
  return Map.groupBy(sumsStatement(tx).all({ ids: JSON.stringify(appIds) }), ({ appId }) => appId);
}

const sumsStatement = hot((tx) =>
  tx
    .select()
    .from(appRatingSums)
    .where(sql`${appRatingSums.appId} IN ${each("ids")}`)
    .prepare(),
);

/** With what its author calls themselves; null: it is a device's. */
export type NamedRating = RatingRow & { readonly name: string | null };

/** Those that have words and are not hidden, the newest first. Without a language of every one. */
export function selectSaid(
  tx: Tx,
  appId: AppId,
  language: string | null,
  page: { readonly after?: string; readonly limit: number },
): NamedRating[] {
  const beyond = page.after === undefined ? undefined : lt(appRatings.id, page.after as RatingId);
  return named(tx, said(appId, language, beyond), desc(appRatings.id), page.limit);
}

/** The same from one on towards newer ones: by where the page before begins. */
export function selectSaidUpTo(
  tx: Tx,
  appId: AppId,
  language: string | null,
  from: { readonly after: string; readonly limit: number },
): RatingId[] {
  return tx
    .select({ id: appRatings.id })
    .from(appRatings)
    .where(said(appId, language, sql`${appRatings.id} >= ${from.after}`))
    .orderBy(appRatings.id)
    .limit(from.limit)
    .all()
    .map(({ id }) => id);
}

const said = (appId: AppId, language: string | null, place: SQL | undefined): SQL | undefined =>
  and(
    eq(appRatings.appId, appId),
    language === null ? undefined : eq(appRatings.language, language),
    isNull(appRatings.hiddenAt),
    // Written out: with a value that is bound the index for it is not used.
    sql`${appRatings.body} <> ''`,
    place,
  );

const stands = (appId: AppId, place: SQL | undefined): SQL | undefined =>
  and(eq(appRatings.appId, appId), isNull(appRatings.withdrawnAt), place);

/** All of an app, hidden or without words, the newest first; without what was taken back. */
export function selectOfApp(
  tx: Tx,
  appId: AppId,
  page: { readonly after?: string; readonly limit: number },
): NamedRating[] {
  const beyond = page.after === undefined ? undefined : lt(appRatings.id, page.after as RatingId);
  return named(tx, stands(appId, beyond), desc(appRatings.id), page.limit);
}

/** As `selectSaidUpTo`. */
export function selectOfAppUpTo(
  tx: Tx,
  appId: AppId,
  from: { readonly after: string; readonly limit: number },
): RatingId[] {
  return tx
    .select({ id: appRatings.id })
    .from(appRatings)
    .where(stands(appId, sql`${appRatings.id} >= ${from.after}`))
    .orderBy(appRatings.id)
    .limit(from.limit)
    .all()
    .map(({ id }) => id);
}

function named(tx: Tx, where: SQL | undefined, order: SQL, limit: number): NamedRating[] {
  const rows = tx.select().from(appRatings).where(where).orderBy(order).limit(limit).all();
  const ids = rows.flatMap(({ accountId }) => (accountId === null ? [] : [accountId]));
  const names = new Map(
    ids.length === 0
      ? []
      : tx
          .select({ id: accounts.id, name: accounts.name })
          .from(accounts)
          .where(inArray(accounts.id, ids))
          .all()
          .map(({ id, name }) => [id, name]),
  );
  return rows.map((row) => ({
    ...row,
    name: row.accountId === null ? null : (names.get(row.accountId) ?? null),
  }));
}

/** With what its author calls themselves. One that is of another app, or was taken back, is not there. */
export function findNamed(tx: Tx, appId: AppId, id: RatingId): NamedRating | undefined {
  return named(tx, stands(appId, eq(appRatings.id, id)), desc(appRatings.id), 1)[0];
}
