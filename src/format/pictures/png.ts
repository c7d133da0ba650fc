import { runningCrc32 } from "../crc.ts";
import { giveBackPiece, InflateError, inflateExactly } from "../inflate.ts";
import { viewOf } from "../zip/layout.ts";
import { type ByteReader, type PictureSize, refusePicture, withReader } from "./bytes.ts";
import { createRowCounter, type Pixels, pixelBytesOf } from "./rows.ts";
import { inWholeWindow } from "./window.ts";

const PNG_SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** Samples per pixel and allowed bit depths by colour type (PNG, third edition, §11.2.1). */
const COLOUR_TYPES: ReadonlyMap<number, { readonly samples: number; readonly depths: readonly number[] }> =
  new Map([
    [0, { samples: 1, depths: [1, 2, 4, 8, 16] }],
    [2, { samples: 3, depths: [8, 16] }],
    [3, { samples: 1, depths: [1, 2, 4, 8] }],
    [4, { samples: 2, depths: [8, 16] }],
    [6, { samples: 4, depths: [8, 16] }],
  ]);

/** More are no picture's, but work: with IDAT chunks of 8 KiB, the smallest in use, these are 128 MiB. */
export const MAX_CHUNKS = 16_384;

/** What image data inflates to, filter bytes counted: 3840 × 3840 pixels of 32 bits, and no more. */
const MAX_PIXEL_BYTES = 64 * 2 ** 20;

/**
 * How much image data may be longer than what it inflates to: a quarter of that, and so many bytes more. What stores noise as it is
 * adds a few bytes to each block; more says nothing about the pixels, but is work.
 */
const MORE_IMAGE_BYTES = 64 * 1024;

const ANIMATION_CHUNKS: ReadonlySet<string> = new Set(["acTL", "fcTL", "fdAT"]);

/**
 * Checks a whole PNG: signature, IHDR, every chunk's CRC, image data that inflates to exactly the pixels, IEND as the
 * last bytes, not animated. `judge` is given the size before anything is inflated and throws when it is not wanted. Memory does not
 * depend on the picture. Throws a FormatError, MPK-P001…P005, P009.
 */
export function checkPng(
  source: AsyncIterable<Uint8Array>,
  judge: (size: PictureSize) => void,
): Promise<void> {
  return withReader(source, (reader) => readPng(reader, judge));
}

async function readPng(reader: ByteReader, judge: (size: PictureSize) => void): Promise<void> {
  await reader.fill(PNG_SIGNATURE.length);
  const signature = Buffer.from(reader.take(PNG_SIGNATURE.length));
  if (!signature.equals(PNG_SIGNATURE)) {
    throw refusePicture("MPK-P001", "The file is not a PNG.", {
      offset: 0,
      found: signature.length === 0 ? "an empty file" : signature.toString("hex"),
      expected: Buffer.from(PNG_SIGNATURE).toString("hex"),
    });
  }
  const header = await readHeader(reader);
  judge(header);
  checkPixelBytes(header, reader.offset());
  const beforeImage = await readAncillary(reader, header);
  const afterImage = await readImage(reader, header, beforeImage);
  await readRest(reader, afterImage);
}

type Header = Pixels & { readonly colourType: number; readonly depth: number };

type Chunk = {
  readonly type: string;
  readonly length: number;
  readonly offset: number;
  /** CRC-32 of the type's four bytes: the start of the chunk's. */
  readonly typeCrc: number;
};

function broken(message: string, offset: number, found: string, expected: string) {
  return refusePicture("MPK-P002", message, { offset, found, expected });
}

/** Reads the head of a chunk that is at hand. */
function openAtHand(reader: ByteReader): Chunk {
  const offset = reader.offset();
  if (reader.countPart() > MAX_CHUNKS)
    throw broken("The PNG has too many chunks.", offset, "one more chunk", `at most ${MAX_CHUNKS} chunks`);
  const bytes = reader.take(8);
  if (bytes.length < 8) throw broken("The PNG is cut off.", offset, "the end of the file", "a chunk");
  const length = viewOf(bytes).getUint32(0);
  const type = String.fromCharCode(bytes[4] ?? 0, bytes[5] ?? 0, bytes[6] ?? 0, bytes[7] ?? 0);
  // Lengths from 2³¹ on are not allowed; whoever says one is cut off.
  if (!/^[A-Za-z]{4}$/.test(type)) {
    throw broken("A PNG chunk is malformed.", offset, Buffer.from(bytes).toString("hex"), "four letters");
  }
  if (ANIMATION_CHUNKS.has(type)) {
    throw refusePicture("MPK-P005", "The PNG is animated.", {
      offset,
      found: type,
      expected: "a still picture",
    });
  }
  return { type, length, offset, typeCrc: runningCrc32(bytes.subarray(4), 0) };
}

async function openChunk(reader: ByteReader): Promise<Chunk> {
  if (reader.atHand() < 8) await reader.fill(8);
  return openAtHand(reader);
}

/**
 * Judges the CRC that stands behind a chunk's data, at hand; `length` is how much of the data there was. Where some of it is
 * missing, nothing is left for the CRC.
 */
function checkCrc(reader: ByteReader, chunk: Chunk, checksum: number, length: number): void {
  const stored = reader.take(4);
  if (stored.length < 4) {
    throw broken(
      `The PNG is cut off in its chunk ${chunk.type}.`,
      chunk.offset,
      `${length} bytes`,
      `${chunk.length} bytes and a CRC`,
    );
  }
  const expected = viewOf(stored).getUint32(0);
  if (checksum !== expected) {
    throw refusePicture("MPK-P003", `The PNG's chunk ${chunk.type} is damaged: its CRC does not match.`, {
      offset: chunk.offset,
      found: expected.toString(16).padStart(8, "0"),
      expected: checksum.toString(16).padStart(8, "0"),
    });
  }
}

function isAtHand(reader: ByteReader, chunk: Chunk): boolean {
  return reader.atHand() >= chunk.length + 4;
}

function skipAtHand(reader: ByteReader, chunk: Chunk): void {
  checkCrc(reader, chunk, runningCrc32(reader.take(chunk.length), chunk.typeCrc), chunk.length);
}

/** Passes over a chunk's data and checks its CRC, which covers type and data. */
async function skipData(reader: ByteReader, chunk: Chunk): Promise<void> {
  if (isAtHand(reader, chunk)) return skipAtHand(reader, chunk);
  let checksum = chunk.typeCrc;
  let length = 0;
  while (length < chunk.length && (await reader.fill(1))) {
    const piece = reader.take(chunk.length - length);
    checksum = runningCrc32(piece, checksum);
    length += piece.length;
  }
  await reader.fill(4);
  checkCrc(reader, chunk, checksum, length);
}

async function readHeader(reader: ByteReader): Promise<Header> {
  const chunk = await openChunk(reader);
  if (chunk.type !== "IHDR" || chunk.length !== 13) {
    throw broken(
      "The PNG does not start with its header.",
      chunk.offset,
      `${chunk.type}, ${chunk.length} bytes`,
      "IHDR, 13 bytes",
    );
  }
  await reader.fill(17);
  const data = Buffer.from(reader.take(13));
  checkCrc(reader, chunk, runningCrc32(data, chunk.typeCrc), data.length);
  const [depth = 0, colourType = 0, compression, filter, interlace] = data.subarray(8);
  const colour = COLOUR_TYPES.get(colourType);
  const [width, height] = [data.readUInt32BE(0), data.readUInt32BE(4)];
  const isKnown = compression === 0 && filter === 0 && (interlace === 0 || interlace === 1);
  const isSized = width > 0 && height > 0 && width <= 0x7fffffff && height <= 0x7fffffff;
  if (!isKnown || !isSized || !colour?.depths.includes(depth)) {
    throw broken(
      "The PNG's header says something that PNG does not know.",
      chunk.offset,
      data.toString("hex"),
      "a header of PNG §11.2.1",
    );
  }
  const bitsPerPixel = colour.samples * depth;
  const interlaced = interlace === 1;
  return { width, height, colourType, depth, bitsPerPixel, interlaced };
}

/** Throws MPK-P004 for more pixels than a reader inflates, before any is inflated. */
function checkPixelBytes(header: Header, offset: number): void {
  const bytes = pixelBytesOf(header);
  if (bytes <= MAX_PIXEL_BYTES) return;
  throw refusePicture("MPK-P004", "The PNG's image data is larger than allowed.", {
    offset,
    found: `${header.width} × ${header.height} pixels of ${header.bitsPerPixel} bits, ${bytes} bytes`,
    expected: `at most ${MAX_PIXEL_BYTES} bytes`,
  });
}

/** Counts the bytes of image data, chunk by chunk; throws MPK-P004 at the head of the one with which they are too many. */
function createImageCounter(header: Header): (chunk: Chunk) => void {
  const pixelBytes = pixelBytesOf(header);
  const most = pixelBytes + Math.floor(pixelBytes / 4) + MORE_IMAGE_BYTES;
  let total = 0;
  return ({ length, offset }) => {
    total += length;
    if (total <= most) return;
    throw refusePicture("MPK-P004", "The PNG's image data is longer than its pixels can need.", {
      offset,
      found: `${total} bytes of image data, or more, for ${pixelBytes} bytes of pixels`,
      expected: `at most ${most} bytes`,
    });
  };
}

/** Reads up to the first IDAT and gives that chunk. */
async function readAncillary(reader: ByteReader, header: Header): Promise<Chunk> {
  let hasPalette = false;
  for (;;) {
    const chunk = reader.atHand() >= 8 ? openAtHand(reader) : await openChunk(reader);
    if (chunk.type === "IDAT") {
      if (header.colourType === 3 && !hasPalette)
        throw broken("The PNG has no palette.", chunk.offset, "IDAT", "PLTE");
      return chunk;
    }
    if (chunk.type === "PLTE") {
      checkPalette(header, chunk, hasPalette);
      hasPalette = true;
    } else if (isCritical(chunk)) {
      throw broken("The PNG has no image data where it belongs.", chunk.offset, chunk.type, "IDAT");
    }
    if (isAtHand(reader, chunk)) skipAtHand(reader, chunk);
    else await skipData(reader, chunk);
  }
}

/** PNG §11.2.2: one palette of whole colours, no more than an index can name, and none for grey pictures. */
function checkPalette(header: Header, chunk: Chunk, hasPalette: boolean): void {
  const most = header.colourType === 3 ? 2 ** header.depth : 256;
  const allowed = header.colourType !== 0 && header.colourType !== 4 && !hasPalette;
  if (allowed && chunk.length > 0 && chunk.length <= most * 3 && chunk.length % 3 === 0) return;
  throw broken(
    "The PNG's palette is malformed or not allowed.",
    chunk.offset,
    `${hasPalette ? "a second one of " : ""}${chunk.length} bytes`,
    allowed ? `one palette of 1–${most} colours` : "no further palette, and none in a grey picture",
  );
}

function isCritical(chunk: Chunk): boolean {
  return (chunk.type.charCodeAt(0) & 0x20) === 0;
}

const BATCH_BYTES = 64 * 1024;

/** Inflates the image data, which fills consecutive IDAT chunks, and gives the chunk after it. */
async function readImage(reader: ByteReader, header: Header, first: Chunk): Promise<Chunk> {
  let next = first;
  const countImage = createImageCounter(header);
  /** The chunks' data in batches, however small they are; a batch is overwritten by the next. */
  async function* imageData(): AsyncGenerator<Uint8Array> {
    const batch = new Uint8Array(BATCH_BYTES);
    let used = 0;
    let chunk = first;
    while (chunk.type === "IDAT") {
      countImage(chunk);
      let checksum = chunk.typeCrc;
      let length = 0;
      while (length < chunk.length && (reader.atHand() > 0 || (await reader.fill(1)))) {
        const piece = reader.take(Math.min(chunk.length - length, BATCH_BYTES - used));
        checksum = runningCrc32(piece, checksum);
        batch.set(piece, used);
        used += piece.length;
        length += piece.length;
        if (used < BATCH_BYTES) continue;
        yield batch;
        used = 0;
      }
      if (reader.atHand() < 4) await reader.fill(4);
      checkCrc(reader, chunk, checksum, length);
      chunk = reader.atHand() >= 8 ? openAtHand(reader) : await openChunk(reader);
    }
    next = chunk;
    if (used > 0) yield batch.subarray(0, used);
  }
  const wrongPixels = (found: string) =>
    refusePicture("MPK-P004", "The PNG's image data is not exactly its pixels.", {
      offset: first.offset,
      found,
      expected: `one zlib stream of ${header.width} × ${header.height} pixels`,
    });
  const data = imageData();
  const fault = await imageFault(data, header);
  // A chunk that is damaged is reported as that, and not as what its data inflates to.
  for await (const _batch of data);
  if (fault !== undefined) throw wrongPixels(fault);
  return next;
}

/** What is wrong with the pixels that image data inflates to, or undefined. Leaves `data` open. */
async function imageFault(data: AsyncGenerator<Uint8Array>, header: Header): Promise<string | undefined> {
  const rows = createRowCounter(header);
  const open: AsyncIterable<Uint8Array> = { [Symbol.asyncIterator]: () => ({ next: () => data.next() }) };
  try {
    for await (const pixels of inflateExactly(inWholeWindow(open), "zlib")) {
      const fault = rows.add(pixels);
      if (fault !== undefined) return fault;
      giveBackPiece(pixels);
    }
  } catch (error) {
    if (error instanceof InflateError) return error.reason;
    throw error;
  }
  return rows.isComplete() ? undefined : "too few pixels";
}

async function readRest(reader: ByteReader, first: Chunk): Promise<void> {
  let chunk = first;
  while (chunk.type !== "IEND") {
    if (isCritical(chunk))
      throw broken("The PNG has a chunk where none belongs.", chunk.offset, chunk.type, "IEND");
    if (isAtHand(reader, chunk)) skipAtHand(reader, chunk);
    else await skipData(reader, chunk);
    chunk = reader.atHand() >= 8 ? openAtHand(reader) : await openChunk(reader);
  }
  if (chunk.length !== 0)
    throw broken("The PNG's last chunk is not empty.", chunk.offset, `${chunk.length} bytes`, "0");
  await skipData(reader, chunk);
  if (await reader.fill(1)) {
    throw refusePicture("MPK-P009", "The PNG goes on after its end.", {
      offset: reader.offset(),
      found: "more bytes",
      expected: "none",
    });
  }
}
