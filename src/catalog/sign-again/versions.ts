/**
 * Job `version.sign`: a published version whose store signature does not count any more gets another one. The approval stays
 * what it was; the file is another, so it is published again, and the log shows that.
 */
import { SYSTEM_LABEL } from "../../accounts/actor.ts";
import type { Store } from "../../context.ts";
import { write } from "../../db/database.ts";
import type { VersionId } from "../../ids.ts";
import { enqueue } from "../../jobs/queue.ts";
import * as blobRecords from "../blobs.records.ts";
import { countersign, refuseRevokedKey, releasedColumns } from "../countersign.ts";
import { enqueueDeltas } from "../deltas/make.ts";
import { forgetDeltas, selectDeltas } from "../deltas/records.ts";
import { keyStands } from "../key-standing.ts";
import { logApproval } from "../log/approval.ts";
import { recordInLog } from "../log/record.ts";
import { offerFiles } from "../public-files.ts";
import * as records from "../records.ts";
import { releaseKey } from "../release-keys.ts";
import { REOFFER_JOB } from "../revocation/act.ts";
import { isVersionFallen } from "./fallen.ts";
import { presentTrust } from "./trust.ts";

/**
 * @throws Error when the upload is not what was approved any more, so that the job stays for a person to see; Problem
 *   `revocation.in_force`, those of `releaseSigner`
 */
export async function signVersionAgain(store: Store, versionId: VersionId): Promise<void> {
  const { orm } = store.db;
  const row = records.findVersion(orm, versionId);
  const app = row && records.findApp(orm, row.appId);
  if (!row || !app || row.publishedAt === null) return;
  const { organisationId } = app;
  if (!isVersionFallen(orm, { ...row, organisationId }, presentTrust(store))) return;
  const made = await countersign(store, row);
  if (made === null)
    throw new Error(
      `the uploaded file of ${row.appId} ${row.versionCode} is not the one that was approved any more: bring it back from a backup, and replay this job`,
    );
  // Approved anew, it may be after the key was lost: devices would refuse it.
  if (!keyStands(orm, { ...row, approvedAt: made.approvedAt })) return;
  const file = releaseKey(made.sha256);
  const offered = await offerFiles(store, row.appId, [file]);
  const now = store.clock.now();
  write(store.db, (tx) => {
    const current = records.findVersion(tx, versionId);
    if (!current || current.releasedSha256 !== row.releasedSha256) return;
    refuseRevokedKey(tx, made);
    const { sha256, sizeBytes } = made;
    blobRecords.insertBlob(tx, { key: file, sha256, sizeBytes, createdAt: now });
    offered(tx, now);
    const event = { actor: SYSTEM_LABEL, note: "The store signed it again, with another key.", now };
    records.updateVersion(tx, current, releasedColumns(made), event);
    records.insertEvent(tx, versionId, current.state, current.state, event);
    logApproval(tx, store.vault, row, made.reviewId, made.approvedAt);
    const { appId, versionCode, contentDigest } = row;
    if (contentDigest === null) throw new Error(`${versionId} is published without having been read`);
    recordInLog(
      tx,
      store.vault,
      { type: "publication", appId, versionCode, contentDigest, package: sha256 },
      now,
    );
    // They hold the signature of before.
    if (selectDeltas(tx, versionId).length > 0) {
      forgetDeltas(tx, versionId);
      enqueueDeltas(tx, versionId, now);
    }
    enqueue(tx, { kind: REOFFER_JOB, key: "catalogue", payload: { subject: "app", id: appId } }, now);
  });
}
