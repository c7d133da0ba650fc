/** The SQL of the store's log. */
import { and, asc, desc, eq, gt, gte, inArray, isNotNull, isNull, lt, max, type SQL } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import {
  appFormerOwners,
  apps,
  developerKeys,
  logCheck,
  logHeads,
  logLeaves,
  logNodes,
} from "../../db/schema.ts";
import { Problem } from "../../errors.ts";
import type { LogEntry, StoreKeyEntry } from "../../format/log/entries.ts";
import type { Hash, Node, NodeHash } from "../../format/log/tree.ts";
import type { AppId, KeyId, OrganisationId, Sha256 } from "../../ids.ts";

export type LeafRow = typeof logLeaves.$inferSelect;
export type HeadRow = typeof logHeads.$inferSelect;

/** How many leaves there are: where the next one goes. */
export function logSize(tx: Tx): number {
  const row = tx
    .select({ last: max(logLeaves.position) })
    .from(logLeaves)
    .get();
  return row?.last == null ? 0 : row.last + 1;
}

export function insertLeaf(tx: Tx, row: LeafRow): void {
  tx.insert(logLeaves).values(row).run();
}

export function replaceLeafSeal(tx: Tx, position: number, seal: Buffer): void {
  tx.update(logLeaves).set({ seal }).where(eq(logLeaves.position, position)).run();
}

export function insertNode(tx: Tx, { level, index, hash }: NodeHash): void {
  tx.insert(logNodes)
    .values({ level, position: index, hash: Buffer.from(hash) })
    .run();
}

/** @throws Problem `log.damaged` when the hash of a complete subtree is missing */
export function findNode(tx: Tx, { level, index }: Node): Hash {
  const row = tx
    .select({ hash: logNodes.hash })
    .from(logNodes)
    .where(and(eq(logNodes.level, level), eq(logNodes.position, index)))
    .get();
  if (!row)
    throw new Problem(
      "unavailable",
      "log.damaged",
      `The store's log has no hash for subtree ${index} of level ${level}: restore it from a backup.`,
    );
  return new Uint8Array(row.hash);
}

/** The hashes of neighbouring complete subtrees of one level. */
export function selectNodes(tx: Tx, level: number, from: number, before: number): Hash[] {
  return tx
    .select({ hash: logNodes.hash })
    .from(logNodes)
    .where(and(eq(logNodes.level, level), gte(logNodes.position, from), lt(logNodes.position, before)))
    .orderBy(asc(logNodes.position))
    .all()
    .map((row) => new Uint8Array(row.hash));
}

/** The same by their place: one may be missing. */
export function selectPlacedNodes(tx: Tx, level: number, from: number, before: number): Map<number, Hash> {
  const rows = tx
    .select({ position: logNodes.position, hash: logNodes.hash })
    .from(logNodes)
    .where(and(eq(logNodes.level, level), gte(logNodes.position, from), lt(logNodes.position, before)))
    .all();
  return new Map(rows.map(({ position, hash }) => [position, new Uint8Array(hash)]));
}

export function findLeaf(tx: Tx, position: number): LeafRow | null {
  return tx.select().from(logLeaves).where(eq(logLeaves.position, position)).get() ?? null;
}

/** Leaves from one position on, in their order. */
export function selectLeaves(tx: Tx, from: number, limit: number): LeafRow[] {
  return tx
    .select()
    .from(logLeaves)
    .where(gte(logLeaves.position, from))
    .orderBy(asc(logLeaves.position))
    .limit(limit)
    .all();
}

/** Of a stretch of positions, those about what is revoked and which versions are allowed; the oldest first. */
export function selectRevocationLeaves(tx: Tx, from: number, before: number) {
  return tx
    .select({ entry: logLeaves.entry })
    .from(logLeaves)
    .where(
      and(
        gte(logLeaves.position, from),
        lt(logLeaves.position, before),
        inArray(logLeaves.type, ["revocation", "lowest-version"]),
      ),
    )
    .orderBy(asc(logLeaves.position))
    .all();
}

/** Newest first; `before` is the position at which the page before ended. */
export function selectNewestLeaves(tx: Tx, page: { before?: number; limit: number }): LeafRow[] {
  return tx
    .select()
    .from(logLeaves)
    .where(and(gte(logLeaves.position, 0), lt(logLeaves.position, page.before ?? Number.MAX_SAFE_INTEGER)))
    .orderBy(desc(logLeaves.position))
    .limit(page.limit)
    .all();
}

/** The newest leaf of a type about a subject. */
export function findNewestLeaf(tx: Tx, subject: string, type: LogEntry["type"]): LeafRow | null {
  return (
    tx
      .select()
      .from(logLeaves)
      .where(and(eq(logLeaves.subject, subject), eq(logLeaves.type, type)))
      .orderBy(desc(logLeaves.position))
      .limit(1)
      .get() ?? null
  );
}

/** Of the store's own keys, what the log says last of each that it tells of. */
export function newestStoreKeyLeaves(tx: Tx, keyids: readonly KeyId[]): ReadonlyMap<KeyId, StoreKeyEntry> {
  return new Map(
    selectLeavesAbout(tx, keyids, "store-key").flatMap(({ subject, entry }) =>
      entry.type === "store-key" ? [[subject as KeyId, entry] as const] : [],
    ),
  );
}

/** How many keys of a role must sign, by what the log says last of each that it tells of. */
export function newestThresholds(tx: Tx, roles: readonly string[]): ReadonlyMap<string, number> {
  return new Map(
    selectLeavesAbout(tx, roles, "store-threshold").flatMap(({ subject, entry }) =>
      entry.type === "store-threshold" ? [[subject, entry.threshold] as const] : [],
    ),
  );
}

export type LogLeafFact = Pick<LeafRow, "subject" | "entry" | "recordedAt">;

/** Of one type about any of these, the oldest first. */
export function selectLeavesAbout(
  tx: Tx,
  subjects: readonly string[],
  type: LogEntry["type"],
): LogLeafFact[] {
  return selectFacts(tx, and(inArray(logLeaves.subject, [...subjects]), eq(logLeaves.type, type)));
}

/** The same, with all that their proof takes. */
export function selectLeafRows(tx: Tx, subjects: readonly string[], type: LogEntry["type"]): LeafRow[] {
  return tx
    .select()
    .from(logLeaves)
    .where(and(inArray(logLeaves.subject, [...subjects]), eq(logLeaves.type, type)))
    .orderBy(asc(logLeaves.position))
    .all();
}

/** About certificates of the store, the oldest first: reads the whole log, for what is asked once a day. */
export function selectCertificateLeaves(tx: Tx): LogLeafFact[] {
  return selectFacts(tx, eq(logLeaves.type, "certificate"));
}

function selectFacts(tx: Tx, which: SQL | undefined): LogLeafFact[] {
  return tx
    .select({ subject: logLeaves.subject, entry: logLeaves.entry, recordedAt: logLeaves.recordedAt })
    .from(logLeaves)
    .where(which)
    .orderBy(asc(logLeaves.position))
    .all();
}

/** Leaves about the keys of an organisation that hide what they say, by position. */
export function selectHiddenKeyLeaves(tx: Tx, organisationId: OrganisationId, limit: number): LeafRow[] {
  const keyids = tx
    .select({ keyid: developerKeys.keyid })
    .from(developerKeys)
    .where(eq(developerKeys.organisationId, organisationId));
  return tx
    .select()
    .from(logLeaves)
    .where(
      and(inArray(logLeaves.subject, keyids), eq(logLeaves.type, "developer-key"), isNotNull(logLeaves.salt)),
    )
    .orderBy(asc(logLeaves.position))
    .limit(limit)
    .all();
}

/** The newest head that was signed. */
export function findHead(tx: Tx): HeadRow | null {
  return (
    tx.select().from(logHeads).where(gte(logHeads.size, 0)).orderBy(desc(logHeads.size)).limit(1).get() ??
    null
  );
}

export function insertHead(tx: Tx, head: { size: number; rootHash: Sha256; signedAt: Date }): void {
  tx.insert(logHeads)
    .values({ ...head, exportedAt: null, prunedAt: null })
    .run();
}

/** Whether an app is in the public catalogue; false for one that is not there. */
export function isAppPublic(tx: Tx, appId: AppId): boolean {
  const row = tx.select({ publicAt: apps.publicAt }).from(apps).where(eq(apps.id, appId)).get();
  return row?.publicAt != null;
}

/** Whether an app that is theirs, or was, is in the public catalogue. */
export function isOrganisationPublic(tx: Tx, organisationId: OrganisationId): boolean {
  const own = tx
    .select({ id: apps.id })
    .from(apps)
    .where(and(eq(apps.organisationId, organisationId), isNotNull(apps.publicAt)))
    .limit(1)
    .get();
  if (own !== undefined) return true;
  const given = tx
    .select({ id: apps.id })
    .from(appFormerOwners)
    .innerJoin(apps, eq(apps.id, appFormerOwners.appId))
    .where(and(eq(appFormerOwners.organisationId, organisationId), isNotNull(apps.publicAt)))
    .limit(1)
    .get();
  return given !== undefined;
}

/** Heads whose tiles are still to be written, smallest first. */
export function unexportedHeads(tx: Tx): HeadRow[] {
  return tx.select().from(logHeads).where(isNull(logHeads.exportedAt)).orderBy(asc(logHeads.size)).all();
}

/** The size of the newest head whose tiles are all written; 0 before the first. */
export function exportedSize(tx: Tx): number {
  const row = tx
    .select({ size: max(logHeads.size) })
    .from(logHeads)
    .where(isNotNull(logHeads.exportedAt))
    .get();
  return row?.size ?? 0;
}

export function markHeadExported(tx: Tx, size: number, now: Date): void {
  tx.update(logHeads).set({ exportedAt: now }).where(eq(logHeads.size, size)).run();
}

/** Heads whose own tiles may still be there, smallest first. */
export function unprunedHeads(tx: Tx): HeadRow[] {
  return tx.select().from(logHeads).where(isNull(logHeads.prunedAt)).orderBy(asc(logHeads.size)).all();
}

export function markHeadPruned(tx: Tx, size: number, now: Date): void {
  tx.update(logHeads).set({ prunedAt: now }).where(eq(logHeads.size, size)).run();
}

/** The newest head that was signed before a time. */
export function newestHeadBefore(tx: Tx, before: Date): HeadRow | null {
  return (
    tx
      .select()
      .from(logHeads)
      .where(lt(logHeads.signedAt, before))
      .orderBy(desc(logHeads.size))
      .limit(1)
      .get() ?? null
  );
}

/** Heads larger than `after`, smallest first. */
export function selectHeads(tx: Tx, after: number, limit: number): HeadRow[] {
  return tx
    .select()
    .from(logHeads)
    .where(gt(logHeads.size, after))
    .orderBy(asc(logHeads.size))
    .limit(limit)
    .all();
}

/** What the last whole computation of the log found; null before the first. */
export function findCheck(tx: Tx): typeof logCheck.$inferSelect | null {
  return tx.select().from(logCheck).where(eq(logCheck.id, ONLY_CHECK)).get() ?? null;
}

export function replaceCheck(tx: Tx, check: Omit<typeof logCheck.$inferInsert, "id">): void {
  tx.insert(logCheck)
    .values({ ...check, id: ONLY_CHECK })
    .onConflictDoUpdate({ target: logCheck.id, set: check })
    .run();
}

const ONLY_CHECK = 1;
