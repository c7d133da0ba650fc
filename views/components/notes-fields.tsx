/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { languageNameIn } from "../format.ts";
import type { FieldError, PageContext } from "../page.ts";
import { TextArea } from "./field.tsx";
import { type LocalForm, LocalTextFields, localFields } from "./local-texts.tsx";
import { type NotesIn, NotesTexts } from "./notes.tsx";
import { Notice } from "./notice.tsx";

/** The field of the notes in the app's own language, and what begins the names of the others: `translatedNotes/<tag>`. */
export const OWN_NOTES = "notes";
export const OTHER_NOTES = "translatedNotes";

export type NotesForm = LocalForm & {
  /** Tag of the app's own language; null: its package will say it. */
  readonly own: string | null;
  /** As people will read them; null: nobody has asked to see them. */
  readonly preview: readonly NotesIn[] | null;
  /** Most UTF-16 units that a field takes. */
  readonly maxUnits: number;
};

/** In the order of the form. */
export function notesFields({ languages }: Pick<LocalForm, "languages">): readonly string[] {
  return [OWN_NOTES, ...localFields(languages, [OTHER_NOTES])];
}

const FORM = "notes-field";
const PREVIEW = "notes-preview";

/**
 * What is new, in the app's own language and in others, with a look at how people will read it: a button of the form, and from the first
 * look on, with script, as one types.
 */
export function NotesFields(props: {
  ctx: PageContext;
  form: NotesForm;
  errors: readonly FieldError[];
  /** Where the form is sent for a preview. */
  previewAddress: string;
  /** What stands in place of the field of the app's own language once that is approved. */
  fixed?: readonly NotesIn[];
}): JSX.Element {
  const { ctx, form, errors, previewAddress, fixed } = props;
  const { t } = ctx;
  const { own, values, languages } = form;
  const isElsewhere = (name: string) => name.startsWith(`${OTHER_NOTES}/`) || name.startsWith("tag/");
  const isOpen =
    fixed !== undefined ||
    errors.some(({ field }) => isElsewhere(field)) ||
    Object.entries(values).some(([name, value]) => isElsewhere(name) && value.trim() !== "");
  return (
    <div class="stack" id={FORM}>
      {fixed === undefined ? (
        <TextArea
          ctx={ctx}
          name={OWN_NOTES}
          label={
            own === null ? t("upload.notes") : t("notes.in", { language: languageNameIn(ctx.locale, own) })
          }
          hint={t("upload.notes_hint")}
          value={values[OWN_NOTES] ?? ""}
          maxlength={form.maxUnits}
          rows={6}
          errors={errors}
          optional
        />
      ) : (
        <Fixed ctx={ctx} own={own} notes={fixed} />
      )}
      <details class="more" open={isOpen}>
        <summary safe>{t("notes.others")}</summary>
        <div class="stack-s">
          <p class="meta" safe>
            {t("notes.others_hint")}
          </p>
          <LocalTextFields
            ctx={ctx}
            languages={languages}
            parts={[{ prefix: OTHER_NOTES, label: t("notes.text"), maxlength: form.maxUnits, rows: 4 }]}
            values={values}
            errors={errors}
          />
        </div>
      </details>
      <div>
        <button
          class="button is-secondary is-small"
          type="submit"
          name="preview"
          value="true"
          hx-post={previewAddress}
          hx-encoding="application/x-www-form-urlencoded"
          hx-target={`#${FORM}`}
          hx-select={`#${FORM}`}
          hx-swap="outerMorph"
          hx-push-url="false"
          safe
        >
          {t("upload.preview")}
        </button>
      </div>
      {form.preview === null ? (
        <div class="notes-preview" id={PREVIEW} />
      ) : (
        <Preview ctx={ctx} notes={form.preview} address={previewAddress} />
      )}
    </div>
  );
}

/** It is made anew while one types; who does not see it is told so once. */
function Preview(props: { ctx: PageContext; notes: readonly NotesIn[]; address: string }): JSX.Element {
  const { ctx, notes, address } = props;
  const { t } = ctx;
  return (
    <div
      class="notes-preview"
      id={PREVIEW}
      hx-post={address}
      hx-vals='{"preview":"true"}'
      hx-include="closest form"
      hx-encoding="application/x-www-form-urlencoded"
      hx-trigger={`input delay:600ms from:#${FORM}`}
      hx-sync="this:replace"
      hx-target={`#${PREVIEW}`}
      hx-select={`#${PREVIEW}`}
      hx-swap="outerMorph"
      hx-push-url="false"
    >
      <p class="visually-hidden" role="status" safe>
        {t("notes.preview_shown")}
      </p>
      <section class="preview">
        <h2 class="meta muted" safe>
          {t(notes.length === 0 ? "upload.preview_empty" : "upload.preview_title")}
        </h2>
        <NotesTexts ctx={ctx} notes={notes} />
      </section>
    </div>
  );
}

/** What was approved, and why it stays. */
function Fixed(props: { ctx: PageContext; own: string | null; notes: readonly NotesIn[] }): JSX.Element {
  const { ctx, own, notes } = props;
  const { t } = ctx;
  return (
    <div class="stack-s">
      <h2 safe>
        {own === null ? t("upload.notes") : t("notes.in", { language: languageNameIn(ctx.locale, own) })}
      </h2>
      {notes.length === 0 ? (
        <p class="muted" safe>
          {t("version.no_notes")}
        </p>
      ) : (
        <div class="preview">
          <NotesTexts ctx={ctx} notes={notes} />
        </div>
      )}
      <Notice ctx={ctx} tone="neutral" title={t("notes.fixed_title")}>
        <p safe>{t("notes.fixed")}</p>
      </Notice>
    </div>
  );
}
