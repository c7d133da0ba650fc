/** Apps of a size: a folder as a developer has it, with as much sound (stored) and text (deflated) as was asked for. */
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const MIB = 2 ** 20;
const SAMPLE = join(import.meta.dirname, "../assets/samples/calculator");
const FILE_BYTES = 8 * MIB;

/** Bytes that no compression makes smaller, the same ones in each run. */
export function noise(seed: string, sizeBytes: number): Uint8Array {
  const key = createHash("sha256").update(seed).digest();
  const bytes = new Uint8Array(sizeBytes);
  // SHAKE256 gives as many bytes as one asks for.
  bytes.set(createHash("shake256", { outputLength: sizeBytes }).update(key).digest());
  return bytes;
}

/** Text like a program's, which deflates to about a fifth. */
function prose(seed: number, sizeBytes: number): string {
  const words = ["local", "function", "return", "value", "state", "then", "end", "if", "index", "self"];
  const lines: string[] = [];
  let length = 0;
  for (let state = seed + 1; length < sizeBytes; ) {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    const line = `  ${words[state % 10]} ${words[(state >> 8) % 10]}_${state % 9973} = ${state}\n`;
    lines.push(line);
    length += line.length;
  }
  return lines.join("").slice(0, sizeBytes);
}

export type Contents = { readonly storedMiB: number; readonly textMiB: number };

/** Writes the calculator sample with so much more into `folder`. */
export function writeLargeApp(folder: string, { storedMiB, textMiB }: Contents): void {
  cpSync(SAMPLE, folder, { recursive: true });
  mkdirSync(join(folder, "large"));
  for (let rest = storedMiB * MIB, index = 0; rest > 0; rest -= FILE_BYTES, index++) {
    const bytes = noise(`stored ${index}`, Math.min(FILE_BYTES, rest));
    writeFileSync(join(folder, "large", `${index}.ogg`), bytes);
  }
  for (let rest = textMiB * MIB, index = 0; rest > 0; rest -= FILE_BYTES, index++) {
    writeFileSync(join(folder, "large", `${index}.txt`), prose(index, Math.min(FILE_BYTES, rest)));
  }
}
