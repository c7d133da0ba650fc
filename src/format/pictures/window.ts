/** Declares a window of 32 KiB, the largest that there is; no distance of deflate exceeds it. */
const WHOLE_WINDOW_HEADER = Uint8Array.of(0x78, 0x01);

/**
 * Gives a zlib stream on to an inflater with a header that declares a window of 32 KiB, whatever its own declares (RFC 1950 §2.2):
 * builds of zlib differ in whether they hold a stream to its window, and a reader's verdict is not to depend on its zlib.
 * The first piece has two bytes, or is all that there is.
 */
export async function* inWholeWindow(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let isFirst = true;
  for await (const piece of pieces) {
    if (isFirst && isZlibHeader(piece)) {
      yield WHOLE_WINDOW_HEADER;
      yield piece.subarray(WHOLE_WINDOW_HEADER.length);
    } else yield piece;
    isFirst = false;
  }
}

/** One that is none is for the inflater to refuse, and so is one that wants a dictionary or declares more than there is. */
function isZlibHeader([method = 0, flags = 0]: Uint8Array): boolean {
  return (method & 0x8f) === 8 && (flags & 0x20) === 0 && (method * 256 + flags) % 31 === 0;
}
