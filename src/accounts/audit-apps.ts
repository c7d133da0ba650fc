/**
 * Apps that entries of the audit log name beside the one that they are about, as that which takes its place: for who reads one
 * organisation's entries alone those that are the organisation's own or that everybody may see now. An entry itself never changes.
 */
import { type AuditFacts, type AuditRow, HIDDEN_APP, INSTEAD } from "../audit/entry.ts";
import type { Tx } from "../db/database.ts";
import type { AppId, OrganisationId } from "../ids.ts";
import type { Actor } from "./actor.ts";
import { appNamed } from "./audit-names.records.ts";
import { allowsEverywhere } from "./rights.ts";

/** Gives entries as the actor may read them. Each app is looked up once. */
export function appsNamedTo(tx: Tx, actor: Actor): (row: AuditRow) => AuditRow {
  if (allowsEverywhere(actor, "audit.read")) return (row) => row;
  const known = new Map<string, boolean>();
  const isNamed = (id: string, to: OrganisationId | null): boolean => {
    const label = `${to ?? ""}:${id}`;
    const named = known.get(label) ?? isAppNamedTo(tx, id, to);
    known.set(label, named);
    return named;
  };
  const told = (facts: AuditFacts | null, to: OrganisationId | null): AuditFacts | null => {
    const id = facts?.[INSTEAD];
    return typeof id !== "string" || isNamed(id, to) ? facts : { ...facts, [INSTEAD]: HIDDEN_APP };
  };
  return (row) => ({
    ...row,
    before: told(row.before, row.organisationId),
    after: told(row.after, row.organisationId),
  });
}

/** Also whether a search of that organisation's may look for it, by the whole of its id: by less it would tell one letter by letter. */
export function isAppNamedTo(tx: Tx, id: string, to: OrganisationId | null): boolean {
  const app = appNamed(tx, id as AppId);
  return app !== undefined && (app.publicAt !== null || app.organisationId === to);
}
