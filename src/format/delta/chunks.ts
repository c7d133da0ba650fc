/**
 * Content-defined chunking by a gear hash (after FastCDC, Xia et al. 2016): the same content is cut at the same places
 * wherever it stands. Only the maker of containers cuts: a reader knows nothing of chunks, so nothing here is a contract.
 */
import { createHash } from "node:crypto";

export type Chunk = { readonly offset: number; readonly length: number; readonly digest: string };

const LEAST_BYTES = 2048;
const MOST_BYTES = 65_536;
/** Thirteen bits: a cut every 8 KiB on average after the least length. */
const MASK = 0x1fff << 19;

/** 256 fixed numbers without a pattern. */
const GEAR: Uint32Array = new Uint32Array(
  Array.from({ length: 256 }, (_, byte) =>
    createHash("sha256").update(`mosis gear ${byte}`).digest().readUInt32LE(0),
  ),
);

/** The chunks of one piece of a file; `base` is where the piece begins in it. */
export function chunksOf(bytes: Uint8Array, base = 0): Chunk[] {
  const chunks: Chunk[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = cutAfter(bytes, start);
    chunks.push({
      offset: base + start,
      length: end - start,
      digest: createHash("sha1").update(bytes.subarray(start, end)).digest("latin1"),
    });
    start = end;
  }
  return chunks;
}

/** Where the chunk that begins at `start` ends. */
export function cutAfter(bytes: Uint8Array, start: number): number {
  const last = Math.min(bytes.length, start + MOST_BYTES);
  let hash = 0;
  for (let at = Math.min(last, start + LEAST_BYTES); at < last; at += 1) {
    hash = ((hash << 1) + (GEAR[bytes[at] ?? 0] ?? 0)) | 0;
    if ((hash & MASK) === 0) return at + 1;
  }
  return last;
}
