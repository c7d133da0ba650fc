/** What the pages show beside the lists: counts, what waits for somebody, and where the page before began. */

import type { Actor } from "../accounts/actor.ts";
import { appsWithin, ownReachOf } from "../accounts/rights.ts";
import type { Store } from "../context.ts";
import type { AppId, VersionId } from "../ids.ts";
import * as overview from "./overview.records.ts";
import * as records from "./records.ts";
import { selectOffered } from "./revocation/records.ts";
import { listedVersion } from "./version-views.ts";
import type { ListedVersion } from "./views.ts";

/** Counting stops here: beyond it nobody reads the digits, and the query would be felt. */
const COUNT_MOST = 1000;
const NEEDS_MOST = 20;

export type AppCounts = { readonly apps: number; readonly published: number; readonly inReview: number };

/**
 * How many apps the actor's organisations have, of how many of them something is published that is neither yanked nor being
 * deleted, and how many of their versions wait for a review; each counted up to COUNT_MOST.
 */
export function countApps(store: Store, actor: Actor): AppCounts {
  const own = ownAppsOf(actor);
  if (own.length === 0) return { apps: 0, published: 0, inReview: 0 };
  const tx = store.db.orm;
  return {
    apps: overview.countAppsOf(tx, own, COUNT_MOST, "all"),
    published: overview.countAppsOf(tx, own, COUNT_MOST, "published"),
    inReview: overview.countWaitingOf(tx, own, COUNT_MOST),
  };
}

/** Apps of the actor's organisations whose newest version waits for its developer; the latest change first, 20 at most. */
export function listNeeds(store: Store, actor: Actor): overview.Need[] {
  return overview.selectNeeds(store.db.orm, ownAppsOf(actor), NEEDS_MOST);
}

/** The length of the review queue, counted up to COUNT_MOST, and its longest wait. */
export function queueLength(store: Store): { waiting: number; oldestAt: Date | null } {
  const tx = store.db.orm;
  return { waiting: overview.countWaiting(tx, COUNT_MOST), oldestAt: overview.oldestSubmission(tx) };
}

/**
 * What devices are offered of an app now: its highest published version that nothing revokes; null when there is none. The
 * caller has asked whether the app may be read.
 */
export function currentRelease(store: Store, appId: AppId): ListedVersion | null {
  const row = selectOffered(store.db.orm, appId, 1)[0];
  return row ? listedVersion(store.db.orm, row) : null;
}

/** Above which a new version's code has to be: devices take only a higher one; null: nothing was published. */
export function publishedCode(store: Store, appId: AppId): number | null {
  return records.highestPublishedCode(store.db.orm, appId) || null;
}

export type SeverityCounts = { readonly errors: number; readonly warnings: number; readonly infos: number };

/** How many findings of each severity these versions have; a version without any is not in the map. */
export function countFindings(store: Store, ids: readonly VersionId[]): Map<VersionId, SeverityCounts> {
  const counts = new Map<VersionId, SeverityCounts>();
  if (ids.length === 0) return counts;
  for (const { id, severity, n } of overview.countSeverities(store.db.orm, ids)) {
    const of = counts.get(id) ?? { errors: 0, warnings: 0, infos: 0 };
    counts.set(id, { ...of, [`${severity}s`]: n });
  }
  return counts;
}

/*
 * The page before one that begins after `after`: it ends with `after` and has `limit` items, so it begins after the
 * item that stands `limit` places before. null when there is no such item: that page is the first.
 */

export function beforeVersions(store: Store, appId: AppId, after: string, limit: number): string | null {
  return overview.selectVersionIdsFrom(store.db.orm, appId, after as VersionId, limit + 1)[limit] ?? null;
}

export function beforeQueue(store: Store, after: string, limit: number): string | null {
  const from = records.findVersion(store.db.orm, after as VersionId);
  if (!from?.submittedAt) return null;
  const place = { submittedAt: from.submittedAt, id: from.id };
  return overview.selectQueueIdsUpTo(store.db.orm, place, limit + 1)[limit] ?? null;
}

/** Those of a key that is narrowed to apps are these alone. */
function ownAppsOf(actor: Actor): overview.OwnApps[] {
  const reach = ownReachOf(actor, "app.read");
  return reach.organisationIds.map((organisationId) => ({
    organisationId,
    appIds: appsWithin(reach, organisationId),
  }));
}
