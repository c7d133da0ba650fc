/** The reference client of TUF on a store's catalogue, set up with the first root as a device is. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Updater } from "tuf-js";
import { findMetadata } from "../catalog/tuf/records.ts";
import { type Audience, EVERYBODY } from "../ids.ts";
import type { CatalogueServer } from "./catalogue-server.ts";
import type { TestStore } from "./store.ts";

export type TufClient = {
  /** One that knows what those before it learned. */
  readonly updater: () => Updater;
  /** Its own; goes with the store. */
  readonly folder: string;
};

export function tufClient(
  store: TestStore,
  { url }: CatalogueServer,
  audience: Audience = EVERYBODY,
): TufClient {
  const root = findMetadata(store.db.orm, "root", 1);
  if (!root) throw new Error("no root");
  const folder = mkdtempSync(join(store.dataDir, "tuf-client-"));
  writeFileSync(join(folder, "root.json"), root.body);
  const base = `${url}/store/v1/${audience === EVERYBODY ? "" : `audiences/${audience}/`}`;
  const updater = () =>
    new Updater({
      metadataDir: folder,
      metadataBaseUrl: `${base}metadata/`,
      targetDir: folder,
      targetBaseUrl: `${base}targets/`,
      config: { fetchRetry: false },
    });
  return { updater, folder };
}

/** null: the catalogue does not have it. */
export async function fetchTarget(updater: Updater, path: string): Promise<string | null> {
  const info = await updater.getTargetInfo(path);
  return info ? Bun.file(await updater.downloadTarget(info)).text() : null;
}
