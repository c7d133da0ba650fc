/** The SQL of files that come in parts. Takes and gives rows; knows no rules. */
import { and, asc, count, eq, gt, lte, sum } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { partialUploads } from "../../db/schema.ts";
import type { UploadId } from "../../ids.ts";
import type { Own } from "./owner.ts";

export type PartialUploadRow = typeof partialUploads.$inferSelect;

const isOwn = (own: Own) =>
  "owner" in own ? eq(partialUploads.owner, own.owner) : eq(partialUploads.accountId, own.accountId);

export function insertPartialUpload(tx: Tx, row: PartialUploadRow): void {
  tx.insert(partialUploads).values(row).run();
}

export function findPartialUpload(tx: Tx, id: UploadId): PartialUploadRow | undefined {
  return tx.select().from(partialUploads).where(eq(partialUploads.id, id)).get();
}

/** By their ids, which is by when they were begun. */
export function selectPartialUploads(
  tx: Tx,
  own: Own,
  { after, limit }: { readonly after?: UploadId; readonly limit: number },
): PartialUploadRow[] {
  return tx
    .select()
    .from(partialUploads)
    .where(and(isOwn(own), after === undefined ? undefined : gt(partialUploads.id, after)))
    .orderBy(asc(partialUploads.id))
    .limit(limit)
    .all();
}

/** Of those whose time is not over. */
export function openOf(tx: Tx, own: Own, now: Date): { readonly number: number; readonly sizeBytes: number } {
  const row = tx
    .select({ number: count(), sizeBytes: sum(partialUploads.sizeBytes) })
    .from(partialUploads)
    .where(and(isOwn(own), gt(partialUploads.expiresAt, now)))
    .get();
  return { number: row?.number ?? 0, sizeBytes: Number(row?.sizeBytes ?? 0) };
}

/** Gives whether it was there. */
export function removePartialUpload(tx: Tx, id: UploadId): boolean {
  return (
    tx.delete(partialUploads).where(eq(partialUploads.id, id)).returning({ id: partialUploads.id }).get() !==
    undefined
  );
}

/** Those whose time is over, the longest ago first. */
export function endedPartialUploads(tx: Tx, now: Date, limit: number): UploadId[] {
  return tx
    .select({ id: partialUploads.id })
    .from(partialUploads)
    .where(lte(partialUploads.expiresAt, now))
    .orderBy(asc(partialUploads.expiresAt), asc(partialUploads.id))
    .limit(limit)
    .all()
    .map(({ id }) => id);
}
