import { harmless } from "../accounts/said.ts";
import { runOfVersion } from "../accounts/trusted-publishing/records.ts";
import type { Tx } from "../db/database.ts";
import * as records from "./records.ts";
import { selectTranslations } from "./release-notes/records.ts";
import type { ListedVersion, VersionView } from "./views.ts";

export function versionView(tx: Tx, row: records.VersionRow): VersionView {
  return { ...listedVersion(tx, row), translatedNotes: selectTranslations(tx, row.id) };
}

export function listedVersion(tx: Tx, row: records.VersionRow): ListedVersion {
  const review = records.findReview(tx, row.id);
  return {
    id: row.id,
    appId: row.appId,
    versionCode: row.versionCode,
    version: row.version,
    state: row.state,
    stateChangedAt: row.stateChangedAt,
    notes: row.notes,
    hold: row.hold,
    uploadedBy: row.uploadedBy,
    publishedFrom: runOfVersion(tx, row.id),
    createdAt: row.createdAt,
    submittedAt: row.submittedAt,
    approvedAt: row.approvedAt,
    publishedAt: row.publishedAt,
    yanked: row.yankedAt === null ? null : { reason: harmless(row.yankedReason ?? ""), at: row.yankedAt },
    uploadSha256: row.uploadSha256,
    uploadSizeBytes: row.uploadSizeBytes,
    contentDigest: row.contentDigest,
    releasedSha256: row.releasedSha256,
    releasedSizeBytes: row.releasedSizeBytes,
    developerKeyid: row.developerKeyid,
    revision: row.revision,
    queuePosition: records.queuePosition(tx, row),
    review: review
      ? { id: review.id, decision: review.decision, reason: harmless(review.reason), at: review.at }
      : null,
  };
}
