/**
 * What of all that is revoked everybody may read. The signed list names what is public: an app, developer or package of
 * which nothing was ever published is revoked by the store itself, which publishes nothing of it until that is lifted, so
 * no device can have it and none is told its name.
 */
import type { Tx } from "../../db/database.ts";
import type { Revocations } from "../tuf/revocations.ts";
import type { Target } from "./change.ts";
import * as records from "./records.ts";

/** Of what will be in force, after an act about `target`. */
export function listedOf(tx: Tx, inForce: Revocations, target: Target): Revocations {
  const listed = listedNow(tx, inForce);
  // The act's own row is not there yet.
  if (isNamed(tx, target)) return listed;
  const { subject, id } = target;
  return {
    entries: listed.entries.filter((entry) => entry.subject !== subject || entry.id !== id),
    lowestVersionCodes: new Map([...listed.lowestVersionCodes].filter(([appId]) => appId !== id)),
  };
}

/** Of what is in force. */
export function listedNow(tx: Tx, inForce: Revocations): Revocations {
  const nameOf = (subject: string, id: string) => `${subject} ${id}`;
  const hidden = new Set(records.privateRevocations(tx).map((row) => nameOf(row.subject, row.target)));
  const hiddenLowest = new Set(records.privateLowest(tx));
  return {
    entries: inForce.entries.filter(({ subject, id }) => !hidden.has(nameOf(subject, id))),
    lowestVersionCodes: new Map(
      [...inForce.lowestVersionCodes].filter(([appId]) => !hiddenLowest.has(appId)),
    ),
  };
}

/** Whether the list and the log may name it. */
export function isNamed(tx: Tx, { subject, id }: Target): boolean {
  return records.isPublic(tx, subject, id);
}
