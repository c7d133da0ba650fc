/** Which case notices each check that is switched off: committed, so that a test can try a few without asking all cases. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Place } from "./places.ts";

export const WITNESSES_FILE = join(import.meta.dirname, "../mutants.witnesses.json");

/** A name of a check that lasts as long as its own text. */
export function keyOf({ file, inside, kind, text }: Place): string {
  return createHash("sha256")
    .update(JSON.stringify([file, inside, kind, text]))
    .digest("hex")
    .slice(0, 12);
}

export function readWitnesses(): ReadonlyMap<string, string> {
  if (!existsSync(WITNESSES_FILE)) return new Map();
  const read: Readonly<Record<string, string>> = JSON.parse(readFileSync(WITNESSES_FILE, "utf8"));
  return new Map(Object.entries(read));
}

/** One check a line. */
export function witnessesText(witnesses: ReadonlyMap<string, string>): string {
  const lines = [...witnesses].sort().map(([key, id]) => `${JSON.stringify(key)}: ${JSON.stringify(id)}`);
  return `{\n${lines.join(",\n")}\n}\n`;
}
