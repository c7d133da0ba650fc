/**
 * Changing the release notes of a version. Those in the app's own language are approved with it and signed with its publication: they
 * change until its review is decided. Those in other languages are the store's words, as a listing is, and may be mended ever after.
 */
import { type Actor, actorLabel } from "../../accounts/actor.ts";
import type { Store } from "../../context.ts";
import { write } from "../../db/database.ts";
import { type IfMatch, ifUnchanged } from "../../db/preconditions.ts";
import type { VersionState } from "../../db/version-states.ts";
import { Problem } from "../../errors.ts";
import type { AppId } from "../../ids.ts";
import { say } from "../../say.ts";
import { resealSaid } from "../check-seal.ts";
import { checkNotes } from "../notes.ts";
import { updateVersion, type VersionRow } from "../records.ts";
import { DEAD_STATES, STATE_WORDS, UNDECIDED_STATES } from "../states.ts";
import { tellOfVersion } from "../version-changes.ts";
import { versionView } from "../version-views.ts";
import { findVersionFor, type VersionRef } from "../versions.ts";
import type { VersionView } from "../views.ts";
import * as records from "./records.ts";
import { ownLanguageSaid } from "./shown.ts";
import { mergeTranslations, type ReleaseNotes, settleOwn } from "./translations.ts";

/** Which of a version's notes may be changed now. */
export type NotesChangeable = "all" | "translations" | "none";

export function notesChangeable(state: VersionState): NotesChangeable {
  if (DEAD_STATES.includes(state)) return "none";
  return UNDECIDED_STATES.includes(state) ? "all" : "translations";
}

export type ChangeableNotes = {
  readonly version: VersionView;
  /** The app's own language; null: the package says none that is one. */
  readonly ownLanguage: string | null;
  readonly changeable: Exclude<NotesChangeable, "none">;
};

/**
 * What may be changed now, for whoever may change it.
 * @throws Problem `app.not_found`, `version.not_found`, `rights.forbidden`, `version.wrong_state`
 */
export function readChangeableNotes(
  store: Pick<Store, "db">,
  actor: Actor,
  appId: AppId,
  ref: VersionRef,
): ChangeableNotes {
  const tx = store.db.orm;
  const row = findVersionFor(tx, actor, "version.upload", appId, ref);
  const changeable = notesChangeable(row.state);
  if (changeable === "none") throw unread(row);
  const ownLanguage = ownLanguageSaid(row);
  return { version: versionView(tx, row), ownLanguage, changeable };
}

/**
 * What is left out stays as it is, and so do the languages that are; an empty text takes its language away.
 * @throws Problem `app.not_found`, `version.not_found`, `rights.forbidden`, `precondition.failed`, `upload.notes_invalid`,
 *   `upload.notes_too_long`, `version.notes_fixed`, `version.wrong_state`, `app.being_deleted`
 */
export function changeReleaseNotes(
  store: Pick<Store, "db" | "vault" | "clock">,
  actor: Actor,
  appId: AppId,
  ref: VersionRef,
  said: Partial<ReleaseNotes>,
  ifMatch?: IfMatch,
): VersionView {
  return write(store.db, (tx) => {
    const row = findVersionFor(tx, actor, "version.upload", appId, ref);
    ifUnchanged(row.revision, ifMatch);
    const before = records.selectTranslations(tx, row.id);
    const { notes, translatedNotes } = settleOwn(
      {
        notes: said.notes === undefined ? row.notes : checkNotes(said.notes),
        translatedNotes: mergeTranslations(before, said.translatedNotes ?? {}),
      },
      ownLanguageSaid(row),
    );
    if (notes === row.notes && Bun.deepEquals(translatedNotes, before)) return versionView(tx, row);
    refuseFixed(row, notes);
    const now = store.clock.now();
    const changed = updateVersion(tx, row, { notes }, { actor: actorLabel(actor), now });
    records.replaceTranslations(tx, row.id, translatedNotes);
    if (notes !== row.notes) resealSaid(tx, store.vault, row, changed);
    tellOfVersion(
      tx,
      actor,
      "version.changed",
      { before: { ...row, translatedNotes: before }, after: { ...changed, translatedNotes } },
      now,
    );
    return versionView(tx, changed);
  });
}

function refuseFixed(row: VersionRow, notes: string): void {
  const may = notesChangeable(row.state);
  if (may === "none") throw unread(row);
  if (may === "all" || notes === row.notes) return;
  const message = say`The notes in the app’s own language were approved with this version, and devices get them signed: they stay as they are. Those in other languages can be changed.`;
  throw new Problem("conflict", "version.notes_fixed", message, [
    { code: "version.notes_fixed", pointer: "/notes", message },
  ]);
}

function unread(row: VersionRow): Problem {
  return new Problem(
    "conflict",
    "version.wrong_state",
    say`Nobody reads what is new in a version that is ${STATE_WORDS[row.state]}: its release notes stay as they are.`,
  );
}
