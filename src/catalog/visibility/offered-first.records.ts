/** The SQL of which version of apps is offered first, for lists of them. */
import { sql } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { hot } from "../../db/hot.ts";
import { versions } from "../../db/schema.ts";
import type { AppId } from "../../ids.ts";
import type { VersionRow } from "../records.ts";
import { isOffered } from "../revocation/records.ts";

export type OfferedFirst = Pick<VersionRow, "id" | "appId" | "version" | "versionCode" | "publishedAt">;

/** Of each of these apps the version that devices may install with the highest version code; nothing of one that has none. */
export function selectOfferedFirst(tx: Tx, ids: readonly AppId[]): ReadonlyMap<AppId, OfferedFirst> {
  if (ids.length === 0) return new Map();
  return new Map(
    statement(tx)
      .all({ ids: JSON.stringify(ids) })
      .map((row) => [row.appId, row]),
  );
}

const statement = hot((tx) =>
  tx
    .select({
      id: versions.id,
      appId: versions.appId,
      version: versions.version,
      versionCode: versions.versionCode,
      publishedAt: versions.publishedAt,
    })
    .from(versions)
    .where(
      sql`${versions.id} IN (
        SELECT (SELECT versions.id FROM versions WHERE versions.app_id = asked.value AND versions.published_at IS NOT NULL
          AND ${isOffered} ORDER BY versions.version_code DESC LIMIT 1)
        FROM json_each(${sql.placeholder("ids")}) AS asked)`,
    )
    .prepare(),
);
