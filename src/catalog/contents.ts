/** The files inside of a stored package, for whoever decides on it. */
import type { Actor } from "../accounts/actor.ts";
import type { Store } from "../context.ts";
import { type FileDigest, parseDigests } from "../format/digests.ts";
import { DIGESTS_MAX_BYTES, DIGESTS_NAME } from "../format/names.ts";
import { readEntryBytes } from "../format/zip/entry.ts";
import { openContainer } from "../format/zip/reader.ts";
import type { AppId } from "../ids.ts";
import { readPackage, type VersionRef } from "./versions.ts";

export type PackageFiles = {
  /** In the package's order, cut after `most`. */
  readonly files: readonly { readonly path: string; readonly sizeBytes: number; readonly sha256: string }[];
  readonly count: number;
};

/**
 * Reads the list that the package carries of its files; the checks have compared it with the files themselves.
 * @throws Problem `app.not_found`, `version.not_found`, `blob.missing`, any `MPK-…` when it is no readable package
 */
export async function listPackageFiles(
  store: Store,
  actor: Actor,
  appId: AppId,
  ref: VersionRef,
  most: number,
): Promise<PackageFiles> {
  const source = await store.blobs.open(readPackage(store, actor, appId, ref).key);
  try {
    const container = await openContainer(source);
    const entry = container.byName.get(DIGESTS_NAME);
    if (!entry || entry.sizeBytes > DIGESTS_MAX_BYTES) return { files: [], count: 0 };
    const { files } = parseDigests(await readEntryBytes(container, entry));
    return { files: files.slice(0, most).map(describe), count: files.length };
  } finally {
    await source.close();
  }
}

function describe({ p, n, h }: FileDigest) {
  return { path: p, sizeBytes: n, sha256: h };
}
