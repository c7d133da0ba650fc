/**
 * Pictures that an encoder of ours made, without what it took over from what it was given: profiles of colours, texts, positions.
 * Pure. What is no whole PNG or WebP is an error of the encoder.
 */

const PNG_HEADER_BYTES = 8;
/** Length, type and checksum of a chunk (PNG §5.3). */
const PNG_CHUNK_FRAME_BYTES = 12;
/** What pixels are made of (PNG §11.2, tRNS §11.3.1.1). */
const PNG_CHUNKS = new Set(["IHDR", "PLTE", "tRNS", "IDAT", "IEND"]);

/** @throws Error where the bytes are no sequence of chunks */
export function plainPng(bytes: Uint8Array): Uint8Array {
  const png = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kept = [png.subarray(0, PNG_HEADER_BYTES)];
  for (let at = PNG_HEADER_BYTES; at < png.length; ) {
    if (at + PNG_CHUNK_FRAME_BYTES > png.length) throw new Error("the PNG ends inside a chunk");
    const end = at + PNG_CHUNK_FRAME_BYTES + png.readUInt32BE(at);
    if (end > png.length) throw new Error("a chunk of the PNG is longer than it");
    if (PNG_CHUNKS.has(png.toString("latin1", at + 4, at + 8))) kept.push(png.subarray(at, end));
    at = end;
  }
  return Buffer.concat(kept);
}

const RIFF_HEADER_BYTES = 12;
const RIFF_CHUNK_HEADER_BYTES = 8;
const WEBP_CHUNKS = new Set(["VP8X", "ALPH", "VP8 ", "VP8L"]);
/** Of the flags of VP8X, the only one about the pixels of a still picture (RFC 9649 §2.7.1.1). */
const WEBP_ALPHA = 0x10;

/** @throws Error where the bytes are no sequence of chunks */
export function plainWebp(bytes: Uint8Array): Uint8Array {
  const webp = Buffer.from(bytes);
  const kept = [webp.subarray(0, RIFF_HEADER_BYTES)];
  for (let at = RIFF_HEADER_BYTES; at < webp.length; ) {
    if (at + RIFF_CHUNK_HEADER_BYTES > webp.length) throw new Error("the WebP ends inside a chunk");
    const type = webp.toString("latin1", at, at + 4);
    const length = webp.readUInt32LE(at + 4);
    const end = at + RIFF_CHUNK_HEADER_BYTES + length + (length % 2);
    if (end > webp.length) throw new Error("a chunk of the WebP is longer than it");
    const flagsAt = at + RIFF_CHUNK_HEADER_BYTES;
    if (type === "VP8X") webp.writeUInt8((webp[flagsAt] ?? 0) & WEBP_ALPHA, flagsAt);
    if (WEBP_CHUNKS.has(type)) kept.push(webp.subarray(at, end));
    at = end;
  }
  const plain = Buffer.concat(kept);
  plain.writeUInt32LE(plain.length - RIFF_CHUNK_HEADER_BYTES, 4);
  return plain;
}
