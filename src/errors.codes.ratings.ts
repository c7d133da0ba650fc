/** What can be met with what people and devices say of apps. */
import { code, type ErrorCode } from "./errors.codes.form.ts";

export const RATING_CODES: Readonly<Record<string, ErrorCode>> = {
  "rating.answer_invalid": code(
    "unprocessable",
    "The answer to a rating cannot be taken as it was written.",
    "Write some text, within the number of characters that the message names, and without the character that it names.",
  ),
  "rating.hidden": code(
    "conflict",
    "The rating is hidden from the store: an answer would be read by nobody.",
    "Leave it; an answer that stands already can be removed.",
  ),
  "rating.invalid": code(
    "unprocessable",
    "The rating cannot be taken as it was filled in.",
    "Mend the members that are named: 1 to 5 stars, and a text that is not too long and has no characters that control text.",
  ),
  "rating.not_found": code(
    "not_found",
    "There is no such rating of the app, or it is not one’s own.",
    "Look at the list of the app’s ratings; it may have been taken back.",
  ),
  "rating.not_had": code(
    "forbidden",
    "The store has not seen that who rates has the app.",
    "Download its package while you are signed in, or have the device fetch it with its access token; then rate it.",
  ),
  "rating.off": code(
    "not_found",
    "The store has no ratings: its setting `ratings` is false.",
    "Ask an administrator of the store to allow them.",
  ),
  "report.closed": code(
    "conflict",
    "Somebody has decided about the report already.",
    "Read it again; hide or show what it is about by itself.",
  ),
  "report.invalid": code(
    "unprocessable",
    "The report cannot be taken as it was filled in.",
    "Mend the members that are named: a reason of those that the reference of the call lists, and a text that is not too long and has no characters that control text.",
  ),
  "report.not_found": code(
    "not_found",
    "There is no such report.",
    "Look at the list of reports; it went with the account of who made it, or with what it was about.",
  ),
  "report.own": code(
    "forbidden",
    "Who decides said what is reported, or works for the organisation that the app is of, or did meanwhile.",
    "Let somebody else decide who has the right `report.decide`.",
  ),
  "report.too_many": code(
    "conflict",
    "As many reports of one person wait as may.",
    "Wait until some of them are decided, or change one of them.",
  ),
  "rating.own_app": code(
    "forbidden",
    "Who rates belongs to the organisation that the app is of.",
    "Leave it to others; answer what they say instead.",
  ),
};
