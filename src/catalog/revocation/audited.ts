/** What the audit log says of an act. */
import { type Actor, auditAuthor } from "../../accounts/actor.ts";
import type { AuditChange, AuditFacts } from "../../audit/entry.ts";
import { beginningOf, differing } from "../../audit/facts.ts";
import { recordChange } from "../../audit/record.ts";
import type { Tx } from "../../db/database.ts";
import type { Act } from "./act.ts";
import * as records from "./records.ts";

/** Before the rows are written, so that what was in force is still there. */
export function tellAudit(tx: Tx, actor: Actor, act: Act): void {
  const { known, now } = act;
  const subject = { type: TYPES[known.subject], id: known.id };
  const change = { subject, organisationId: known.organisationId, ...changeOf(tx, act) };
  recordChange(tx, auditAuthor(actor), change, now);
}

/** A developer is an organisation of this store. */
const TYPES = {
  package: "package",
  key: "key",
  certificate: "certificate",
  app: "app",
  developer: "organisation",
} as const;

function changeOf(tx: Tx, { change, known }: Act): Pick<AuditChange, "action" | "before" | "after"> {
  const reason = beginningOf(change.reason);
  if (change.act === "lowest-version") {
    const before = records.findLowest(tx, change.appId)?.versionCode ?? 1;
    return {
      action: "revocation.lowest_version",
      before: { versionCode: before },
      after: { versionCode: change.versionCode, reason },
    };
  }
  const row = records.findRevocation(tx, known.subject, known.id);
  const before = row === undefined ? null : factsOf(row);
  if (change.act === "lift") return { action: "revocation.lifted", before, after: { reason } };
  const after = factsOf(change);
  return before === null
    ? { action: "revocation.made", before, after }
    : { action: "revocation.changed", ...differing(before, after) };
}

function factsOf(row: Pick<records.RevocationRow, "action" | "reason" | "approvalsUntil">): AuditFacts {
  const { action, reason, approvalsUntil } = row;
  return { action, reason: beginningOf(reason), approvalsUntil: approvalsUntil?.toISOString() ?? null };
}
