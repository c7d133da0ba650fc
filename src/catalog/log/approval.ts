/** The leaf of an approval: written in the transaction that approves, or that signs an approval anew. */
import type { Tx } from "../../db/database.ts";
import { Problem } from "../../errors.ts";
import type { ReviewId } from "../../ids.ts";
import type { VersionRow } from "../records.ts";
import { recordInLog } from "./record.ts";
import { findNewestLeaf } from "./records.ts";

/**
 * There is no approval that the log does not show; `approvedAt` is the time that the store's signature has.
 * @throws Problem `catalog.damaged`
 */
export function logApproval(tx: Tx, row: VersionRow, reviewId: ReviewId, approvedAt: Date): void {
  const { appId, versionCode, contentDigest, uploadSha256: upload, developerKeyid } = row;
  if (contentDigest === null || developerKeyid === null)
    throw new Error(`${row.id} is approved without having been read`);
  // What was approved holds its app and its code: with another's content the row is not as it was.
  const earlier = findNewestLeaf(tx, contentDigest, "approval")?.entry;
  if (earlier?.type === "approval" && (earlier.appId !== appId || earlier.versionCode !== versionCode))
    throw new Problem(
      "conflict",
      "catalog.damaged",
      `The row of version ${versionCode} of ${appId} has the content of version ${earlier.versionCode} of ${earlier.appId}: somebody changed it. Restore a backup.`,
    );
  recordInLog(
    tx,
    { type: "approval", appId, versionCode, contentDigest, upload, developerKeyId: developerKeyid, reviewId },
    approvedAt,
  );
}
