/** What an entry says of a thing before and after. Pure. */
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
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  const of = (facts: AuditFacts): AuditFacts =>
    Object.fromEntries(
      differs.flatMap((name) => (facts[name] === undefined ? [] : [[name, facts[name]]])),
    ) as AuditFacts;
  return { before: of(before), after: of(after) };
}
