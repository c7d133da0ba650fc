import { readSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { giveBack } from "../format/give-back.ts";

const PIECE_BYTES = 64 * 1024;

/**
 * What an open file, device or pipe gives from its start to its end; null when that is more than `maxBytes`. A size that is said is a hint:
 * a device says none, a pipe neither, and a file may grow.
 */
export async function readAtMost(handle: FileHandle, maxBytes: number): Promise<Uint8Array | null> {
  const most = maxBytes + 1;
  // Of a file its size is known, and it stands in memory once.
  const { size } = await handle.stat();
  let room = new Uint8Array(Math.min(most, Math.max(PIECE_BYTES, size + 1)));
  let sizeBytes = 0;
  for (;;) {
    if (sizeBytes === room.length) room = larger(room, most);
    const { bytesRead } = await handle.read(room, sizeBytes, room.length - sizeBytes, null);
    if (bytesRead === 0) return room.subarray(0, sizeBytes);
    sizeBytes += bytesRead;
    if (sizeBytes > maxBytes) return null;
  }
}

/** The same of a plain file of which the system says this size, without another thread: handing it over takes longer than reading little. */
export function readAtMostNow(descriptor: number, size: number, maxBytes: number): Uint8Array | null {
  const most = maxBytes + 1;
  let room = new Uint8Array(Math.min(most, size + 1));
  let sizeBytes = 0;
  for (;;) {
    if (sizeBytes === room.length) room = larger(room, most);
    const bytesRead = readSync(descriptor, room, sizeBytes, room.length - sizeBytes, null);
    if (bytesRead === 0) return room.subarray(0, sizeBytes);
    sizeBytes += bytesRead;
    if (sizeBytes > maxBytes) return null;
  }
}

function larger(room: Uint8Array<ArrayBuffer>, most: number): Uint8Array<ArrayBuffer> {
  const next = new Uint8Array(Math.min(most, 2 * room.length + PIECE_BYTES));
  next.set(room);
  giveBack(room);
  return next;
}
