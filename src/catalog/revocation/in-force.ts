/** What is in force for one version, app, key or organisation: asked wherever something new begins. */
import type { Tx } from "../../db/database.ts";
import { Problem } from "../../errors.ts";
import type { AppId, KeyId, OrganisationId, Sha256, VersionCode } from "../../ids.ts";
import { say } from "../../say.ts";
import { digitsText } from "../../signing/keys.ts";
import { formatTime, wholeSeconds } from "../../signing/times.ts";
import { findDeveloperKey } from "../keys.records.ts";
import type { Revocation, RevocationAction, RevocationSubject, Revocations } from "../tuf/revocations.ts";
import * as records from "./records.ts";

/** All that is in force, also what the signed list does not name. */
export function inForce(tx: Tx): Revocations {
  return {
    entries: records.allRevocations(tx).map(listEntry),
    lowestVersionCodes: new Map(records.allLowest(tx).map((row) => [row.appId, row.versionCode])),
  };
}

function listEntry(row: records.RevocationRow): Revocation {
  return {
    action: row.action,
    subject: row.subject,
    id: row.target,
    reason: row.reason,
    revokedAt: formatTime(row.revokedAt),
    approvalsUntil: row.approvalsUntil === null ? null : formatTime(row.approvalsUntil),
  };
}

export type RevocationView = {
  readonly subject: RevocationSubject;
  readonly id: string;
  readonly action: RevocationAction;
  readonly reason: string;
  readonly approvalsUntil: Date | null;
  readonly revokedAt: Date;
  readonly revokedBy: string;
};

export function revocationView(row: records.RevocationRow): RevocationView {
  const { subject, target, action, reason, approvalsUntil, revokedAt, revokedBy } = row;
  return { subject, id: target, action, reason, approvalsUntil, revokedAt, revokedBy };
}

/** What a version can be named by; null for what is not known of it yet. */
export type Named = {
  readonly appId: AppId;
  readonly organisationId: OrganisationId;
  readonly contentDigest: Sha256 | null;
  readonly developerKeyid: KeyId | null;
  readonly developerCertificate: Sha256 | null;
  readonly releaseKeyid: KeyId | null;
  readonly releaseCertificate: Sha256 | null;
  readonly approvedAt: Date | null;
};

/** Of a version that was not read yet. */
export const UNREAD = {
  contentDigest: null,
  developerKeyid: null,
  developerCertificate: null,
  releaseKeyid: null,
  releaseCertificate: null,
  approvedAt: null,
} as const;

const GRAVITY: readonly RevocationAction[] = ["remove", "disable", "block"];

/** The gravest revocation that names the version in any way, as a device judges it; null when none does. */
export function revocationOf(tx: Tx, version: Named): RevocationView | null {
  const name = (subject: RevocationSubject, id: string | null) => (id === null ? [] : [{ subject, id }]);
  const own = records.findRevocations(tx, [
    ...name("app", version.appId),
    ...name("package", version.contentDigest),
    ...name("developer", version.organisationId),
    // Of an app that was given to another organisation: whose key signed it.
    ...name("developer", signerOf(tx, version.developerKeyid, version.organisationId)),
    ...name("key", version.developerKeyid),
    ...name("certificate", version.developerCertificate),
  ]);
  const approvals = records
    .findRevocations(tx, [
      ...name("key", version.releaseKeyid),
      ...name("certificate", version.releaseCertificate),
    ])
    .filter((row) => isLate(row, version.approvedAt));
  const [gravest] = [...own, ...approvals].sort(
    (a, b) => GRAVITY.indexOf(a.action) - GRAVITY.indexOf(b.action),
  );
  return gravest === undefined ? null : revocationView(gravest);
}

function signerOf(tx: Tx, keyid: KeyId | null, owner: OrganisationId): OrganisationId | null {
  const signer = keyid === null ? undefined : findDeveloperKey(tx, keyid)?.organisationId;
  return signer === undefined || signer === owner ? null : signer;
}

/** Approvals have whole seconds in the store's signature. */
function isLate(row: records.RevocationRow, approvedAt: Date | null): boolean {
  return (
    row.approvalsUntil === null || (approvedAt !== null && wholeSeconds(approvedAt) > row.approvalsUntil)
  );
}

/** The lowest version code of an app that is allowed. */
export function lowestCode(tx: Tx, appId: AppId): number {
  return records.findLowest(tx, appId)?.versionCode ?? 1;
}

/**
 * For what is about to go on its way to devices.
 * @throws Problem (conflict) `revocation.in_force`, `version.below_lowest`
 */
export function refuseRevoked(tx: Tx, version: Named & { readonly versionCode: VersionCode }): void {
  const revocation = revocationOf(tx, version);
  if (revocation !== null) throw revokedProblem(revocation);
  const lowest = lowestCode(tx, version.appId);
  if (version.versionCode >= lowest) return;
  throw new Problem(
    "conflict",
    "version.below_lowest",
    say`${version.appId} may be had from version code ${lowest} on, and this is ${version.versionCode}: raise versionCode.`,
  );
}

/** A key or an organisation that is to get a certificate. @throws Problem `revocation.in_force` (conflict) */
export function refuseRevokedNames(
  tx: Tx,
  names: readonly { readonly subject: RevocationSubject; readonly id: string }[],
): void {
  const [row] = records.findRevocations(tx, names);
  if (row) throw revokedProblem(revocationView(row));
}

function revokedProblem({ subject, id, reason }: RevocationView): Problem {
  return new Problem(
    "conflict",
    "revocation.in_force",
    say`The ${subject} ${digitsText(id)} is revoked in this store: ${reason}`,
  );
}
