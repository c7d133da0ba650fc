/** Asking for a passphrase at the terminal, without showing it. */
import type { ReadStream, WriteStream } from "node:tty";
import { Problem } from "../errors.ts";
import { interrupted } from "./report.ts";

const MAX_LENGTH = 1024;

/**
 * Reads one line with the echo switched off. Ctrl-C calls `interrupt`, which is to fire `signal`; that, and Ctrl-D on an
 * empty line, ends it. What was typed ahead answers the next question.
 */
export function createAskSecret(
  input: ReadStream,
  output: WriteStream,
  signal: AbortSignal,
  interrupt: () => void,
): (question: string) => Promise<string> {
  const decoder = new TextDecoder();
  let ahead = "";
  return (question) =>
    new Promise((resolve, reject) => {
      let typed = "";
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
          if (character === "\u007f" || character === "\b") typed = [...typed].slice(0, -1).join("");
          else if (character === "\u0015") typed = "";
          else if (character >= " " && typed.length < MAX_LENGTH) typed += character;
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
