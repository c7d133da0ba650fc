import { type FindingCode, type FindingPlace, type FormatError, formatError } from "../findings.ts";

/** The finding that a picture is refused with; the manifest's checker adds entry and pointer. */
export function refusePicture(code: FindingCode, message: string, place: FindingPlace): FormatError {
  return formatError("manifest", code, message, place);
}

export type PictureSize = { readonly width: number; readonly height: number };

/** Reads a stream of pieces by counts of bytes. */
export type ByteReader = {
  /** Bytes taken so far. */
  readonly offset: () => number;
  /** The next `length` bytes, or fewer at the end. For lengths that the caller has bounded. */
  take(length: number): Promise<Uint8Array>;
  /** Passes the next `length` bytes on in pieces, or fewer at the end. */
  pieces(length: number): AsyncGenerator<Uint8Array>;
};

export function createByteReader(source: AsyncIterable<Uint8Array>): ByteReader {
  const iterator = source[Symbol.asyncIterator]();
  let held: Uint8Array = new Uint8Array(0);
  let offset = 0;

  async function* pieces(length: number): AsyncGenerator<Uint8Array> {
    let wanted = length;
    while (wanted > 0) {
      if (held.length === 0) {
        const next = await iterator.next();
        if (next.done === true) return;
        held = next.value;
        continue;
      }
      const piece = held.subarray(0, wanted);
      held = held.subarray(piece.length);
      offset += piece.length;
      wanted -= piece.length;
      yield piece;
    }
  }

  return {
    offset: () => offset,
    pieces,
    async take(length) {
      const taken = new Uint8Array(length);
      let filled = 0;
      for await (const piece of pieces(length)) {
        taken.set(piece, filled);
        filled += piece.length;
      }
      return taken.subarray(0, filled);
    },
  };
}
