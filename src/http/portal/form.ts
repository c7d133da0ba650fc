/** What is wrong with a form: told beside its fields, with everything that was typed still there. */
import type { FieldError } from "../../../views/page.ts";
import { isProblem, Problem, type ProblemKind } from "../../errors.ts";
import { say } from "../../say.ts";

/**
 * What the person can mend and send again. What somebody else has saved meanwhile is shown by `meanwhile.ts`, for every form
 * alike. All else is for the page of errors.
 */
export const MENDABLE: readonly ProblemKind[] = [
  "invalid",
  "unprocessable",
  "conflict",
  "locked",
  "too_large",
];

/** Does the action; a Problem that can be mended in the form, or is of these kinds, is given, not thrown. */
export async function attempt<T>(
  act: () => T | Promise<T>,
  kinds: readonly ProblemKind[] = MENDABLE,
): Promise<T | Problem> {
  try {
    return await act();
  } catch (error) {
    if (isProblem(error) && kinds.includes(error.kind)) return error;
    throw error;
  }
}

/**
 * One error a field. `fields` are the names in the form: a detail's pointer says which, `byCode` says it for codes that
 * come without one. What belongs to no field has the name "" and stands above the form.
 */
export function fieldErrors(
  problem: Pick<Problem, "code" | "words" | "faults">,
  fields: readonly string[],
  byCode: Readonly<Record<string, string>> = {},
): FieldError[] {
  const place = (name: string | undefined) => (name !== undefined && fields.includes(name) ? name : "");
  const placed = problem.faults
    .filter(({ pointer }) => pointer !== undefined)
    .map(({ pointer, message }) => ({ field: place(pointer?.slice(1)), message }));
  const [only] = placed;
  if (only === undefined) return [{ field: place(byCode[problem.code]), message: problem.words }];
  // With one fault the Problem's own words are the fuller ones.
  return placed.length === 1 ? [{ field: only.field, message: problem.words }] : placed;
}

/** The revision that the page was made from (hidden in its forms). @throws Problem `precondition.required` */
export function revisionField(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new Problem(
    "precondition_required",
    "precondition.required",
    say`The form was sent without the revision that it was made from. Load its page again.`,
  );
}

/** The same of a form whose names are not known beforehand. @throws Problem `precondition.required` */
export function revisionIn(form: readonly (readonly [name: string, value: string])[]): number {
  return revisionField(new Map(form).get("revision") ?? "");
}

/** What was ticked out of several things: `prefix` begins the name of each one's checkbox. */
export function tickedIn(
  form: readonly (readonly [name: string, value: string])[],
  prefix: string,
): string[] {
  return form
    .filter(([name, value]) => name.startsWith(prefix) && value === "true")
    .map(([name]) => name.slice(prefix.length));
}

/** Ids that were typed into one field, with spaces, commas or ends of lines between them. */
export function typedIds(text: string): string[] {
  return text.split(/[\s,]+/).filter((id) => id !== "");
}

/** Several lines of text as they are kept: browsers send CRLF (HTML standard, form submission). */
export function plainLines(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}
