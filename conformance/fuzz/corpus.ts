/** What is kept in the tree: conformance/fuzz/corpus/<parser>/, each file named by its own digest. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sha256Hex } from "../../src/format/digests.ts";

const folder = join(import.meta.dirname, "corpus");

/** What a fault was once found with is kept for ever: such names begin so. */
const FOUND = "found-";

export const nameOf = (bytes: Uint8Array): string => sha256Hex(bytes).slice(0, 16);

export function corpusNames(parser: string): readonly string[] {
  try {
    return readdirSync(join(folder, parser)).sort();
  } catch {
    return [];
  }
}

export function readCorpus(parser: string): Uint8Array[] {
  return corpusNames(parser).map((name) => new Uint8Array(readFileSync(join(folder, parser, name))));
}

/** Puts these in the place of what was kept; what begins with `found-` stays. */
export function writeCorpus(parser: string, items: readonly Uint8Array[]): void {
  mkdirSync(join(folder, parser), { recursive: true });
  for (const name of corpusNames(parser)) if (!name.startsWith(FOUND)) rmSync(join(folder, parser, name));
  for (const bytes of items) writeFileSync(join(folder, parser, nameOf(bytes)), bytes);
}

export function keepFound(parser: string, bytes: Uint8Array): void {
  mkdirSync(join(folder, parser), { recursive: true });
  writeFileSync(join(folder, parser, `${FOUND}${nameOf(bytes)}`), bytes);
}
