/**
 * Names of organisations that are taken are told to who wants one, and to nobody else: so few may be tried, or whoever may ask for
 * one could look for all that the store has. Counted are those that were taken; who sees all organisations tries as many as they like.
 */
import type { Store } from "../context.ts";
import type { Tx } from "../db/database.ts";
import { perDb } from "../db/per-db.ts";
import { type Fault, Problem } from "../errors.ts";
import type { OrganisationId } from "../ids.ts";
import { say } from "../say.ts";
import { MINUTE_MS } from "../time.ts";
import { type Actor, actorLabel } from "./actor.ts";
import { ALIKE } from "./alike.ts";
import { newAllowance, spend, waitOf } from "./allowance.ts";
import { isNameAlike } from "./organisations.records.ts";
import { allowsEverywhere } from "./rights.ts";
import { retryAfter, saidSeconds, waitWords } from "./wait.ts";

/** Taken names that one may try at once, and after how many minutes one more. */
export const NAME_TRIES = 10;
export const NAME_TRY_MINUTES = 10;
/** A restart forgives: that takes the store's machine. */
const triesOf = perDb(() => newAllowance("organisation-names", NAME_TRIES, NAME_TRY_MINUTES * MINUTE_MS));

/** @throws Problem `organisation.name_taken`, `organisation.names_tried` where nothing is told of the name any more */
export function refuseTakenTo(
  store: Pick<Store, "db" | "clock">,
  tx: Tx,
  actor: Actor,
  name: string,
  own?: OrganisationId,
): void {
  if (allowsEverywhere(actor, "organisation.read")) {
    refuseTaken(tx, name, own);
    return;
  }
  const tries = triesOf(store);
  const who = actorLabel(actor);
  const now = store.clock.now().getTime();
  const waitMs = waitOf(tries, who, now);
  if (waitMs > 0) throw triedOften(waitMs);
  try {
    refuseTaken(tx, name, own);
  } catch (error) {
    spend(tries, who, now).keep();
    throw error;
  }
}

/**
 * Names that were given before this was asked may be alike, and stay.
 * @param own The organisation that is to be called so. @throws Problem `organisation.name_taken`
 */
export function refuseTaken(tx: Tx, name: string, own?: OrganisationId): void {
  if (!isNameAlike(tx, name, own)) return;
  const message = say`Another organisation of this store has this name, ${ALIKE}.`;
  throw new Problem("conflict", "organisation.name_taken", message, ofName({ message }));
}

/** It is said beside the field of the name. */
export function ofName(fault: Pick<Fault, "message">): Fault[] {
  return [{ code: "organisation.name", pointer: "/name", ...fault }];
}

function triedOften(waitMs: number): Problem {
  const seconds = saidSeconds(waitMs);
  const message = say`You tried many names that other organisations have. Try again in ${waitWords(seconds)}.`;
  return new Problem("too_many_requests", "organisation.names_tried", message, [retryAfter(seconds)]);
}
