/** Why a recovery is asked for, stopped, refused or approved: what its owners and administrators read. Pure. */

import { plainSaid, unseenIn } from "../accounts/said.ts";
import { Problem } from "../errors.ts";
import { say, type Words } from "../say.ts";

const REASON_LENGTH = 1000;

/**
 * @throws Problem `recovery.reason_required` unless it may be left out, `recovery.reason_too_long`,
 *   `recovery.reason_invalid`
 */
export function checkedReason(text: string, options: { readonly optional?: true } = {}): string {
  const reason = plainSaid(text);
  const unseen = unseenIn(reason);
  if (reason === "" && !options.optional) {
    throw reasonProblem(
      "recovery.reason_required",
      say`Say why, in a sentence that the organisation's owners read.`,
    );
  }
  if ([...reason].length > REASON_LENGTH) {
    throw reasonProblem("recovery.reason_too_long", say`A reason has at most ${REASON_LENGTH} characters.`);
  }
  if (unseen !== null) {
    throw reasonProblem(
      "recovery.reason_invalid",
      say`A reason has no characters that control text or turn it around; found ${unseen}.`,
    );
  }
  return reason;
}

function reasonProblem(code: string, message: Words): Problem {
  return new Problem("invalid", code, message, [{ code, message, pointer: "/reason" }]);
}
