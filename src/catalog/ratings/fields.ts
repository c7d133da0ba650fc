/** What may stand in a rating and in its answer. Pure. */
import { plainSaid, unseenIn } from "../../accounts/said.ts";
import { Problem } from "../../errors.ts";
import { type Said, say } from "../../say.ts";
import { FEWEST_STARS, MOST_STARS } from "./stars.ts";

/** Code points, of what is written with the stars and of an answer. */
export const REVIEW_CHARACTERS = 2000;
export const ANSWER_CHARACTERS = 2000;

export type RatingInput = { readonly stars: number; readonly text?: string };

/** As it is kept. @throws Problem `rating.invalid` that names each fault */
export function parseRating(input: RatingInput): { readonly stars: number; readonly text: string } {
  const { stars } = input;
  const text = plainSaid(input.text ?? "");
  const faults: { pointer: string; message: Said }[] = [];
  if (!Number.isInteger(stars) || stars < FEWEST_STARS || stars > MOST_STARS)
    faults.push({ pointer: "/stars", message: say`Choose 1 to 5 stars.` });
  const fault = textFault(text, REVIEW_CHARACTERS);
  if (fault !== null) faults.push({ pointer: "/text", message: fault });
  const [first] = faults;
  if (first === undefined) return { stars, text };
  throw new Problem(
    "unprocessable",
    "rating.invalid",
    faults.length === 1 ? first.message : say`The rating cannot be taken as it was filled in.`,
    faults.map((each) => ({ code: "rating.invalid", ...each })),
  );
}

/** @throws Problem `rating.answer_invalid` */
export function parseAnswer(input: string): string {
  const text = plainSaid(input);
  const fault = text === "" ? say`Write what you answer.` : textFault(text, ANSWER_CHARACTERS);
  if (fault === null) return text;
  throw new Problem("unprocessable", "rating.answer_invalid", fault, [
    { code: "rating.answer_invalid", pointer: "/text", message: fault },
  ]);
}

function textFault(text: string, most: number): Said | null {
  const characters = [...text].length;
  if (characters > most) return say`The text has at most ${most} characters; it has ${characters}.`;
  const unseen = unseenIn(text);
  if (unseen === null) return null;
  return say`The text has no characters that control text or turn it around; found ${unseen}.`;
}
