/** What an entry says of a thing before and after. Pure. */
import { anyFacts } from "../db/audit-facts.ts";
import type { AuditFacts } from "./entry.ts";

/** Of a text that may be long. */
const TEXT_CHARACTERS = 200;

/** A text's beginning; the whole of it stands where it was written. */
export function beginningOf(text: string): string {
  const characters = [...text.slice(0, 2 * TEXT_CHARACTERS + 2)];
  return characters.length <= TEXT_CHARACTERS
    ? text
    : `${characters.slice(0, TEXT_CHARACTERS - 1).join("")}…`;
}

/** Of both only what differs. */
export function differing(
  before: AuditFacts,
  after: AuditFacts,
): { readonly before: AuditFacts; readonly after: AuditFacts } {
  const differs = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => JSON.stringify(anyFacts(before)[name]) !== JSON.stringify(anyFacts(after)[name]),
  );
  const of = (facts: AuditFacts): AuditFacts =>
    Object.fromEntries(
      differs.flatMap((name) => {
        const value = anyFacts(facts)[name];
        return value === undefined ? [] : [[name, value]];
      }),
    ) as AuditFacts;
  return { before: of(before), after: of(after) };
}
