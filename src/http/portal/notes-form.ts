/** What is new, as forms send it: in the app's own language and in others, and how people will read it. */
import {
  type NotesForm,
  notesFields,
  OTHER_NOTES,
  OWN_NOTES,
} from "../../../views/components/notes-fields.tsx";
import type { FieldError } from "../../../views/page.ts";
import type { LocalTexts } from "../../catalog/local-texts.ts";
import { checkNotes, NOTES_MAX_CHARACTERS } from "../../catalog/notes.ts";
import { checkTranslations, type ReleaseNotes } from "../../catalog/release-notes/translations.ts";
import { isProblem, Problem } from "../../errors.ts";
import { formPairs, longForm } from "../body.ts";
import { attempt, fieldErrors, plainLines } from "./form.ts";
import {
  type FormPairs,
  languagesIn,
  languagesOf,
  localTextsIn,
  localValues,
  placedErrors,
} from "./local-form.ts";
import { notesInAll } from "./markdown.ts";

export const NOTES_BODY = longForm(formPairs());

/** A browser counts UTF-16 units and cuts what is pasted: it must cut nothing that the store takes. */
const MAX_UNITS = 2 * NOTES_MAX_CHARACTERS;

/** What was typed; lines end as they are kept. */
export type TypedNotes = {
  readonly pairs: FormPairs;
  readonly notes: string;
};

export function typedNotes(sent: FormPairs): TypedNotes {
  const pairs = sent.map(([name, value]): [string, string] => [name, plainLines(value)]);
  return { pairs, notes: new Map(pairs).get(OWN_NOTES) ?? "" };
}

/** As they would be kept, or what is wrong with them; translations that were emptied are "". */
export async function notesOf(typed: TypedNotes): Promise<ReleaseNotes | Problem> {
  const notes = await attempt(() => checkNotes(typed.notes));
  const translations = await attempt(() => {
    const texts = localTextsIn(typed.pairs, OTHER_NOTES);
    return { ...emptied(typed), ...checkTranslations(texts) };
  });
  if (isProblem(notes)) {
    const own = { code: notes.code, pointer: `/${OWN_NOTES}`, message: notes.words };
    const more = isProblem(translations) ? translations.faults : [];
    return new Problem(notes.kind, notes.code, notes.words, [own, ...more]);
  }
  return isProblem(translations) ? translations : { notes, translatedNotes: translations };
}

function emptied({ pairs }: TypedNotes): LocalTexts {
  const values = new Map(pairs);
  const empty = languagesIn(pairs, OTHER_NOTES).filter(
    (tag) => values.get(`${OTHER_NOTES}/${tag}`)?.trim() === "",
  );
  return Object.fromEntries(empty.map((tag) => [tag, ""]));
}

/** Of what is kept, or of nothing yet. `own`: the app's own language, which has a field of its own. */
export function notesForm(said: ReleaseNotes, own: string | null): NotesForm {
  return {
    own,
    languages: languagesOf(said.translatedNotes).filter((tag) => tag !== own),
    values: { [OWN_NOTES]: said.notes, ...localValues({ [OTHER_NOTES]: said.translatedNotes }) },
    preview: null,
    maxUnits: MAX_UNITS,
  };
}

/** Of what was typed. `preview`: what of it would be kept, to be looked at. */
export function notesFormAgain(
  { pairs }: TypedNotes,
  own: string | null,
  preview: ReleaseNotes | null = null,
): NotesForm {
  const there = languagesIn(pairs, OTHER_NOTES).filter((tag) => tag !== own);
  return {
    own,
    languages: there.length > 0 ? there : languagesOf().filter((tag) => tag !== own),
    values: Object.fromEntries(pairs),
    preview: preview && notesInAll(preview, own),
    maxUnits: MAX_UNITS,
  };
}

/** Beside the fields that they are about; "" for what is about none of them. */
export function notesErrors(problem: Problem, { pairs }: TypedNotes, form: NotesForm): FieldError[] {
  const named = problem.details.flatMap(({ pointer }) => pointer?.slice(1) ?? []);
  const errors = fieldErrors(problem, [...notesFields(form), ...named]);
  return placedErrors(errors, pairs, [OTHER_NOTES]);
}
