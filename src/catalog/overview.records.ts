/**
 * The SQL of what pages show beside the lists. Counts stop at a limit, and everything else goes by an index to the few
 * rows that are shown, so that none of it grows with the store.
 */

import {
  and,
  asc,
  count,
  desc,
  eq,
  gte,
  inArray,
  isNotNull,
  isNull,
  lte,
  or,
  type SQL,
  sql,
} from "drizzle-orm";
import type { Tx } from "../db/database.ts";
import { hot } from "../db/hot.ts";
import { apps, findings, versions } from "../db/schema.ts";
import type { VersionState } from "../db/version-states.ts";
import type { AppId, OrganisationId, VersionId } from "../ids.ts";
import { isOfKeptApp } from "./records.ts";

/** An organisation's apps: these only, or with null all of them. */
export type OwnApps = { readonly organisationId: OrganisationId; readonly appIds: readonly AppId[] | null };

function isOf(own: readonly OwnApps[]): SQL | undefined {
  const whole = own.filter(({ appIds }) => appIds === null).map(({ organisationId }) => organisationId);
  const some = own.flatMap(({ organisationId, appIds }) =>
    appIds === null ? [] : [and(inArray(apps.id, [...appIds]), eq(apps.organisationId, organisationId))],
  );
  return or(whole.length > 0 || some.length === 0 ? inArray(apps.organisationId, whole) : undefined, ...some);
}

/** Few apps have a version that is yanked: only of those another one is looked for. */
const isPublished = and(
  isNotNull(apps.publishedAt),
  isNull(apps.deletionAt),
  sql`(NOT EXISTS (SELECT 1 FROM versions AS v WHERE v.app_id = apps.id AND v.yanked_at IS NOT NULL)
    OR EXISTS (SELECT 1 FROM versions AS v WHERE v.app_id = apps.id AND v.published_at IS NOT NULL AND v.yanked_at IS NULL))`,
);

/** Their apps, counted no further than `most`. */
export function countAppsOf(
  tx: Tx,
  own: readonly OwnApps[],
  most: number,
  which: "all" | "published",
): number {
  const some = tx
    .select({ id: apps.id })
    .from(apps)
    .where(and(isOf(own), isNull(apps.removedAt), which === "published" ? isPublished : undefined))
    .limit(most)
    .as("some");
  return tx.select({ n: count() }).from(some).get()?.n ?? 0;
}

/** How many versions of their apps wait for a review, counted no further than `most`. */
export function countWaitingOf(tx: Tx, own: readonly OwnApps[], most: number): number {
  // An app with a version that waits has one at least: of so many apps no more need to be read.
  const some = tx
    .select({ waiting: sql<number>`${apps.waiting}`.as("waiting") })
    .from(sql`apps INDEXED BY apps_waiting_for_review`)
    .where(and(isOf(own), sql`${apps.waiting} > 0`, isNull(apps.deletionAt)))
    .limit(most)
    .as("some");
  const row = tx
    .select({ n: sql<number>`coalesce(sum(${some.waiting}), 0)` })
    .from(some)
    .get();
  return Math.min(most, row?.n ?? 0);
}

/** As the index `versions_waiting` has it, to the letter. */
const isInReview = sql`${versions.state} = 'in_review'`;

/**
 * The length of the whole review queue, counted no further than `most`. Versions of apps that are being deleted, which are few, are
 * counted by themselves and taken off: to ask it of each version takes many times as long.
 */
export function countWaiting(tx: Tx, most: number): number {
  const resting = restingStatement(tx).get()?.n ?? 0;
  const all = waitingStatement(tx).get({ most: most + resting })?.n ?? 0;
  return Math.min(most, all - resting);
}

const waitingStatement = hot((tx) =>
  tx
    .select({ n: count() })
    .from(
      tx
        .select({ id: versions.id })
        .from(versions)
        .where(isInReview)
        .limit(sql.placeholder("most"))
        .as("queue"),
    )
    .prepare(),
);

/** From the few apps: left to itself, SQLite begins with all versions that wait. */
const restingStatement = hot((tx) =>
  tx
    .select({ n: sql<number>`count(*)` })
    .from(
      sql`apps INDEXED BY apps_deletions CROSS JOIN versions ON versions.app_id = apps.id AND versions.state = 'in_review'`,
    )
    .where(sql`apps.deletion_at IS NOT NULL AND apps.removed_at IS NULL`)
    .prepare(),
);

export function oldestSubmission(tx: Tx): Date | null {
  return oldestStatement(tx).get()?.at ?? null;
}

const oldestStatement = hot((tx) =>
  tx
    .select({ at: versions.submittedAt })
    .from(versions)
    .where(and(eq(versions.state, "in_review"), isOfKeptApp))
    .orderBy(asc(versions.submittedAt))
    .limit(1)
    .prepare(),
);

const NEED_STATES = ["failed", "rejected", "draft", "held"] as const satisfies readonly VersionState[];
export type NeedState = (typeof NEED_STATES)[number];

/** An app whose newest version waits for its developer. */
export type Need = {
  readonly state: NeedState;
  readonly appId: AppId;
  readonly appName: string;
  readonly versionId: VersionId;
  readonly version: string;
  readonly at: Date;
};

/** As the index `apps_waiting_for_developers` has it, to the letter. */
const waitsForDevelopers = sql`${apps.newestState} IN ('failed', 'rejected', 'draft', 'held')`;

/** Of their apps, the latest change first. One organisation by itself after the other: each by the index, in its order. */
export function selectNeeds(tx: Tx, own: readonly OwnApps[], limit: number): Need[] {
  const latest = own.flatMap(({ organisationId, appIds }) =>
    tx
      .select({ id: sql<AppId>`${apps.id}`, at: sql<number>`${apps.newestStateAt}` })
      .from(sql`apps INDEXED BY apps_waiting_for_developers`)
      .where(
        and(
          eq(apps.organisationId, organisationId),
          appIds === null ? undefined : inArray(apps.id, [...appIds]),
          waitsForDevelopers,
          isNull(apps.deletionAt),
        ),
      )
      .orderBy(desc(apps.newestStateAt), desc(apps.id))
      .limit(limit)
      .all(),
  );
  const ids = latest
    .sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
    .slice(0, limit)
    .map(({ id }) => id);
  if (ids.length === 0) return [];
  const needs = tx
    .select({
      state: sql<NeedState>`${versions.state}`,
      appId: versions.appId,
      appName: apps.name,
      versionId: versions.id,
      version: versions.version,
      at: versions.stateChangedAt,
    })
    .from(apps)
    .innerJoin(versions, eq(versions.id, apps.newestVersionId))
    .where(inArray(apps.id, ids))
    .all();
  return needs.sort((a, b) => ids.indexOf(a.appId) - ids.indexOf(b.appId));
}

export function countSeverities(
  tx: Tx,
  ids: readonly VersionId[],
): { id: VersionId; severity: "error" | "warning" | "info"; n: number }[] {
  return tx
    .select({ id: findings.versionId, severity: findings.severity, n: count() })
    .from(findings)
    .where(inArray(findings.versionId, [...ids]))
    .groupBy(findings.versionId, findings.severity)
    .all();
}

/** Ids from `from` on, rising: towards the newest upload. */
export function selectVersionIdsFrom(tx: Tx, appId: AppId, from: VersionId, limit: number): VersionId[] {
  return tx
    .select({ id: versions.id })
    .from(versions)
    .where(and(eq(versions.appId, appId), gte(versions.id, from)))
    .orderBy(asc(versions.id))
    .limit(limit)
    .all()
    .map((row) => row.id);
}

/** Ids of the queue up to and with this place, falling: towards the longest wait. */
export function selectQueueIdsUpTo(
  tx: Tx,
  place: { readonly submittedAt: Date; readonly id: VersionId },
  limit: number,
): VersionId[] {
  return tx
    .select({ id: versions.id })
    .from(versions)
    .where(
      and(
        eq(versions.state, "in_review"),
        isOfKeptApp,
        lte(versions.submittedAt, place.submittedAt),
        sql`(${versions.submittedAt}, ${versions.id}) <= (${place.submittedAt.getTime()}, ${place.id})`,
      ),
    )
    .orderBy(desc(versions.submittedAt), desc(versions.id))
    .limit(limit)
    .all()
    .map((row) => row.id);
}
