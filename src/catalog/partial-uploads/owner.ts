/** Whose an upload in parts is: who began it, and nobody else, sees, continues and discards it. */
import { type Actor, actorLabel, ownKeyOf } from "../../accounts/actor.ts";
import { narrowingOf } from "../../accounts/rights.ts";

/**
 * A person's, whether by a session or a key that may do all that they may. One that is for some apps alone has those that it began:
 * of an upload nobody knows yet which app it is of.
 */
export function ownerOf(actor: Actor): string {
  const key = ownKeyOf(actor);
  const isOfSomeApps = (narrowingOf(actor)?.apps ?? null) !== null;
  return key !== null && isOfSomeApps ? `key:${key}` : actorLabel(actor);
}
