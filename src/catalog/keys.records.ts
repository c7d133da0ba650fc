/** The SQL of developers' keys, their certificates, and the keys that may sign an app. */
import { asc, eq, inArray } from "drizzle-orm";
import type { Tx } from "../db/database.ts";
import { developerCertificates, developerKeys, keyLineage } from "../db/schema.ts";
import type { AppId, KeyId, OrganisationId } from "../ids.ts";

export function selectLineage(tx: Tx, appId: AppId): (typeof keyLineage.$inferSelect)[] {
  return tx
    .select()
    .from(keyLineage)
    .where(eq(keyLineage.appId, appId))
    .orderBy(asc(keyLineage.position))
    .all();
}

export function insertLineage(tx: Tx, row: typeof keyLineage.$inferInsert): void {
  tx.insert(keyLineage).values(row).onConflictDoNothing().run();
}

export function findDeveloperKey(tx: Tx, keyid: KeyId): typeof developerKeys.$inferSelect | undefined {
  return tx.select().from(developerKeys).where(eq(developerKeys.keyid, keyid)).get();
}

export function insertDeveloperKey(tx: Tx, row: typeof developerKeys.$inferInsert): void {
  tx.insert(developerKeys).values(row).run();
}

export function insertDeveloperCertificate(tx: Tx, row: typeof developerCertificates.$inferInsert): void {
  tx.insert(developerCertificates).values(row).run();
}

export type DeveloperKeyRow = typeof developerKeys.$inferSelect & {
  certificate: typeof developerCertificates.$inferSelect;
};

/** A certificate with its key. */
export function findDeveloperCertificate(tx: Tx, serial: string): DeveloperKeyRow | undefined {
  const row = tx
    .select({ key: developerKeys, certificate: developerCertificates })
    .from(developerCertificates)
    .innerJoin(developerKeys, eq(developerKeys.keyid, developerCertificates.keyid))
    .where(eq(developerCertificates.serial, serial))
    .get();
  return row && { ...row.key, certificate: row.certificate };
}

/** Each key with its newest certificate; keys in the order of their enrolment. */
export function selectDeveloperKeys(
  tx: Tx,
  organisationIds: readonly OrganisationId[] | null,
): DeveloperKeyRow[] {
  const rows = tx
    .select({ key: developerKeys, certificate: developerCertificates })
    .from(developerKeys)
    .innerJoin(developerCertificates, eq(developerCertificates.keyid, developerKeys.keyid))
    .where(organisationIds === null ? undefined : inArray(developerKeys.organisationId, [...organisationIds]))
    .orderBy(asc(developerKeys.createdAt), asc(developerCertificates.createdAt))
    .all();
  const newest = new Map(rows.map((row) => [row.key.keyid, { ...row.key, certificate: row.certificate }]));
  return [...newest.values()];
}
