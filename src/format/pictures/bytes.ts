import { type FindingCode, type FindingPlace, type FormatError, formatError } from "../findings.ts";

/** The finding that a picture is refused with; the manifest's checker adds entry and pointer. */
export function refusePicture(code: FindingCode, message: string, place: FindingPlace): FormatError {
  return formatError("manifest", code, message, place);
}

export type PictureSize = { readonly width: number; readonly height: number };

/**
 * Reads a stream of pieces by counts of bytes. What is at hand is taken without waiting: a hostile picture has millions of
 * segments of a few bytes, and a turn of the event loop for each would take minutes.
 */
export type ByteReader = {
  /** Bytes taken so far. */
  readonly offset: () => number;
  /** Counts one more part of the picture, a chunk or segment, and gives how many there are now. */
  readonly countPart: () => number;
  /** How many bytes can be taken without waiting. */
  readonly atHand: () => number;
  /** Waits until `length` bytes are at hand, or fewer at the end; whether they are. For lengths that the caller has bounded. */
  fill(length: number): Promise<boolean>;
  /** Up to `length` of the bytes at hand. They may be overwritten by the next `fill`. */
  take(length: number): Uint8Array;
  /** One byte at hand. */
  byte(): number;
  /** Passes over `length` bytes, or fewer at the end; how many they were. */
  skip(length: number): Promise<number>;
};

/** Reads with a reader, and lets go of the source when it has read enough. */
export async function withReader<Result>(
  source: AsyncIterable<Uint8Array>,
  read: (reader: ByteReader) => Promise<Result>,
): Promise<Result> {
  const iterator = source[Symbol.asyncIterator]();
  try {
    return await read(createByteReader(iterator));
  } finally {
    await iterator.return?.();
  }
}

function createByteReader(iterator: AsyncIterator<Uint8Array>): ByteReader {
  let held: Uint8Array = new Uint8Array(0);
  let at = 0;
  let before = 0;
  let parts = 0;
  const atHand = () => held.length - at;

  const take = (length: number) => {
    const taken = held.subarray(at, at + length);
    at += taken.length;
    return taken;
  };

  async function fill(length: number): Promise<boolean> {
    while (atHand() < length) {
      const next = await iterator.next();
      if (next.done === true) return false;
      const rest = held.subarray(at);
      before += at;
      at = 0;
      held = rest.length === 0 ? next.value : Buffer.concat([rest, next.value]);
    }
    return true;
  }

  return {
    offset: () => before + at,
    countPart: () => ++parts,
    atHand,
    fill,
    take,
    byte: () => held[at++] ?? 0,
    async skip(length) {
      let passed = take(length).length;
      while (passed < length && (await fill(1))) passed += take(length - passed).length;
      return passed;
    },
  };
}
