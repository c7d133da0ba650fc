/** The SQL of pictures as they came, and of the sizes in which they are shown. */
import { and, eq, inArray, isNotNull, isNull } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { pictureSizes, pictureSources } from "../../db/schema.ts";
import type { Sha256 } from "../../ids.ts";
import type { PictureFault } from "./make.ts";
import type { PictureKind } from "./sizes.ts";

export type PictureSource = { readonly blobKey: string; readonly kind: PictureKind };
export type SizeRow = typeof pictureSizes.$inferSelect;

/** Of a picture that came: its sizes are to be made; also of one that could not be shown when it came before. */
export function insertSource(tx: Tx, { blobKey, kind }: PictureSource): void {
  tx.insert(pictureSources)
    .values({ blobKey, kind })
    .onConflictDoUpdate({
      target: [pictureSources.blobKey, pictureSources.kind],
      set: { madeAt: null, fault: null },
      setWhere: isNotNull(pictureSources.fault),
    })
    .run();
}

export function selectWaiting(tx: Tx, limit: number): PictureSource[] {
  return tx
    .select({ blobKey: pictureSources.blobKey, kind: pictureSources.kind })
    .from(pictureSources)
    .where(isNull(pictureSources.madeAt))
    .limit(limit)
    .all();
}

const isSource = ({ blobKey, kind }: PictureSource) =>
  and(eq(pictureSources.blobKey, blobKey), eq(pictureSources.kind, kind));

/** False when nobody has the picture any more. */
export function settleSource(
  tx: Tx,
  source: PictureSource,
  fault: PictureFault | null,
  madeAt: Date,
): boolean {
  const settled = tx.update(pictureSources).set({ madeAt, fault }).where(isSource(source));
  return settled.returning({ key: pictureSources.blobKey }).get() !== undefined;
}

/** What ended the process that read it may have been something else: each start tries once more. Gives whether anything waits. */
export function retryFailed(tx: Tx): boolean {
  tx.update(pictureSources)
    .set({ madeAt: null, fault: null })
    .where(and(eq(pictureSources.fault, "failed"), isNotNull(pictureSources.madeAt)))
    .run();
  return selectWaiting(tx, 1).length > 0;
}

export function insertSize(tx: Tx, row: SizeRow): void {
  const { widthPx, heightPx, blobKey } = row;
  tx.insert(pictureSizes)
    .values(row)
    .onConflictDoUpdate({
      target: [pictureSizes.sourceKey, pictureSizes.kind, pictureSizes.size],
      set: { widthPx, heightPx, blobKey },
    })
    .run();
}

export function isShownFile(tx: Tx, blobKey: string): boolean {
  const row = tx
    .select({ key: pictureSizes.sourceKey })
    .from(pictureSizes)
    .where(eq(pictureSizes.blobKey, blobKey))
    .limit(1);
  return row.get() !== undefined;
}

/** One size, of the pictures of this digest; whatever format it came in. */
export function selectSize(tx: Tx, sha256: Sha256, kind: PictureKind, size: string): SizeRow[] {
  const sources = ["png", "jpg", "webp"].map((ending) => `pictures/${sha256}.${ending}`);
  return tx
    .select()
    .from(pictureSizes)
    .where(
      and(inArray(pictureSizes.sourceKey, sources), eq(pictureSizes.kind, kind), eq(pictureSizes.size, size)),
    )
    .all();
}

/** All sizes of these pictures. */
export function selectSizes(tx: Tx, sources: readonly string[], kind: PictureKind): SizeRow[] {
  return tx
    .select()
    .from(pictureSizes)
    .where(and(inArray(pictureSizes.sourceKey, [...sources]), eq(pictureSizes.kind, kind)))
    .all();
}

/** Those of these pictures that are not shown, with why. */
export function selectFaults(
  tx: Tx,
  sources: readonly string[],
  kind: PictureKind,
): ReadonlyMap<string, string> {
  const rows = tx
    .select({ key: pictureSources.blobKey, fault: pictureSources.fault })
    .from(pictureSources)
    .where(
      and(
        inArray(pictureSources.blobKey, [...sources]),
        eq(pictureSources.kind, kind),
        isNotNull(pictureSources.fault),
      ),
    )
    .all();
  return new Map(rows.flatMap(({ key, fault }) => (fault === null ? [] : [[key, fault]])));
}
