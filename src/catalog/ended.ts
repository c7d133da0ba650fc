/**
 * Versions that came to nothing: withdrawn, rejected or given up. Each is a leaf of the log, so that a row that somebody puts back
 * to where it was, with the seals of then, goes no further.
 */
import type { Tx } from "../db/database.ts";
import { Problem } from "../errors.ts";
import type { VersionId } from "../ids.ts";
import type { Vault } from "../keys/vault.ts";
import { say } from "../say.ts";
import { recordInLog } from "./log/record.ts";
import { findNewestLeaf } from "./log/records.ts";
import type { VersionRow } from "./records.ts";

/** In the transaction of its end. */
export function recordEnd(
  tx: Tx,
  vault: Vault,
  { id, appId }: Pick<VersionRow, "id" | "appId">,
  now: Date,
): void {
  recordInLog(tx, vault, { type: "ended", what: "version", appId, id }, now);
}

export function hasEnded(tx: Tx, id: VersionId): boolean {
  return findNewestLeaf(tx, id, "ended") !== null;
}

/** @throws Problem `catalog.damaged` */
export function refuseEnded(tx: Tx, { id, appId, versionCode }: VersionRow): void {
  if (!hasEnded(tx, id)) return;
  throw new Problem(
    "unavailable",
    "catalog.damaged",
    say`Version ${versionCode} of ${appId} was withdrawn, rejected or given up, and its row says otherwise: somebody changed it. Withdraw it, and have it uploaded again.`,
  );
}
