import { Problem, type ProblemDetail } from "../errors.ts";
import type { SigningCode } from "./codes.ts";

/** Where it is, what was found and what is allowed. */
export type Place = Omit<ProblemDetail, "code" | "message">;

/** The error for one broken rule: a Problem of kind `unprocessable` with exactly one detail. */
export function refusal(code: SigningCode, message: string, place: Place = {}): Problem {
  return new Problem("unprocessable", code, message, [{ code, message, ...place }]);
}

/** Some words of a value for `found`: never none, nor longer than a line, never with control or format characters, nor separators of lines. */
export function excerpt(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
  const clean = text.replace(/^$/, '""').replace(/(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "�");
  const points = [...clean.slice(0, 200)];
  return points.length > 80 ? `${points.slice(0, 79).join("")}…` : clean;
}
