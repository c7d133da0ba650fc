/** The SQL of developers' keys and their certificates. */
import { createHash } from "node:crypto";
import { and, asc, between, desc, eq, gt, inArray, isNull, lte, sql } from "drizzle-orm";
import type { Tx } from "../db/database.ts";
import { developerCertificates, developerKeys } from "../db/schema.ts";
import type { KeyId, OrganisationId, Sha256 } from "../ids.ts";

export function findDeveloperKey(tx: Tx, keyid: KeyId): typeof developerKeys.$inferSelect | undefined {
  return tx.select().from(developerKeys).where(eq(developerKeys.keyid, keyid)).get();
}

export function insertDeveloperKey(tx: Tx, row: typeof developerKeys.$inferInsert): void {
  tx.insert(developerKeys).values(row).run();
}

/** As the log has it, over what somebody else wrote. */
export function restoreOwner(tx: Tx, keyid: KeyId, organisationId: OrganisationId): void {
  tx.update(developerKeys).set({ organisationId }).where(eq(developerKeys.keyid, keyid)).run();
}

/** A page of all keys, by their names. */
export function selectKeyRows(tx: Tx, after: string, limit: number): (typeof developerKeys.$inferSelect)[] {
  return tx
    .select()
    .from(developerKeys)
    .where(gt(developerKeys.keyid, after as KeyId))
    .orderBy(asc(developerKeys.keyid))
    .limit(limit)
    .all();
}

/** A page of all certificates, by the serial numbers of their rows. */
export function selectCertificateRows(tx: Tx, after: string, limit: number): CertificateRow[] {
  return tx
    .select()
    .from(developerCertificates)
    .where(gt(developerCertificates.serial, after))
    .orderBy(asc(developerCertificates.serial))
    .limit(limit)
    .all();
}

export function findCertificateRow(tx: Tx, serial: string): CertificateRow | undefined {
  return tx.select().from(developerCertificates).where(eq(developerCertificates.serial, serial)).get();
}

/** As the certificate says it, over what somebody else wrote beside it. */
export function restoreCertificateRow(tx: Tx, old: CertificateRow, right: CertificateRow): void {
  tx.delete(developerCertificates).where(eq(developerCertificates.serial, old.serial)).run();
  tx.insert(developerCertificates)
    .values(right)
    .onConflictDoUpdate({ target: developerCertificates.serial, set: right })
    .run();
}

export function insertDeveloperCertificate(
  tx: Tx,
  row: Omit<typeof developerCertificates.$inferInsert, "sha256">,
): void {
  const sha256 = createHash("sha256").update(row.der).digest("hex") as Sha256;
  tx.insert(developerCertificates)
    .values({ ...row, sha256 })
    .run();
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

/** A key with its newest certificate. */
export function findNewestCertificate(tx: Tx, keyid: KeyId): DeveloperKeyRow | undefined {
  const row = tx
    .select({ key: developerKeys, certificate: developerCertificates })
    .from(developerCertificates)
    .innerJoin(developerKeys, eq(developerKeys.keyid, developerCertificates.keyid))
    .where(eq(developerCertificates.keyid, keyid))
    .orderBy(desc(developerCertificates.createdAt))
    .limit(1)
    .get();
  return row && { ...row.key, certificate: row.certificate };
}

/** Of the newest certificate of a key of the outer query. */
const newestSerial = sql`(SELECT serial FROM developer_certificates newer WHERE newer.keyid = ${developerKeys.keyid}
  ORDER BY newer.created_at DESC LIMIT 1)`;

/** Keys of these organisations whose newest certificate ends between the two times, the first to end first. */
export function selectEndingKeys(
  tx: Tx,
  organisationIds: readonly OrganisationId[],
  {
    from,
    to,
    limit,
    skip,
  }: { readonly from: Date; readonly to: Date; readonly limit: number; readonly skip: number },
): DeveloperKeyRow[] {
  return tx
    .select({ key: developerKeys, certificate: developerCertificates })
    .from(developerKeys)
    .innerJoin(developerCertificates, eq(developerCertificates.serial, newestSerial))
    .where(
      and(
        inArray(developerKeys.organisationId, [...organisationIds]),
        between(developerCertificates.notAfter, from, to),
      ),
    )
    .orderBy(asc(developerCertificates.notAfter), asc(developerKeys.keyid))
    .limit(limit)
    .offset(skip)
    .all()
    .map(({ key, certificate }) => ({ ...key, certificate }));
}

/**
 * Keys with certificates that end by then and whose owners nobody has told, the first to end first; of a key the newest is `isNewest`.
 * @param after Those after that certificate; null: from the first on
 */
export function selectUntoldEnds(
  tx: Tx,
  {
    until,
    after,
    limit,
  }: { readonly until: Date; readonly after: CertificateRow | null; readonly limit: number },
): { readonly row: DeveloperKeyRow; readonly isNewest: boolean }[] {
  const isNewest = sql<number>`${developerCertificates.serial} = ${newestSerial}`;
  return tx
    .select({ key: developerKeys, certificate: developerCertificates, isNewest })
    .from(developerCertificates)
    .innerJoin(developerKeys, eq(developerKeys.keyid, developerCertificates.keyid))
    .where(
      and(
        isNull(developerCertificates.endToldAt),
        lte(developerCertificates.notAfter, until),
        after === null
          ? undefined
          : sql`(${developerCertificates.notAfter}, ${developerCertificates.serial}) > (${after.notAfter.getTime()}, ${after.serial})`,
      ),
    )
    .orderBy(asc(developerCertificates.notAfter), asc(developerCertificates.serial))
    .limit(limit)
    .all()
    .map((found) => ({
      row: { ...found.key, certificate: found.certificate },
      isNewest: found.isNewest === 1,
    }));
}

export function markEndTold(tx: Tx, serial: string, now: Date): void {
  tx.update(developerCertificates)
    .set({ endToldAt: now })
    .where(eq(developerCertificates.serial, serial))
    .run();
}

export type CertificateRow = typeof developerCertificates.$inferSelect;

/** The newest certificate of each of these keys. */
export function selectNewestCertificates(
  tx: Tx,
  keyids: readonly KeyId[],
): ReadonlyMap<KeyId, CertificateRow> {
  const certificates = tx
    .select()
    .from(developerCertificates)
    .where(inArray(developerCertificates.keyid, [...keyids]))
    .orderBy(asc(developerCertificates.createdAt))
    .all();
  return new Map(certificates.map((certificate) => [certificate.keyid, certificate]));
}

/** What a revocation names it by. */
export function certificateSha256({ sha256, der }: CertificateRow): Sha256 {
  return sha256 ?? (createHash("sha256").update(der).digest("hex") as Sha256);
}

export function selectNewestKeyIds(tx: Tx, organisationId: OrganisationId, limit: number): KeyId[] {
  return tx
    .select({ keyid: developerKeys.keyid })
    .from(developerKeys)
    .where(eq(developerKeys.organisationId, organisationId))
    .orderBy(desc(developerKeys.createdAt), desc(developerKeys.keyid))
    .limit(limit)
    .all()
    .map((row) => row.keyid);
}

/** From this one back, in the order against that of their enrolment. */
export function selectKeyIdsUpTo(
  tx: Tx,
  organisationIds: readonly OrganisationId[] | null,
  keyid: KeyId,
  limit: number,
): KeyId[] {
  const own =
    organisationIds === null ? undefined : inArray(developerKeys.organisationId, [...organisationIds]);
  const upTo = sql`(${developerKeys.createdAt}, ${developerKeys.keyid}) <= (SELECT created_at, keyid FROM developer_keys WHERE keyid = ${keyid})`;
  return tx
    .select({ keyid: developerKeys.keyid })
    .from(developerKeys)
    .where(and(own, upTo))
    .orderBy(desc(developerKeys.createdAt), desc(developerKeys.keyid))
    .limit(limit)
    .all()
    .map((row) => row.keyid);
}

/** Each key with its newest certificate; keys in the order of their enrolment, those after `after` only. */
export function selectDeveloperKeys(
  tx: Tx,
  filter: {
    organisationIds: readonly OrganisationId[] | null;
    after?: KeyId;
    limit: number;
  },
): DeveloperKeyRow[] {
  const keys = tx
    .select()
    .from(developerKeys)
    .where(
      and(
        filter.organisationIds === null
          ? undefined
          : inArray(developerKeys.organisationId, [...filter.organisationIds]),
        filter.after === undefined
          ? undefined
          : sql`(${developerKeys.createdAt}, ${developerKeys.keyid}) > (SELECT created_at, keyid FROM developer_keys WHERE keyid = ${filter.after})`,
      ),
    )
    .orderBy(asc(developerKeys.createdAt), asc(developerKeys.keyid))
    .limit(filter.limit)
    .all();
  const newest = selectNewestCertificates(
    tx,
    keys.map(({ keyid }) => keyid),
  );
  return keys.flatMap((key) => {
    const certificate = newest.get(key.keyid);
    return certificate === undefined ? [] : [{ ...key, certificate }];
  });
}
