/** The SQL of who may see which app. Takes and gives rows; knows no rules. */
import {
  and,
  asc,
  desc,
  eq,
  gt,
  inArray,
  isNotNull,
  isNull,
  lte,
  max,
  min,
  type SQL,
  sql,
} from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { each, hot } from "../../db/hot.ts";
import { appAudiences, apps, removedVersions, versions } from "../../db/schema.ts";
import { type AppId, type Audience, EVERYBODY, type OrganisationId, type Sha256 } from "../../ids.ts";
import { hasOffered } from "../revocation/records.ts";
import { STABLE } from "./audiences.ts";

export type AppAudience = Pick<typeof appAudiences.$inferSelect, "audience" | "toldAt" | "leftAt">;

const columns = { audience: appAudiences.audience, toldAt: appAudiences.toldAt, leftAt: appAudiences.leftAt };
const isOf = (appId: AppId) => and(eq(appAudiences.appId, appId), eq(appAudiences.channel, STABLE));
/** Named in that audience's catalogue now. */
const isShown = and(isNotNull(appAudiences.toldAt), isNull(appAudiences.leftAt));
const isShownTo = (audience: Audience) =>
  and(eq(appAudiences.audience, audience), eq(appAudiences.channel, STABLE), isShown);

/** Every audience that may see the app, may have seen it, or will with its first publication; by their ids. */
export function selectAppAudiences(tx: Tx, appId: AppId): AppAudience[] {
  return tx.select(columns).from(appAudiences).where(isOf(appId)).orderBy(asc(appAudiences.audience)).all();
}

/** Those who may see it, by their ids: in whose catalogues it is, once it is published. */
export function audiencesOf(tx: Tx, appId: AppId): Audience[] {
  return audiencesStatement(tx)
    .all({ appId })
    .map(({ audience }) => audience);
}

/** The same of several apps: of each that somebody may see. */
export function audiencesOfEach(tx: Tx, ids: readonly AppId[]): ReadonlyMap<AppId, readonly Audience[]> {
  if (ids.length === 0) return new Map();
  const rows = audiencesOfEachStatement(tx).all({ ids: JSON.stringify(ids) });
  const found = Map.groupBy(rows, ({ appId }) => appId);
  return new Map([...found].map(([id, each]) => [id, each.map(({ audience }) => audience).sort()]));
}

const audiencesOfEachStatement = hot((tx) =>
  tx
    .select({ appId: appAudiences.appId, audience: appAudiences.audience })
    .from(appAudiences)
    .where(
      and(
        sql`${appAudiences.appId} IN ${each("ids")}`,
        eq(appAudiences.channel, STABLE),
        isNull(appAudiences.leftAt),
      ),
    )
    .prepare(),
);

const audiencesStatement = hot((tx) =>
  tx
    .select({ audience: appAudiences.audience })
    .from(appAudiences)
    .where(
      and(
        eq(appAudiences.appId, sql.placeholder("appId")),
        eq(appAudiences.channel, STABLE),
        isNull(appAudiences.leftAt),
      ),
    )
    .orderBy(asc(appAudiences.audience))
    .prepare(),
);

export function findSealedAudiences(tx: Tx, id: AppId): Buffer | null {
  return tx.select({ sealed: apps.sealedAudiences }).from(apps).where(eq(apps.id, id)).get()?.sealed ?? null;
}

export function saveSealedAudiences(tx: Tx, id: AppId, sealed: Buffer): void {
  tx.update(apps).set({ sealedAudiences: sealed }).where(eq(apps.id, id)).run();
}

/** Of all apps that were never published. */
export function unpublishedSeals(tx: Tx): { readonly id: AppId; readonly sealed: Buffer | null }[] {
  return tx
    .select({ id: apps.id, sealed: apps.sealedAudiences })
    .from(apps)
    .where(isNull(apps.publishedAt))
    .all();
}

/** Adds audiences, those that the app has left among them. */
export function addAppAudiences(
  tx: Tx,
  app: { readonly id: AppId; readonly shard: number },
  audiences: readonly Audience[],
  now: Date,
): void {
  for (const audience of audiences)
    tx.insert(appAudiences)
      .values({
        appId: app.id,
        channel: STABLE,
        audience,
        shard: app.shard,
        createdAt: now,
        toldAt: null,
        leftAt: null,
        installs: sql`coalesce((SELECT a.installs FROM apps AS a WHERE a.id = ${app.id}), 0)`,
        category: sql`(SELECT a.category FROM apps AS a WHERE a.id = ${app.id})`,
      })
      .onConflictDoUpdate({
        target: [appAudiences.appId, appAudiences.channel, appAudiences.audience],
        set: { leftAt: null },
      })
      .run();
}

/** Of those that were never told of the app, nothing stays. */
export function endAppAudiences(tx: Tx, appId: AppId, audiences: readonly Audience[], now: Date): void {
  const isOne = and(isOf(appId), inArray(appAudiences.audience, [...audiences]));
  tx.delete(appAudiences)
    .where(and(isOne, isNull(appAudiences.toldAt)))
    .run();
  tx.update(appAudiences).set({ leftAt: now }).where(isOne).run();
}

/** With a publication, or a change of who may see what is published. */
export function markTold(tx: Tx, appId: AppId, now: Date): void {
  tx.update(appAudiences)
    .set({ toldAt: now })
    .where(and(isOf(appId), isNull(appAudiences.toldAt)))
    .run();
}

/** When what is offered first of an app was published; null: nothing is, or it stands in no list. */
export function saveUpdated(tx: Tx, appId: AppId, updatedAt: Date | null): void {
  tx.update(appAudiences).set({ updatedAt }).where(eq(appAudiences.appId, appId)).run();
}

/** Of an app that was never published. */
export function forgetTold(tx: Tx, appId: AppId): void {
  tx.update(appAudiences).set({ toldAt: null }).where(isOf(appId)).run();
}

/** The first of these audiences in whose catalogue the app is; undefined: in none. */
export function findShownTo(tx: Tx, appId: AppId, audiences: readonly Audience[]): Audience | undefined {
  return tx
    .select({ audience: appAudiences.audience })
    .from(appAudiences)
    .where(and(isOf(appId), inArray(appAudiences.audience, [...audiences]), isShown))
    .limit(1)
    .get()?.audience;
}

/** The apps in an audience's catalogue, by their ids. */
export function selectShown(
  tx: Tx,
  audience: Audience,
  page: { readonly after: string; readonly limit: number },
): AppId[] {
  return tx
    .select({ id: appAudiences.appId })
    .from(appAudiences)
    .where(and(isShownTo(audience), gt(appAudiences.appId, page.after as AppId)))
    .orderBy(asc(appAudiences.appId))
    .limit(page.limit)
    .all()
    .map(({ id }) => id);
}

/** The same from one of them back, that one first. */
export function selectShownUpTo(
  tx: Tx,
  audience: Audience,
  page: { readonly upTo: AppId; readonly limit: number },
): AppId[] {
  return tx
    .select({ id: appAudiences.appId })
    .from(appAudiences)
    .where(and(isShownTo(audience), lte(appAudiences.appId, page.upTo)))
    .orderBy(desc(appAudiences.appId))
    .limit(page.limit)
    .all()
    .map(({ id }) => id);
}

/** What came last into an audience's catalogue comes first; without what is revoked as a whole. */
export function selectNewestShown(
  tx: Tx,
  audience: Audience,
  limit: number,
): { readonly id: AppId; readonly toldAt: number }[] {
  return tx
    .select({ id: appAudiences.appId, toldAt: appAudiences.toldAt })
    .from(appAudiences)
    .innerJoin(apps, eq(apps.id, appAudiences.appId))
    .where(and(isShownTo(audience), isNull(apps.unlistedAt), hasOffered))
    .orderBy(desc(appAudiences.toldAt), desc(appAudiences.appId))
    .limit(limit)
    .all()
    .map(({ id, toldAt }) => ({ id, toldAt: toldAt?.getTime() ?? 0 }));
}

/** Those of one shard, by their ids. */
export function selectShownInShard(tx: Tx, audience: Audience, shard: number): AppId[] {
  return tx
    .select({ id: appAudiences.appId })
    .from(appAudiences)
    .where(and(isShownTo(audience), eq(appAudiences.shard, shard)))
    .orderBy(asc(appAudiences.appId))
    .all()
    .map(({ id }) => id);
}

/** Those of these apps that the audience is shown, whatever their shard. */
export function selectShownAmong(tx: Tx, audience: Audience, ids: readonly AppId[]): AppId[] {
  if (ids.length === 0) return [];
  return tx
    .select({ id: appAudiences.appId })
    .from(appAudiences)
    .where(and(inArray(appAudiences.appId, [...ids]), isShownTo(audience)))
    .all()
    .map(({ id }) => id);
}

/** Which shard the rows of each app name, a page of them by their ids. */
export function selectShards(tx: Tx, after: string, limit: number) {
  return tx
    .select({
      id: apps.id,
      ofApp: apps.catalogueShard,
      least: min(appAudiences.shard),
      most: max(appAudiences.shard),
    })
    .from(apps)
    .leftJoin(appAudiences, eq(appAudiences.appId, apps.id))
    .where(gt(apps.id, after as AppId))
    .groupBy(apps.id)
    .orderBy(asc(apps.id))
    .limit(limit)
    .all();
}

export function saveShard(tx: Tx, appId: AppId, shard: number): void {
  tx.update(apps).set({ catalogueShard: shard }).where(eq(apps.id, appId)).run();
  tx.update(appAudiences).set({ shard }).where(eq(appAudiences.appId, appId)).run();
}

/** Of all published apps of an organisation: who was ever told of any, once for each audience. */
export function selectAudiencesOfOrganisation(
  tx: Tx,
  organisationId: OrganisationId,
  except: AppId | null,
): Audience[] {
  return tx
    .selectDistinct({ audience: appAudiences.audience })
    .from(apps)
    .innerJoin(appAudiences, eq(appAudiences.appId, apps.id))
    .where(
      and(
        // Also those that it has given away: what its keys signed of them is still its.
        sql`(${apps.organisationId} = ${organisationId} OR ${apps.id} IN (SELECT f.app_id FROM app_former_owners AS f WHERE f.organisation_id = ${organisationId}))`,
        eq(appAudiences.channel, STABLE),
        isNotNull(appAudiences.toldAt),
        except === null ? undefined : sql`${apps.id} <> ${except}`,
      ),
    )
    .all()
    .map(({ audience }) => audience);
}

export type PublishedVersion = { readonly appId: AppId; readonly publishedAt: Date };

/** Versions that are published with this content, or were and went with their app. */
export function selectPublishedWith(tx: Tx, contentDigest: Sha256): PublishedVersion[] {
  const there = tx
    .select({ appId: versions.appId, publishedAt: versions.publishedAt })
    .from(versions)
    .where(and(eq(versions.contentDigest, contentDigest), isNotNull(versions.publishedAt)))
    .all()
    .flatMap(({ appId, publishedAt }) => (publishedAt === null ? [] : [{ appId, publishedAt }]));
  const gone = tx
    .select({ appId: removedVersions.appId, publishedAt: removedVersions.publishedAt })
    .from(removedVersions)
    .where(eq(removedVersions.contentDigest, contentDigest))
    .all();
  return [...there, ...gone];
}

/** Of a published app: the digests of its published versions, and when they were. */
export function selectDigests(tx: Tx, appId: AppId): { contentDigest: Sha256; publishedAt: Date }[] {
  return tx
    .select({ contentDigest: versions.contentDigest, publishedAt: versions.publishedAt })
    .from(versions)
    .where(and(eq(versions.appId, appId), isNotNull(versions.publishedAt)))
    .all()
    .flatMap(({ contentDigest, publishedAt }) =>
      contentDigest === null || publishedAt === null ? [] : [{ contentDigest, publishedAt }],
    );
}

/** How many apps each of these audiences may see, or will. */
export function countAppsFor(tx: Tx, audience: Audience): number {
  return tx.select({ n: sql<number>`count(*)` }).from(appAudiences).where(isShownTo(audience)).get()?.n ?? 0;
}

export type AppFor = ReturnType<typeof selectAppsFor>[number];

/** The apps that an audience may see, or will with their first publication, by their ids. */
export function selectAppsFor(
  tx: Tx,
  audience: Audience,
  page: { readonly after: string; readonly limit: number },
) {
  return tx
    .select({ id: apps.id, name: apps.name, publishedAt: apps.publishedAt })
    .from(appAudiences)
    .innerJoin(apps, eq(apps.id, appAudiences.appId))
    .where(
      and(
        eq(appAudiences.audience, audience),
        gt(appAudiences.appId, page.after as AppId),
        isNull(appAudiences.leftAt),
      ),
    )
    .orderBy(asc(appAudiences.appId))
    .limit(page.limit)
    .all();
}

/** A version of the outer query whose app is public, or was until a moment after `since`. */
export function isOfPublicApp(since: Date): SQL {
  return sql`EXISTS (SELECT 1 FROM app_audiences AS a WHERE a.app_id = versions.app_id AND a.channel = ${STABLE}
    AND a.audience = ${EVERYBODY} AND (a.left_at IS NULL OR a.left_at > ${since.getTime()}))`;
}
