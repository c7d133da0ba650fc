/** The SQL of blobs, and of what refers to them. */
import { and, asc, eq, gt, type SQL } from "drizzle-orm";
import type { Tx } from "../db/database.ts";
import { blobs, deltas, versionPictures, versions } from "../db/schema.ts";
import type { Sha256 } from "../ids.ts";
import { isDelta } from "./deltas/records.ts";
import { isListingPicture } from "./listing-pictures/records.ts";
import { isPicture } from "./records.ts";
import { isLogo } from "./shown-pictures/logo-sources.ts";
import { isShownFile } from "./shown-pictures/records.ts";
import { isOfPublicApp } from "./visibility/records.ts";

export function insertBlob(tx: Tx, row: typeof blobs.$inferInsert): void {
  tx.insert(blobs).values(row).onConflictDoNothing().run();
}

/** The row of a blob that was copied under another key. */
export function copyBlobRow(tx: Tx, from: string, to: string, now: Date): void {
  const row = tx.select().from(blobs).where(eq(blobs.key, from)).get();
  if (row) insertBlob(tx, { ...row, key: to, createdAt: now });
}

/**
 * Of the blobs after this key, in the order of their keys: which are older than `before` and referred to by no version,
 * picture or published release; of those that everybody may read, by none of an app that is public, or was then. The digest is taken out of the key and not put into it, so that indexes answer.
 */
export function selectUnreferencedBlobs(
  tx: Tx,
  page: { readonly after: string; readonly limit: number },
  before: Date,
): { readonly last: string | null; readonly unreferenced: readonly string[] } {
  const rows = selectBlobs(tx, page.after, page.limit);
  const old = rows.filter((row) => row.createdAt < before).map((row) => row.key);
  const isPublic = isOfPublicApp(before);
  const unreferenced = old.filter((key) => {
    const [, folder, sha256] = /^(.*\/)([0-9a-f]{64})\.[a-z]+$/.exec(key) ?? [];
    if (sha256 === undefined) return true;
    switch (folder) {
      case "uploads/":
        return !isUpload(tx, sha256 as Sha256);
      case "releases/":
        return !isReleased(tx, sha256 as Sha256);
      case "store/v1/packages/":
        return !isReleased(tx, sha256 as Sha256, isPublic);
      case "pictures/":
        return !isPicture(tx, key) && !isListingPicture(tx, key) && !isLogo(tx, key);
      case "shown/":
        return !isShownFile(tx, key);
      case "store/v1/pictures/":
        return !isPictureOf(tx, key.replace(/^store\/v1\//, ""), isPublic);
      case "deltas/":
        return !isDelta(tx, sha256 as Sha256);
      case "store/v1/deltas/":
        return !isDeltaOf(tx, sha256 as Sha256, isPublic);
      default:
        return true;
    }
  });
  return { last: rows.length < page.limit ? null : (rows.at(-1)?.key ?? null), unreferenced };
}

function isUpload(tx: Tx, sha256: Sha256): boolean {
  const row = tx.select({ id: versions.id }).from(versions).where(eq(versions.uploadSha256, sha256)).limit(1);
  return row.get() !== undefined;
}

/** Whether one of these versions, or any, was released with this file. */
export function isReleased(tx: Tx, sha256: Sha256, which?: SQL): boolean {
  const row = tx
    .select({ id: versions.id })
    .from(versions)
    .where(and(eq(versions.releasedSha256, sha256), which))
    .limit(1);
  return row.get() !== undefined;
}

/** Whether one of these versions has the picture. */
export function isPictureOf(tx: Tx, blobKey: string, which: SQL | undefined): boolean {
  const row = tx
    .select({ id: versions.id })
    .from(versionPictures)
    .innerJoin(versions, eq(versions.id, versionPictures.versionId))
    .where(and(eq(versionPictures.blobKey, blobKey), which))
    .limit(1);
  return row.get() !== undefined;
}

/** Whether the container is one of these versions'. */
export function isDeltaOf(tx: Tx, sha256: Sha256, which: SQL | undefined): boolean {
  const row = tx
    .select({ id: versions.id })
    .from(deltas)
    .innerJoin(versions, eq(versions.id, deltas.versionId))
    .where(and(eq(deltas.sha256, sha256), which))
    .limit(1);
  return row.get() !== undefined;
}

export function forgetBlob(tx: Tx, key: string): void {
  tx.delete(blobs).where(eq(blobs.key, key)).run();
}

export function hasBlobRow(tx: Tx, key: string): boolean {
  return tx.select({ key: blobs.key }).from(blobs).where(eq(blobs.key, key)).get() !== undefined;
}

export function selectBlobs(tx: Tx, after: string, limit: number): (typeof blobs.$inferSelect)[] {
  return tx.select().from(blobs).where(gt(blobs.key, after)).orderBy(asc(blobs.key)).limit(limit).all();
}
