/** Whether an invitation still counts: somebody who was put out must not leave doors open behind them. */
import { type Actor, SYSTEM_LABEL } from "../actor.ts";
import { mayMakeOwners } from "../makes-owners.ts";
import type { Begun } from "../on-record.ts";
import { allows } from "../rights.ts";
import type { InvitationRow } from "./records.ts";

/** @param find Looks up who invited, as they are now. */
export function mayStand(row: InvitationRow, find: (begun: Begun) => Actor | undefined): boolean {
  const { organisationId, role, storeRole } = row;
  // Of somebody who signed up by themselves.
  if (row.createdBy === SYSTEM_LABEL) return true;
  const actor = find({ by: row.createdBy, with: row.createdWith });
  if (actor === undefined) return false;
  if (organisationId !== null) {
    if (!allows(actor, "organisation.manage", { organisationId })) return false;
    if (role === "owner" && !mayMakeOwners(actor, organisationId)) return false;
  }
  return organisationId !== null && storeRole === null ? true : allows(actor, "user.manage");
}
