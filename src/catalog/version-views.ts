import { harmless } from "../accounts/said.ts";
import { runsOfVersions } from "../accounts/trusted-publishing/records.ts";
import type { Tx } from "../db/database.ts";
import { queuePositions, selectReviews } from "./listed.records.ts";
import type * as records from "./records.ts";
import { selectTranslations } from "./release-notes/records.ts";
import type { ListedVersion, VersionView } from "./views.ts";

export function versionView(tx: Tx, row: records.VersionRow): VersionView {
  return { ...listedVersion(tx, row), translatedNotes: selectTranslations(tx, row.id) };
}

export function listedVersion(tx: Tx, row: records.VersionRow): ListedVersion {
  return listedVersions(tx, [row])[0] as ListedVersion;
}

/** Of all rows of a page, in their order, with as many statements as for one. */
export function listedVersions(tx: Tx, rows: readonly records.VersionRow[]): ListedVersion[] {
  const ids = rows.map(({ id }) => id);
  const reviews = selectReviews(tx, ids);
  const runs = runsOfVersions(tx, ids);
  const positions = queuePositions(tx, rows);
  return rows.map((row) =>
    viewOf(row, {
      review: reviews.get(row.id),
      run: runs.get(row.id) ?? null,
      position: positions.get(row.id) ?? null,
    }),
  );
}

type Beside = {
  readonly review: records.ReviewRow | undefined;
  readonly run: ListedVersion["publishedFrom"];
  readonly position: number | null;
};

function viewOf(row: records.VersionRow, { review, run, position }: Beside): ListedVersion {
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
    publishedFrom: run,
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
    queuePosition: position,
    review: review
      ? { id: review.id, decision: review.decision, reason: harmless(review.reason), at: review.at }
      : null,
  };
}
