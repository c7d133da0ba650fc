/** The SQL of the signed catalogue. */
import { and, eq, gt, inArray, isNull, lt, ne, sql } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { tufMetadata, tufSupersededTargets, tufTargets } from "../../db/schema.ts";
import type { Sha256 } from "../../ids.ts";

export type MetadataRow = typeof tufMetadata.$inferSelect;
export type TargetRow = typeof tufTargets.$inferSelect;
export type TargetFact = Pick<TargetRow, "path" | "role" | "sha256" | "sizeBytes">;
export type RoleFact = Pick<MetadataRow, "role" | "version" | "createdAt" | "expiresAt">;

/** The newest version of every role. */
export function currentRoles(db: Tx): Map<string, RoleFact> {
  const newest = sql`(${tufMetadata.role}, ${tufMetadata.version}) IN (SELECT role, max(version) FROM tuf_metadata GROUP BY role)`;
  const rows = db
    .select({
      role: tufMetadata.role,
      version: tufMetadata.version,
      createdAt: tufMetadata.createdAt,
      expiresAt: tufMetadata.expiresAt,
    })
    .from(tufMetadata)
    .where(newest)
    .all();
  return new Map(rows.map((row) => [row.role, row]));
}

export function findMetadata(db: Tx, role: string, version: number): MetadataRow | null {
  return (
    db
      .select()
      .from(tufMetadata)
      .where(and(eq(tufMetadata.role, role), eq(tufMetadata.version, version)))
      .get() ?? null
  );
}

export function insertMetadata(tx: Tx, row: MetadataRow): void {
  tx.insert(tufMetadata).values(row).run();
}

const factColumns = {
  path: tufTargets.path,
  role: tufTargets.role,
  sha256: tufTargets.sha256,
  sizeBytes: tufTargets.sizeBytes,
};

/** With what was signed, over what somebody else wrote. */
export function saveMetadata(tx: Tx, row: MetadataRow): void {
  tx.insert(tufMetadata)
    .values(row)
    .onConflictDoUpdate({ target: [tufMetadata.role, tufMetadata.version], set: row })
    .run();
}

/** What the roles sign for at present, without the bodies. */
export function targetsOfRoles(db: Tx, roles: readonly string[]): TargetFact[] {
  return db
    .select(factColumns)
    .from(tufTargets)
    .where(inArray(tufTargets.role, [...roles]))
    .all();
}

export function findTargets(db: Tx, paths: readonly string[]): TargetFact[] {
  return db
    .select(factColumns)
    .from(tufTargets)
    .where(inArray(tufTargets.path, [...paths]))
    .all();
}

export function findTargetBody(db: Tx, path: string): Uint8Array | null {
  return (
    db.select({ body: tufTargets.body }).from(tufTargets).where(eq(tufTargets.path, path)).get()?.body ?? null
  );
}

export function findTarget(db: Tx, path: string): TargetRow | undefined {
  return db.select().from(tufTargets).where(eq(tufTargets.path, path)).get();
}

/** With what was signed, over what somebody else wrote: nothing was replaced by it. */
export function saveTarget(tx: Tx, row: TargetRow): void {
  tx.insert(tufTargets).values(row).onConflictDoUpdate({ target: tufTargets.path, set: row }).run();
}

/** One that nothing was signed for. */
export function dropTarget(tx: Tx, path: string): void {
  tx.delete(tufTargets).where(eq(tufTargets.path, path)).run();
}

/** Writes a target's new content; the old one is remembered as superseded. */
export function replaceTarget(tx: Tx, row: Omit<TargetRow, "exportedAt">): void {
  rememberSuperseded(tx, row.path, row.updatedAt);
  const values = { ...row, exportedAt: null };
  tx.insert(tufTargets).values(values).onConflictDoUpdate({ target: tufTargets.path, set: values }).run();
  // The content may have been here before: then it is current again, and nothing that may be swept.
  tx.delete(tufSupersededTargets)
    .where(and(eq(tufSupersededTargets.path, row.path), eq(tufSupersededTargets.sha256, row.sha256)))
    .run();
}

export function removeTarget(tx: Tx, path: string, now: Date): void {
  rememberSuperseded(tx, path, now);
  tx.delete(tufTargets).where(eq(tufTargets.path, path)).run();
}

function rememberSuperseded(tx: Tx, path: string, now: Date): void {
  const [old] = findTargets(tx, [path]);
  if (!old) return;
  tx.insert(tufSupersededTargets)
    .values({ path, sha256: old.sha256, supersededAt: now })
    .onConflictDoUpdate({
      target: [tufSupersededTargets.path, tufSupersededTargets.sha256],
      set: { supersededAt: now },
    })
    .run();
}

export function unexportedTargets(db: Tx): TargetRow[] {
  return db.select().from(tufTargets).where(isNull(tufTargets.exportedAt)).all();
}

export function unexportedMetadata(db: Tx): MetadataRow[] {
  return db.select().from(tufMetadata).where(isNull(tufMetadata.exportedAt)).all();
}

/** Whether a root after the first is signed and not yet where devices read. */
export function hasUnexportedSuccessor(db: Tx): boolean {
  const row = db
    .select({ version: tufMetadata.version })
    .from(tufMetadata)
    .where(and(eq(tufMetadata.role, "root"), gt(tufMetadata.version, 1), isNull(tufMetadata.exportedAt)))
    .get();
  return row !== undefined;
}

export function markMetadataExported(tx: Tx, role: string, version: number, now: Date): void {
  tx.update(tufMetadata)
    .set({ exportedAt: now })
    .where(and(eq(tufMetadata.role, role), eq(tufMetadata.version, version)))
    .run();
}

/** Only if the content is still the one that was written. */
export function markTargetExported(tx: Tx, path: string, sha256: Sha256, now: Date): void {
  tx.update(tufTargets)
    .set({ exportedAt: now })
    .where(and(eq(tufTargets.path, path), eq(tufTargets.sha256, sha256)))
    .run();
}

/** How much is signed and not yet where devices read, and since when. */
export function exportBacklog(db: Tx): { count: number; oldestAt: Date | null } {
  const row = db
    .select({ count: sql<number>`count(*)`, oldest: sql<number | null>`min(${tufMetadata.createdAt})` })
    .from(tufMetadata)
    .where(isNull(tufMetadata.exportedAt))
    .get();
  return { count: row?.count ?? 0, oldestAt: row?.oldest == null ? null : new Date(row.oldest) };
}

/** Versions whose successor was signed before `before`; never the current one, never a root. */
export function supersededMetadata(db: Tx, before: Date): { role: string; version: number }[] {
  const successor = sql`EXISTS (SELECT 1 FROM tuf_metadata AS next WHERE next.role = ${tufMetadata.role}
    AND next.version = ${tufMetadata.version} + 1 AND next.created_at < ${before.getTime()})`;
  return db
    .select({ role: tufMetadata.role, version: tufMetadata.version })
    .from(tufMetadata)
    .where(and(ne(tufMetadata.role, "root"), successor))
    .all();
}

export function deleteMetadata(tx: Tx, role: string, version: number): void {
  tx.delete(tufMetadata)
    .where(and(eq(tufMetadata.role, role), eq(tufMetadata.version, version)))
    .run();
}

export function supersededTargets(db: Tx, before: Date): { path: string; sha256: Sha256 }[] {
  return db
    .select({ path: tufSupersededTargets.path, sha256: tufSupersededTargets.sha256 })
    .from(tufSupersededTargets)
    .where(lt(tufSupersededTargets.supersededAt, before))
    .all();
}

export function allSupersededTargets(db: Tx): { path: string; sha256: Sha256 }[] {
  return db
    .select({ path: tufSupersededTargets.path, sha256: tufSupersededTargets.sha256 })
    .from(tufSupersededTargets)
    .all();
}

export function isSuperseded(db: Tx, path: string, sha256: Sha256): boolean {
  const row = db
    .select({ path: tufSupersededTargets.path })
    .from(tufSupersededTargets)
    .where(and(eq(tufSupersededTargets.path, path), eq(tufSupersededTargets.sha256, sha256)))
    .get();
  return row !== undefined;
}

/** Only if it was not current again in between. */
export function deleteSuperseded(tx: Tx, path: string, sha256: Sha256, before: Date): void {
  tx.delete(tufSupersededTargets)
    .where(
      and(
        eq(tufSupersededTargets.path, path),
        eq(tufSupersededTargets.sha256, sha256),
        lt(tufSupersededTargets.supersededAt, before),
      ),
    )
    .run();
}

/** Every row that stands for a file, without the bodies. */
export function allMetadataFacts(
  db: Tx,
): (Pick<MetadataRow, "role" | "version" | "sha256" | "exportedAt"> & { sizeBytes: number })[] {
  return db
    .select({
      role: tufMetadata.role,
      version: tufMetadata.version,
      sha256: tufMetadata.sha256,
      sizeBytes: sql<number>`length(${tufMetadata.body})`,
      exportedAt: tufMetadata.exportedAt,
    })
    .from(tufMetadata)
    .all();
}

export function allTargetFacts(db: Tx): Pick<TargetRow, "path" | "sha256" | "sizeBytes" | "exportedAt">[] {
  return db
    .select({
      path: tufTargets.path,
      sha256: tufTargets.sha256,
      sizeBytes: tufTargets.sizeBytes,
      exportedAt: tufTargets.exportedAt,
    })
    .from(tufTargets)
    .all();
}
