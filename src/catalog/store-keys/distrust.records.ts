/** The SQL of what rests on the store's certificates. */

import { and, asc, eq, inArray, isNotNull } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { apps, developerCertificates, developerKeys, organisations, versions } from "../../db/schema.ts";
import type { VersionState } from "../../db/version-states.ts";
import type { AppId, KeyId, OrganisationId, Sha256, VersionCode } from "../../ids.ts";
import { sha256 } from "../tuf/metadata.ts";

export type RestingVersion = {
  readonly appId: AppId;
  readonly versionCode: VersionCode;
  readonly version: string;
  readonly state: VersionState;
  readonly contentDigest: Sha256 | null;
  readonly developerKeyid: KeyId | null;
  readonly developerCertificate: Sha256 | null;
  readonly releaseKeyid: KeyId | null;
  readonly releaseCertificate: Sha256 | null;
  readonly approvedAt: Date | null;
  readonly developerId: OrganisationId;
  readonly developerName: string;
};

/** Versions that devices have or may still get, in the order of their apps. */
export function listRestingVersions(db: Tx): RestingVersion[] {
  return db
    .select({
      appId: versions.appId,
      versionCode: versions.versionCode,
      version: versions.version,
      state: versions.state,
      contentDigest: versions.contentDigest,
      developerKeyid: versions.developerKeyid,
      developerCertificate: versions.developerCertificate,
      releaseKeyid: versions.releaseKeyid,
      releaseCertificate: versions.releaseCertificate,
      approvedAt: versions.approvedAt,
      developerId: apps.organisationId,
      developerName: organisations.name,
    })
    .from(versions)
    .innerJoin(apps, eq(apps.id, versions.appId))
    .innerJoin(organisations, eq(organisations.id, apps.organisationId))
    .where(
      and(
        inArray(versions.state, ["draft", "in_review", "signing", "held", "publishing", "published"]),
        isNotNull(versions.versionCode),
      ),
    )
    .orderBy(asc(versions.appId), asc(versions.versionCode))
    .all() as RestingVersion[];
}

export type DeveloperCertificate = {
  readonly keyid: KeyId;
  readonly sha256: Sha256;
  readonly der: Buffer;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly developerId: OrganisationId;
  readonly developerName: string;
};

/** All of each key, its newest last. */
export function listDeveloperCertificates(db: Tx): DeveloperCertificate[] {
  return db
    .select({
      keyid: developerCertificates.keyid,
      sha256: developerCertificates.sha256,
      der: developerCertificates.der,
      notBefore: developerCertificates.notBefore,
      notAfter: developerCertificates.notAfter,
      developerId: developerKeys.organisationId,
      developerName: organisations.name,
    })
    .from(developerCertificates)
    .innerJoin(developerKeys, eq(developerKeys.keyid, developerCertificates.keyid))
    .innerJoin(organisations, eq(organisations.id, developerKeys.organisationId))
    .orderBy(asc(developerCertificates.createdAt))
    .all()
    .map((row) => ({ ...row, sha256: row.sha256 ?? sha256(row.der) }));
}

/** A few released files with the store's signature by this certificate. */
export function releasedWith(db: Tx, releaseCertificate: Sha256): Sha256[] {
  const FEW = 8;
  return db
    .select({ released: versions.releasedSha256 })
    .from(versions)
    .where(and(eq(versions.releaseCertificate, releaseCertificate), isNotNull(versions.releasedSha256)))
    .limit(FEW)
    .all()
    .flatMap(({ released }) => released ?? []);
}
