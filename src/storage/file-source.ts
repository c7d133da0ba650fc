/** Files of this machine as they are read at offsets and written to the last byte. */
import { type FileHandle, open } from "node:fs/promises";
import type { Source } from "../format/source.ts";
import type { ByteRange } from "./blobs.ts";
import { noteGarbage } from "./garbage.ts";

const CHUNK_BYTES = 256 * 1024;

/** A write may take less than it is given. Without `offset` it goes on where the last one ended. */
export async function writeAll(handle: FileHandle, chunk: Uint8Array, offset?: number): Promise<void> {
  for (let at = 0; at < chunk.byteLength; ) {
    const place = offset === undefined ? null : offset + at;
    const { bytesWritten } = await handle.write(chunk, at, chunk.byteLength - at, place);
    at += bytesWritten;
  }
}

/** A file as a source that is read at offsets. The caller closes it. */
export async function openFileSource(path: string): Promise<Source & { close(): Promise<void> }> {
  const handle = await open(path, "r");
  const { size } = await handle.stat();
  return {
    sizeBytes: size,
    async read(offset, length) {
      // What the reads before this one gave is done with, or is kept and then not collected.
      noteGarbage(length);
      const buffer = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      let filled = 0;
      while (filled < buffer.byteLength) {
        const { bytesRead } = await handle.read(buffer, filled, buffer.byteLength - filled, offset + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return filled === buffer.byteLength ? buffer : buffer.subarray(0, filled);
    },
    async readInto(offset, bytes) {
      for (let filled = 0; filled < bytes.byteLength; ) {
        const { bytesRead } = await handle.read(bytes, filled, bytes.byteLength - filled, offset + filled);
        if (bytesRead === 0)
          throw new RangeError(`the file ends at ${size} and not after ${offset + filled}`);
        filled += bytesRead;
      }
    },
    close: () => handle.close(),
  };
}

/** The bytes of a source in order, in pieces of `chunkBytes`. */
export async function* readAll(source: Source, range?: ByteRange): AsyncIterable<Uint8Array> {
  const end = range?.endExclusive ?? source.sizeBytes;
  for (let at = range?.start ?? 0; at < end; at += CHUNK_BYTES) {
    yield await source.read(at, Math.min(CHUNK_BYTES, end - at));
  }
}
