/** The way of a picture that somebody uploads by itself: judged, staged, put in place with its rows, and its sizes asked for. */
import type { Store } from "../../context.ts";
import type { Tx } from "../../db/database.ts";
import { insertBlob } from "../blobs.records.ts";
import { keepUpload } from "../keep-upload.ts";
import { keepSources } from "./job.ts";
import type { PictureSource } from "./records.ts";
import { type PictureRule, readUploaded, type UploadedPicture } from "./uploaded.ts";

export type KeptPicture = Omit<UploadedPicture, "bytes"> & { readonly sizeBytes: number };

/**
 * Keeps it as it came. A kill on the way leaves all as it was.
 * @param look Asked before anything is stored: what it throws costs no room.
 * @param accept Writes the rows that name the file, in the transaction that makes it the store's.
 * @throws Problem `picture.…`, and what the two throw
 */
export async function keepUploaded<T>(
  store: Store,
  source: AsyncIterable<Uint8Array>,
  { rule, kind }: { readonly rule: PictureRule; readonly kind: PictureSource["kind"] },
  look: (picture: KeptPicture) => void,
  accept: (tx: Tx, picture: KeptPicture, now: Date) => T extends PromiseLike<unknown> ? never : T,
): Promise<T> {
  const { bytes, ...rest } = await readUploaded(source, rule);
  const picture = { ...rest, sizeBytes: bytes.byteLength };
  look(picture);
  const { blobKey, sha256, sizeBytes } = picture;
  const now = store.clock.now();
  const staged = await store.blobs.stage(once(bytes), { maxBytes: rule.maxBytes });
  try {
    return await keepUpload<T>(store, staged, blobKey, (tx) => {
      insertBlob(tx, { key: blobKey, sha256, sizeBytes, createdAt: now });
      keepSources(tx, [{ blobKey, kind }], now);
      return accept(tx, picture, now);
    });
  } finally {
    await staged.discard();
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
