/**
 * Everything that is searched is kept for each audience by itself, so that a search touches nothing that who asks may not see: not what
 * is found, not what may have been meant, not how long it takes. Pure.
 */
import { type Audience, EVERYBODY } from "../../ids.ts";
import { SIGNED_IN } from "../visibility/audiences.ts";

/** Under what something is kept for an audience. A key is letters and digits alone, so no two audiences have one in common. */
export function keyFor(audience: Audience, key: string): string {
  return audience === EVERYBODY ? key : `${audience} ${key}`;
}

/** The same for all audiences of who asks. */
export function keysFor(audiences: readonly Audience[], keys: ReadonlySet<string>): readonly string[] {
  return audiences.flatMap((audience) => [...keys].map((key) => keyFor(audience, key)));
}

/** What words begin with in the full-text index, as the trigger `search_documents_added` of the database writes them. */
const MARKS = {
  everybody: "",
  signedIn: "\uE000",
  groups: "\uE001",
  group: "\uE002",
  category: "\uE003",
} as const;
/** A category's hyphen: the index parts words at one. */
const HYPHEN = "\uE004";

/**
 * Of more groups than this the index is not asked for each: what is for other groups is left out as it is found. The store's operator
 * belongs to all that there are.
 */
const MOST_GROUPS = 64;

/** Whether an expression for these audiences finds nothing that is for others. */
export function areAllNamed(audiences: readonly Audience[]): boolean {
  return groupsOf(audiences).length <= MOST_GROUPS;
}

function groupsOf(audiences: readonly Audience[]): readonly Audience[] {
  return audiences.filter((audience) => audience !== EVERYBODY && audience !== SIGNED_IN);
}

/** Which apps are looked at: those in a catalogue of one of the audiences, and of these categories. */
export type Among = {
  readonly audiences: readonly Audience[];
  /** Words of categories, one at least; null: whatever category an app is in. */
  readonly categories: readonly string[] | null;
};

/** A word of a question, or one that may have been meant. */
export type Term = {
  readonly word: string;
  /** Whether longer words that begin with it count as well. */
  readonly isBeginning: boolean;
};

/**
 * An expression of FTS5 for documents that have one of the terms for each word (AND), or for any (OR), in their names or anywhere,
 * among those of the audiences and categories.
 * @param words For each word one term at least; one word at least.
 */
export function expressionFor(
  { audiences, categories }: Among,
  words: readonly (readonly Term[])[],
  glue: "AND" | "OR",
  where: "name" | "anywhere",
): string {
  const marked = (mark: string) => {
    const each = words.map((terms) => `(${terms.map((term) => written(mark, term)).join(" OR ")})`);
    const all = each.join(` ${glue} `);
    return where === "name" ? `(name : (${all}))` : `(${all})`;
  };
  const groups = groupsOf(audiences);
  const ofGroups = groups.map((id) => `"${MARKS.group}${id.replaceAll("-", "")}"`).join(" OR ");
  const parts = [
    ...(audiences.includes(EVERYBODY) ? [marked(MARKS.everybody)] : []),
    ...(audiences.includes(SIGNED_IN) ? [marked(MARKS.signedIn)] : []),
    ...(groups.length > MOST_GROUPS ? [marked(MARKS.groups)] : []),
    ...(groups.length > 0 && groups.length <= MOST_GROUPS
      ? [`(${marked(MARKS.groups)} AND (audience : (${ofGroups})))`]
      : []),
  ];
  const said = parts.join(" OR ");
  if (categories === null) return said;
  const ofCategories = categories.map((word) => `"${MARKS.category}${word.replaceAll("-", HYPHEN)}"`);
  return `(category : (${ofCategories.join(" OR ")})) AND (${said})`;
}

/** A word is letters and digits alone, so nothing in it ends the quotes. */
function written(mark: string, { word, isBeginning }: Term): string {
  return isBeginning ? `"${mark}${word}" *` : `"${mark}${word}"`;
}
