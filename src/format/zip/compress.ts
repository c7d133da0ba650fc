import { crc32 } from "node:zlib";
import { deflateRaw } from "pako";
import { STORE_NAME } from "../names.ts";
import type { RecordFields } from "./layout.ts";

const STORED_ENDINGS = [".png", ".jpg", ".webp", ".ogg", ".mp3", ".zst", ".ktx2"];

/**
 * One entry as the packing rules make it (package format §1): stored when it is store.dsse, when it is empty, when its name says that it is
 * compressed already, or when deflating saves less than 2 %; else raw deflate as zlib 1.2.13 makes it at level 9, which
 * pako 2 does byte for byte on every machine and the zlib of the runtime does not.
 */
export function compressEntry(name: string, bytes: Uint8Array): { fields: RecordFields; data: Uint8Array } {
  const shared = { name, crc32: crc32(bytes), sizeBytes: bytes.length };
  const stored = {
    fields: { ...shared, method: 0, compressedSizeBytes: bytes.length },
    data: bytes,
  } as const;
  if (name === STORE_NAME || bytes.length === 0 || STORED_ENDINGS.some((ending) => name.endsWith(ending)))
    return stored;
  const deflated = deflateRaw(bytes, { level: 9, windowBits: 15, memLevel: 8 });
  if (100 * deflated.length > 98 * bytes.length) return stored;
  return { fields: { ...shared, method: 8, compressedSizeBytes: deflated.length }, data: deflated };
}
