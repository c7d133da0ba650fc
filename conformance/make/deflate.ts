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

/** Bits of a deflate stream, the first one lowest (RFC 1951 §3.1.1). */
class Bits {
  readonly #bits: number[] = [];

  number(value: number, count: number): this {
    for (let bit = 0; bit < count; bit++) this.#bits.push((value >> bit) & 1);
    return this;
  }

  /** A code, its highest bit first. */
  code(value: number, count: number): this {
    for (let bit = count - 1; bit >= 0; bit--) this.#bits.push((value >> bit) & 1);
    return this;
  }

  bytes(): Uint8Array {
    const bytes = new Uint8Array(Math.ceil(this.#bits.length / 8));
    for (const [at, bit] of this.#bits.entries()) bytes[at >> 3] = (bytes[at >> 3] ?? 0) | (bit << (at & 7));
    return bytes;
  }
}

/**
 * Bytes below 144 in a block of the fixed codes that is not the last one, and after it an empty stored one, which ends in a whole byte.
 * At `matchAt` stand three bytes as a match of that distance, 5 or more; whether they are the same is the caller's to see to.
 */
export function fixedBlock(bytes: Uint8Array, matchAt: number, distance: number): Uint8Array {
  const bits = new Bits().number(0, 1).number(1, 2);
  for (let at = 0; at < bytes.length; at++) {
    if (at !== matchAt) {
      bits.code(0x30 + (bytes[at] ?? 0), 8);
      continue;
    }
    // Of length 3 the code is 257. Codes of distances come in pairs with as many bits more, each pair with one bit more than the last.
    const extra = Math.floor(Math.log2(distance - 1)) - 1;
    const above = (distance - 1) >> extra;
    bits
      .code(1, 7)
      .code(2 * extra + above, 5)
      .number(distance - 1 - (above << extra), extra);
    at += 2;
  }
  return Buffer.concat([bits.code(0, 7).number(0, 3).bytes(), Buffer.of(0, 0, 0xff, 0xff)]);
}

/** RFC 1950 §9. */
function adler32(bytes: Uint8Array): Buffer {
  let [low, high] = [1, 0];
  for (const byte of bytes) {
    low = (low + byte) % ADLER_PRIME;
    high = (high + low) % ADLER_PRIME;
  }
  const checksum = Buffer.alloc(4);
  checksum.writeUInt16BE(high, 0);
  checksum.writeUInt16BE(low, 2);
  return checksum;
}

/** The two bytes that a zlib stream begins with: what is in it, with a window of 2^(8 + `windowBits`) bytes, and its check bits. */
export function zlibHeader(windowBits: number, { method = 8, flags = 0, check = 0 } = {}): Uint8Array {
  const head = (method + windowBits * 16) * 256 + flags;
  const right = head + ((31 - (head % 31)) % 31);
  return Uint8Array.of(right >> 8, (right & 0xff) ^ check);
}

/** A zlib stream of these bytes, whose blocks are given. */
export function zlibStream(header: Uint8Array, bytes: Uint8Array, blocks: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat([header, ...blocks, adler32(bytes)]);
}
