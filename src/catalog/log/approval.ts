/** The leaf of an approval: written in the transaction that keeps the store's signature of it. */
import type { Tx } from "../../db/database.ts";
import { Problem } from "../../errors.ts";
import type { ReviewId } from "../../ids.ts";
import type { Vault } from "../../keys/vault.ts";
import { mustBeAbout } from "../approval-seal.ts";
import type { VersionRow } from "../records.ts";
import { recordInLog } from "./record.ts";
import { findNewestLeaf } from "./records.ts";

/**
 * There is no signature of the store that the log does not show; `approvedAt` is the time that the signature has. One that the log
 * has already is not written again.
 * @throws Problem `catalog.damaged`
 */
export function logApproval(
  tx: Tx,
  vault: Vault,
  row: VersionRow,
  reviewId: ReviewId,
  approvedAt: Date,
): void {
  const about = mustBeAbout(row);
  refuseOthersContent(tx, row);
  const before = findNewestLeaf(tx, about.contentDigest, "approval");
  const entry = { type: "approval", ...about, reviewId } as const;
  const isThere =
    before?.recordedAt.getTime() === approvedAt.getTime() && Bun.deepEquals(before.entry, entry);
  if (!isThere) recordInLog(tx, vault, entry, approvedAt);
}

/** What was approved holds its app and its code: with another's content the row is not as it was. @throws Problem `catalog.damaged` */
export function refuseOthersContent(tx: Tx, row: VersionRow): void {
  const { appId, versionCode, contentDigest } = mustBeAbout(row);
  const earlier = findNewestLeaf(tx, contentDigest, "approval")?.entry;
  if (earlier?.type === "approval" && (earlier.appId !== appId || earlier.versionCode !== versionCode))
    throw new Problem(
      "conflict",
      "catalog.damaged",
      `The row of version ${versionCode} of ${appId} has the content of version ${earlier.versionCode} of ${earlier.appId}: somebody changed it. Restore a backup.`,
    );
}
