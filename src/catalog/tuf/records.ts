/** The SQL of the signed catalogues. Rows of the public one have the empty audience. */
import {
  and,
  asc,
  desc,
  eq,
  gt,
  inArray,
  isNull,
  lt,
  lte,
  max,
  min,
  ne,
  type Placeholder,
  sql,
} from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { hot } from "../../db/hot.ts";
import { catalogueAudiences, tufMetadata, tufSupersededTargets, tufTargets } from "../../db/schema.ts";
import { type Audience, type AudienceId, EVERYBODY, type Sha256 } from "../../ids.ts";
import { serveKeys } from "../withheld.records.ts";
import { type MetadataAt, type PathAt, ROLE_LIFETIMES_MS, type RoleAt, targetKey } from "./roles.ts";

export type MetadataRow = typeof tufMetadata.$inferSelect;
export type TargetRow = typeof tufTargets.$inferSelect;
export type TargetFact = Pick<TargetRow, "audience" | "path" | "role" | "sha256" | "sizeBytes">;
export type RoleFact = Pick<MetadataRow, "audience" | "role" | "version" | "createdAt" | "expiresAt">;
export type AudienceRow = typeof catalogueAudiences.$inferSelect;

/**
 * The newest version of every role of which a catalogue has metadata of its own, by their names. From each role to the next
 * by the index: a busy week leaves many versions, which are not read for this.
 */
export function currentRoles(db: Tx, audience: Audience = EVERYBODY): Map<string, RoleFact> {
  return new Map(
    newestOfRoles(db)
      .all({ audience })
      .map((row) => [row.role, row]),
  );
}

const newestOfRoles = hot((tx) => {
  const audience = sql.placeholder("audience");
  const newest = sql`(
    WITH RECURSIVE names (role) AS (
      SELECT min(role) FROM tuf_metadata WHERE audience = ${audience}
      UNION ALL
      SELECT (SELECT min(role) FROM tuf_metadata WHERE audience = ${audience} AND role > names.role)
      FROM names WHERE names.role IS NOT NULL
    )
    SELECT role, (SELECT max(version) FROM tuf_metadata WHERE audience = ${audience} AND role = names.role) AS version
    FROM names
  ) AS newest`;
  return tx
    .select({
      audience: tufMetadata.audience,
      role: tufMetadata.role,
      version: tufMetadata.version,
      createdAt: tufMetadata.createdAt,
      expiresAt: tufMetadata.expiresAt,
    })
    .from(tufMetadata)
    .innerJoin(newest, sql`${tufMetadata.role} = newest.role AND ${tufMetadata.version} = newest.version`)
    .where(eq(tufMetadata.audience, audience))
    .prepare();
});

/** With values, or with names for those that come with each question to a statement that is kept. */
type Asked<T> = { readonly [key in keyof T]: T[key] | Placeholder };
const asked = sql.placeholder;
const isRole = ({ audience, role }: Asked<RoleAt>) =>
  and(eq(tufMetadata.audience, audience), eq(tufMetadata.role, role));
const isPath = ({ audience, path }: Asked<PathAt>) =>
  and(eq(tufTargets.audience, audience), eq(tufTargets.path, path));
const wasPath = ({ audience, path }: PathAt) =>
  and(eq(tufSupersededTargets.audience, audience), eq(tufSupersededTargets.path, path));

export function findMetadata(
  db: Tx,
  role: string,
  version: number,
  audience: Audience = EVERYBODY,
): MetadataRow | null {
  return metadataAt(db).get({ audience, role, version }) ?? null;
}

const metadataAt = hot((tx) =>
  tx
    .select()
    .from(tufMetadata)
    .where(
      and(
        isRole({ audience: asked("audience"), role: asked("role") }),
        eq(tufMetadata.version, asked("version")),
      ),
    )
    .prepare(),
);

/** Every version of a role of the public catalogue that there is, the oldest first. */
export function metadataOfRole(db: Tx, role: string): MetadataRow[] {
  return db
    .select()
    .from(tufMetadata)
    .where(isRole({ audience: EVERYBODY, role }))
    .orderBy(asc(tufMetadata.version))
    .all();
}

/** 0 when there is none. */
export function newestVersion(db: Tx, role: string, audience: Audience = EVERYBODY): number {
  return newestOfRole(db).get({ audience, role })?.version ?? 0;
}

const newestOfRole = hot((tx) =>
  tx
    .select({ version: max(tufMetadata.version) })
    .from(tufMetadata)
    .where(isRole({ audience: asked("audience"), role: asked("role") }))
    .prepare(),
);

/** Versions of a role, the newest first. */
export function versionsOfRole(db: Tx, at: RoleAt): number[] {
  return db
    .select({ version: tufMetadata.version })
    .from(tufMetadata)
    .where(isRole(at))
    .orderBy(desc(tufMetadata.version))
    .all()
    .map(({ version }) => version);
}

export function insertMetadata(tx: Tx, row: MetadataRow): void {
  tx.insert(tufMetadata).values(row).run();
}

const factColumns = {
  audience: tufTargets.audience,
  path: tufTargets.path,
  role: tufTargets.role,
  sha256: tufTargets.sha256,
  sizeBytes: tufTargets.sizeBytes,
};

/** With what was signed, over what somebody else wrote. */
export function saveMetadata(tx: Tx, row: MetadataRow): void {
  tx.insert(tufMetadata)
    .values(row)
    .onConflictDoUpdate({ target: [tufMetadata.audience, tufMetadata.role, tufMetadata.version], set: row })
    .run();
}

/** What the roles sign for at present, without the bodies. */
export function targetsOfRoles(
  db: Tx,
  roles: readonly string[],
  audience: Audience = EVERYBODY,
): TargetFact[] {
  return targetsIn(db).all({ audience, roles: JSON.stringify(roles) });
}

const targetsIn = hot((tx) =>
  tx
    .select(factColumns)
    .from(tufTargets)
    .where(
      and(
        eq(tufTargets.audience, asked("audience")),
        sql`${tufTargets.role} IN (SELECT value FROM json_each(${asked("roles")}))`,
      ),
    )
    .prepare(),
);

export function findTargets(db: Tx, paths: readonly string[], audience: Audience = EVERYBODY): TargetFact[] {
  return db
    .select(factColumns)
    .from(tufTargets)
    .where(and(eq(tufTargets.audience, audience), inArray(tufTargets.path, [...paths])))
    .all();
}

export function findTargetBody(db: Tx, path: string, audience: Audience = EVERYBODY): Uint8Array | null {
  return findTarget(db, { audience, path })?.body ?? null;
}

export function findTarget(db: Tx, at: PathAt): TargetRow | undefined {
  return targetAt(db).get(at);
}

const targetAt = hot((tx) =>
  tx
    .select()
    .from(tufTargets)
    .where(isPath({ audience: asked("audience"), path: asked("path") }))
    .prepare(),
);

/** The row of a path in any catalogue; asked without knowing in which. */
export function findTargetAnywhere(db: Tx, path: string): TargetRow | undefined {
  const audiences = db.select({ id: catalogueAudiences.id }).from(catalogueAudiences);
  return (
    findTarget(db, { audience: EVERYBODY, path }) ??
    db
      .select()
      .from(tufTargets)
      .where(and(inArray(tufTargets.audience, audiences), eq(tufTargets.path, path)))
      .limit(1)
      .get()
  );
}

/** In whose catalogues' rows there is a target. */
export function audiencesWithTarget(db: Tx, path: string): Audience[] {
  const audiences = db.select({ id: catalogueAudiences.id }).from(catalogueAudiences);
  return db
    .select({ audience: tufTargets.audience })
    .from(tufTargets)
    .where(and(inArray(tufTargets.audience, audiences), eq(tufTargets.path, path)))
    .all()
    .map(({ audience }) => audience);
}

/** Paths of a catalogue's targets that begin so, a page of them in their order. */
export function selectPaths(
  db: Tx,
  { audience, path }: PathAt,
  { after, limit }: { readonly after: string; readonly limit: number },
): string[] {
  return db
    .select({ path: tufTargets.path })
    .from(tufTargets)
    .where(
      and(
        eq(tufTargets.audience, audience),
        gt(tufTargets.path, after === "" ? path : after),
        // No byte of a path is above this one.
        lt(tufTargets.path, `${path}\u{10ffff}`),
      ),
    )
    .orderBy(asc(tufTargets.path))
    .limit(limit)
    .all()
    .map((row) => row.path);
}

/** Which roles of which catalogues there are rows of, in the one table and the other. */
export function selectRoles(db: Tx): RoleAt[] {
  const targets = db
    .selectDistinct({ audience: tufTargets.audience, role: tufTargets.role })
    .from(tufTargets);
  const metadata = db
    .selectDistinct({ audience: tufMetadata.audience, role: tufMetadata.role })
    .from(tufMetadata);
  return [...targets.all(), ...metadata.all()];
}

export function dropRole(tx: Tx, at: RoleAt): void {
  tx.delete(tufTargets)
    .where(and(eq(tufTargets.audience, at.audience), eq(tufTargets.role, at.role)))
    .run();
  tx.delete(tufMetadata).where(isRole(at)).run();
}

const targetKeys = [tufTargets.audience, tufTargets.path];

/** With what was signed, over what somebody else wrote: nothing was replaced by it. */
export function saveTarget(tx: Tx, row: TargetRow): void {
  tx.insert(tufTargets).values(row).onConflictDoUpdate({ target: targetKeys, set: row }).run();
}

/** One that nothing was signed for. */
export function dropTarget(tx: Tx, at: PathAt): void {
  tx.delete(tufTargets).where(isPath(at)).run();
}

/** Writes a target's new content; the old one is remembered as superseded. */
export function replaceTarget(tx: Tx, row: Omit<TargetRow, "exportedAt">): void {
  rememberSuperseded(tx, row, row.updatedAt);
  const values = { ...row, exportedAt: null };
  tx.insert(tufTargets).values(values).onConflictDoUpdate({ target: targetKeys, set: values }).run();
  // The content may have been here before: then it is current again, and nothing that may be swept or is withheld.
  tx.delete(tufSupersededTargets)
    .where(and(wasPath(row), eq(tufSupersededTargets.sha256, row.sha256)))
    .run();
  serveKeys(tx, [targetKey(row, row.sha256)]);
}

export function removeTarget(tx: Tx, at: PathAt, now: Date): void {
  rememberSuperseded(tx, at, now);
  dropTarget(tx, at);
}

function rememberSuperseded(tx: Tx, { audience, path }: PathAt, now: Date): void {
  const [old] = findTargets(tx, [path], audience);
  if (!old) return;
  tx.insert(tufSupersededTargets)
    .values({ audience, path, sha256: old.sha256, supersededAt: now })
    .onConflictDoUpdate({
      target: [tufSupersededTargets.audience, tufSupersededTargets.path, tufSupersededTargets.sha256],
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

export function hasUnexported(db: Tx): boolean {
  const one = { role: tufMetadata.role };
  return db.select(one).from(tufMetadata).where(isNull(tufMetadata.exportedAt)).limit(1).get() !== undefined;
}

/** Whether a root after the first is signed and not yet where devices read. */
export function hasUnexportedSuccessor(db: Tx): boolean {
  const row = db
    .select({ version: tufMetadata.version })
    .from(tufMetadata)
    .where(
      and(
        isRole({ audience: EVERYBODY, role: "root" }),
        gt(tufMetadata.version, 1),
        isNull(tufMetadata.exportedAt),
      ),
    )
    .get();
  return row !== undefined;
}

export function markMetadataExported(tx: Tx, row: MetadataAt, now: Date): void {
  tx.update(tufMetadata)
    .set({ exportedAt: now })
    .where(and(isRole(row), eq(tufMetadata.version, row.version)))
    .run();
}

/** Only if the content is still the one that was written. */
export function markTargetExported(tx: Tx, row: PathAt & { readonly sha256: Sha256 }, now: Date): void {
  tx.update(tufTargets)
    .set({ exportedAt: now })
    .where(and(isPath(row), eq(tufTargets.sha256, row.sha256)))
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
export function supersededMetadata(db: Tx, before: Date): MetadataAt[] {
  const successor = sql`EXISTS (SELECT 1 FROM tuf_metadata AS next WHERE next.audience = ${tufMetadata.audience}
    AND next.role = ${tufMetadata.role} AND next.version = ${tufMetadata.version} + 1
    AND next.created_at < ${before.getTime()})`;
  return db
    .select({ audience: tufMetadata.audience, role: tufMetadata.role, version: tufMetadata.version })
    .from(tufMetadata)
    .where(and(ne(tufMetadata.role, "root"), successor))
    .all();
}

export function deleteMetadata(tx: Tx, row: MetadataAt): void {
  tx.delete(tufMetadata)
    .where(and(isRole(row), eq(tufMetadata.version, row.version)))
    .run();
}

const supersededColumns = {
  audience: tufSupersededTargets.audience,
  path: tufSupersededTargets.path,
  sha256: tufSupersededTargets.sha256,
};
export type SupersededTarget = PathAt & { readonly sha256: Sha256 };

export function supersededTargets(db: Tx, before: Date): SupersededTarget[] {
  return db
    .select(supersededColumns)
    .from(tufSupersededTargets)
    .where(lt(tufSupersededTargets.supersededAt, before))
    .all();
}

export function allSupersededTargets(db: Tx): SupersededTarget[] {
  return db.select(supersededColumns).from(tufSupersededTargets).all();
}

/** The contents that a path had. */
export function supersededOfPath(db: Tx, at: PathAt): Sha256[] {
  return db
    .select({ sha256: tufSupersededTargets.sha256 })
    .from(tufSupersededTargets)
    .where(wasPath(at))
    .all()
    .map(({ sha256 }) => sha256);
}

export function isSuperseded(db: Tx, target: SupersededTarget): boolean {
  const row = db
    .select({ path: tufSupersededTargets.path })
    .from(tufSupersededTargets)
    .where(and(wasPath(target), eq(tufSupersededTargets.sha256, target.sha256)))
    .get();
  return row !== undefined;
}

/** Only if it was not current again in between. */
export function deleteSuperseded(tx: Tx, target: SupersededTarget, before: Date): void {
  tx.delete(tufSupersededTargets)
    .where(
      and(
        wasPath(target),
        eq(tufSupersededTargets.sha256, target.sha256),
        lt(tufSupersededTargets.supersededAt, before),
      ),
    )
    .run();
}

/** Every row that stands for a file, without the bodies. */
export function allMetadataFacts(
  db: Tx,
): (Pick<MetadataRow, "audience" | "role" | "version" | "sha256" | "exportedAt"> & { sizeBytes: number })[] {
  return db
    .select({
      audience: tufMetadata.audience,
      role: tufMetadata.role,
      version: tufMetadata.version,
      sha256: tufMetadata.sha256,
      sizeBytes: sql<number>`length(${tufMetadata.body})`,
      exportedAt: tufMetadata.exportedAt,
    })
    .from(tufMetadata)
    .all();
}

export function allTargetFacts(
  db: Tx,
): Pick<TargetRow, "audience" | "path" | "sha256" | "sizeBytes" | "exportedAt">[] {
  return db
    .select({
      audience: tufTargets.audience,
      path: tufTargets.path,
      sha256: tufTargets.sha256,
      sizeBytes: tufTargets.sizeBytes,
      exportedAt: tufTargets.exportedAt,
    })
    .from(tufTargets)
    .all();
}

/** The audiences that have a catalogue of their own, by id. */
export function listAudiences(db: Tx): AudienceId[] {
  return db
    .select({ id: catalogueAudiences.id })
    .from(catalogueAudiences)
    .orderBy(asc(catalogueAudiences.id))
    .all()
    .map(({ id }) => id);
}

/** Whose catalogues there are: everybody's, then those of audiences. */
export function listCatalogues(db: Tx): readonly Audience[] {
  return [EVERYBODY, ...listAudiences(db)];
}

export function hasCatalogue(db: Tx, audience: Audience): boolean {
  if (audience === EVERYBODY) return true;
  const row = db
    .select({ id: catalogueAudiences.id })
    .from(catalogueAudiences)
    .where(eq(catalogueAudiences.id, audience))
    .get();
  return row !== undefined;
}

/** Those in whose catalogue half of a role's time is over, or would be only after more than the shortest time of any role. */
export function audiencesToRenew(db: Tx, now: Date): AudienceId[] {
  const latest = new Date(now.getTime() + ROLE_LIFETIMES_MS.timestamp);
  return [lte(catalogueAudiences.renewAt, now), gt(catalogueAudiences.renewAt, latest)].flatMap((isDue) =>
    db
      .select({ id: catalogueAudiences.id })
      .from(catalogueAudiences)
      .where(isDue)
      .orderBy(asc(catalogueAudiences.renewAt))
      .all()
      .map(({ id }) => id),
  );
}

/** When the first of them ends; null when there is none. */
export function soonestAudienceExpiry(db: Tx): Date | null {
  return (
    db
      .select({ at: min(catalogueAudiences.expiresAt) })
      .from(catalogueAudiences)
      .get()?.at ?? null
  );
}

export function saveAudience(tx: Tx, row: AudienceRow): void {
  const { renewAt, expiresAt } = row;
  tx.insert(catalogueAudiences)
    .values(row)
    .onConflictDoUpdate({ target: catalogueAudiences.id, set: { renewAt, expiresAt } })
    .run();
}
