/** How some work ends: with which Problem, or with none. What else it throws goes on. */
import { isProblem, type Problem } from "../errors.ts";

/** The code of the Problem that some work ends with; `no problem` when it ends well. */
export async function codeOf(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    return asProblem(error).code;
  }
  return "no problem";
}

/** The same of several, one after another, by their names. */
export async function codesOf(
  attempts: Readonly<Record<string, () => unknown>>,
): Promise<Record<string, string>> {
  const codes: Record<string, string> = {};
  for (const [name, attempt] of Object.entries(attempts)) codes[name] = await codeOf(attempt);
  return codes;
}

/** The same as codeOf, of work that waits for nothing. */
export function codeOfSync(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return asProblem(error).code;
  }
  return "no problem";
}

/** The Problem that some work must end with. */
export async function problemOf(work: Promise<unknown> | (() => unknown)): Promise<Problem> {
  try {
    await (typeof work === "function" ? work() : work);
  } catch (error) {
    return asProblem(error);
  }
  throw new Error("nothing was refused");
}

/** The same, of work that waits for nothing. */
export function problemOfSync(work: () => unknown): Problem {
  try {
    work();
  } catch (error) {
    return asProblem(error);
  }
  throw new Error("nothing was refused");
}

function asProblem(error: unknown): Problem {
  if (isProblem(error)) return error;
  throw error;
}
