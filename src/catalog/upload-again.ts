/**
 * The bytes of an upload are there already: what the new call says about them is applied to the version that they
 * made, as long as its review is not decided. A wish such as hold must never be lost without a word.
 */

import { type Actor, actorLabel } from "../accounts/actor.ts";
import type { Tx } from "../db/database.ts";
import { type Fault, Problem } from "../errors.ts";
import type { Vault } from "../keys/vault.ts";
import { say, sayList } from "../say.ts";
import { resealSaid } from "./check-seal.ts";
import type { LocalTexts } from "./local-texts.ts";
import * as records from "./records.ts";
import { replaceTranslations, selectTranslations } from "./release-notes/records.ts";
import { mergeTranslations, settleOwn } from "./release-notes/translations.ts";
import { STATE_WORDS, stateAfter, UNDECIDED_STATES } from "./states.ts";
import { tellOfVersion } from "./version-changes.ts";

/** What a call says of its package; undefined is what it does not say, and stays as it is. */
export type Said = {
  readonly notes: string | undefined;
  /** Of some languages, by their tags; an empty text takes its language away. */
  readonly translatedNotes: LocalTexts | undefined;
  /** Approval does not publish; `publish` does. */
  readonly hold: boolean | undefined;
  /** Goes to review by itself once the checks pass. */
  readonly submit: boolean | undefined;
};

/** @throws Problem `version.differs` when it is too late for what the call says */
export function applySaid(
  tx: Tx,
  vault: Vault,
  row: records.VersionRow,
  said: Said & {
    /** What the package calls the app's own language; null: nothing that is one. */
    readonly ownLanguage: string | null;
  },
  actor: Actor,
  now: Date,
): records.VersionRow {
  const { hold = row.hold, submit = row.submittedAt !== null } = said;
  const translations = selectTranslations(tx, row.id);
  const { notes = row.notes, translatedNotes } = settleOwn(
    { notes: said.notes, translatedNotes: mergeTranslations(translations, said.translatedNotes ?? {}) },
    said.ownLanguage,
  );
  const isSameElsewhere = Bun.deepEquals(translatedNotes, translations);
  const differs: Fault[] = [
    ...(notes === row.notes ? [] : [difference("notes", "other notes", "the notes that were sent first")]),
    ...(hold === row.hold ? [] : [difference("hold", String(hold), String(row.hold))]),
    ...(submit === (row.submittedAt !== null)
      ? []
      : [difference("submit", String(submit), String(row.submittedAt !== null))]),
  ];
  if (differs.length === 0 && isSameElsewhere) return row;
  const takenBack = !submit && row.state === "in_review";
  // Of other languages it is never too late: see release-notes/change.ts.
  if (differs.length > 0 && (!UNDECIDED_STATES.includes(row.state) || takenBack)) throw tooLate(row, differs);
  const changed = records.updateVersion(
    tx,
    row,
    {
      notes,
      hold,
      ...(submit === (row.submittedAt !== null) ? {} : { submittedAt: submit ? now : null }),
      ...(submit && row.state === "draft" ? { state: stateAfter(row.state, "submit") } : {}),
    },
    { actor: actorLabel(actor), now },
  );
  if (differs.length > 0) resealSaid(tx, vault, row, changed);
  if (!isSameElsewhere) replaceTranslations(tx, row.id, translatedNotes);
  const versions = {
    before: { ...row, translatedNotes: translations },
    after: { ...changed, translatedNotes },
  };
  tellOfVersion(tx, actor, "version.changed", versions, now);
  return changed;
}

function difference(field: keyof Said, found: string, expected: string): Fault {
  return {
    code: "version.differs",
    pointer: `/${field}`,
    message: say`${field}: the call says ${found}, the version has ${expected}`,
    found,
    expected,
  };
}

function tooLate(row: records.VersionRow, differs: Fault[]): Problem {
  return new Problem(
    "conflict",
    "version.differs",
    say`These bytes are there already as ${row.appId} ${row.versionCode}, which is ${STATE_WORDS[row.state]}, and it is too late to change what was said of it: ${sayList(
      differs.map(({ message }) => message),
      "; ",
    )}. Nothing was changed.`,
    differs,
  );
}
