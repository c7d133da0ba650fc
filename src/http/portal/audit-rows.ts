/** An entry of the audit log as its page shows it. Pure. */
import type { AuditEntryRow, AuditFactRow, AuditFactValue } from "../../../views/components/audit-entry.tsx";
import type { AuditEntry } from "../../accounts/audit-log.ts";
import { AUDIT_ACTIONS, type AuditAction } from "../../audit/actions.ts";
import type { AuditFacts } from "../../audit/entry.ts";
import { anyFacts, type AuditFactValue as FactValue } from "../../db/audit-facts.ts";

export function entryRow(entry: AuditEntry): AuditEntryRow {
  const { action, names, organisationId, person, before, after } = entry;
  const role = after?.role ?? after?.storeRole;
  return {
    position: entry.position,
    at: entry.recordedAt,
    action,
    said: action in AUDIT_ACTIONS ? (action as AuditAction) : null,
    actor: actorRow(entry),
    subject: { type: entry.subjectType, id: entry.subject, name: names.subject ?? shortOf(entry.subject) },
    isOwn: entry.actor === `${entry.subjectType}:${entry.subject}`,
    role: typeof role === "string" ? role : null,
    organisation:
      organisationId === null
        ? null
        : { id: organisationId, name: names.organisation ?? shortOf(organisationId) },
    facts: factRows(sideOf(before, person?.before), sideOf(after, person?.after)),
    address: person?.address ?? null,
    userAgent: person?.userAgent ?? null,
    via: entry.via,
    requestId: entry.requestId,
    hash: entry.hash,
  };
}

/** Whose labels are not those of people. */
const MACHINES = ["key", "device", "publisher"] as const;

function actorRow({ actor: label, names }: AuditEntry): AuditEntryRow["actor"] {
  const name = names.actor ?? "";
  if (label === "operator" || label === "system" || label === "anonymous")
    return { kind: label, name, label };
  if (name === "") return { kind: "gone", name, label };
  const kind = MACHINES.find((each) => label.startsWith(`${each}:`)) ?? "person";
  return { kind, name, label };
}

/** Enough of a digest or an id to be told from others on a page; the whole of it stands below. */
function shortOf(id: string): string {
  return /[0-9a-f]{32,}$/.test(id) ? `${id.slice(0, 16)}…` : id;
}

function sideOf(facts: AuditFacts | null, person: AuditFacts | undefined): AuditFacts {
  return { ...facts, ...person };
}

function factRows(before: AuditFacts, after: AuditFacts): AuditFactRow[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].map((name) => ({
    name,
    before: valueOfFact(anyFacts(before)[name]),
    after: valueOfFact(anyFacts(after)[name]),
  }));
}

function valueOfFact(value: FactValue | undefined): AuditFactValue {
  if (typeof value !== "object" || value === null) return value;
  // Of a damaged entry it may be anything that JSON can say.
  return Array.isArray(value) ? value.join(", ") : JSON.stringify(value);
}
