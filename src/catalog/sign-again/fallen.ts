/** What the store signed and a new device would not believe any more: statements in lineages, and released packages. */
import type { Tx } from "../../db/database.ts";
import { statedAt } from "../../format/lineage.ts";
import { openEnvelope } from "../../format/verify-signatures.ts";
import type { AppId } from "../../ids.ts";
import { type Leaf, readLeaf } from "../../signing/leaf.ts";
import { wholeSeconds } from "../../signing/times.ts";
import { entryOf, type LineageRow, selectStated } from "../lineage.records.ts";
import { lowestCode, revocationOf } from "../revocation/in-force.ts";
import { sha256 } from "../tuf/metadata.ts";
import * as records from "./records.ts";
import { chainCounts, storeSignatureCounts, type Trust } from "./trust.ts";

/** What the store said of a key that came into a lineage, with who signed it and the time that it names. */
export type Statement = {
  readonly row: LineageRow;
  readonly payload: Uint8Array;
  readonly leaf: Leaf;
  readonly at: Date;
};

/** Null for the first key, of which the store says nothing. */
export function statementOf(row: LineageRow): Statement | null {
  const entry = entryOf(row);
  if (entry.kind === "first") return null;
  const bytes = entry.kind === "addition" ? entry.acceptance : entry.recovery;
  const { envelope, leaf } = openEnvelope(bytes, "release");
  return { row, leaf, payload: envelope.payload, at: statedAt(envelope.payload, entry.kind) };
}

/** All of one app, or of all apps. */
export function selectStatements(tx: Tx, appId?: AppId): Statement[] {
  return selectStated(tx, appId).flatMap((row) => statementOf(row) ?? []);
}

export async function fallenStatements(tx: Tx, trust: Trust, appId?: AppId): Promise<Statement[]> {
  const fallen: Statement[] = [];
  for (const row of selectStated(tx, appId)) {
    const statement = statementOf(row);
    if (statement === null) continue;
    if (!storeSignatureCounts(statement.leaf, statement.at, trust)) fallen.push(statement);
    // Requests come first: between two judgements they have their turn.
    await Bun.sleep(0);
  }
  return fallen;
}

/**
 * Versions that lack nothing but a signature of the store that counts. What is revoked for another reason, is below the
 * lowest version or has no developer's signature that counts is signed by no new key.
 */
export async function fallenVersions(tx: Tx, trust: Trust): Promise<records.SignedVersion[]> {
  const fallen: records.SignedVersion[] = [];
  for (const der of records.selectReleaseCertificates(tx)) {
    const leaf = readLeaf(new Uint8Array(der), "release");
    const certificate = sha256(der);
    const span = records.approvalSpan(tx, certificate);
    if (span === null) continue;
    // Nearly always all of a certificate counts, and then none of its versions has to be looked at.
    if (span.every((at) => storeSignatureCounts(leaf, wholeSeconds(at), trust))) continue;
    // Requests come first: between two judgements they have their turn.
    await Bun.sleep(0);
    for (const version of records.selectSignedBy(tx, certificate))
      if (isFallen(tx, version, leaf, trust)) fallen.push(version);
  }
  return fallen;
}

/** The same of one version; false when it has no signature of the store. */
export function isVersionFallen(tx: Tx, version: records.SignedVersion, trust: Trust): boolean {
  const { releaseCertificate } = version;
  for (const der of records.selectReleaseCertificates(tx)) {
    const leaf = readLeaf(new Uint8Array(der), "release");
    if (sha256(der) === releaseCertificate) return isFallen(tx, version, leaf, trust);
  }
  return false;
}

function isFallen(tx: Tx, version: records.SignedVersion, leaf: Leaf, trust: Trust): boolean {
  if (version.approvedAt === null) return false;
  const at = wholeSeconds(version.approvedAt);
  if (storeSignatureCounts(leaf, at, trust)) return false;
  // Under a Developer CA that is distrusted it is the developer who has to sign again.
  const developer =
    version.developerCertificate && records.findDeveloperCertificate(tx, version.developerCertificate);
  if (developer && !chainCounts(developer, "developer", at, trust)) return false;
  const own = revocationOf(tx, { ...version, releaseKeyid: null, releaseCertificate: null });
  return own === null && version.versionCode >= lowestCode(tx, version.appId);
}
