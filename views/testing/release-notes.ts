/** The page that changes what is new in a version, in every state worth looking at. */
import type { PageContext } from "../page.ts";
import { type ReleaseNotesProps, releaseNotesPage } from "../pages/release-notes.tsx";
import { DEVELOPER } from "./context.ts";
import { HOSTILE, HOSTILE_NAMES, LONG_TEXT, LONGEST, ORDINARY } from "./data.ts";
import { notesForm, notesTexts, TYPED_NOTES } from "./notes-texts.ts";
import type { Sample } from "./samples.ts";

type Names = typeof ORDINARY;

const page =
  (names: Names, changes: Partial<ReleaseNotesProps> = {}) =>
  (ctx: PageContext) =>
    releaseNotesPage(ctx, {
      app: { id: names.id, name: names.name },
      version: { id: "v-1", version: names.version, revision: 4 },
      form: notesForm({ values: TYPED_NOTES }),
      fixed: null,
      errors: [],
      ...changes,
    });

const sample = (name: string, render: Sample["render"]): Sample => ({
  name,
  path: "/apps/x/versions/v-1/notes",
  viewer: DEVELOPER,
  render,
});

export const RELEASE_NOTES_SAMPLES: readonly Sample[] = [
  sample("release-notes", page(ORDINARY)),
  sample(
    "release-notes-empty",
    page(ORDINARY, { form: notesForm({ own: null, languages: ["en", "de", "ar"] }) }),
  ),
  sample(
    "release-notes-preview",
    page(ORDINARY, { form: notesForm({ values: TYPED_NOTES, preview: notesTexts(ORDINARY) }) }),
  ),
  sample("release-notes-fixed", page(ORDINARY, { fixed: notesTexts(ORDINARY).slice(0, 1) })),
  sample(
    "release-notes-failing",
    page(LONGEST, {
      form: notesForm({
        languages: ["de", "ar", "zh-Hant"],
        values: {
          notes: LONG_TEXT,
          "translatedNotes/de": LONG_TEXT,
          "tag/new": "klingon",
          "translatedNotes/new": LONG_TEXT,
        },
        preview: notesTexts(LONGEST),
      }),
      errors: [
        { field: "notes", message: "Release notes have at most 10000 characters; these have 12000." },
        { field: "translatedNotes/de", message: LONG_TEXT },
        { field: "tag/new", message: "“klingon” is no language tag (BCP 47) as it is kept here." },
      ],
    }),
  ),
];

export const HOSTILE_RELEASE_NOTES_SAMPLES: readonly Sample[] = [
  sample(
    "release-notes",
    page(HOSTILE_NAMES, {
      version: { id: HOSTILE, version: HOSTILE, revision: HOSTILE },
      form: notesForm({
        languages: ["de"],
        values: {
          notes: `</textarea>${HOSTILE}`,
          "translatedNotes/de": `</textarea>${HOSTILE}`,
          "tag/new": HOSTILE,
          "translatedNotes/new": HOSTILE,
        },
        preview: notesTexts(HOSTILE_NAMES),
      }),
      errors: [{ field: "translatedNotes/de", message: HOSTILE }],
    }),
  ),
  sample("release-notes-fixed", page(HOSTILE_NAMES, { fixed: notesTexts(HOSTILE_NAMES) })),
];
