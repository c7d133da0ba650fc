/**
 * What the pages show beside the lists: counts, what waits for somebody, and where the page before began. Every query
 * goes by an index and is bounded, so that none grows with the store.
 */
import { and, asc, count, desc, eq, gte, inArray, isNotNull, lte, sql } from "drizzle-orm";
import type { Actor } from "../accounts/actor.ts";
import type { Store } from "../context.ts";
import type { Tx } from "../db/database.ts";
import { apps, findings, type VersionState, versions } from "../db/schema.ts";
import type { AppId, OrganisationId, VersionId } from "../ids.ts";
import * as records from "./records.ts";
import { versionView } from "./version-views.ts";
import type { VersionView } from "./views.ts";

/** Counting stops here: beyond it nobody reads the digits, and the query would be felt. */
const COUNT_MOST = 100_000;
/** Apps of one's organisations that are looked at for what waits. */
const APPS_LOOKED_AT = 1000;
const NEEDS_MOST = 20;

export type AppCounts = { readonly apps: number; readonly published: number; readonly inReview: number };

/** How many apps the actor's organisations have, how many of them are published, and how many versions wait for review. */
export function countApps(store: Store, actor: Actor): AppCounts {
  const own = organisationsOf(actor);
  if (own.length === 0) return { apps: 0, published: 0, inReview: 0 };
  const tx = store.db.orm;
  const mine = inArray(apps.organisationId, own);
  const some = (where: ReturnType<typeof and>) =>
    tx.select({ id: apps.id }).from(apps).where(where).limit(COUNT_MOST).as("some");
  const all = some(mine);
  const published = some(and(mine, isNotNull(apps.publishedAt)));
  const waiting = tx
    .select({ id: versions.id })
    .from(versions)
    .innerJoin(apps, eq(apps.id, versions.appId))
    .where(and(eq(versions.state, "in_review"), mine))
    .limit(COUNT_MOST)
    .as("some");
  return {
    apps: tx.select({ n: count() }).from(all).get()?.n ?? 0,
    published: tx.select({ n: count() }).from(published).get()?.n ?? 0,
    inReview: tx.select({ n: count() }).from(waiting).get()?.n ?? 0,
  };
}

export type NeedState = Extract<VersionState, "failed" | "rejected" | "draft" | "held">;

export type NeedView = {
  readonly state: NeedState;
  readonly appId: AppId;
  readonly appName: string;
  readonly versionId: VersionId;
  readonly version: string;
  readonly at: Date;
};

/** Apps of the actor's organisations whose newest version waits for its developer; the latest change first, 20 at most. */
export function listNeeds(store: Store, actor: Actor): NeedView[] {
  const own = organisationsOf(actor);
  if (own.length === 0) return [];
  const tx = store.db.orm;
  const mine = tx
    .select({ id: apps.id, name: apps.name })
    .from(apps)
    .where(inArray(apps.organisationId, own))
    .limit(APPS_LOOKED_AT)
    .as("mine");
  return tx
    .select({
      state: versions.state,
      appId: versions.appId,
      appName: mine.name,
      versionId: versions.id,
      version: versions.version,
      at: versions.stateChangedAt,
    })
    .from(mine)
    .innerJoin(
      versions,
      eq(versions.id, sql`(SELECT max(newest.id) FROM versions AS newest WHERE newest.app_id = ${mine.id})`),
    )
    .where(inArray(versions.state, ["failed", "rejected", "draft", "held"]))
    .orderBy(desc(versions.stateChangedAt))
    .limit(NEEDS_MOST)
    .all()
    .map((row) => ({ ...row, state: row.state as NeedState }));
}

/** The length of the review queue and its longest wait. */
export function queueLength(store: Store): { waiting: number; oldestAt: Date | null } {
  const tx = store.db.orm;
  const some = tx
    .select({ id: versions.id })
    .from(versions)
    .where(eq(versions.state, "in_review"))
    .limit(COUNT_MOST)
    .as("some");
  const oldest = tx
    .select({ at: versions.submittedAt })
    .from(versions)
    .where(eq(versions.state, "in_review"))
    .orderBy(asc(versions.submittedAt))
    .limit(1)
    .get();
  return { waiting: tx.select({ n: count() }).from(some).get()?.n ?? 0, oldestAt: oldest?.at ?? null };
}

/** What devices get of an app now; null before its first release. The caller has asked whether the app may be read. */
export function currentRelease(store: Store, appId: AppId): VersionView | null {
  const row = records.selectPublished(store.db.orm, appId, 1)[0];
  return row ? versionView(store.db.orm, row) : null;
}

export type SeverityCounts = { readonly errors: number; readonly warnings: number; readonly infos: number };

/** How many findings of each severity these versions have; a version without any is not in the map. */
export function countFindings(store: Store, ids: readonly VersionId[]): Map<VersionId, SeverityCounts> {
  const counts = new Map<VersionId, { errors: number; warnings: number; infos: number }>();
  if (ids.length === 0) return counts;
  const rows = store.db.orm
    .select({ id: findings.versionId, severity: findings.severity, n: count() })
    .from(findings)
    .where(inArray(findings.versionId, [...ids]))
    .groupBy(findings.versionId, findings.severity)
    .all();
  for (const { id, severity, n } of rows) {
    const of = counts.get(id) ?? { errors: 0, warnings: 0, infos: 0 };
    counts.set(id, { ...of, [`${severity}s`]: n });
  }
  return counts;
}

/*
 * The page before one that begins after `after`: it ends with `after` and has `limit` items, so it begins after the
 * item that stands `limit` places before. null when there is no such item: that page is the first.
 */

export function beforeApps(store: Store, actor: Actor, after: string, limit: number): string | null {
  const own = seesAllApps(actor) ? undefined : inArray(apps.organisationId, organisationsOf(actor));
  const rows = store.db.orm
    .select({ id: apps.id })
    .from(apps)
    .where(and(own, lte(apps.id, after as AppId)))
    .orderBy(desc(apps.id))
    .limit(limit + 1)
    .all();
  return rows[limit]?.id ?? null;
}

export function beforeVersions(store: Store, appId: AppId, after: string, limit: number): string | null {
  const rows = store.db.orm
    .select({ id: versions.id })
    .from(versions)
    .where(and(eq(versions.appId, appId), gte(versions.id, after as VersionId)))
    .orderBy(asc(versions.id))
    .limit(limit + 1)
    .all();
  return rows[limit]?.id ?? null;
}

export function beforeQueue(store: Store, after: string, limit: number): string | null {
  const tx: Tx = store.db.orm;
  const from = records.findVersion(tx, after as VersionId);
  if (!from?.submittedAt) return null;
  const rows = tx
    .select({ id: versions.id })
    .from(versions)
    .where(
      and(
        eq(versions.state, "in_review"),
        sql`(${versions.submittedAt}, ${versions.id}) <= (${from.submittedAt.getTime()}, ${from.id})`,
      ),
    )
    .orderBy(desc(versions.submittedAt), desc(versions.id))
    .limit(limit + 1)
    .all();
  return rows[limit]?.id ?? null;
}

function organisationsOf(actor: Actor): OrganisationId[] {
  if (actor.kind === "organisation-key") return [actor.organisationId];
  return actor.kind === "account" ? [...actor.organisations.keys()] : [];
}

function seesAllApps(actor: Actor): boolean {
  return actor.kind === "operator" || (actor.kind === "account" && actor.storeRole !== null);
}
