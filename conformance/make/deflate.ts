/** Deflate streams by hand (RFC 1951). */
import { constants, Deflate } from "pako";

/** The bytes in stored blocks: valid, and larger than what they hold. */
export function storedBlocks(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  let at = 0;
  do {
    const piece = bytes.subarray(at, at + 0xffff);
    at += piece.length;
    const head = Buffer.alloc(5);
    head[0] = at >= bytes.length ? 1 : 0;
    head.writeUInt16LE(piece.length, 1);
    head.writeUInt16LE(piece.length ^ 0xffff, 3);
    parts.push(head, piece);
  } while (at < bytes.length);
  return Buffer.concat(parts);
}

const MIB = 2 ** 20;
/** What Adler-32 counts modulo (RFC 1950 §9). */
const ADLER_PRIME = 65_521;

/** A zlib stream of so many zeros, which is made without them: the same piece of a stream for each MiB. */
export function zeroStream(sizeBytes: number): Uint8Array {
  const piece = (length: number, flush: number) => {
    const parts: Uint8Array[] = [];
    const deflater = new Deflate({ raw: true, level: 9 });
    deflater.onData = (part) => {
      if (part instanceof Uint8Array) parts.push(Uint8Array.from(part));
    };
    deflater.push(new Uint8Array(length), flush);
    return Buffer.concat(parts);
  };
  const whole = Math.floor(sizeBytes / MIB);
  const checksum = Buffer.alloc(4);
  // Of zeros the one sum stays 1, and the other counts them.
  checksum.writeUInt16BE(sizeBytes % ADLER_PRIME, 0);
  checksum.writeUInt16BE(1, 2);
  const each = piece(MIB, constants.Z_FULL_FLUSH);
  return Buffer.concat([
    Buffer.of(0x78, 0xda),
    ...Array.from({ length: whole }, () => each),
    piece(sizeBytes % MIB, constants.Z_FINISH),
    checksum,
  ]);
}
