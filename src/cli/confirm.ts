/** Shows what an act concerns, and asks whether to do it. */
import { Problem } from "../errors.ts";
import type { Io } from "./io.ts";
import { createStyle, type Style } from "./style.ts";

export type Asking = { readonly io: Io; readonly note: (text: string) => void };

/**
 * @param unasked What is said where nobody can be asked.
 * @throws Problem `usage.not_confirmed` for any answer but yes, and where nobody can be asked
 */
export async function confirm(
  { io, note }: Asking,
  shown: (style: Style) => string,
  unasked: string,
): Promise<void> {
  if (io.ask === null) throw new Problem("usage", "usage.not_confirmed", unasked);
  note(shown(createStyle(io.errorColor, io.columns)));
  const answer = await io.ask("Type yes to do this: ");
  if (answer.trim().toLowerCase() !== "yes") {
    throw new Problem("usage", "usage.not_confirmed", "Nothing was done.");
  }
}
