/**
 * Stores that many files of tests begin with, made by the first in a check and copied by all: to make one takes longer than
 * most of the files. The check opens the place beside their temporary files; without it each file makes its own.
 */
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";

/** The folder of temporary files has it while a check runs. */
export const KEPT = "mosis-kept";

export type Kept<Facts> = {
  /** To be copied: others copy it too. */
  readonly folder: string;
  readonly facts: Facts;
  remove(): void;
};

/** @param make Fills the folder, closes what it opened, and gives what is to be known of it: plain data. */
export async function keptStore<Facts>(
  name: string,
  make: (folder: string) => Promise<Facts>,
): Promise<Kept<Facts>> {
  const places = join(tmpdir(), KEPT);
  const place = join(places, name);
  if (existsSync(place)) return read(place);
  const own = mkdtempSync(join(existsSync(places) ? places : tmpdir(), `mosis-${name}-`));
  const folder = join(own, "data");
  const facts = await make(folder);
  const remove = () => rmSync(own, { recursive: true, force: true });
  if (!existsSync(places)) return { folder, facts, remove };
  writeFileSync(join(own, "facts"), serialize(facts));
  try {
    renameSync(own, place);
  } catch {
    // Another file was as far meanwhile.
    return { folder, facts, remove };
  }
  return read(place);
}

/** The same for a single file, of which everybody takes the bytes. */
export function keptFile(name: string, make: () => Uint8Array): Uint8Array {
  const places = join(tmpdir(), KEPT);
  const place = join(places, name);
  if (existsSync(place)) return readFileSync(place);
  const made = make();
  if (!existsSync(places)) return made;
  const own = mkdtempSync(join(places, "mosis-file-"));
  writeFileSync(join(own, name), made);
  renameSync(join(own, name), place);
  rmSync(own, { recursive: true, force: true });
  return made;
}

function read<Facts>(place: string): Kept<Facts> {
  const facts: Facts = deserialize(readFileSync(join(place, "facts")));
  return { folder: join(place, "data"), facts, remove: () => {} };
}
