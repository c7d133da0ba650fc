/** The SQL of the store's own keys and certificates. */
import { asc, desc, eq } from "drizzle-orm";
import type { Tx } from "../db/database.ts";
import { settings, signingKeys, storeCertificates } from "../db/schema.ts";

export type SigningKeyRow = typeof signingKeys.$inferSelect;
export type StoreCertificateRow = typeof storeCertificates.$inferSelect;

/** The setting under which the store's id stands, for life. */
const STORE_ID = "storeId";

export function findStoreId(db: Tx): string | null {
  const row = db.select({ value: settings.value }).from(settings).where(eq(settings.name, STORE_ID)).get();
  return typeof row?.value === "string" ? row.value : null;
}

export function insertStoreId(tx: Tx, storeId: string, now: Date): void {
  tx.insert(settings).values({ name: STORE_ID, value: storeId, updatedAt: now }).run();
}

export function insertSigningKey(tx: Tx, row: SigningKeyRow): void {
  tx.insert(signingKeys).values(row).run();
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

/** Newest first. */
export function listStoreCertificates(db: Tx, kind: StoreCertificateRow["kind"]): StoreCertificateRow[] {
  return db
    .select()
    .from(storeCertificates)
    .where(eq(storeCertificates.kind, kind))
    .orderBy(desc(storeCertificates.createdAt), desc(storeCertificates.notAfter))
    .all();
}
