/** A data folder and a device of an older version, for tests; testdata/README.md says what is in them. */
import { chmodSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { OrganisationId } from "../../ids.ts";

export type OldStore = {
  readonly organisationId: OrganisationId;
  /** The developer's, as PEM. */
  readonly privateKey: string;
  readonly rootSha256: string;
};

/** Lays `data` and `device` into the folder. */
export async function unpackOldStore(folder: string): Promise<OldStore> {
  const packed = await Bun.file(join(import.meta.dir, "testdata/store-0001.tar.gz")).bytes();
  await new Bun.Archive(packed).extract(folder);
  chmodSync(join(folder, "data/master.key"), 0o600);
  return JSON.parse(readFileSync(join(folder, "facts.json"), "utf8")) as OldStore;
}
