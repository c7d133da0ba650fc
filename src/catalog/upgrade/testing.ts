/** A data folder and a device of an older version, for tests; testdata/README.md says what is in them. */
import { chmodSync, readdirSync, readFileSync, utimesSync } from "node:fs";
import { join } from "node:path";
import type { OrganisationId } from "../../ids.ts";

export type OldStore = {
  readonly organisationId: OrganisationId;
  /** The developer's, as PEM. */
  readonly privateKey: string;
  readonly rootSha256: string;
};

const WRITTEN_AT = new Date("2026-11-26T00:00:00Z");

/** Lays `data` and `device` into the folder. */
export async function unpackOldStore(folder: string): Promise<OldStore> {
  const packed = await Bun.file(join(import.meta.dir, "testdata/store-0001.tar.gz")).bytes();
  await new Bun.Archive(packed).extract(folder);
  chmodSync(join(folder, "data/master.key"), 0o600);
  // As old as the rows that name them, which the sweep compares with; unpacked, they would be of today.
  const blobs = join(folder, "data/blobs");
  for (const entry of readdirSync(blobs, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) utimesSync(join(entry.parentPath, entry.name), WRITTEN_AT, WRITTEN_AT);
  return JSON.parse(readFileSync(join(folder, "facts.json"), "utf8")) as OldStore;
}
