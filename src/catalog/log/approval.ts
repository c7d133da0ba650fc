/** The leaf of an approval: written in the transaction that approves, or that signs an approval anew. */
import type { Tx } from "../../db/database.ts";
import type { ReviewId } from "../../ids.ts";
import type { VersionRow } from "../records.ts";
import { recordInLog } from "./record.ts";

/** There is no approval that the log does not show; `approvedAt` is the time that the store's signature has. */
export function logApproval(tx: Tx, row: VersionRow, reviewId: ReviewId, approvedAt: Date): void {
  const { appId, versionCode, contentDigest, uploadSha256: upload, developerKeyid } = row;
  if (contentDigest === null || developerKeyid === null)
    throw new Error(`${row.id} is approved without having been read`);
  recordInLog(
    tx,
    { type: "approval", appId, versionCode, contentDigest, upload, developerKeyId: developerKeyid, reviewId },
    approvedAt,
  );
}
