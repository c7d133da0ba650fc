/**
 * Whose certificates count no more once an authority is distrusted: told before by the dry run, and to the owners in the
 * transaction in which it takes effect.
 */

import { tellOwners } from "../../accounts/messages/outbox.ts";
import type { Tx } from "../../db/database.ts";
import type { KeyId, OrganisationId, Sha256 } from "../../ids.ts";
import type { TrustAnchors } from "../../signing/chain.ts";
import { lastUse } from "../certificate-trust.ts";
import { distrustNotice } from "../distrust-notice.ts";
import { lowestCode, revocationOf } from "../revocation/in-force.ts";
import { findRevocations } from "../revocation/records.ts";
import { chainCounts } from "../sign-again/trust.ts";
import {
  type DeveloperCertificate,
  listDeveloperCertificates,
  listRestingVersions,
  type RestingVersion,
} from "./distrust.records.ts";

/** The authorities as they are, and as they would be. */
export type Both = { readonly before: TrustAnchors; readonly after: TrustAnchors };

export type LosingDeveloper = {
  readonly developerId: OrganisationId;
  readonly name: string;
  /** Those that sign nothing until they are enrolled again. */
  readonly keyids: readonly KeyId[];
  /** Those that devices would not install any more for the developer's signature. */
  readonly versions: readonly Pick<RestingVersion, "appId" | "versionCode" | "version">[];
};

/** Judged before the transaction, since it takes a while with many: which of the certificates would fall. */
export async function fallingCertificates(tx: Tx, both: Both, now: Date): Promise<ReadonlySet<Sha256>> {
  const falling = new Set<Sha256>();
  for (const certificate of listDeveloperCertificates(tx)) {
    const at = lastUse(certificate, now);
    const counts = (anchors: TrustAnchors) => chainCounts(certificate.der, "developer", at, { anchors });
    if (counts(both.before) && !counts(both.after)) falling.add(certificate.sha256);
    // Requests come first: between two judgements they have their turn.
    await Bun.sleep(0);
  }
  return falling;
}

/** In the order of their names. A key that is revoked loses nothing by it. */
export function losingDevelopers(tx: Tx, falling: ReadonlySet<Sha256>): LosingDeveloper[] {
  if (falling.size === 0) return [];
  const certificates = listDeveloperCertificates(tx);
  const newest = new Map(certificates.map((certificate) => [certificate.keyid, certificate]));
  const keys = [...newest.values()].filter((one) => falling.has(one.sha256) && !isRevoked(tx, one));
  const versions = listRestingVersions(tx).filter(
    (version) =>
      version.developerCertificate !== null &&
      falling.has(version.developerCertificate) &&
      !isRefusedAlready(tx, version),
  );
  const names = new Map(
    [...keys, ...versions].map(({ developerId, developerName }) => [developerId, developerName]),
  );
  return [...names]
    .map(([developerId, name]) => ({
      developerId,
      name,
      keyids: keys.filter((key) => key.developerId === developerId).map(({ keyid }) => keyid),
      versions: versions.filter((version) => version.developerId === developerId),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function isRevoked(tx: Tx, { keyid, sha256, developerId }: DeveloperCertificate): boolean {
  const found = findRevocations(tx, [
    { subject: "key", id: keyid },
    { subject: "certificate", id: sha256 },
    { subject: "developer", id: developerId },
  ]);
  return found.length > 0;
}

/** What is revoked, or below the lowest version, devices take no more: it loses nothing, and nobody signs it again. */
export function isRefusedAlready(tx: Tx, version: RestingVersion): boolean {
  const named = { ...version, organisationId: version.developerId };
  return revocationOf(tx, named) !== null || version.versionCode < lowestCode(tx, version.appId);
}

/** One message to each owner of each organisation that loses something. */
export function tellOfDistrust(tx: Tx, falling: ReadonlySet<Sha256>, now: Date): void {
  for (const developer of losingDevelopers(tx, falling))
    tellOwners(tx, developer.developerId, distrustNotice(developer), now);
}
