/** The SQL of apps that point to another one. */
import { and, asc, eq, gt, isNotNull } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { apps } from "../../db/schema.ts";
import type { AppId } from "../../ids.ts";

/** Published apps that name it in their place, by their ids. */
export function selectPointing(tx: Tx, instead: AppId, after: string, limit: number): AppId[] {
  return tx
    .select({ id: apps.id })
    .from(apps)
    .where(
      and(
        eq(apps.deprecatedInstead, instead),
        gt(apps.id, after as AppId),
        isNotNull(apps.deprecatedInstead),
        isNotNull(apps.publishedAt),
      ),
    )
    .orderBy(asc(apps.id))
    .limit(limit)
    .all()
    .map(({ id }) => id);
}

export function hasPointers(tx: Tx, instead: AppId): boolean {
  return selectPointing(tx, instead, "", 1).length > 0;
}
