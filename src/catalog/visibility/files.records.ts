/** The SQL of whose files packages, containers and icons are. */
import { and, eq, isNotNull, type SQL, sql } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { versionPictures, versions } from "../../db/schema.ts";
import type { Audience, Sha256 } from "../../ids.ts";
import { isDeltaOf, isPictureOf, isReleased } from "../blobs.records.ts";
import { containerKey, releaseKey } from "../release-keys.ts";
import { STABLE } from "./audiences.ts";

/** A published version of the outer query whose app is in the audience's catalogue now. */
const isShownTo = (audience: Audience): SQL | undefined =>
  and(
    isNotNull(versions.publishedAt),
    sql`EXISTS (SELECT 1 FROM app_audiences AS a WHERE a.app_id = ${versions.appId} AND a.channel = ${STABLE}
      AND a.audience = ${audience} AND a.told_at IS NOT NULL AND a.left_at IS NULL)`,
  );

export function isPackageFor(tx: Tx, audience: Audience, sha256: Sha256): boolean {
  return isReleased(tx, sha256, isShownTo(audience));
}

export function isContainerFor(tx: Tx, audience: Audience, sha256: Sha256): boolean {
  return isDeltaOf(tx, sha256, isShownTo(audience));
}

/** `pictures` are those of all kinds, `icons` those that the catalogue names. */
export function isPictureFor(
  tx: Tx,
  audience: Audience,
  blobKey: string,
  which: "pictures" | "icons",
): boolean {
  const isKind = which === "icons" ? eq(versionPictures.kind, "icon") : undefined;
  return isPictureOf(tx, blobKey, and(isKind, isShownTo(audience)));
}

/** Where a package, container or icon lies that an audience's catalogue can name now, by its address below that. */
export function findOfferedFile(tx: Tx, audience: Audience, address: string): string | null {
  const [, folder, sha256, ending] =
    /^(packages|deltas|pictures)\/([0-9a-f]{64})\.([a-z]+)$/.exec(address) ?? [];
  const digest = sha256 as Sha256;
  if (folder === "packages" && ending === "mosis" && isPackageFor(tx, audience, digest))
    return releaseKey(digest);
  if (folder === "deltas" && ending === "mosisd" && isContainerFor(tx, audience, digest))
    return containerKey(digest);
  if (folder === "pictures" && isPictureFor(tx, audience, address, "icons")) return address;
  return null;
}
