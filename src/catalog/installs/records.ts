/** The SQL of how often devices fetched an app. Takes and gives rows; knows no rules. */
import { and, asc, desc, eq, gte, isNotNull, isNull, lt, sql } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { appAudiences, appFetches, apps, deltas, versions } from "../../db/schema.ts";
import type { AppId, Audience, Sha256 } from "../../ids.ts";
import { hasOffered } from "../revocation/records.ts";
import { STABLE } from "../visibility/audiences.ts";

/** Whose release a package is; undefined: nobody's. */
export function appOfPackage(tx: Tx, sha256: Sha256): AppId | undefined {
  return tx
    .select({ id: versions.appId })
    .from(versions)
    .where(eq(versions.releasedSha256, sha256))
    .limit(1)
    .get()?.id;
}

/** The same of a container, and whether it is applied to a release that is there already. */
export function appOfContainer(
  tx: Tx,
  sha256: Sha256,
): { readonly id: AppId; readonly base: string } | undefined {
  const container = tx
    .select({ versionId: deltas.versionId, base: deltas.base })
    .from(deltas)
    .where(eq(deltas.sha256, sha256))
    .limit(1)
    .get();
  if (container === undefined) return undefined;
  const { versionId, base } = container;
  const id = tx.select({ id: versions.appId }).from(versions).where(eq(versions.id, versionId)).get()?.id;
  return id === undefined ? undefined : { id, base };
}

export type Fetches = { readonly whole: number; readonly updates: number };

/** What is taken back is less than nothing. */
export function addFetches(tx: Tx, appId: AppId, day: number, { whole, updates }: Fetches): void {
  tx.insert(appFetches)
    .values({ appId, day, whole: Math.max(0, whole), updates: Math.max(0, updates) })
    .onConflictDoUpdate({
      target: [appFetches.appId, appFetches.day],
      set: { whole: sql`max(0, whole + ${whole})`, updates: sql`max(0, updates + ${updates})` },
    })
    .run();
  const installs = sql`max(0, installs + ${whole + updates})`;
  tx.update(apps).set({ installs }).where(eq(apps.id, appId)).run();
  tx.update(appAudiences).set({ installs }).where(eq(appAudiences.appId, appId)).run();
}

/** By day, the oldest first. */
export function selectFetches(
  tx: Tx,
  appId: AppId,
  from: number,
): { readonly day: number; readonly whole: number; readonly updates: number }[] {
  return tx
    .select({ day: appFetches.day, whole: appFetches.whole, updates: appFetches.updates })
    .from(appFetches)
    .where(and(eq(appFetches.appId, appId), gte(appFetches.day, from)))
    .orderBy(asc(appFetches.day))
    .all();
}

/** What was counted in all stays. */
export function forgetDaysBefore(tx: Tx, day: number): void {
  tx.delete(appFetches).where(lt(appFetches.day, day)).run();
}

/** What was fetched most of an audience's catalogue comes first; without what was never fetched, and what is revoked as a whole. */
export function selectMostInstalled(
  tx: Tx,
  audience: Audience,
  limit: number,
): { readonly id: AppId; readonly installs: number }[] {
  return tx
    .select({ id: appAudiences.appId, installs: appAudiences.installs })
    .from(appAudiences)
    .innerJoin(apps, eq(apps.id, appAudiences.appId))
    .where(
      and(
        eq(appAudiences.audience, audience),
        eq(appAudiences.channel, STABLE),
        isNotNull(appAudiences.toldAt),
        isNull(appAudiences.leftAt),
        sql`${appAudiences.installs} > 0`,
        isNull(apps.unlistedAt),
        hasOffered,
      ),
    )
    .orderBy(desc(appAudiences.installs), desc(appAudiences.appId))
    .limit(limit)
    .all();
}
