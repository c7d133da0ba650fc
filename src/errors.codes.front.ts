/** What can be met with what an administrator arranges on the store front. */
import { code, type ErrorCode } from "./errors.codes.form.ts";

export const FRONT_CODES: Readonly<Record<string, ErrorCode>> = {
  "category.exists": code(
    "conflict",
    "The store has a category of that id already.",
    "Use another id, or change that category.",
  ),
  "category.into_itself": code(
    "unprocessable",
    "A category was to be merged into itself.",
    "Say another category to merge it into.",
  ),
  "category.invalid": code(
    "unprocessable",
    "The category cannot be as it was filled in.",
    "Mend the members that are named: the id as manifests have it, a name in one language at least, and a known icon.",
  ),
  "category.not_found": code(
    "not_found",
    "The store has no such category.",
    "Look at the list of categories. An id that was merged into another one works for reading alone.",
  ),
  "category.too_many": code(
    "conflict",
    "The store has as many categories as it can, or as many were merged into this one as can be.",
    "Remove or merge some that are not needed; merge into another one.",
  ),
  "collection.built_in": code(
    "conflict",
    "The collection of the featured apps stands first in every store: it cannot be moved or removed.",
    "Make a draft of it, or take the apps out of it, to show none.",
  ),
  "collection.exists": code(
    "conflict",
    "The store has a collection of that id already.",
    "Use another id, or change that collection.",
  ),
  "collection.invalid": code(
    "unprocessable",
    "The collection cannot be as it was filled in.",
    "Mend the members that are named: the id, a name in one language at least, and a time of its end after that of its beginning.",
  ),
  "collection.not_found": code(
    "not_found",
    "The store has no such collection; or it is a draft, is not shown now, or has no app that who asks may see.",
    "Look at the list of collections.",
  ),
  "collection.too_many": code(
    "conflict",
    "The store has as many collections as it can.",
    "Remove some that are not needed.",
  ),
  "collection.too_many_apps": code(
    "conflict",
    "The collection has as many apps as it can.",
    "Take one out first.",
  ),
  "language.repeated": code(
    "unprocessable",
    "A form has a text under “another language” for a language that has fields of its own, with another text in them.",
    "Write the text into the fields of that language.",
  ),
};
