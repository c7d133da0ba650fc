/** The SQL of what rests on the store's certificates. */
import { and, asc, eq, inArray, isNotNull } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { apps, developerCertificates, type VersionState, versions } from "../../db/schema.ts";
import type { AppId, Sha256, VersionCode } from "../../ids.ts";

export type RestingVersion = {
  readonly appId: AppId;
  readonly versionCode: VersionCode;
  readonly version: string;
  readonly state: VersionState;
  readonly developerCertificate: Sha256 | null;
  readonly releaseCertificate: Sha256 | null;
  readonly approvedAt: Date | null;
};

/** Versions that devices have or may still get, in the order of their apps. */
export function listRestingVersions(db: Tx): RestingVersion[] {
  return db
    .select({
      appId: versions.appId,
      versionCode: versions.versionCode,
      version: versions.version,
      state: versions.state,
      developerCertificate: versions.developerCertificate,
      releaseCertificate: versions.releaseCertificate,
      approvedAt: versions.approvedAt,
    })
    .from(versions)
    .innerJoin(apps, eq(apps.id, versions.appId))
    .where(
      and(
        inArray(versions.state, ["draft", "in_review", "signing", "held", "publishing", "published"]),
        isNotNull(versions.versionCode),
      ),
    )
    .orderBy(asc(versions.appId), asc(versions.versionCode))
    .all() as RestingVersion[];
}

export function listDeveloperCertificates(
  db: Tx,
): { readonly sha256: Sha256 | null; readonly der: Buffer }[] {
  return db
    .select({ sha256: developerCertificates.sha256, der: developerCertificates.der })
    .from(developerCertificates)
    .all();
}
