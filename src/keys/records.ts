/** The SQL of the store's own keys and certificates. */
import { and, asc, desc, eq, gt, inArray, isNotNull, isNull, lte, sql } from "drizzle-orm";
import type { Tx } from "../db/database.ts";
import { hot } from "../db/hot.ts";
import {
  keyChanges,
  keyRequests,
  settings,
  signingKeys,
  storeCertificates,
  tufRoleKeys,
  tufRoles,
} from "../db/schema.ts";
import type { KeyId } from "../ids.ts";
import { isStoreId } from "../signing/store-id.ts";

export type SigningKeyRow = typeof signingKeys.$inferSelect;
export type StoreCertificateRow = typeof storeCertificates.$inferSelect;
export type KeyRequestRow = typeof keyRequests.$inferSelect;

/** The setting under which the store's id stands, for life. */
const STORE_ID = "storeId";

const storeIdStatement = hot((tx) =>
  tx
    .select({ json: sql<string>`${settings.value}` })
    .from(settings)
    .where(eq(settings.name, STORE_ID))
    .prepare(),
);

/** Null when there is no such row, or it has no id: whoever writes into the database beside the store can put anything there. */
export function findStoreId(db: Tx): string | null {
  const row = storeIdStatement(db).get();
  try {
    const value: unknown = JSON.parse(row?.json ?? "null");
    return isStoreId(value) ? value : null;
  } catch {
    return null;
  }
}

/** In the place of one that is there. */
export function saveStoreId(tx: Tx, storeId: string, now: Date): void {
  const set = { value: storeId, updatedAt: now };
  tx.insert(settings)
    .values({ name: STORE_ID, ...set })
    .onConflictDoUpdate({ target: settings.name, set })
    .run();
}

/** Whether the store has ever made one. */
export function hasSigningKeys(db: Tx): boolean {
  return db.select({ name: signingKeys.name }).from(signingKeys).limit(1).get() !== undefined;
}

export function insertSigningKey(tx: Tx, row: SigningKeyRow): void {
  tx.insert(signingKeys).values(row).run();
}

/** As it is signed and logged, over what somebody else wrote. */
export function restoreSigningKey(tx: Tx, row: SigningKeyRow): void {
  tx.insert(signingKeys).values(row).onConflictDoUpdate({ target: signingKeys.name, set: row }).run();
}

export function findSigningKey(db: Tx, name: string): SigningKeyRow | null {
  return db.select().from(signingKeys).where(eq(signingKeys.name, name)).get() ?? null;
}

export function listSigningKeys(db: Tx): SigningKeyRow[] {
  return db.select().from(signingKeys).orderBy(asc(signingKeys.name)).all();
}

export function insertStoreCertificate(tx: Tx, row: StoreCertificateRow): void {
  tx.insert(storeCertificates).values(row).run();
}

export function findSigningKeyById(db: Tx, keyid: KeyId): SigningKeyRow | null {
  return db.select().from(signingKeys).where(eq(signingKeys.keyid, keyid)).get() ?? null;
}

/** A key whose place another took: its private half goes with it, unless it is to sign lists of revoked certificates. */
export function retireSigningKey(tx: Tx, name: string, now: Date, keepsHalf = false): void {
  tx.update(signingKeys)
    .set({ retiredAt: now, ...(keepsHalf ? {} : { sealedPrivateKey: null }) })
    .where(eq(signingKeys.name, name))
    .run();
}

/** The same private half, encrypted anew. */
export function resealSigningKey(tx: Tx, name: string, sealedPrivateKey: Buffer): void {
  tx.update(signingKeys).set({ sealedPrivateKey }).where(eq(signingKeys.name, name)).run();
}

export function setHolder(
  tx: Tx,
  name: string,
  columns: Partial<Pick<SigningKeyRow, "holder" | "command" | "sealedPrivateKey">>,
): void {
  tx.update(signingKeys).set(columns).where(eq(signingKeys.name, name)).run();
}

/** Of a key that was retired before. */
export function destroyPrivateHalf(tx: Tx, name: string): void {
  tx.update(signingKeys)
    .set({ sealedPrivateKey: null })
    .where(and(eq(signingKeys.name, name), isNotNull(signingKeys.retiredAt)))
    .run();
}

/** For a key that never signed anything. */
export function deleteSigningKey(tx: Tx, name: string): void {
  tx.delete(signingKeys).where(eq(signingKeys.name, name)).run();
}

const NEWEST_FIRST = [
  desc(storeCertificates.createdAt),
  desc(storeCertificates.notAfter),
  // Two may be of one moment.
  desc(sql`rowid`),
];

/** Those that packages are judged by, newest first. */
export function listStoreCertificates(db: Tx, kind: StoreCertificateRow["kind"]): StoreCertificateRow[] {
  return db
    .select()
    .from(storeCertificates)
    .where(and(eq(storeCertificates.kind, kind), isNull(storeCertificates.distrustedAt)))
    .orderBy(...NEWEST_FIRST)
    .all();
}

/** Every one that was ever issued, newest first. */
export function listAllStoreCertificates(db: Tx): StoreCertificateRow[] {
  return db
    .select()
    .from(storeCertificates)
    .orderBy(...NEWEST_FIRST)
    .all();
}

/** As it was issued, over what somebody else wrote. */
export function restoreStoreCertificate(tx: Tx, row: StoreCertificateRow): void {
  tx.insert(storeCertificates)
    .values(row)
    .onConflictDoUpdate({ target: storeCertificates.serial, set: row })
    .run();
}

/** Those that nobody of this store issued. */
export function deleteStoreCertificates(tx: Tx, serials: readonly string[]): void {
  tx.delete(storeCertificates)
    .where(inArray(storeCertificates.serial, [...serials]))
    .run();
}

export function distrustCertificates(tx: Tx, serials: readonly string[], now: Date): void {
  tx.update(storeCertificates)
    .set({ distrustedAt: now })
    .where(and(inArray(storeCertificates.serial, [...serials]), isNull(storeCertificates.distrustedAt)))
    .run();
}

export type RoleRow = { readonly role: string; readonly threshold: number; readonly keyNames: string[] };

/** Every role with the names of its keys, in their order. */
export function listRoles(db: Tx): RoleRow[] {
  const keys = db.select().from(tufRoleKeys).orderBy(asc(tufRoleKeys.position)).all();
  return db
    .select()
    .from(tufRoles)
    .orderBy(asc(tufRoles.role))
    .all()
    .map(({ role, threshold }) => ({
      role,
      threshold,
      keyNames: keys.filter((key) => key.role === role).map((key) => key.keyName),
    }));
}

export function replaceRole(tx: Tx, { role, threshold, keyNames }: RoleRow): void {
  tx.insert(tufRoles)
    .values({ role, threshold })
    .onConflictDoUpdate({ target: tufRoles.role, set: { threshold } })
    .run();
  tx.delete(tufRoleKeys).where(eq(tufRoleKeys.role, role)).run();
  keyNames.forEach((keyName, position) => {
    tx.insert(tufRoleKeys).values({ role, keyName, position }).run();
  });
}

/** Changes that wait, in the order in which they were asked for; with `after` only those behind that place. */
export function listKeyChanges(db: Tx, after = 0): unknown[] {
  return db
    .select({ change: keyChanges.change })
    .from(keyChanges)
    .where(gt(keyChanges.position, after))
    .orderBy(asc(keyChanges.position))
    .all()
    .map((row) => row.change);
}

/** The place of the newest that waits; 0 when none does. */
export function lastKeyChange(db: Tx): number {
  const [row] = db
    .select({ position: keyChanges.position })
    .from(keyChanges)
    .orderBy(desc(keyChanges.position))
    .limit(1)
    .all();
  return row?.position ?? 0;
}

export function insertKeyChange(tx: Tx, change: unknown, now: Date): void {
  tx.insert(keyChanges).values({ change, createdAt: now }).run();
}

/** Those up to a place: what was asked for behind it goes on waiting. */
export function deleteKeyChanges(tx: Tx, upTo: number): void {
  tx.delete(keyChanges).where(lte(keyChanges.position, upTo)).run();
}

export function findKeyRequest(db: Tx): KeyRequestRow | null {
  return db.select().from(keyRequests).get() ?? null;
}

/** The newest export is the only one that can be imported. */
export function replaceKeyRequest(tx: Tx, row: KeyRequestRow): void {
  tx.delete(keyRequests).run();
  tx.insert(keyRequests).values(row).run();
}

export function deleteKeyRequest(tx: Tx): void {
  tx.delete(keyRequests).run();
}
