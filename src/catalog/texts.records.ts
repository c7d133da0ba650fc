/** The SQL of what decides whose name and icon an app has. */
import { and, desc, eq, gt } from "drizzle-orm";
import type { Tx } from "../db/database.ts";
import { versionPictures, versions } from "../db/schema.ts";
import type { AppId, VersionId } from "../ids.ts";

/** True when a version that was uploaded after this one (any, for "") has passed its checks: only such a one has an icon. */
export function hasCheckedAfter(tx: Tx, appId: AppId, after: VersionId | ""): boolean {
  return (
    tx
      .select({ id: versions.id })
      .from(versions)
      .innerJoin(versionPictures, eq(versionPictures.versionId, versions.id))
      .where(and(eq(versions.appId, appId), gt(versions.id, after as VersionId)))
      .orderBy(desc(versions.id))
      .limit(1)
      .get() !== undefined
  );
}
