/** The SQL of what the store signed. */
import { and, asc, eq, inArray, max, min } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { apps, developerCertificates, storeCertificates, versions } from "../../db/schema.ts";
import type { Sha256 } from "../../ids.ts";

/** States in which devices have the store's signature of a version, or will. */
const SIGNED = ["held", "publishing", "published"] as const;

export type SignedVersion = NonNullable<ReturnType<typeof selectSignedBy>[number]>;

/** Versions that a release certificate signed, the oldest first; without what they hold, since there may be many. */
export function selectSignedBy(tx: Tx, certificate: Sha256) {
  return tx
    .select({
      id: versions.id,
      appId: versions.appId,
      organisationId: apps.organisationId,
      versionCode: versions.versionCode,
      state: versions.state,
      publishedAt: versions.publishedAt,
      contentDigest: versions.contentDigest,
      developerKeyid: versions.developerKeyid,
      developerCertificate: versions.developerCertificate,
      releaseKeyid: versions.releaseKeyid,
      releaseCertificate: versions.releaseCertificate,
      approvedAt: versions.approvedAt,
    })
    .from(versions)
    .innerJoin(apps, eq(apps.id, versions.appId))
    .where(and(eq(versions.releaseCertificate, certificate), inArray(versions.state, [...SIGNED])))
    .orderBy(asc(versions.id))
    .all();
}

/** The first and the last approval that a release certificate signed; null when it signed none. */
export function approvalSpan(tx: Tx, certificate: Sha256): readonly [Date, Date] | null {
  const row = tx
    .select({ first: min(versions.approvedAt), last: max(versions.approvedAt) })
    .from(versions)
    .where(and(eq(versions.releaseCertificate, certificate), inArray(versions.state, [...SIGNED])))
    .get();
  return row?.first && row.last ? [row.first, row.last] : null;
}

export function findDeveloperCertificate(tx: Tx, certificate: Sha256): Buffer | null {
  const row = tx
    .select({ der: developerCertificates.der })
    .from(developerCertificates)
    .where(eq(developerCertificates.sha256, certificate))
    .limit(1)
    .get();
  return row?.der ?? null;
}

/** Every one that the store ever had. */
export function selectReleaseCertificates(tx: Tx): Buffer[] {
  return tx
    .select({ der: storeCertificates.der })
    .from(storeCertificates)
    .where(eq(storeCertificates.kind, "release"))
    .all()
    .map(({ der }) => der);
}
