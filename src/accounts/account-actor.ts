/** A person as who acts, with the roles that they have at this moment. */
import type { Tx } from "../db/database.ts";
import type { OrganisationId } from "../ids.ts";
import type { AccountActor, OrganisationRole } from "./actor.ts";
import { type AccountRow, membershipsOf } from "./records.ts";

export function actorOfAccount(tx: Tx, account: AccountRow, via: AccountActor["via"]): AccountActor {
  const { id, email, name, storeRole } = account;
  return { kind: "account", accountId: id, email, name, storeRole, organisations: rolesOf(tx, id), via };
}

export function rolesOf(tx: Tx, id: AccountRow["id"]): ReadonlyMap<OrganisationId, OrganisationRole> {
  return new Map(membershipsOf(tx, id).map((of) => [of.id, of.role]));
}
