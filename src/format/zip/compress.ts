import { crc32 } from "node:zlib";
import { Deflate, type DeflateOptions, deflateRaw } from "pako";
import { STORE_NAME } from "../names.ts";
import type { RecordFields } from "./layout.ts";

const STORED_ENDINGS = [".png", ".jpg", ".webp", ".ogg", ".mp3", ".zst", ".ktx2"];

/** What zlib 1.2.13 has at level 9, which pako 2 does byte for byte on every machine and the zlib of the runtime does not. */
const OPTIONS: DeflateOptions = { level: 9, windowBits: 15, memLevel: 8, raw: true, chunkSize: 65_536 };

export type Pieces = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** Takes the compressed bytes in order; those that it is given are lent for the call. */
export type WritePiece = (bytes: Uint8Array) => Promise<void> | void;

/**
 * Whether an entry may be deflated at all by the packing rules (package format §1): it is stored when it is store.dsse, when
 * it is empty, and when its name says that it is compressed already; also when deflating saves less than 2 %.
 */
export function mayDeflate(name: string, sizeBytes: number): boolean {
  return name !== STORE_NAME && sizeBytes > 0 && !STORED_ENDINGS.some((ending) => name.endsWith(ending));
}

function isWorthIt(deflatedBytes: number, sizeBytes: number): boolean {
  return 100 * deflatedBytes <= 98 * sizeBytes;
}

/** One entry in memory as the packing rules make it. */
export function compressEntry(name: string, bytes: Uint8Array): { fields: RecordFields; data: Uint8Array } {
  const shared = { name, crc32: crc32(bytes), sizeBytes: bytes.length };
  const stored = {
    fields: { ...shared, method: 0, compressedSizeBytes: bytes.length },
    data: bytes,
  } as const;
  if (!mayDeflate(name, bytes.length)) return stored;
  const data = deflateRaw(bytes, OPTIONS);
  if (!isWorthIt(data.length, bytes.length)) return stored;
  return { fields: { ...shared, method: 8, compressedSizeBytes: data.length }, data };
}

/**
 * Deflates pieces that have `sizeBytes` together; the result is the same however they are cut. Gives how many bytes it wrote, or
 * null as soon as it is known that they save less than 2 %: what was written is then of no use.
 */
export async function deflatePieces(
  pieces: Pieces,
  sizeBytes: number,
  write: WritePiece,
): Promise<number | null> {
  const ready: Uint8Array[] = [];
  let deflatedBytes = 0;
  const deflate = new Deflate(OPTIONS);
  deflate.onData = (chunk) => {
    const bytes = chunk instanceof Uint8Array ? chunk : new Uint8Array(chunk);
    ready.push(bytes);
    deflatedBytes += bytes.length;
  };
  const drain = async () => {
    for (const bytes of ready.splice(0)) await write(bytes);
  };
  for await (const piece of pieces) {
    if (!deflate.push(piece, false)) throw new Error(`deflating failed: ${deflate.msg}`);
    if (!isWorthIt(deflatedBytes, sizeBytes)) return null;
    await drain();
  }
  if (!deflate.push(new Uint8Array(0), true)) throw new Error(`deflating failed: ${deflate.msg}`);
  if (!isWorthIt(deflatedBytes, sizeBytes)) return null;
  await drain();
  return deflatedBytes;
}

/** The CRC of pieces, as they pass. */
export function createCrc(): { update(bytes: Uint8Array): void; value(): number } {
  let value = 0;
  return {
    update: (bytes) => {
      value = crc32(bytes, value);
    },
    value: () => value,
  };
}
