import { type Fault, Problem } from "../errors.ts";
import { say, sayList } from "../say.ts";

/** The revisions that somebody has seen and decides upon. */
export type IfMatch = number | readonly number[];

/** The tag of the state that is there now, as If-Match takes it. */
function presentTag(revision: number) {
  const tag = `"${revision}"`;
  return { code: "precondition.present", message: tag, expected: tag } as const;
}

/** The same of what is compared by what was read of it, and has no tag; null: it is not set. */
export function presentState(state: string | null): Fault {
  const code = "precondition.present";
  return state === null
    ? { code, message: say`Nothing is set by now.` }
    : { code, message: state, expected: state };
}

/**
 * If-Match against a row's revision; without one nothing is compared (whether one is needed is the route's matter).
 * @throws Problem `precondition.failed`
 */
export function ifUnchanged(revision: number, ifMatch: IfMatch | undefined): void {
  if (ifMatch === undefined) return;
  const seen = [ifMatch].flat();
  if (seen.includes(revision)) return;
  throw new Problem(
    "precondition_failed",
    "precondition.failed",
    say`It was changed by somebody else: you have seen revision ${sayList(seen, " or ")}, now it is ${revision}. Look again, then decide.`,
    [presentTag(revision)],
  );
}
