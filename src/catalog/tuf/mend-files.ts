/** What mending reads of the files that devices read. */
import type { Store } from "../../context.ts";
import { readAll } from "../../format/source.ts";

export type MendStore = Pick<Store, "db" | "blobs" | "clock" | "log">;

/** Null when there is none, or one that is longer than it may be. */
export async function readBlob(
  { blobs }: Pick<MendStore, "blobs">,
  key: string,
  mostBytes: number,
): Promise<Uint8Array | null> {
  const info = await blobs.head(key);
  if (info === null || info.sizeBytes > mostBytes) return null;
  const source = await blobs.open(key);
  try {
    return await readAll(source);
  } finally {
    await source.close();
  }
}
