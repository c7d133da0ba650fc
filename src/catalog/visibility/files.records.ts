/** The SQL of whose files packages, containers and icons are. */
import { and, eq, isNotNull, type SQL, sql } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { deltas, versionPictures, versions } from "../../db/schema.ts";
import type { Audience, Sha256 } from "../../ids.ts";
import { STABLE } from "./audiences.ts";

/** A published version of the outer query whose app is in the audience's catalogue now. */
const isShownTo = (audience: Audience): SQL | undefined =>
  and(
    isNotNull(versions.publishedAt),
    sql`EXISTS (SELECT 1 FROM app_audiences AS a WHERE a.app_id = ${versions.appId} AND a.channel = ${STABLE}
      AND a.audience = ${audience} AND a.told_at IS NOT NULL AND a.left_at IS NULL)`,
  );

export function isPackageFor(tx: Tx, audience: Audience, sha256: Sha256): boolean {
  const row = tx
    .select({ id: versions.id })
    .from(versions)
    .where(and(eq(versions.releasedSha256, sha256), isShownTo(audience)))
    .limit(1);
  return row.get() !== undefined;
}

export function isContainerFor(tx: Tx, audience: Audience, sha256: Sha256): boolean {
  const row = tx
    .select({ id: versions.id })
    .from(deltas)
    .innerJoin(versions, eq(versions.id, deltas.versionId))
    .where(and(eq(deltas.sha256, sha256), isShownTo(audience)))
    .limit(1);
  return row.get() !== undefined;
}

/** `pictures` are those of all kinds, `icons` those that the catalogue names. */
export function isPictureFor(
  tx: Tx,
  audience: Audience,
  blobKey: string,
  which: "pictures" | "icons",
): boolean {
  const row = tx
    .select({ id: versions.id })
    .from(versionPictures)
    .innerJoin(versions, eq(versions.id, versionPictures.versionId))
    .where(
      and(
        eq(versionPictures.blobKey, blobKey),
        which === "icons" ? eq(versionPictures.kind, "icon") : undefined,
        isShownTo(audience),
      ),
    )
    .limit(1);
  return row.get() !== undefined;
}
