/** The released file: an upload with the store's envelope behind it. */
import type { Store } from "../context.ts";
import { FORMAT_LIMITS, STORE_NAME } from "../format/names.ts";
import type { Source } from "../format/source.ts";
import { appendEnvelope } from "../format/zip/append.ts";
import type { StagedBlob } from "../storage/blobs.ts";
import { readAll } from "../storage/file-source.ts";

/** Throws what `appendEnvelope` does. @throws Problem `upload.too_large` */
export async function stageReleased(
  store: Pick<Store, "blobs">,
  upload: Source,
  envelope: Uint8Array,
): Promise<StagedBlob> {
  const { prefixBytes, tail } = await appendEnvelope(upload, STORE_NAME, envelope);
  const bytes = async function* () {
    yield* readAll(upload, { start: 0, endExclusive: prefixBytes });
    yield tail;
  };
  return store.blobs.stage(bytes(), { maxBytes: FORMAT_LIMITS.fileBytes });
}
