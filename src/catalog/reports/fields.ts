/** What may stand in a report. Pure. */
import { plainSaid, unseenIn } from "../../accounts/said.ts";
import { Problem } from "../../errors.ts";
import { type Said, say } from "../../say.ts";

/** What can be wrong with an app, and with what somebody said of it. */
export const APP_REASONS = ["broken", "misleading", "harmful", "privacy", "rights", "other"] as const;
export const RATING_REASONS = ["spam", "abusive", "off_topic", "private", "other"] as const;
export const REPORT_REASONS = [...new Set([...APP_REASONS, ...RATING_REASONS])] as const;

/** Code points. */
export const REPORT_CHARACTERS = 1000;
/** Of one person's that wait. */
export const MOST_OPEN_REPORTS = 20;

export type ReportInput = { readonly reason: string; readonly text?: string };
export type ParsedReport = { readonly reason: string; readonly text: string };

/** @throws Problem `report.invalid` that names each fault */
export function parseReport(input: ReportInput, about: "app" | "rating"): ParsedReport {
  const reasons: readonly string[] = about === "app" ? APP_REASONS : RATING_REASONS;
  const { reason } = input;
  const text = plainSaid(input.text ?? "");
  const faults: { pointer: string; message: Said }[] = [];
  if (!reasons.includes(reason))
    faults.push({ pointer: "/reason", message: say`Choose one of the reasons that there are for it.` });
  const characters = [...text].length;
  const unseen = unseenIn(text);
  if (reason === "other" && text === "")
    faults.push({ pointer: "/text", message: say`Say what is wrong: no word was chosen for it.` });
  else if (characters > REPORT_CHARACTERS)
    faults.push({
      pointer: "/text",
      message: say`The text has at most ${REPORT_CHARACTERS} characters; it has ${characters}.`,
    });
  else if (unseen !== null)
    faults.push({
      pointer: "/text",
      message: say`The text has no characters that control text or turn it around; found ${unseen}.`,
    });
  const [first] = faults;
  if (first === undefined) return { reason, text };
  throw new Problem(
    "unprocessable",
    "report.invalid",
    faults.length === 1 ? first.message : say`The report cannot be taken as it was filled in.`,
    faults.map((each) => ({ code: "report.invalid", ...each })),
  );
}
