/** Texts in several languages in a form: a field for each, named `<prefix>/<tag>`, and one more language by its tag. */
import { type LocalForm, NEW_LANGUAGE, NEW_TAG_FIELD } from "../../../views/components/local-texts.tsx";
import type { FieldError } from "../../../views/page.ts";
import { type LocalTexts, tagFault } from "../../catalog/local-texts.ts";
import { Problem } from "../../errors.ts";
import { knownLanguages } from "../../languages.ts";
import { say } from "../../say.ts";
import { statusOf } from "../errors.ts";
import { fieldErrors } from "./form.ts";

export type FormPairs = readonly (readonly [name: string, value: string])[];

/**
 * The texts of one kind, by their tags; what stands under the new language is under the tag that was typed for it.
 * @throws Problem `language.repeated` where something else is written in that language already: neither may be lost
 */
export function localTextsIn(form: FormPairs, prefix: string): LocalTexts {
  const beginning = `${prefix}/`;
  const newTag = newTagIn(form);
  const there = new Map(form).get(`${beginning}${newTag}`)?.trim() ?? "";
  const texts: Record<string, string> = {};
  for (const [name, value] of form) {
    if (!name.startsWith(beginning) || value.trim() === "") continue;
    const tag = name.slice(beginning.length);
    if (tag === NEW_LANGUAGE && there !== "" && there !== value.trim()) throw repeated(newTag);
    texts[tag === NEW_LANGUAGE ? newTag : tag] = value;
  }
  return texts;
}

/** The form with what stands under the new language moved to its own. @throws Problem `language.repeated` */
export function settledTexts(form: FormPairs, prefix: string): FormPairs {
  const others = form.filter(([name]) => name !== NEW_TAG_FIELD && !name.startsWith(`${prefix}/`));
  const texts = Object.entries(localTextsIn(form, prefix));
  return [...others, ...texts.map(([tag, text]) => [`${prefix}/${tag}`, text] as const)];
}

function repeated(tag: string): Problem {
  const message = say`There are fields for the language ${tag} already, with another text in them: write it there.`;
  return new Problem("unprocessable", "language.repeated", message, [
    { code: "language.repeated", message, pointer: `/${NEW_TAG_FIELD}` },
  ]);
}

function newTagIn(form: FormPairs): string {
  return new Map(form).get(NEW_TAG_FIELD)?.trim() ?? "";
}

/** The languages that a form has fields for: those of the pages, and those that something is written in already. */
export function languagesOf(...texts: readonly LocalTexts[]): readonly string[] {
  return [...new Set([...knownLanguages(), ...texts.flatMap((one) => Object.keys(one))])];
}

/** The same of a form that was sent. */
export function languagesIn(form: FormPairs, prefix: string): readonly string[] {
  return form.flatMap(([name]) => {
    const [kind, tag = ""] = name.split("/", 2);
    return kind === prefix && tag !== NEW_LANGUAGE && tagFault(tag) === null ? [tag] : [];
  });
}

/** By the names of a form's fields. */
export function localValues(texts: Readonly<Record<string, LocalTexts>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([prefix, one]) =>
      Object.entries(one).map(([tag, text]) => [`${prefix}/${tag}`, text]),
    ),
  );
}

/** What is wrong with the new language stands beside its fields; with texts as a whole, beside the first language's. */
export function placedErrors(
  errors: readonly FieldError[],
  form: FormPairs,
  prefixes: readonly string[],
): FieldError[] {
  const newTag = newTagIn(form);
  const [first = ""] = languagesIn(form, prefixes[0] ?? "");
  return errors.map(({ field, message }) => {
    const [prefix = "", ...rest] = field.split("/");
    if (!prefixes.includes(prefix)) return { field, message };
    if (rest.length === 0) return { field: `${prefix}/${first}`, message };
    const tag = rest.join("/");
    if (tag !== newTag || form.some(([name]) => name === field)) return { field, message };
    return { field: tagFault(tag) === null ? `${prefix}/${NEW_LANGUAGE}` : NEW_TAG_FIELD, message };
  });
}

/** What the page says again after a form of it was refused. */
export type RefusedForm = {
  /** Null: it was another form, and this one is as it was. */
  readonly form: LocalForm | null;
  readonly errors: readonly FieldError[];
  readonly status: number;
};

/**
 * A form with texts in several languages that was refused, with all that was typed.
 * @param prefixes Of its texts, that of the names first.
 * @param fieldsOf The names of its fields, where it has fields for these languages.
 */
export function refusedLocalForm(
  form: FormPairs,
  problem: Problem,
  prefixes: readonly string[],
  fieldsOf: (languages: readonly string[]) => readonly string[],
): RefusedForm {
  const languages = languagesIn(form, prefixes[0] ?? "");
  // Besides those of the form, what the domain names that is placed beside another of its fields.
  const named = problem.details.flatMap(({ pointer }) => pointer?.slice(1) ?? []);
  const errors = fieldErrors(problem, [...fieldsOf(languages), ...named]);
  return {
    form: { languages, values: Object.fromEntries(form) },
    errors: placedErrors(errors, form, prefixes),
    status: statusOf(problem),
  };
}
