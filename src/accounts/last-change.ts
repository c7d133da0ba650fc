/** Who changed a thing last, for who is about to change it too. */
import { lastOf } from "../audit/records.ts";
import type { Store } from "../context.ts";
import type { AccountId } from "../ids.ts";
import { type Actor, actorLabel } from "./actor.ts";
import { namer } from "./audit-names.ts";
import { findMembership } from "./memberships.records.ts";
import { allowsEverywhere } from "./rights.ts";

export type LastChange = {
  readonly at: Date;
  /** Null where it is not for who asks, or not a person or a key. */
  readonly by: string | null;
  /** By who asks, elsewhere. */
  readonly isOwn: boolean;
};

/**
 * As the audit log has it; null: it says nothing of the thing. That the actor may see the thing is for who asks to know. A
 * name is told to whoever reads the whole log, and among the members of the organisation whose thing it is.
 */
export function lastChange(store: Pick<Store, "db">, actor: Actor, subject: string): LastChange | null {
  const tx = store.db.orm;
  const row = lastOf(tx, subject);
  if (row === null) return null;
  const isOwn = row.actor === actorLabel(actor);
  const [kind, id = ""] = row.actor.split(/:(.*)/s);
  const { organisationId } = row;
  const isColleague =
    organisationId !== null &&
    actor.kind === "account" &&
    actor.organisations.has(organisationId) &&
    kind === "account" &&
    findMembership(tx, organisationId, id as AccountId) !== undefined;
  const everywhere = allowsEverywhere(actor, "audit.read");
  const by = everywhere || isColleague ? namer(store, everywhere)(row).actor : null;
  return { at: row.recordedAt, by, isOwn };
}
