import type { FileHandle } from "node:fs/promises";

const PIECE_BYTES = 64 * 1024;

/**
 * What an open file, device or pipe gives from its start to its end; null when that is more than `maxBytes`. Its size is not asked:
 * a device has none, a pipe neither, and a file may grow.
 */
export async function readAtMost(handle: FileHandle, maxBytes: number): Promise<Uint8Array | null> {
  const pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  for (;;) {
    const piece = new Uint8Array(Math.min(PIECE_BYTES, maxBytes + 1 - sizeBytes));
    const { bytesRead } = await handle.read(piece, 0, piece.length, null);
    if (bytesRead === 0) return new Uint8Array(Buffer.concat(pieces));
    pieces.push(piece.subarray(0, bytesRead));
    sizeBytes += bytesRead;
    if (sizeBytes > maxBytes) return null;
  }
}
