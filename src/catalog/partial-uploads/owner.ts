/** Whose an upload in parts is: who began it, and nobody else, sees, continues and discards it. */
import { type Actor, actorLabel, ownKeyOf } from "../../accounts/actor.ts";
import { narrowingOf } from "../../accounts/rights.ts";
import type { AccountId } from "../../ids.ts";

/**
 * A person's, whether by a session or a key that may do all that they may. One that is for some apps alone has those that it began:
 * of an upload nobody knows yet which app it is of.
 */
export function ownerOf(actor: Actor): string {
  const key = ownKeyOf(actor);
  return key !== null && isOfSomeApps(actor) ? `key:${key}` : actorLabel(actor);
}

/** What somebody may see: a person sees what each of their keys began, also when that is revoked. */
export type Own = { readonly owner: string } | { readonly accountId: AccountId };

export function ownOf(actor: Actor): Own {
  return actor.kind === "account" && !isOfSomeApps(actor)
    ? { accountId: actor.accountId }
    : { owner: ownerOf(actor) };
}

const isOfSomeApps = (actor: Actor): boolean => (narrowingOf(actor)?.apps ?? null) !== null;
