/**
 * What was approved, sealed under the master key with the version's id: the store signs that, and not what rows say by then.
 * The log has the approval with the signature; until then nothing but this tells that somebody approved it.
 */
import type { Store } from "../context.ts";
import type { Tx } from "../db/database.ts";
import type { AppId, KeyId, ReviewId, Sha256, VersionCode, VersionId } from "../ids.ts";
import { openFacts, resealFacts, resealRows, sealFacts } from "../keys/sealed-facts.ts";
import type { Vault } from "../keys/vault.ts";
import { hasEnded } from "./ended.ts";
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
  /** Whether it waits until somebody publishes it; of an approval of before this was sealed the row says it. */
  readonly hold?: boolean;
  /** Those that had run, by their names. */
  readonly checks: readonly { readonly name: string; readonly version: string }[];
};

export type About = Pick<Approved, "appId" | "versionCode" | "contentDigest" | "upload" | "developerKeyId">;

/** What an approval of the row would be about; null for one that was not read yet. */
export function aboutOf(row: records.VersionRow): About | null {
  const { appId, versionCode, contentDigest, uploadSha256: upload, developerKeyid: developerKeyId } = row;
  if (contentDigest === null || developerKeyId === null) return null;
  return { appId, versionCode, contentDigest, upload, developerKeyId };
}

/** @throws Error for one that was not read: nothing decides on it */
export function mustBeAbout(row: records.VersionRow): About {
  const about = aboutOf(row);
  if (about === null) throw new Error(`${row.id} is approved without having been read`);
  return about;
}

/** Those that have run. */
export function checksOf(tx: Tx, id: VersionId): Approved["checks"] {
  return records
    .selectCheckResults(tx, id)
    .map(({ name, checkVersion }) => ({ name, version: checkVersion }));
}

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

/** Whoever may do that publishes what was approved on hold. Of an approval that is older than its seals there is none. */
export function releaseHold(tx: Tx, vault: Vault, id: VersionId): void {
  const review = records.findReview(tx, id);
  const approved = openApproval(vault, id, review?.sealed ?? null);
  if (review === undefined || approved?.hold !== true) return;
  records.replaceReviewSeal(tx, review.id, sealApproval(vault, id, { ...approved, hold: false }));
}

/** Whether nothing that the store knows of speaks against the publication of what it signed. */
export function isAgreed({ db, vault }: Pick<Store, "db" | "vault">, { id }: records.VersionRow): boolean {
  const approved = openApproval(vault, id, records.findReview(db.orm, id)?.sealed ?? null);
  return !hasEnded(db.orm, id) && approved?.hold !== true;
}

/** Under another master key, all of them. Gives how many there are. */
export function resealApprovals(tx: Tx, from: Vault, to: Vault): number {
  return resealRows(
    records.selectSealedReviews(tx),
    ({ versionId, sealed }) => resealFacts(from, to, sealName(versionId), sealed),
    ({ id }, next) => records.replaceReviewSeal(tx, id, next),
  );
}
