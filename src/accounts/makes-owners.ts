/** Who may make others owners. */
import type { OrganisationId } from "../ids.ts";
import type { Actor } from "./actor.ts";

/** Whether the actor may make others owners: an administrator takes an organisation over where there is none. */
export function mayMakeOwners(actor: Actor, organisationId: OrganisationId): boolean {
  return actor.kind !== "account" || actor.organisations.get(organisationId) === "owner";
}
