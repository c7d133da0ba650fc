/** What the audit log says of a version that somebody changed. */
import { type Actor, auditAuthor } from "../accounts/actor.ts";
import type { AuditAction } from "../audit/actions.ts";
import type { AuditFacts } from "../audit/entry.ts";
import { beginningOf, differing } from "../audit/facts.ts";
import { recordChange } from "../audit/record.ts";
import type { Tx } from "../db/database.ts";
import { sha256Hex } from "../format/digests.ts";
import type { LocalTexts } from "./local-texts.ts";
import * as records from "./records.ts";

/** With its notes in other languages, where those may have changed. */
type Changed = records.VersionRow & { readonly translatedNotes?: LocalTexts };

/** The version was uploaded when there is none before it. `why` is what was said of the change itself. */
export function tellOfVersion(
  tx: Tx,
  actor: Actor,
  action: AuditAction,
  versions: { readonly before: Changed | null; readonly after: Changed },
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

function factsOf({ state, hold, submittedAt, notes, translatedNotes = {} }: Changed): AuditFacts {
  const texts = Object.entries(translatedNotes).map(([tag, text]) => textFacts(`notes.${tag}`, text));
  return Object.assign({ state, hold, submit: submittedAt !== null, ...textFacts("notes", notes) }, ...texts);
}

function textFacts(name: string, text: string): AuditFacts {
  const beginning = beginningOf(text);
  // A change behind its beginning is one, too.
  return beginning === text
    ? { [name]: text }
    : { [name]: beginning, [`${name}.sha256`]: sha256Hex(Buffer.from(text)) };
}
