/**
 * The store's signature of a version: the released file with its envelope, judged as a device would before anybody sees it.
 * Job `version.countersign` makes it after an approval, and again when the key that made it was revoked.
 */

import { SYSTEM_LABEL } from "../accounts/actor.ts";
import type { Store } from "../context.ts";
import { type Tx, write } from "../db/database.ts";
import { isProblem } from "../errors.ts";
import { hashSource } from "../format/digests.ts";
import { signStore } from "../format/sign.ts";
import type { Source } from "../format/source.ts";
import { type Verdict, verifyPackage } from "../format/verify.ts";
import type { KeyId, ReviewId, Sha256, VersionId } from "../ids.ts";
import { enqueue } from "../jobs/queue.ts";
import { releaseSigner } from "../keys/authority.ts";
import { refuseForeign } from "../keys/foreign-vault.ts";
import { developerCaPems, rootCaPems } from "../keys/trust-anchors.ts";
import type { Signer } from "../signing/signer.ts";
import { X509Certificate } from "../signing/x509.ts";
import { type About, type Approved, aboutOf, checksOf, openApproval } from "./approval-seal.ts";
import * as blobRecords from "./blobs.records.ts";
import { hasEnded, recordEnd } from "./ended.ts";
import { logApproval } from "./log/approval.ts";
import { isProved } from "./log/proved.ts";
import { findNewestLeaf } from "./log/records.ts";
import { OVERTAKEN_NOTE } from "./overtaken.ts";
import * as records from "./records.ts";
import { releaseKey } from "./release-keys.ts";
import { stageReleased } from "./released-file.ts";
import { refuseRevokedNames } from "./revocation/in-force.ts";
import { stateAfter } from "./states.ts";
import { mustHaveCertificates } from "./store-keys/mend-certificates.ts";
import { sha256 } from "./tuf/metadata.ts";
import { uploadKey } from "./upload.ts";

/** Rises when a change of the rules makes an old approval mean something else. */
const REVIEW_POLICY = 1;

/** A released file that lies in the store, and whose signature it has. */
export type Countersigned = {
  readonly sha256: Sha256;
  readonly sizeBytes: number;
  readonly approvedAt: Date;
  readonly reviewId: ReviewId;
  /** Approved so that somebody publishes it. */
  readonly hold: boolean;
  readonly keyid: KeyId;
  readonly certificate: Sha256;
};

/**
 * Appends the store's envelope to what was uploaded, and keeps the file. Null when that is not what was approved, by what was
 * sealed or logged and by what the file itself says: rows and files may have been changed beside the store. Trying again cannot help.
 *
 * @throws Problem `revocation.in_force` while the store's own key is revoked; those of `releaseSigner`
 */
export async function countersign(store: Store, row: records.VersionRow): Promise<Countersigned | null> {
  // What another master key does not open was not changed by anybody.
  refuseForeign(store.vault);
  const approved = approvedAs(store, row);
  if (approved === null) return null;
  if (!(await isWhole(store, uploadKey(row.uploadSha256), row.uploadSha256))) return null;
  await mustHaveCertificates(store);
  const source = await store.blobs.open(uploadKey(row.uploadSha256));
  try {
    const signer = releaseSigner(store);
    const signedBy = namesOf(signer);
    refuseRevokedKey(store.db.orm, signedBy);
    const facts = approvalFacts(store, approved, signer);
    const envelope = await signStore(source, signer, facts);
    const staged = await stageReleased(store, source, envelope);
    try {
      const verdict = await mustVerify(store, staged.source, row.id);
      if (!isOfVersion(verdict, row)) return null;
      await staged.commit(releaseKey(staged.sha256));
      const { sha256, sizeBytes } = staged;
      const { approvedAt, review } = facts;
      const hold = approved.hold ?? row.hold;
      return { ...signedBy, sha256, sizeBytes, approvedAt, reviewId: review.reviewId, hold };
    } finally {
      await staged.discard();
    }
  } finally {
    await source.close();
  }
}

/**
 * Job `version.countersign`. While the store's own key is revoked the version waits for the one that comes after it, which
 * enqueues this again (`countersignWaiting`): nobody has to do anything about this job.
 */
export async function countersignVersion(store: Store, versionId: VersionId): Promise<void> {
  const row = records.findVersion(store.db.orm, versionId);
  if (row?.state !== "signing") return;
  try {
    const made = await countersign(store, row);
    if (made === null) settleDamage(store, versionId);
    else settleRelease(store, versionId, made);
  } catch (error) {
    if (!isProblem(error) || error.code !== "revocation.in_force") throw error;
    store.log.warn("version.waits_for_key", { version: versionId, advice: "replace the release key" });
  }
}

type SignedBy = Pick<Countersigned, "keyid" | "certificate">;

/** What a signer can be revoked by. */
export function namesOf(signer: Signer): SignedBy {
  return { keyid: signer.keyid as KeyId, certificate: sha256(signer.certificateDer) };
}

/** The key may have been revoked while it signed: then it is tried again, with the one that comes after it. */
export function refuseRevokedKey(tx: Tx, { keyid, certificate }: SignedBy): void {
  refuseRevokedNames(tx, [
    { subject: "key", id: keyid },
    { subject: "certificate", id: certificate },
  ]);
}

/** Whether the stored file is there and has its digest. What cannot be read for another reason is tried again. */
export async function isWhole(store: Store, key: string, sha256: Sha256): Promise<boolean> {
  if ((await store.blobs.head(key)) === null) return false;
  const source = await store.blobs.open(key);
  try {
    return String(await hashSource(source)) === sha256;
  } finally {
    await source.close();
  }
}

export function settleDamage(store: Store, versionId: VersionId): void {
  store.log.error("version.damaged", { version: versionId });
  write(store.db, (tx) => {
    const row = records.findVersion(tx, versionId);
    if (row?.state !== "signing" && row?.state !== "publishing") return;
    records.updateVersion(
      tx,
      row,
      { state: stateAfter(row.state, "damaged") },
      {
        actor: SYSTEM_LABEL,
        note: "The stored file or its row is not what was approved any more. Upload it again.",
        now: store.clock.now(),
      },
    );
  });
}

/**
 * A certificate signs nothing of the time before it. What was approved then, and is signed with the key that came after
 * a lost or revoked one, is approved anew with that signature, and the log shows that too. It happens only under a root
 * that is younger than the approval: a certificate of the store counts from its root's beginning on.
 */
function approvalTime(store: Store, approvedAt: Date, signer: Signer): Date {
  const { notBefore } = new X509Certificate(new Uint8Array(signer.certificateDer));
  return approvedAt < notBefore ? store.clock.now() : approvedAt;
}

function approvalFacts(store: Store, { approvedAt, reviewId, checks }: Approval, signer: Signer) {
  return {
    approvedAt: approvalTime(store, approvedAt, signer),
    review: { reviewId, policy: REVIEW_POLICY, people: 1, checks },
  };
}

type Approval = Pick<Approved, "approvedAt" | "reviewId" | "checks" | "hold">;

/**
 * By what the master key sealed with the decision, or, of an approval that is older than that, by the log. Null when neither says
 * that this upload was approved as this version. What is signed already keeps the time that the log has of it.
 */
function approvedAs({ db, vault }: Store, row: records.VersionRow): Approval | null {
  const said = aboutOf(row);
  if (said === null || hasEnded(db.orm, row.id)) return null;
  const leaf = findNewestLeaf(db.orm, said.contentDigest, "approval");
  const isLogged = leaf?.entry.type === "approval" && isAbout(leaf.entry, said) && isProved(db, leaf, vault);
  const approvedAt = isLogged ? { approvedAt: leaf.recordedAt } : {};
  const sealed = openApproval(vault, row.id, records.findReview(db.orm, row.id)?.sealed ?? null);
  if (sealed !== null) return isAbout(sealed, said) ? { ...sealed, ...approvedAt } : null;
  if (!isLogged || leaf?.entry.type !== "approval") return null;
  const reviewId = leaf.entry.reviewId as ReviewId;
  return { approvedAt: leaf.recordedAt, reviewId, checks: checksOf(db.orm, row.id) };
}

const isAbout = (one: About, other: About): boolean =>
  one.appId === other.appId &&
  one.versionCode === other.versionCode &&
  one.contentDigest === other.contentDigest &&
  one.upload === other.upload &&
  one.developerKeyId === other.developerKeyId;

function isOfVersion({ contentDigest, manifest, developer }: Verdict, row: records.VersionRow): boolean {
  return (
    String(contentDigest) === row.contentDigest &&
    String(manifest?.id) === row.appId &&
    Number(manifest?.versionCode) === row.versionCode &&
    String(developer?.keyid) === row.developerKeyid
  );
}

/** A release that devices would refuse must never leave the store, whatever went wrong before. */
async function mustVerify(store: Store, source: Source, versionId: VersionId): Promise<Verdict> {
  const verdict = await verifyPackage(source, {
    now: store.clock.now(),
    roots: rootCaPems(store),
    developerCas: developerCaPems(store),
    expect: "released",
  });
  const finding = verdict.sections.flatMap((section) => section.findings)[0];
  if (!verdict.ok)
    throw new Error(
      `the released file of ${versionId} does not verify: ${finding?.code} ${finding?.message}`,
    );
  return verdict;
}

/** The columns of a version that say what was released of it. */
export function releasedColumns({ sha256, sizeBytes, approvedAt, keyid, certificate }: Countersigned) {
  return {
    releasedSha256: sha256,
    releasedSizeBytes: sizeBytes,
    approvedAt,
    releaseKeyid: keyid,
    releaseCertificate: certificate,
  };
}

function settleRelease(store: Store, versionId: VersionId, made: Countersigned): void {
  const now = store.clock.now();
  write(store.db, (tx) => {
    const row = records.findVersion(tx, versionId);
    if (row?.state !== "signing") return;
    refuseRevokedKey(tx, made);
    const { sha256, sizeBytes, approvedAt, reviewId } = made;
    blobRecords.insertBlob(tx, { key: releaseKey(sha256), sha256, sizeBytes, createdAt: now });
    if (row.versionCode <= records.highestPublishedCode(tx, row.appId)) {
      const event = { actor: SYSTEM_LABEL, note: OVERTAKEN_NOTE, now };
      records.updateVersion(tx, row, { state: stateAfter(row.state, "overtaken") }, event);
      recordEnd(tx, store.vault, row, now);
      return;
    }
    const state = stateAfter(row.state, made.hold ? "countersigned_on_hold" : "countersigned");
    records.updateVersion(tx, row, { state, ...releasedColumns(made) }, { actor: SYSTEM_LABEL, now });
    logApproval(tx, store.vault, row, reviewId, approvedAt);
    if (!made.hold) enqueue(tx, { kind: "version.publish", key: "catalogue", payload: { versionId } }, now);
  });
}
