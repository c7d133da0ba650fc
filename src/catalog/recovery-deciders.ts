/** Who decides about a recovery: nobody who asked for it, or who could have gained by it. */
import type { Actor } from "../accounts/actor.ts";
import { isConcerned } from "../accounts/concerned.ts";
import { allows, forbidden } from "../accounts/rights.ts";
import type { Tx } from "../db/database.ts";
import { Problem } from "../errors.ts";
import type { OrganisationId } from "../ids.ts";
import { say } from "../say.ts";

type Asked = {
  readonly organisationId: OrganisationId;
  readonly organisationName: string;
  /** A label, as `actorLabel` gives it. */
  readonly requestedBy: string;
  readonly requestedAt: Date;
};

/** Not who asked for it, nor who is or has been more than a viewer of the organisation since then; the operator may. */
export function mayDecideRecovery(tx: Tx, actor: Actor, asked: Asked): boolean {
  const { organisationId, requestedBy: by, requestedAt: since } = asked;
  return allows(actor, "recovery.decide") && !isConcerned(tx, actor, { organisationId, by, since });
}

/** @throws Problem `recovery.own_organisation`, `rights.forbidden` */
export function refuseConcerned(tx: Tx, actor: Actor, asked: Asked): void {
  if (mayDecideRecovery(tx, actor, asked)) return;
  if (!allows(actor, "recovery.decide")) throw forbidden("recovery.decide", say`it is for administrators.`);
  throw new Problem(
    "forbidden",
    "recovery.own_organisation",
    say`You asked for it, or have worked for ${asked.organisationName}, whose keys these are, since it was asked for: let another administrator decide, or the store's operator.`,
  );
}
