/** Why somebody does what others are told of, in their own words. */
import { Problem } from "../errors.ts";
import { plainSaid, unseenIn } from "./said.ts";

export const REASON_CHARACTERS = 500;

/** @throws Problem `reason.invalid` for none, one that is too long, and one with characters that control text */
export function checkReason(text: string): string {
  const reason = plainSaid(text);
  if (reason === "") throw reasonInvalid("Say why, in a sentence that the people concerned read.");
  if ([...reason].length > REASON_CHARACTERS)
    throw reasonInvalid(`A reason has at most ${REASON_CHARACTERS} characters.`);
  const unseen = unseenIn(reason);
  if (unseen === null) return reason;
  throw reasonInvalid(`A reason has no characters that control text or turn it around; found ${unseen}.`);
}

function reasonInvalid(message: string): Problem {
  return new Problem("unprocessable", "reason.invalid", message, [
    { code: "reason.invalid", pointer: "/reason", message },
  ]);
}
