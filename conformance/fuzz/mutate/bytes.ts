/** Changes bytes without knowing what they are. */
import type { Random } from "../random.ts";

/** Nothing is made larger than this. */
export const MOST_BYTES = 3 * 2 ** 20;

const LIMITS = [
  0, 1, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x1_0000, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff,
] as const;

type Change = (bytes: Buffer, random: Random, other: Uint8Array) => Buffer;

function cut(bytes: Buffer, random: Random): Buffer {
  const at = random.int(bytes.length);
  const length = 1 + random.int(random.oneIn(4) ? bytes.length : 8);
  return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
}

function insert(bytes: Buffer, at: number, piece: Uint8Array): Buffer {
  return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
}

function withLimit(bytes: Buffer, random: Random): Buffer {
  const width = random.pick([1, 2, 4]);
  if (bytes.length < width) return bytes;
  const value = random.pick(LIMITS) % 2 ** (8 * width);
  const at = random.int(bytes.length - width + 1);
  if (random.oneIn(2)) bytes.writeUIntLE(value, at, width);
  else bytes.writeUIntBE(value, at, width);
  return bytes;
}

function piece(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random.int(bytes.length);
  return bytes.subarray(at, at + 1 + random.int(random.oneIn(3) ? bytes.length : 32));
}

const CHANGES: readonly [Change, ...Change[]] = [
  (bytes, random) => {
    const at = random.int(bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random.int(8));
    return bytes;
  },
  (bytes, random) => {
    bytes[random.int(bytes.length)] = random.int(256);
    return bytes;
  },
  withLimit,
  cut,
  (bytes, random) => insert(bytes, random.int(bytes.length + 1), random.bytes(1 + random.int(8))),
  (bytes, random) => insert(bytes, random.int(bytes.length + 1), piece(bytes, random)),
  (bytes, random, other) => insert(bytes, random.int(bytes.length + 1), piece(other, random)),
  // A splice: the beginning of one and the end of another.
  (bytes, random, other) =>
    Buffer.concat([bytes.subarray(0, random.int(bytes.length)), other.subarray(random.int(other.length))]),
  (bytes, random) => bytes.subarray(0, random.int(bytes.length)),
];

/** One to four changes; once in a while a part is repeated very often. */
export function mutateBytes(bytes: Uint8Array, random: Random, other: Uint8Array = bytes): Uint8Array {
  let changed: Buffer = Buffer.from(bytes);
  for (let count = 1 + random.int(4); count > 0; count--) {
    if (changed.length === 0) changed = Buffer.from(random.bytes(1 + random.int(16)));
    changed = random.pick(CHANGES)(changed, random, other);
  }
  if (random.oneIn(200)) changed = grown(changed, random);
  return new Uint8Array(changed.subarray(0, MOST_BYTES));
}

function grown(bytes: Buffer, random: Random): Buffer {
  const repeated = piece(bytes, random);
  const times = Math.min(2 ** (4 + random.int(14)), Math.floor(MOST_BYTES / Math.max(1, repeated.length)));
  return insert(bytes, random.int(bytes.length + 1), Buffer.concat(Array(times).fill(repeated)));
}
