/**
 * Who may make an organisation: administrators always; where the setting `organisation_makers` says everyone, each person whose
 * address is proven, until they have made a few, whoever owns those now. Who may not asks an administrator for one (`organisation-requests/`).
 */
import { countFounded } from "../audit/records.ts";
import type { Store } from "../context.ts";
import { Problem } from "../errors.ts";
import { say } from "../say.ts";
import { type Actor, accountLabel } from "./actor.ts";
import { accountById } from "./records.ts";
import { allows, refuseWithheld } from "./rights.ts";

/** Who has made so many makes no more by themselves. */
export const MOST_OWN_ORGANISATIONS = 3;

/** `ask`: administrators alone may here; `unproven`: the address is to be proven first; `enough`: they made as many as one may. */
export type Founding = "may" | "ask" | "unproven" | "enough";

/** Reads by indexes, and at most as many rows as one may make. */
export function foundingOf(store: Pick<Store, "db" | "config">, actor: Actor): Founding {
  if (isMaker(actor)) return "may";
  if (store.config.organisationMakers === "administrators" || actor.kind !== "account") return "ask";
  const tx = store.db.orm;
  const { accountId } = actor;
  if ((accountById(tx, accountId)?.emailProvenAt ?? null) === null) return "unproven";
  return countFounded(tx, { accountId, label: accountLabel(accountId) }, MOST_OWN_ORGANISATIONS) <
    MOST_OWN_ORGANISATIONS
    ? "may"
    : "enough";
}

/** Whatever a key is narrowed to: whether it may create organisations at all was asked before. */
function isMaker(actor: Actor): boolean {
  if (actor.kind !== "account") return allows(actor, "organisation.grant");
  const { narrowed: _, ...whole } = actor;
  return allows(whole, "organisation.grant");
}

/** @throws Problem `organisation.makers`, `organisation.unproven`, `organisation.too_many`, `factor.required` */
export function refuseFounding(store: Pick<Store, "db" | "config">, actor: Actor): void {
  const founding = foundingOf(store, actor);
  if (founding === "may") return;
  refuseWithheld(actor, "organisation.grant");
  switch (founding) {
    case "ask":
      throw new Problem(
        "forbidden",
        "organisation.makers",
        say`In this store administrators make organisations. Ask for one on your dashboard.`,
      );
    case "unproven":
      throw new Problem(
        "forbidden",
        "organisation.unproven",
        say`Prove your address first, on the page of your account. Then you can make an organisation.`,
      );
    case "enough":
      throw new Problem(
        "conflict",
        "organisation.too_many",
        say`You have made ${MOST_OWN_ORGANISATIONS} organisations, as many as one makes by oneself. Ask an administrator for another one.`,
      );
  }
}
