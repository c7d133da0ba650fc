/** The SQL of ids that look like another. Takes and gives rows; knows no rules. */
import { and, asc, eq, gt, inArray, notExists } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { appIdKeys, apps } from "../../db/schema.ts";
import type { AppId } from "../../ids.ts";

export function insertIdKeys(tx: Tx, appId: AppId, keys: ReadonlySet<string>): void {
  if (keys.size === 0) return;
  tx.insert(appIdKeys)
    .values([...keys].map((key) => ({ key, appId })))
    .onConflictDoNothing()
    .run();
}

/** Apps that share a key with these, by their ids. */
export function appsWithKeys(tx: Tx, keys: ReadonlySet<string>, limit: number): AppId[] {
  return tx
    .selectDistinct({ appId: appIdKeys.appId })
    .from(appIdKeys)
    .where(inArray(appIdKeys.key, [...keys]))
    .orderBy(asc(appIdKeys.appId))
    .limit(limit)
    .all()
    .map(({ appId }) => appId);
}

/** The next apps that have no keys yet: those of a store that was made before there were any. */
export function appsWithoutKeys(tx: Tx, after: AppId | "", limit: number): AppId[] {
  return tx
    .select({ id: apps.id })
    .from(apps)
    .where(
      and(
        gt(apps.id, after as AppId),
        notExists(tx.select({ key: appIdKeys.key }).from(appIdKeys).where(eq(appIdKeys.appId, apps.id))),
      ),
    )
    .orderBy(asc(apps.id))
    .limit(limit)
    .all()
    .map(({ id }) => id);
}
