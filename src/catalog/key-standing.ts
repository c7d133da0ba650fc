/**
 * Whether a key may sign, and whether devices will take a version with the key that signed it. The checks of an upload ask that too, but until it is
 * approved and published another version may have begun the lineage, or a recovery may have ended the key.
 */
import type { Tx } from "../db/database.ts";
import { Problem } from "../errors.ts";
import { standing } from "../format/lineage.ts";
import { say } from "../say.ts";
import { wholeSeconds } from "../signing/times.ts";
import * as lineageRecords from "./lineage.records.ts";
import type * as records from "./records.ts";

export const KEY_OUTSIDE_NOTE = "It is signed with a key that devices do not take updates of this app from.";

/** What can take a key of a lineage its power to sign updates and to add keys; null: it has not. */
export type KeyFaults = Readonly<
  Record<
    "lost" | "revoked" | "certificateRevoked" | "certificateDistrusted" | "developerRevoked",
    object | null
  >
>;

/** Whether it may sign updates and add keys now. */
export function isUsable(faults: KeyFaults): boolean {
  return Object.values(faults).every((fault) => fault === null);
}

/** An approval counts in whole seconds, as it will stand in the store's statement. */
export function keyStands(tx: Tx, row: records.VersionRow): boolean {
  const { appId, developerKeyid, approvedAt } = row;
  const keys = lineageRecords.selectLineage(tx, appId);
  if (developerKeyid === null || keys.length === 0) return true;
  const pins = keys.map(({ keyid, lostAt }) => ({ keyId: keyid, lostAt }));
  if (approvedAt === null)
    return pins.some(({ keyId, lostAt }) => keyId === developerKeyid && lostAt === null);
  const counted = wholeSeconds(approvedAt);
  return standing(pins, developerKeyid, counted) === "good";
}

/** @throws Problem `version.key_outside_lineage` */
export function refuseKeyOutside(tx: Tx, row: records.VersionRow): void {
  if (keyStands(tx, row)) return;
  throw new Problem(
    "conflict",
    "version.key_outside_lineage",
    say`Devices do not take updates of ${row.appId} that the key ${row.developerKeyid ?? ""} signed: sign this one with another, or let that key be added with “mosis keys rotate”.`,
  );
}
