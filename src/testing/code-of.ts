import { isProblem } from "../errors.ts";

/** The code of the Problem that some work ends with; `no problem` when it ends well. What else it throws goes on. */
export async function codeOf(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (isProblem(error)) return error.code;
    throw error;
  }
  return "no problem";
}
