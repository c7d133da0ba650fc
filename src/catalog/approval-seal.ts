/**
 * What was approved, sealed under the master key with the version's id: the store signs that, and not what rows say by then.
 * The log has the approval with the signature; until then nothing but this tells that somebody approved it.
 */
import type { Tx } from "../db/database.ts";
import type { AppId, KeyId, ReviewId, Sha256, VersionCode, VersionId } from "../ids.ts";
import { openFacts, resealFacts, sealFacts } from "../keys/sealed-facts.ts";
import type { Vault } from "../keys/vault.ts";
import * as records from "./records.ts";

export type Approved = {
  readonly appId: AppId;
  readonly versionCode: VersionCode;
  readonly contentDigest: Sha256;
  /** SHA-256 of the whole file as it was uploaded. */
  readonly upload: Sha256;
  readonly developerKeyId: KeyId;
  readonly reviewId: ReviewId;
  readonly approvedAt: Date;
  /** Those that had run, by their names. */
  readonly checks: readonly { readonly name: string; readonly version: string }[];
};

const sealName = (id: VersionId): string => `approval of ${id}`;

export function sealApproval(vault: Vault, id: VersionId, approved: Approved): Buffer {
  return sealFacts(vault, sealName(id), { ...approved, approvedAt: approved.approvedAt.getTime() });
}

/** Null when nothing is sealed, or not by this master key and for this version. */
export function openApproval(vault: Vault, id: VersionId, sealed: Buffer | null): Approved | null {
  const facts = openFacts(vault, sealName(id), sealed) as
    | (Omit<Approved, "approvedAt"> & { readonly approvedAt: number })
    | null;
  return facts && { ...facts, approvedAt: new Date(facts.approvedAt) };
}

/** Under another master key, all of them. Gives how many there are. */
export function resealApprovals(tx: Tx, from: Vault, to: Vault): number {
  let count = 0;
  for (const { id, versionId, sealed } of records.selectSealedReviews(tx)) {
    const next = resealFacts(from, to, sealName(versionId), sealed);
    if (next === null) continue;
    records.replaceReviewSeal(tx, id, next);
    count += 1;
  }
  return count;
}
