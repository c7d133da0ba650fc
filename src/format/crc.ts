import { crc32 } from "node:zlib";

/** Below this many bytes the call into the runtime costs more than the table. */
const TABLE_BYTES = 64;

/** CRC-32's table for the reflected polynomial EDB88320 (PNG, third edition, annex D). */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = (value & 1) === 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** The CRC-32 of bytes that follow others whose CRC-32 is `before` (0 for none), as ZIP and PNG have it. */
export function runningCrc32(bytes: Uint8Array, before: number): number {
  if (bytes.length >= TABLE_BYTES) return crc32(bytes, before);
  let value = ~before;
  for (let at = 0; at < bytes.length; at++)
    value = (TABLE[(value ^ (bytes[at] ?? 0)) & 0xff] ?? 0) ^ (value >>> 8);
  return ~value >>> 0;
}
