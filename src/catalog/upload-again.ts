/**
 * The bytes of an upload are there already: what the new call says about them is applied to the version that they
 * made, as long as its review is not decided. A wish such as hold must never be lost without a word.
 */

import { type Actor, actorLabel } from "../accounts/actor.ts";
import type { Tx } from "../db/database.ts";
import type { VersionState } from "../db/version-states.ts";
import { type Fault, Problem } from "../errors.ts";
import type { Vault } from "../keys/vault.ts";
import { say, sayList } from "../say.ts";
import { resealSaid } from "./check-seal.ts";
import * as records from "./records.ts";
import { STATE_WORDS, stateAfter } from "./states.ts";
import { tellOfVersion } from "./version-changes.ts";

/** What a call says of its package; undefined is what it does not say, and stays as it is. */
export type Said = {
  readonly notes: string | undefined;
  /** Approval does not publish; `publish` does. */
  readonly hold: boolean | undefined;
  /** Goes to review by itself once the checks pass. */
  readonly submit: boolean | undefined;
};

const UNDECIDED: readonly VersionState[] = ["checking", "draft", "in_review"];

/** @throws Problem `version.differs` when it is too late for what the call says */
export function applySaid(
  tx: Tx,
  vault: Vault,
  row: records.VersionRow,
  said: Said,
  actor: Actor,
  now: Date,
): records.VersionRow {
  const { notes = row.notes, hold = row.hold, submit = row.submittedAt !== null } = said;
  const differs: Fault[] = [
    ...(notes === row.notes ? [] : [difference("notes", "other notes", "the notes that were sent first")]),
    ...(hold === row.hold ? [] : [difference("hold", String(hold), String(row.hold))]),
    ...(submit === (row.submittedAt !== null)
      ? []
      : [difference("submit", String(submit), String(row.submittedAt !== null))]),
  ];
  if (differs.length === 0) return row;
  const takenBack = !submit && row.state === "in_review";
  if (!UNDECIDED.includes(row.state) || takenBack) throw tooLate(row, differs);
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
  resealSaid(tx, vault, row, changed);
  tellOfVersion(tx, actor, "version.changed", { before: row, after: changed }, now);
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
