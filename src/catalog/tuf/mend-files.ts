/** What mending reads of the files that devices read. */
import type { Store } from "../../context.ts";
import { METADATA_MAX_BYTES, metadataTypeOf } from "./metadata-form.ts";
import { type MetadataAt, metadataKey } from "./roles.ts";

export type MendStore = Pick<Store, "db" | "blobs" | "clock" | "log">;

/** What devices read as this version of the metadata; null as `readBlob`. */
export function readMetadata(store: Pick<MendStore, "blobs">, at: MetadataAt): Promise<Uint8Array | null> {
  return readBlob(store, metadataKey(at, at.version), METADATA_MAX_BYTES[metadataTypeOf(`${at.role}.json`)]);
}

/** Null when there is none, or one that is longer than it may be. */
export async function readBlob(
  { blobs }: Pick<MendStore, "blobs">,
  key: string,
  mostBytes: number,
): Promise<Uint8Array | null> {
  const info = await blobs.head(key);
  if (info === null || info.sizeBytes > mostBytes) return null;
  return blobs.bytes(key);
}
