/** The SQL of what a store of before the log lacks. */
import { and, asc, count, desc, eq, gt, isNotNull, isNull, sql } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import {
  apps,
  developerCertificates,
  developerKeys,
  reviews,
  signingKeys,
  storeCertificates,
  versions,
} from "../../db/schema.ts";
import type { KeyId, ReviewId, Sha256, VersionId } from "../../ids.ts";

export type StoreKeyFact = { readonly name: string; readonly keyid: KeyId; readonly createdAt: Date };

export function selectStoreKeys(tx: Tx): StoreKeyFact[] {
  return tx
    .select({ name: signingKeys.name, keyid: signingKeys.keyid, createdAt: signingKeys.createdAt })
    .from(signingKeys)
    .orderBy(asc(signingKeys.createdAt), asc(signingKeys.name))
    .all();
}

export function selectStoreCertificates(tx: Tx): (typeof storeCertificates.$inferSelect)[] {
  return tx
    .select()
    .from(storeCertificates)
    .orderBy(asc(storeCertificates.createdAt), asc(storeCertificates.serial))
    .all();
}

export function selectDeveloperKeys(tx: Tx): (typeof developerKeys.$inferSelect)[] {
  return tx
    .select()
    .from(developerKeys)
    .orderBy(asc(developerKeys.createdAt), asc(developerKeys.keyid))
    .all();
}

export type ApprovedVersion = {
  readonly version: typeof versions.$inferSelect;
  readonly reviewId: ReviewId;
};

/** Every version that was approved, whatever became of it; in the order of their upload, those after `after`. */
export function selectApproved(tx: Tx, after: VersionId | null, limit: number): ApprovedVersion[] {
  return tx
    .select({ version: versions, reviewId: reviews.id })
    .from(versions)
    .innerJoin(reviews, and(eq(reviews.versionId, versions.id), eq(reviews.decision, "approved")))
    .where(and(isNotNull(versions.approvedAt), after === null ? undefined : gt(versions.id, after)))
    .orderBy(asc(versions.id))
    .limit(limit)
    .all();
}

/** The shards of the browsable catalogue that have apps. */
export function selectShards(tx: Tx): number[] {
  return tx
    .selectDistinct({ shard: apps.catalogueShard })
    .from(apps)
    .where(isNotNull(apps.publishedAt))
    .orderBy(asc(apps.catalogueShard))
    .all()
    .map(({ shard }) => shard);
}

export function selectUnnamedCertificates(tx: Tx): { serial: string; der: Buffer }[] {
  return tx
    .select({ serial: developerCertificates.serial, der: developerCertificates.der })
    .from(developerCertificates)
    .where(isNull(developerCertificates.sha256))
    .all();
}

export function nameCertificate(tx: Tx, serial: string, sha256: Sha256): void {
  tx.update(developerCertificates).set({ sha256 }).where(eq(developerCertificates.serial, serial)).run();
}

export type UnnamedVersion = {
  readonly id: VersionId;
  readonly uploadSha256: Sha256;
};

/** Versions whose developer's key has more than one certificate: only their files tell which of them signed. */
export function selectAmbiguous(tx: Tx): UnnamedVersion[] {
  const renewed = tx
    .select({ keyid: developerCertificates.keyid })
    .from(developerCertificates)
    .groupBy(developerCertificates.keyid)
    .having(gt(count(), 1));
  return tx
    .select({
      id: versions.id,
      uploadSha256: versions.uploadSha256,
    })
    .from(versions)
    .where(and(isNull(versions.developerCertificate), sql`${versions.developerKeyid} IN ${renewed}`))
    .orderBy(asc(versions.id))
    .all();
}

export function nameSigner(tx: Tx, id: VersionId, developerCertificate: Sha256): void {
  tx.update(versions).set({ developerCertificate }).where(eq(versions.id, id)).run();
}

/** For keys with one certificate. */
export function nameOnlySigners(tx: Tx): void {
  const only = sql<Sha256 | null>`(
    SELECT CASE count(*) WHEN 1 THEN min(${developerCertificates.sha256}) END FROM ${developerCertificates}
    WHERE ${developerCertificates.keyid} = ${versions.developerKeyid}
  )`;
  tx.update(versions)
    .set({ developerCertificate: only })
    .where(and(isNull(versions.developerCertificate), isNotNull(versions.developerKeyid)))
    .run();
}

/** The key and certificate that countersigned; before it could be replaced, there was one. */
export function findReleaseCertificate(tx: Tx): { keyid: KeyId; der: Buffer } | undefined {
  return tx
    .select({ keyid: signingKeys.keyid, der: storeCertificates.der })
    .from(storeCertificates)
    .innerJoin(signingKeys, eq(signingKeys.name, storeCertificates.keyName))
    .where(eq(storeCertificates.kind, "release"))
    .orderBy(desc(storeCertificates.createdAt))
    .limit(1)
    .get();
}

export function nameReleaseSigner(tx: Tx, by: { keyid: KeyId; certificate: Sha256 }): void {
  tx.update(versions)
    .set({ releaseKeyid: by.keyid, releaseCertificate: by.certificate })
    .where(and(isNotNull(versions.releasedSha256), isNull(versions.releaseKeyid)))
    .run();
}

export type ReleasedVersion = {
  readonly id: VersionId;
  readonly uploadSha256: Sha256;
  readonly releasedSha256: Sha256;
  readonly publishedAt: Date | null;
};

/** Every version that has a released file. */
export function selectReleased(tx: Tx): ReleasedVersion[] {
  return tx
    .select({
      id: versions.id,
      uploadSha256: versions.uploadSha256,
      releasedSha256: sql<Sha256>`${versions.releasedSha256}`,
      publishedAt: versions.publishedAt,
    })
    .from(versions)
    .where(isNotNull(versions.releasedSha256))
    .orderBy(asc(versions.id))
    .all();
}

export function replaceRelease(
  tx: Tx,
  id: VersionId,
  file: { releasedSha256: Sha256; releasedSizeBytes: number },
): void {
  tx.update(versions).set(file).where(eq(versions.id, id)).run();
}
