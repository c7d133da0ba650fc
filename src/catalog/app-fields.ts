/** What may be said of an app when it is made by hand: its id, name and summary. */
import { Problem } from "../errors.ts";
import { type AppId, isAppId } from "../ids.ts";
import { say } from "../say.ts";
import { textRuleBroken } from "../signing/text-rules.ts";

const NAME_LENGTH = 50;
const SUMMARY_LENGTH = 120;

/** @throws Problem `app.id_invalid`, `app.id_taken` */
export function checkAppId(id: string): AppId {
  if (!isAppId(id)) {
    throw new Problem(
      "invalid",
      "app.id_invalid",
      say`An app id is reverse-DNS in lower case, two to eight labels, such as com.example.notes; found ${JSON.stringify(id.slice(0, 140))}.`,
      [{ code: "app.id_invalid", message: say`not an app id`, pointer: "/id", found: id.slice(0, 140) }],
    );
  }
  if (/^(dev\.)?mosis(\.|$)/.test(id)) {
    throw idUnavailable(id);
  }
  return id;
}

/** The same for an id that is kept back and for one that an app has of which whoever asks may not know. */
export function idUnavailable(id: AppId): Problem {
  return new Problem(
    "conflict",
    "app.id_taken",
    say`The id ${id} is not available in this store: choose another one, under a domain of yours.`,
  );
}

/** @throws Problem `app.name_invalid` */
export function checkName(text: string): string {
  return checkText(text, "name", 1, NAME_LENGTH);
}

/** @throws Problem `app.summary_invalid` */
export function checkSummary(text: string): string {
  return checkText(text, "summary", 0, SUMMARY_LENGTH);
}

/** Texts as the manifest wants them, and without marks of direction. */
function checkText(text: string, field: "name" | "summary", least: number, most: number): string {
  const length = [...text].length;
  // No JSON can hold halves of pairs and noncharacters (RFC 7493 §2.1), so that no manifest has them.
  const hidden = /[\p{Cs}\p{NChar}\u200E\u200F\u061C]/u.test(text);
  if (length < least || length > most || hidden || textRuleBroken(text) !== undefined) {
    const message = say`The ${field} has ${least} to ${most} characters, all of them assigned by Unicode 14.0, without control characters and without space at either end.`;
    const code = field === "name" ? "app.name_invalid" : "app.summary_invalid";
    throw new Problem("invalid", code, message, [
      { code, message, pointer: `/${field}`, found: `${length} characters`, expected: `${least} to ${most}` },
    ]);
  }
  return text;
}
