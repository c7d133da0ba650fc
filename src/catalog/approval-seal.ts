/**
 * What was approved, sealed under the master key with the version's id: the store signs that, and not what rows say by then.
 * The log has the approval with the signature; until then nothing but this tells that somebody approved it.
 */

import { createHash } from "node:crypto";
import type { Store } from "../context.ts";
import type { Tx } from "../db/database.ts";
import type { VersionState } from "../db/version-states.ts";
import { Problem } from "../errors.ts";
import type { AppId, KeyId, OrganisationId, ReviewId, Sha256, VersionCode, VersionId } from "../ids.ts";
import { refuseForeign } from "../keys/foreign-vault.ts";
import { openFacts, resealFacts, resealRows, sealFacts } from "../keys/sealed-facts.ts";
import type { Vault } from "../keys/vault.ts";
import { say } from "../say.ts";
import { hasEnded } from "./ended.ts";
import { findNewestLeaf, logSize } from "./log/records.ts";
import * as records from "./records.ts";
import type { Difference } from "./tuf/differences.ts";

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
  /** Whose app it was, and SHA-256 of the release notes; of an approval of before these were sealed nothing says it. */
  readonly owner?: OrganisationId;
  readonly notes?: Sha256;
  /** Those that had run, by their names. */
  readonly checks: readonly { readonly name: string; readonly version: string }[];
};

export type About = Pick<Approved, "appId" | "versionCode" | "contentDigest" | "upload" | "developerKeyId">;

type Read = Pick<
  records.VersionRow,
  "id" | "appId" | "versionCode" | "contentDigest" | "uploadSha256" | "developerKeyid"
>;

/** What an approval of the row would be about; null for one that was not read yet. */
export function aboutOf(row: Read): About | null {
  const { appId, versionCode, contentDigest, uploadSha256: upload, developerKeyid: developerKeyId } = row;
  if (contentDigest === null || developerKeyId === null) return null;
  return { appId, versionCode, contentDigest, upload, developerKeyId };
}

/** @throws Error for one that was not read: nothing decides on it */
export function mustBeAbout(row: Read): About {
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

/** What is said of a version beside its package: whose it is, and what devices are told of it. */
export function saidOf(
  tx: Tx,
  row: Pick<records.VersionRow, "appId" | "notes">,
): Pick<Approved, "owner" | "notes"> {
  const owner = records.findOwnerId(tx, row.appId);
  const notes = createHash("sha256").update(row.notes).digest("hex") as Sha256;
  return owner === undefined ? { notes } : { owner, notes };
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

/** Whether the store agreed to the publication of what it signed: nothing but the seal tells what was approved on hold. */
export function isAgreed({ db, vault }: Pick<Store, "db" | "vault">, row: records.VersionRow): boolean {
  const approved = standingApproval(db.orm, vault, row);
  return approved !== null && approved.hold !== true && !hasEnded(db.orm, row.id);
}

/** The approval, as long as the rows say what was approved of whose the version is and of its notes. */
function standingApproval(
  tx: Tx,
  vault: Vault,
  row: Pick<records.VersionRow, "id" | "appId" | "notes">,
): Approved | null {
  const approved = openApproval(vault, row.id, records.findReview(tx, row.id)?.sealed ?? null);
  const { owner, notes } = saidOf(tx, row);
  return approved?.owner === owner && approved?.notes === notes ? approved : null;
}

/** @throws Problem `keys.unsealable`, `catalog.damaged` when one that was approved is another's by now, or says something else */
export function mustBeAsApproved(tx: Tx, vault: Vault, row: records.VersionRow): void {
  if (standingApproval(tx, vault, row) !== null) return;
  refuseForeign(vault);
  throw new Problem(
    "unavailable",
    "catalog.damaged",
    say`The database has not got version ${row.versionCode} of ${row.appId} as it was approved: somebody changed whose it is or its release notes, and nobody publishes it. Have it withdrawn and uploaded again, or restore a backup.`,
  );
}

const APPROVED: readonly VersionState[] = ["signing", "held", "publishing"];

/** Once a day, of all that are approved and on their way. */
export function approvalDifferences({ db, vault }: Pick<Store, "db" | "vault">): readonly Difference[] {
  return records
    .selectChecked(db.orm, APPROVED)
    .filter((row) => standingApproval(db.orm, vault, row) === null || hasEnded(db.orm, row.id))
    .map(({ appId, versionCode }) => ({ of: "version", appId, versionCode, what: "approval" }));
}

/** In the transaction of a migration: approvals of before holds, owners and notes were sealed with them, and those of before there were seals. */
export function sealOldApprovals(tx: Tx, vault: () => Vault): void {
  for (const row of records.selectChecked(tx, APPROVED)) {
    const review = records.findReview(tx, row.id);
    if (review?.decision !== "approved") continue;
    const known =
      review.sealed === null ? oldApproval(tx, row, review.id) : openApproval(vault(), row.id, review.sealed);
    if (known === null) continue;
    records.replaceReviewSeal(
      tx,
      review.id,
      sealApproval(vault(), row.id, { ...known, hold: row.hold, ...saidOf(tx, row) }),
    );
  }
}

/** Without a seal the log says it, or, of a store that is older than its log, the rows that its first leaves are made of. */
function oldApproval(tx: Tx, row: records.CheckedRow, reviewId: ReviewId): Approved | null {
  const about = aboutOf(row);
  if (about === null) return null;
  const leaf = findNewestLeaf(tx, about.contentDigest, "approval");
  const approvedAt = logSize(tx) === 0 ? row.approvedAt : (leaf?.recordedAt ?? null);
  return approvedAt === null ? null : { ...about, reviewId, approvedAt, checks: checksOf(tx, row.id) };
}

/** Under another master key, all of them. Gives how many there are. */
export function resealApprovals(tx: Tx, from: Vault, to: Vault): number {
  return resealRows(
    records.selectSealedReviews(tx),
    ({ versionId, sealed }) => resealFacts(from, to, sealName(versionId), sealed),
    ({ id }, next) => records.replaceReviewSeal(tx, id, next),
  );
}
