/** The SQL of delta and compact full containers. */
import { and, asc, eq, isNotNull, isNull, not, sql } from "drizzle-orm";
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

/** Versions that have containers, with their apps. */
export function selectDeltaTargets(tx: Tx): { appId: AppId; versionId: VersionId }[] {
  return tx
    .selectDistinct({ appId: versions.appId, versionId: deltas.versionId })
    .from(deltas)
    .innerJoin(versions, eq(versions.id, deltas.versionId))
    .all();
}

export function forgetDeltas(tx: Tx, versionId: VersionId): void {
  tx.delete(deltas).where(eq(deltas.versionId, versionId)).run();
}

/** Apps whose newest offered version has no containers: in one statement, with a look into an index for each app. */
export function selectAppsWithout(tx: Tx): AppId[] {
  const hasThem = sql`EXISTS (SELECT 1 FROM deltas WHERE deltas.version_id = (
    SELECT versions.id FROM versions WHERE versions.app_id = ${apps.id} AND ${isOffered}
    ORDER BY versions.version_code DESC LIMIT 1))`;
  return tx
    .select({ id: apps.id })
    .from(apps)
    .where(and(isNotNull(apps.publishedAt), not(hasThem)))
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
