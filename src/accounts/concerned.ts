/**
 * Who has a part in what is to be decided, and so does not decide about it. A role counts as long as the thing has
 * waited, or somebody would ask, become a viewer, and approve what they asked for.
 */
import type { Tx } from "../db/database.ts";
import type { OrganisationId } from "../ids.ts";
import { type Actor, actorLabel } from "./actor.ts";
import { hasWorkedFor } from "./organisations.ts";

export type Concern = {
  readonly organisationId: OrganisationId;
  /** Who asked or uploaded: a label, as `actorLabel` gives it. */
  readonly by: string;
  readonly since: Date;
};

/** Whoever asked for it, and who is or has been more than a viewer of the organisation since then. The operator is not. */
export function isConcerned(tx: Tx, actor: Actor, { organisationId, by, since }: Concern): boolean {
  if (actorLabel(actor) === by) return actor.kind !== "operator";
  if (actor.kind !== "account") return false;
  const role = actor.organisations.get(organisationId);
  if (role !== undefined && role !== "viewer") return true;
  return hasWorkedFor(tx, actor.accountId, organisationId, since);
}
