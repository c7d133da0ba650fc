/**
 * Who has a part in what is to be decided, and so does not decide about it. A role counts as long as the thing has
 * waited, or somebody would ask, become a viewer, and approve what they asked for.
 */
import type { Tx } from "../db/database.ts";
import type { AccountId, OrganisationId } from "../ids.ts";
import { type Actor, accountLabel, actorLabel } from "./actor.ts";
import { hasWorkedFor } from "./organisations.ts";

export type Concern = {
  readonly organisationId: OrganisationId;
  /** Who asked or uploaded: a label, as `actorLabel` gives it. */
  readonly by: string;
  readonly since: Date;
};

/** Whoever asked for it, and who is or has been more than a viewer of the organisation since then. The operator is not. */
export function isConcerned(tx: Tx, actor: Actor, concern: Concern): boolean {
  if (actorLabel(actor) === concern.by) return actor.kind !== "operator";
  if (actor.kind !== "account") return false;
  const role = actor.organisations.get(concern.organisationId);
  if (role !== undefined && role !== "viewer") return true;
  return isPersonConcerned(tx, actor.accountId, concern);
}

/** The same of a person who does not act at the moment. */
export function isPersonConcerned(
  tx: Tx,
  accountId: AccountId,
  { organisationId, by, since }: Concern,
): boolean {
  return accountLabel(accountId) === by || hasWorkedFor(tx, accountId, organisationId, since);
}
