/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { languageName } from "../format.ts";
import type { FieldError, PageContext } from "../page.ts";
import { Field, TextArea } from "./field.tsx";

/** In the place of a tag, in the names of the fields of a language that is not there yet. */
export const NEW_LANGUAGE = "new";
/** The field with that language's tag. */
export const NEW_TAG_FIELD = `tag/${NEW_LANGUAGE}`;

/** One text of a thing: its fields are named `<prefix>/<tag>`. */
export type LocalPart = {
  readonly prefix: string;
  readonly label: string;
  readonly maxlength: number;
  /** Several lines. */
  readonly rows?: number;
};

/** What is filled in of a form with such texts, by the names of its fields. */
export type LocalForm = {
  /** Tags of the languages that have fields. */
  readonly languages: readonly string[];
  readonly values: Readonly<Record<string, string>>;
};

/** The names of the fields, in their order. */
export function localFields(languages: readonly string[], prefixes: readonly string[]): readonly string[] {
  const local = (tag: string) => prefixes.map((prefix) => `${prefix}/${tag}`);
  return [...languages.flatMap(local), NEW_TAG_FIELD, ...local(NEW_LANGUAGE)];
}

/** What a thing says in several languages: a group of fields for each, and one more for a language that is not there yet. */
export function LocalTextFields(props: {
  ctx: PageContext;
  /** Tags (BCP 47) of the languages that have fields. */
  languages: readonly string[];
  parts: readonly LocalPart[];
  /** By the names of the fields. */
  values: Readonly<Record<string, string>>;
  errors: readonly FieldError[];
}): JSX.Element {
  const { ctx, languages, parts, values, errors } = props;
  const { t } = ctx;
  return (
    <div class="local-texts">
      {languages.map((tag) => (
        <fieldset class="local-text" aria-labelledby={`language-${tag}`}>
          <legend id={`language-${tag}`} lang={tag} dir="auto" safe>
            {languageName(tag)}
          </legend>
          <Parts ctx={ctx} tag={tag} parts={parts} values={values} errors={errors} />
        </fieldset>
      ))}
      <fieldset class="local-text">
        <legend safe>{t("local.other")}</legend>
        <Field
          ctx={ctx}
          name={NEW_TAG_FIELD}
          label={t("local.tag")}
          hint={t("local.tag_hint")}
          value={values[NEW_TAG_FIELD] ?? ""}
          maxlength={35}
          spellcheck={false}
          mono
          filter
          errors={errors}
        />
        <Parts ctx={ctx} tag={NEW_LANGUAGE} parts={parts} values={values} errors={errors} />
      </fieldset>
    </div>
  );
}

function Parts(props: {
  ctx: PageContext;
  tag: string;
  parts: readonly LocalPart[];
  values: Readonly<Record<string, string>>;
  errors: readonly FieldError[];
}): JSX.Element {
  const { ctx, tag, parts, values, errors } = props;
  return (
    <>
      {parts.map(({ prefix, label, maxlength, rows }) => {
        const name = `${prefix}/${tag}`;
        const field = { ctx, name, label, maxlength, errors, value: values[name] ?? "" };
        return rows === undefined ? (
          <Field {...field} language={tag === NEW_LANGUAGE ? "" : tag} filter />
        ) : (
          <TextArea {...field} rows={rows} filter />
        );
      })}
    </>
  );
}
