/**
 * Released files of before it was a rule that their store.dsse is stored (package format, section 1): each is made again
 * of its upload and the very envelope that it has, so that no approval is given anew. Files first, rows by the caller.
 */
import { inflateRawSync } from "node:zlib";
import type { Store } from "../../context.ts";
import type { Tx } from "../../db/database.ts";
import { isProblem } from "../../errors.ts";
import { ENVELOPE_MAX_BYTES, STORE_NAME } from "../../format/names.ts";
import type { Source } from "../../format/source.ts";
import { LOCAL_BYTES, LOCAL_SIGNATURE, viewOf } from "../../format/zip/layout.ts";
import { openContainer } from "../../format/zip/reader.ts";
import type { Sha256, VersionId } from "../../ids.ts";
import { insertBlob } from "../blobs.records.ts";
import { packageKey, releaseKey } from "../release-keys.ts";
import { stageReleased } from "../released-file.ts";
import { uploadKey } from "../upload.ts";
import * as records from "./records.ts";

const DEFLATED = 8;

type Remade = {
  readonly versionId: VersionId;
  readonly sha256: Sha256;
  readonly sizeBytes: number;
  readonly keys: readonly string[];
};

/** A file that is gone or damaged stays as it is; the log says which. */
export async function remakeReleases(store: Pick<Store, "db" | "blobs" | "log">): Promise<readonly Remade[]> {
  const remade: Remade[] = [];
  for (const version of records.selectReleased(store.db.orm)) {
    try {
      const file = await remake(store, version);
      if (file !== null) remade.push(file);
    } catch (error) {
      if (!isProblem(error)) throw error;
      store.log.warn("upgrade.release_unreadable", { version: version.id, detail: error.message });
    }
  }
  return remade;
}

export function writeReleases(tx: Tx, remade: readonly Remade[], now: Date): void {
  for (const { versionId, sha256, sizeBytes, keys } of remade) {
    for (const key of keys) insertBlob(tx, { key, sha256, sizeBytes, createdAt: now });
    records.replaceRelease(tx, versionId, { releasedSha256: sha256, releasedSizeBytes: sizeBytes });
  }
}

async function remake(store: Pick<Store, "blobs">, version: records.ReleasedVersion): Promise<Remade | null> {
  const upload = await store.blobs.open(uploadKey(version.uploadSha256));
  try {
    const envelope = await deflatedEnvelope(store, upload, version);
    if (envelope === null) return null;
    const staged = await stageReleased(store, upload, envelope);
    try {
      const { sha256, sizeBytes } = staged;
      await staged.commit(releaseKey(sha256));
      if (version.publishedAt !== null) await store.blobs.copy(releaseKey(sha256), packageKey(sha256));
      const keys = [releaseKey(sha256), ...(version.publishedAt === null ? [] : [packageKey(sha256)])];
      return { versionId: version.id, sha256, sizeBytes, keys };
    } finally {
      await staged.discard();
    }
  } finally {
    await upload.close();
  }
}

/** What stands where the upload's directory began; null when it is stored already. */
async function deflatedEnvelope(
  store: Pick<Store, "blobs">,
  upload: Source,
  version: records.ReleasedVersion,
): Promise<Uint8Array | null> {
  const { directoryOffset } = await openContainer(upload);
  const released = await store.blobs.open(releaseKey(version.releasedSha256));
  try {
    const header = viewOf(await released.read(directoryOffset, LOCAL_BYTES + STORE_NAME.length));
    if (header.getUint32(0, true) !== LOCAL_SIGNATURE)
      throw new Error(`${version.id} has no envelope behind its upload`);
    if (header.getUint16(8, true) !== DEFLATED) return null;
    const compressedBytes = Math.min(header.getUint32(18, true), ENVELOPE_MAX_BYTES);
    const data = await released.read(directoryOffset + LOCAL_BYTES + STORE_NAME.length, compressedBytes);
    return new Uint8Array(inflateRawSync(data, { maxOutputLength: ENVELOPE_MAX_BYTES }));
  } finally {
    await released.close();
  }
}
