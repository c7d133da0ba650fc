/**
 * The files of releases lie where only the store reads. What everybody may download has a second name below `store/v1/`:
 * whoever mirrors that folder has all that is public, and nothing else. (On a disk both names are one file.)
 */
import type { Store } from "../context.ts";
import type { Tx } from "../db/database.ts";
import { type AppId, EVERYBODY } from "../ids.ts";
import { copyBlobRow } from "./blobs.records.ts";
import { publicKey } from "./release-keys.ts";
import { audiencesOf } from "./visibility/records.ts";
import { mustShowTo } from "./visibility/signed-audiences.ts";
import { serveKeys } from "./withheld.records.ts";

/** Where everybody downloads what lies under `releases/`, `deltas/` or `pictures/`. */
export function publicKeyOf(key: string): string {
  return publicKey(key.replace(/^releases\//, "packages/"));
}

/** Whether everybody may see the app, or will with its first publication. */
export function isForEverybody(tx: Tx, appId: AppId): boolean {
  return audiencesOf(tx, appId).includes(EVERYBODY);
}

/** Gives the files their public names. Their rows come with `recordPublic`, in the transaction that makes them public. */
export async function copyToPublic(store: Pick<Store, "blobs">, keys: readonly string[]): Promise<void> {
  for (const key of keys) await store.blobs.copy(key, publicKeyOf(key));
}

export function recordPublic(tx: Tx, keys: readonly string[], now: Date): void {
  for (const key of keys) copyBlobRow(tx, key, publicKeyOf(key), now);
  serveKeys(tx, keys.map(publicKeyOf));
}

/**
 * Before a revision that offers these files of an app: where they have to be for those who may see it. What is given back is
 * for the revision's transaction.
 */
export async function offerFiles(
  store: Pick<Store, "db" | "blobs" | "vault">,
  appId: AppId,
  keys: readonly string[],
): Promise<(tx: Tx, now: Date) => void> {
  const isPublic = mustShowTo(store, appId).includes(EVERYBODY);
  if (isPublic) await copyToPublic(store, keys);
  return (tx, now) => {
    if (isForEverybody(tx, appId) !== isPublic) throw new Error(`who may see ${appId} changed meanwhile`);
    if (isPublic) recordPublic(tx, keys, now);
  };
}
