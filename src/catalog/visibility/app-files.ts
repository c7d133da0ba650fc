/** The files of an app that go to the public part of the store, and out of it, with who may see it. */
import type { Store } from "../../context.ts";
import type { Tx } from "../../db/database.ts";
import type { AppId } from "../../ids.ts";
import { hasBlobRow } from "../blobs.records.ts";
import { selectDeltas } from "../deltas/records.ts";
import { publicKeyOf } from "../public-files.ts";
import * as records from "../records.ts";
import { containerKey, releaseKey } from "../release-keys.ts";

/**
 * What the app's index and shard name, or may name again when what is revoked of it is lifted: packages, containers and
 * icons, as they lie where only the store reads.
 */
export function filesOf(tx: Tx, appId: AppId): readonly string[] {
  const keys = records.selectPublished(tx, appId).flatMap(({ id, releasedSha256 }) => [
    ...(releasedSha256 === null ? [] : [releaseKey(releasedSha256)]),
    ...selectDeltas(tx, id).flatMap(({ sha256 }) => (sha256 === null ? [] : [containerKey(sha256)])),
    ...records
      .selectPictures(tx, id)
      .filter(({ kind }) => kind === "icon")
      .map(({ blobKey }) => blobKey),
  ]);
  return [...new Set(keys)].sort();
}

/** Containers of before there were private apps lie under their public names alone. */
export async function keepContainers(
  store: Pick<Store, "db" | "blobs">,
  files: readonly string[],
): Promise<readonly string[]> {
  const missing = files.filter(
    (key) => !hasBlobRow(store.db.orm, key) && hasBlobRow(store.db.orm, publicKeyOf(key)),
  );
  for (const key of missing) await store.blobs.copy(publicKeyOf(key), key);
  return missing;
}
