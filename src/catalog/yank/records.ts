/** The SQL of versions that are yanked. */
import { and, desc, eq, isNotNull } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { versions } from "../../db/schema.ts";
import type { AppId } from "../../ids.ts";

const columns = {
  id: versions.id,
  versionCode: versions.versionCode,
  yankedReason: versions.yankedReason,
  yankedAt: versions.yankedAt,
};

export type YankedRow = ReturnType<typeof selectYankedRows>[number];

/** Revoked or not, the highest version code first. */
export function selectYankedRows(tx: Tx, appId: AppId, limit: number) {
  return tx
    .select(columns)
    .from(versions)
    .where(and(eq(versions.appId, appId), isNotNull(versions.yankedAt)))
    .orderBy(desc(versions.versionCode))
    .limit(limit)
    .all();
}
