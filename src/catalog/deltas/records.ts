/** The SQL of delta and compact full containers. */
import { and, asc, desc, eq, exists, gt, isNotNull, isNull, sql } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { apps, deltas, jobs, versions } from "../../db/schema.ts";
import type { AppId, Sha256, VersionId } from "../../ids.ts";
import { isOffered } from "../revocation/records.ts";

/** What stands in the place of a base's content digest for the compact full container. */
export const NO_BASE = "";

export type DeltaRow = typeof deltas.$inferSelect;

export function selectDeltas(tx: Tx, versionId: VersionId): DeltaRow[] {
  return tx.select().from(deltas).where(eq(deltas.versionId, versionId)).orderBy(asc(deltas.base)).all();
}

export function insertDelta(tx: Tx, row: typeof deltas.$inferInsert): void {
  tx.insert(deltas).values(row).onConflictDoNothing().run();
}

export function isDelta(tx: Tx, sha256: Sha256): boolean {
  return (
    tx.select({ base: deltas.base }).from(deltas).where(eq(deltas.sha256, sha256)).limit(1).get() !==
    undefined
  );
}

export function forgetDeltas(tx: Tx, versionId: VersionId): void {
  tx.delete(deltas).where(eq(deltas.versionId, versionId)).run();
}

/** Apps by their ids, the first ones after `after`. */
export function selectAppsAfter(tx: Tx, after: string, limit: number): AppId[] {
  return tx
    .select({ id: apps.id })
    .from(apps)
    .where(gt(apps.id, after as AppId))
    .orderBy(asc(apps.id))
    .limit(limit)
    .all()
    .map(({ id }) => id);
}

/** What devices may install of an app, highest version code first. */
export function selectOfferedIds(tx: Tx, appId: AppId, limit: number): VersionId[] {
  return tx
    .select({ id: versions.id })
    .from(versions)
    .where(and(eq(versions.appId, appId), isNotNull(versions.publishedAt), isOffered))
    .orderBy(desc(versions.versionCode))
    .limit(limit)
    .all()
    .map(({ id }) => id);
}

/** The versions of an app that have containers. */
export function selectVersionsWithDeltas(tx: Tx, appId: AppId): VersionId[] {
  const hasThem = exists(tx.select({ one: sql`1` }).from(deltas).where(eq(deltas.versionId, versions.id)));
  return tx
    .select({ id: versions.id })
    .from(versions)
    .where(and(eq(versions.appId, appId), hasThem))
    .all()
    .map(({ id }) => id);
}

/** Whether a job for the version waits, runs, or was given up. */
export function hasOpenJob(tx: Tx, kind: string, payload: Record<string, unknown>): boolean {
  return (
    tx
      .select({ id: jobs.id })
      .from(jobs)
      .where(
        and(
          eq(jobs.kind, kind),
          eq(jobs.payload, payload),
          // A dead letter is for a person to look at; the others are done with.
          isNull(jobs.finishedAt),
        ),
      )
      .limit(1)
      .get() !== undefined ||
    tx
      .select({ id: jobs.id })
      .from(jobs)
      .where(and(eq(jobs.kind, kind), eq(jobs.payload, payload), eq(jobs.state, "dead")))
      .limit(1)
      .get() !== undefined
  );
}
