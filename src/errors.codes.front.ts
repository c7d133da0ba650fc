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
};
