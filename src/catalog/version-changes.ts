/** What the audit log says of a version that somebody changed. */
import { type Actor, auditAuthor } from "../accounts/actor.ts";
import type { AuditAction } from "../audit/actions.ts";
import type { AuditFacts } from "../audit/entry.ts";
import { beginningOf, differing } from "../audit/facts.ts";
import { recordChange } from "../audit/record.ts";
import type { Tx } from "../db/database.ts";
import * as records from "./records.ts";

/** The version was uploaded when there is none before it. `why` is what was said of the change itself. */
export function tellOfVersion(
  tx: Tx,
  actor: Actor,
  action: AuditAction,
  versions: { readonly before: records.VersionRow | null; readonly after: records.VersionRow },
  now: Date,
  why = "",
): void {
  const { before, after } = versions;
  const facts =
    before === null
      ? { before: null, after: { ...identityOf(after), ...factsOf(after) } }
      : differing(factsOf(before), factsOf(after));
  recordChange(
    tx,
    auditAuthor(actor),
    {
      action,
      subject: { type: "version", id: after.id },
      organisationId: records.findApp(tx, after.appId)?.organisationId ?? null,
      before: facts.before,
      after: { ...facts.after, ...(why === "" ? {} : { reason: beginningOf(why) }) },
    },
    now,
  );
}

function identityOf({ appId, versionCode, uploadSha256 }: records.VersionRow): AuditFacts {
  return { appId, versionCode, uploadSha256 };
}

function factsOf({ state, hold, submittedAt, notes }: records.VersionRow): AuditFacts {
  return { state, hold, submit: submittedAt !== null, notes: beginningOf(notes) };
}
