/**
 * From an approval to devices. Two jobs, each idempotent: countersigning makes the released file, publishing puts it
 * into the catalogue. Whatever is killed when, they run again and end in the same place.
 */
import { SYSTEM_LABEL } from "../accounts/actor.ts";
import type { Store } from "../context.ts";
import { write } from "../db/database.ts";
import { hashSource } from "../format/digests.ts";
import { signStore } from "../format/sign.ts";
import type { Source } from "../format/source.ts";
import { verifyPackage } from "../format/verify.ts";
import type { KeyId, ReviewId, Sha256, VersionId } from "../ids.ts";
import { enqueue } from "../jobs/queue.ts";
import { releaseSigner } from "../keys/authority.ts";
import { developerCaPems, rootCaPems } from "../keys/trust-anchors.ts";
import type { Signer } from "../signing/signer.ts";
import { X509Certificate } from "../signing/x509.ts";
import * as blobRecords from "./blobs.records.ts";
import { enqueueDeltas } from "./deltas/make.ts";
import { KEY_OUTSIDE_NOTE, keyStands } from "./key-standing.ts";
import * as lineageRecords from "./lineage.records.ts";
import { logApproval } from "./log/approval.ts";
import type { LogPlan } from "./log/plan.ts";
import type { LogReference } from "./log/record.ts";
import { manifestOf, planOffer } from "./offer.ts";
import { OVERTAKEN_NOTE, withdrawOvertaken } from "./overtaken.ts";
import * as records from "./records.ts";
import { packageKey, releaseKey } from "./release-keys.ts";
import { stageReleased } from "./released-file.ts";
import { refuseRevokedNames } from "./revocation/in-force.ts";
import { stateAfter } from "./states.ts";
import { textsOf } from "./texts.ts";
import { exportCatalogue } from "./tuf/export.ts";
import { sha256 } from "./tuf/metadata.ts";
import { publishTargets } from "./tuf/repository.ts";
import { uploadKey } from "./upload.ts";

/** Rises when a change of the rules makes an old approval mean something else. */
const REVIEW_POLICY = 1;

/** Pictures of published versions lie where devices may read. */
function publicPictureKey(key: string): string {
  return `store/v1/${key}`;
}

/** Job `version.countersign`: appends the store's envelope and judges the result as a device would. */
export async function countersignVersion(store: Store, versionId: VersionId): Promise<void> {
  const row = records.findVersion(store.db.orm, versionId);
  if (row?.state !== "signing") return;
  // What people approved is the file of this digest. Another one is never signed, and trying again cannot help.
  if (!(await isWhole(store, uploadKey(row.uploadSha256), row.uploadSha256))) {
    settleDamage(store, versionId);
    return;
  }
  const source = await store.blobs.open(uploadKey(row.uploadSha256));
  try {
    const signer = releaseSigner(store);
    const signedBy = { keyid: signer.keyid as KeyId, certificate: sha256(signer.certificateDer) };
    refuseRevokedNames(store.db.orm, namesOf(signedBy));
    const facts = approvalFacts(store, row, signer);
    const envelope = await signStore(source, signer, facts);
    const staged = await stageReleased(store, source, envelope);
    try {
      await mustVerify(store, staged.source, versionId);
      await staged.commit(releaseKey(staged.sha256));
      settleRelease(store, versionId, staged, {
        ...signedBy,
        approvedAt: facts.approvedAt,
        reviewId: facts.review.reviewId,
      });
    } finally {
      await staged.discard();
    }
  } finally {
    await source.close();
  }
}

/** The store's key that countersigned, and its certificate. */
type SignedBy = { readonly keyid: KeyId; readonly certificate: Sha256 };

function namesOf({ keyid, certificate }: SignedBy) {
  return [
    { subject: "key", id: keyid },
    { subject: "certificate", id: certificate },
  ] as const;
}

/** Whether the stored file is there and has its digest. What cannot be read for another reason is tried again. */
async function isWhole(store: Store, key: string, sha256: Sha256): Promise<boolean> {
  if ((await store.blobs.head(key)) === null) return false;
  const source = await store.blobs.open(key);
  try {
    return String(await hashSource(source)) === sha256;
  } finally {
    await source.close();
  }
}

function settleDamage(store: Store, versionId: VersionId): void {
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
        note: "The stored file is not the one that was approved any more. Upload it again.",
        now: store.clock.now(),
      },
    );
  });
}

/**
 * A certificate signs nothing of the time before it. What was approved then, and is signed with the key that came after
 * a lost or revoked one, is approved anew with that signature, and the log shows that too.
 */
function approvalTime(store: Store, approvedAt: Date, signer: Signer): Date {
  const { notBefore } = new X509Certificate(new Uint8Array(signer.certificateDer));
  return approvedAt < notBefore ? store.clock.now() : approvedAt;
}

function approvalFacts(store: Store, row: records.VersionRow, signer: Signer) {
  const review = records.findReview(store.db.orm, row.id);
  if (!review || row.approvedAt === null) throw new Error(`${row.id} is to be signed without an approval`);
  return {
    approvedAt: approvalTime(store, row.approvedAt, signer),
    review: {
      reviewId: review.id,
      policy: REVIEW_POLICY,
      people: 1,
      checks: records
        .selectCheckResults(store.db.orm, row.id)
        .map((check) => ({ name: check.name, version: check.checkVersion })),
    },
  };
}

/** A release that devices would refuse must never leave the store, whatever went wrong before. */
async function mustVerify(store: Store, source: Source, versionId: VersionId): Promise<void> {
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
}

function settleRelease(
  store: Store,
  versionId: VersionId,
  file: { sha256: Sha256; sizeBytes: number },
  signedBy: SignedBy & { readonly approvedAt: Date; readonly reviewId: ReviewId },
): void {
  const now = store.clock.now();
  write(store.db, (tx) => {
    const row = records.findVersion(tx, versionId);
    if (row?.state !== "signing") return;
    // The key may have been revoked while it signed: then it is tried again, with the one that comes after it.
    refuseRevokedNames(tx, namesOf(signedBy));
    blobRecords.insertBlob(tx, {
      key: releaseKey(file.sha256),
      sha256: file.sha256,
      sizeBytes: file.sizeBytes,
      createdAt: now,
    });
    if (row.versionCode <= records.highestPublishedCode(tx, row.appId)) {
      const event = { actor: SYSTEM_LABEL, note: OVERTAKEN_NOTE, now };
      records.updateVersion(tx, row, { state: stateAfter(row.state, "overtaken") }, event);
      return;
    }
    records.updateVersion(
      tx,
      row,
      {
        state: stateAfter(row.state, row.hold ? "countersigned_on_hold" : "countersigned"),
        releasedSha256: file.sha256,
        releasedSizeBytes: file.sizeBytes,
        approvedAt: signedBy.approvedAt,
        releaseKeyid: signedBy.keyid,
        releaseCertificate: signedBy.certificate,
      },
      { actor: SYSTEM_LABEL, now },
    );
    if (row.approvedAt?.getTime() !== signedBy.approvedAt.getTime()) {
      logApproval(tx, row, signedBy.reviewId, signedBy.approvedAt);
    }
    if (!row.hold) enqueue(tx, { kind: "version.publish", key: "catalogue", payload: { versionId } }, now);
  });
}

/**
 * Job `version.publish`: the package first, then, in one transaction, the catalogue and that the version is in it, then
 * the copy of the catalogue that devices read. Only then is the version called published: who sees that can install it.
 */
export async function releaseVersion(store: Store, versionId: VersionId): Promise<void> {
  const row = records.findVersion(store.db.orm, versionId);
  if (row?.state !== "publishing" || row.releasedSha256 === null || row.releasedSizeBytes === null) return;
  if (row.publishedAt === null) {
    const now = store.clock.now();
    if (row.versionCode <= records.highestPublishedCode(store.db.orm, row.appId)) {
      giveUp(store, versionId, "overtaken", OVERTAKEN_NOTE, now);
      return;
    }
    if (!keyStands(store.db.orm, row)) {
      giveUp(store, versionId, "key_outside", KEY_OUTSIDE_NOTE, now);
      return;
    }
    const file = {
      key: packageKey(row.releasedSha256),
      sha256: row.releasedSha256,
      sizeBytes: row.releasedSizeBytes,
    };
    // A held release may have lain for long.
    if (!(await isWhole(store, releaseKey(file.sha256), file.sha256))) {
      settleDamage(store, versionId);
      return;
    }
    await catalogueVersion(store, row, file, now);
  }
  await exportCatalogue(store);
  write(store.db, (tx) => {
    const current = records.findVersion(tx, versionId);
    if (current?.state !== "publishing") return;
    const event = { actor: SYSTEM_LABEL, now: store.clock.now() };
    records.updateVersion(tx, current, { state: stateAfter(current.state, "published") }, event);
  });
}

async function catalogueVersion(
  store: Store,
  row: records.VersionRow,
  file: { readonly key: string; readonly sha256: Sha256; readonly sizeBytes: number },
  now: Date,
): Promise<void> {
  await store.blobs.copy(releaseKey(file.sha256), file.key);
  const icons = records
    .selectPictures(store.db.orm, row.id)
    .filter((picture) => picture.kind === "icon")
    .map((picture) => picture.blobKey);
  for (const key of icons) await store.blobs.copy(key, publicPictureKey(key));
  await publishTargets(
    store,
    (log) => {
      const publication = logPublication(log, row, file.sha256, now);
      return planOffer(store, row.appId, { row, publication, now });
    },
    (tx) => {
      const current = records.findVersion(tx, row.id);
      if (current?.state !== "publishing" || !keyStands(tx, current))
        throw new Error(`${row.id} changed while it was being published`);
      blobRecords.insertBlob(tx, { ...file, createdAt: now });
      for (const key of icons) blobRecords.copyBlobRow(tx, key, publicPictureKey(key), now);
      if (row.developerKeyid !== null && lineageRecords.selectLineage(tx, row.appId).length === 0) {
        lineageRecords.insertLineage(tx, {
          appId: row.appId,
          keyid: row.developerKeyid,
          position: 0,
          addedAt: now,
        });
      }
      records.updateVersion(tx, current, { publishedAt: now }, { actor: SYSTEM_LABEL, now });
      withdrawOvertaken(tx, row, now);
      enqueueDeltas(tx, row.id, now);
      const app = records.findApp(tx, row.appId);
      const texts = textsOf(manifestOf(row));
      records.updateApp(tx, row.appId, { ...texts, publishedAt: app?.publishedAt ?? now }, now);
    },
  );
}

/** With it the app is public, so that the leaf hides nothing. */
function logPublication(log: LogPlan, row: records.VersionRow, sha256: Sha256, now: Date): LogReference {
  const { appId, versionCode, contentDigest } = row;
  if (contentDigest === null) throw new Error(`${row.id} is published without having been read`);
  const entry = { type: "publication", appId, versionCode, contentDigest, package: sha256 } as const;
  return log.append(entry, now);
}

function giveUp(
  store: Store,
  versionId: VersionId,
  event: "overtaken" | "key_outside",
  note: string,
  now: Date,
): void {
  write(store.db, (tx) => {
    const row = records.findVersion(tx, versionId);
    if (row?.state !== "publishing") return;
    records.updateVersion(
      tx,
      row,
      { state: stateAfter(row.state, event) },
      { actor: SYSTEM_LABEL, note, now },
    );
  });
}
