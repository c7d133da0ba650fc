/** A person as who acts, with the roles that they have at this moment. */
import type { Store } from "../context.ts";
import type { Tx } from "../db/database.ts";
import type { OrganisationId } from "../ids.ts";
import type { AccountActor, OrganisationRole } from "./actor.ts";
import { rolesInForce } from "./factors/required.ts";
import { type AccountRow, membershipsOf } from "./records.ts";

export function actorOfAccount(
  { config }: Pick<Store, "config">,
  tx: Tx,
  account: AccountRow,
  via: AccountActor["via"],
): AccountActor {
  const { id, email, name } = account;
  const roles = rolesInForce(config, tx, account);
  return { kind: "account", accountId: id, email, name, ...roles, organisations: rolesOf(tx, id), via };
}

function rolesOf(tx: Tx, id: AccountRow["id"]): ReadonlyMap<OrganisationId, OrganisationRole> {
  return new Map(membershipsOf(tx, id).map((of) => [of.id, of.role]));
}
