/** What is new in the versions of the samples, and what the form for it has. */
import { notesIn } from "../../src/http/portal/markdown.ts";
import type { NotesIn } from "../components/notes.tsx";
import type { NotesForm } from "../components/notes-fields.tsx";

/** Of the names of a sample. */
type Said = { readonly text: string; readonly long: boolean };

const TEXTS: readonly (readonly [tag: string, text: string])[] = [
  ["en", "# Photos\n\n* Photos are attached to the finding they **belong to**\n* Drafts survive a restart"],
  ["ar", "* تُرفق الصور بالملاحظة التي **تخصها**\n* تبقى المسودات بعد إعادة التشغيل"],
  ["de", "* Fotos hängen an dem Befund, zu dem sie **gehören**\n* Entwürfe überstehen einen Neustart"],
];

/** In each of the languages that a version has some in. */
export function notesTexts({ text, long }: Said): readonly NotesIn[] {
  const isOrdinary = !long && !text.includes("<");
  const texts = isOrdinary ? TEXTS : TEXTS.slice(0, 2).map(([tag]) => [tag, text] as const);
  return texts.map(([tag, text]) => notesIn(text, tag)).filter((one) => one !== null);
}

export const notesText = ({ text }: Said): NotesIn | null => notesIn(text, "en");

export function notesForm(changes: Partial<NotesForm> = {}): NotesForm {
  return { own: "en", languages: ["de", "ar"], values: {}, preview: null, maxUnits: 20_000, ...changes };
}

export const TYPED_NOTES: Readonly<Record<string, string>> = Object.fromEntries(
  TEXTS.map(([tag, text]) => [tag === "en" ? "notes" : `translatedNotes/${tag}`, text]),
);
