/** Asking at the terminal: for a passphrase without showing it, for a word with. */
import type { ReadStream, WriteStream } from "node:tty";
import { Problem } from "../errors.ts";
import { interrupted } from "./report.ts";

const MAX_LENGTH = 1024;

export type Ask = (question: string) => Promise<string>;

/**
 * Reads one line with the terminal's own echo switched off; `ask` shows what is typed itself. Ctrl-C calls `interrupt`,
 * which is to fire `signal`; that, and Ctrl-D on an empty line, ends it. What was typed ahead answers the next question.
 */
export function createQuestions(
  input: ReadStream,
  output: WriteStream,
  signal: AbortSignal,
  interrupt: () => void,
): { readonly ask: Ask; readonly askSecret: Ask } {
  const decoder = new TextDecoder();
  let ahead = "";
  const read = (question: string, isShown: boolean): Promise<string> =>
    new Promise((resolve, reject) => {
      let typed = "";
      const show = (text: string) => {
        if (isShown) output.write(text);
      };
      const shorten = (to: number) => {
        const characters = [...typed];
        show("\b \b".repeat(characters.length - Math.max(to, 0)));
        typed = characters.slice(0, Math.max(to, 0)).join("");
      };
      const finish = (settle: () => void) => {
        input.off("data", onData);
        signal.removeEventListener("abort", onAbort);
        input.setRawMode(false);
        input.pause();
        output.write("\n");
        settle();
      };
      const onAbort = () => finish(() => reject(interrupted()));
      const onData = (bytes: Uint8Array) => take(ahead + decoder.decode(bytes, { stream: true }));
      const take = (text: string) => {
        ahead = "";
        for (const [index, character] of [...text].entries()) {
          if (character === "\r" || character === "\n") {
            ahead = [...text].slice(index + 1).join("");
            return finish(() => resolve(typed));
          }
          if (character === "\u0003") return interrupt();
          if (character === "\u0004" && typed === "") return onAbort();
          if (character === "\u007f" || character === "\b") shorten([...typed].length - 1);
          else if (character === "\u0015") shorten(0);
          else if (character >= " " && typed.length < MAX_LENGTH) {
            typed += character;
            show(character);
          }
        }
      };
      if (signal.aborted) return reject(interrupted());
      // First: what is typed as soon as the question stands there must not be shown.
      input.setRawMode(true);
      output.write(question);
      input.on("data", onData);
      input.resume();
      signal.addEventListener("abort", onAbort, { once: true });
      if (ahead !== "") take(ahead);
    });
  return { ask: (question) => read(question, true), askSecret: (question) => read(question, false) };
}

/** A new passphrase, asked for twice. @throws Problem `passphrase.differs`, `passphrase.empty` */
export async function askNewSecret(ask: (question: string) => Promise<string>): Promise<string> {
  const first = await ask("New passphrase: ");
  if (first === "")
    throw new Problem(
      "invalid",
      "passphrase.empty",
      "An empty passphrase protects nothing. Leave --passphrase out for a key without one.",
    );
  if (first !== (await ask("The same again: "))) {
    throw new Problem("invalid", "passphrase.differs", "The two passphrases differ. Try again.");
  }
  return first;
}
