/** The zlib stream of a PNG (package format §4): whatever window its header declares, it is inflated in one of 32 KiB; and it has a length. */
import { deflateRaw } from "pako";
import { PNG_START, pngChunk, pngHeader } from "../../../src/format/testing.ts";
import { concatBytes } from "../../../src/format/zip/layout.ts";
import { hostile, type PackageCase, valid } from "../case.ts";
import { fixedBlock, storedBlocks, zlibHeader, zlibStream } from "../deflate.ts";

const END = pngChunk("IEND", new Uint8Array(0));
/** An icon whose stream is cut into IDAT chunks at these places. */
const png = (header: Uint8Array, stream: Uint8Array, ...cuts: readonly number[]) => ({
  files: { "icons/64.png": picture(header, stream, ...cuts) },
});
function picture(header: Uint8Array, stream: Uint8Array, ...cuts: readonly number[]): Uint8Array {
  const pieces = [0, ...cuts].map((from, index) => stream.subarray(from, cuts[index] ?? stream.length));
  return concatBytes([PNG_START, header, ...pieces.map((piece) => pngChunk("IDAT", piece)), END]);
}

/** Bytes from 0 to 4, so that each may be a filter, which come again after `period` of them. */
function repeating(length: number, period: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = 1;
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[at] = at < period ? (state >>> 16) % 5 : (bytes[at - period] ?? 0);
  }
  return bytes;
}

const GREY = pngHeader(64, 64);
const GREY_BYTES = 64 * 65;
const DEEP = pngHeader(64, 64, 16, 6);
const DEEP_BYTES = 64 * 513;

const whole = (bytes: Uint8Array) => deflateRaw(bytes, { level: 9 });

/** One match, of this distance, in a window of 256 bytes. */
function oneMatch(distance: number, at = 400): Uint8Array {
  const bytes = repeating(GREY_BYTES, distance);
  const blocks = [fixedBlock(bytes.subarray(0, 600), at, distance), storedBlocks(bytes.subarray(600))];
  return zlibStream(zlibHeader(0), bytes, blocks);
}

/** Blocks of all three kinds in a window of 256 bytes; the last one, with codes of its own, reaches as far back as this. */
function threeKinds(distance: number): Uint8Array {
  const bytes = repeating(GREY_BYTES, distance);
  const stored = Buffer.from(storedBlocks(bytes.subarray(0, 300)));
  stored[0] = 0;
  const blocks = [stored, fixedBlock(bytes.subarray(300, 700), -1, 0), whole(bytes.subarray(700))];
  return zlibStream(zlibHeader(0), bytes, blocks);
}

/** Blocks with codes of their own; the window that the header declares is of 2^(8 + `windowBits`) bytes. */
function large(windowBits: number, distance: number): Uint8Array {
  const bytes = repeating(DEEP_BYTES, distance);
  return zlibStream(zlibHeader(windowBits), bytes, [whole(bytes)]);
}

/** One match of the largest distance, which pako's own window has no room for, in a declared window of 256 bytes. */
function farthest(): Uint8Array {
  const bytes = repeating(DEEP_BYTES, 32_768);
  const blocks = [
    fixedBlock(bytes.subarray(0, 32_771), 32_768, 32_768),
    storedBlocks(bytes.subarray(32_771)),
  ];
  return zlibStream(zlibHeader(0), bytes, blocks);
}

/** What looks like another zlib header after 64 KiB, where a reader may have the next piece of the stream. */
function headerWithin(): Uint8Array {
  const bytes = new Uint8Array(DEEP_BYTES);
  const at = 1004;
  bytes.set(zlibHeader(0), at);
  const empty = Buffer.alloc(65_536 - 2 - 5 - at, Uint8Array.of(0, 0, 0, 0xff, 0xff));
  return zlibStream(zlibHeader(0), bytes, [empty, storedBlocks(bytes)]);
}

const ZEROS = new Uint8Array(GREY_BYTES);
const withHeader = (header: Uint8Array) => png(GREY, zlibStream(header, ZEROS, [whole(ZEROS)]));

/** The longest that image data of so many bytes of pixels may be: as long, a quarter more, and 64 KiB. */
const longest = (pixelBytes: number) => pixelBytes + Math.floor(pixelBytes / 4) + 65_536;

/** A zlib stream of black pixels that is exactly so long, by empty blocks. */
function ofLength(pixelBytes: number, length: number): Uint8Array {
  const zeros = new Uint8Array(pixelBytes);
  const end = storedBlocks(zeros);
  let more = length - zlibStream(zlibHeader(7), zeros, [end]).length;
  const blocks: Uint8Array[] = [];
  // One is of six bytes and the other of five.
  for (; more % 5 !== 0; more -= 6) blocks.push(fixedBlock(new Uint8Array(0), -1, 0));
  for (; more > 0; more -= 5) blocks.push(Uint8Array.of(0, 0, 0, 0xff, 0xff));
  return zlibStream(zlibHeader(7), zeros, [...blocks, end]);
}

const INTERLACED = pngHeader(64, 64, 8, 0, 1);
/** Of 64 × 64 pixels in Adam7's passes: 8 × 8 twice, 16 × 8, 16 × 16, 32 × 16, 32 × 32 and 64 × 32, each row with its filter. */
const INTERLACED_BYTES = 2 * 8 * 9 + 8 * 17 + 16 * 17 + 16 * 33 + 32 * 33 + 32 * 65;
/** A number that is no multiple of four. */
const ODD_BYTES = 321 * 322;

const long = (more: number, ...cuts: readonly number[]) =>
  png(GREY, ofLength(GREY_BYTES, longest(GREY_BYTES) + more), ...cuts);
const longInterlaced = (more: number) =>
  png(INTERLACED, ofLength(INTERLACED_BYTES, longest(INTERLACED_BYTES) + more));
const longShot = (more: number) => ({
  manifest: { screenshots: [{ alt: "Black.", src: "shot.png" }] },
  files: {
    "shot.png": picture(pngHeader(321, 321), ofLength(ODD_BYTES, longest(ODD_BYTES) + more)),
  },
});

export const WINDOWS: readonly PackageCase[] = [
  valid(
    "valid/icon-window",
    "4",
    "An icon whose image data declares a window of 256 bytes, with a match of distance 256.",
    png(GREY, oneMatch(256)),
  ),
  valid(
    "valid/icon-beyond-window",
    "4",
    "A match of distance 257 where a window of 256 bytes is declared: a reader inflates in one of 32 KiB.",
    png(GREY, oneMatch(257)),
  ),
  hostile(
    "pictures/png-before-start",
    "MPK-P004",
    "4",
    "A match of distance 257 after 256 bytes: it goes back to before the first one.",
    png(GREY, oneMatch(257, 256)),
    { neighbour: "valid/icon-beyond-window" },
  ),
  valid(
    "valid/icon-window-three-kinds",
    "4",
    "An icon whose image data has blocks of all three kinds in a window of 256 bytes, with matches of distance 256.",
    png(GREY, threeKinds(256)),
  ),
  valid(
    "valid/icon-beyond-window-three-kinds",
    "4",
    "Matches of distance 257 where a window of 256 bytes is declared, in the last of blocks of all three kinds.",
    png(GREY, threeKinds(257)),
  ),
  valid(
    "valid/icon-beyond-window-two-chunks",
    "4",
    "A match of distance 257 where a window of 256 bytes is declared; the second byte of the zlib header begins another chunk.",
    png(GREY, oneMatch(257), 1),
  ),
  valid(
    "valid/icon-window-16-kib",
    "4",
    "An icon whose image data declares a window of 16 KiB, with matches of distance 16384.",
    png(DEEP, large(6, 16_384)),
  ),
  valid(
    "valid/icon-beyond-window-16-kib",
    "4",
    "Matches of distance 16385 where a window of 16 KiB is declared.",
    png(DEEP, large(6, 16_385)),
  ),
  valid(
    "valid/icon-beyond-window-32-kib",
    "4",
    "A match of distance 32768, the largest of Deflate, where a window of 256 bytes is declared.",
    png(DEEP, farthest()),
  ),
  valid(
    "valid/icon-second-zlib-header",
    "4",
    "Image data whose bytes after the first 64 KiB look like the header of a zlib stream with a window of 256 bytes.",
    png(DEEP, headerWithin()),
  ),
  hostile(
    "pictures/png-window-64-kib",
    "MPK-P004",
    "4",
    "Image data that declares a window of 64 KiB, which no zlib stream may.",
    withHeader(zlibHeader(8)),
    { neighbour: "valid/icon-window" },
  ),
  hostile(
    "pictures/png-zlib-method",
    "MPK-P004",
    "4",
    "Image data whose zlib header names another method than that of Deflate.",
    withHeader(zlibHeader(6, { method: 7 })),
  ),
  hostile(
    "pictures/png-zlib-check",
    "MPK-P004",
    "4",
    "Image data whose zlib header has wrong check bits.",
    withHeader(zlibHeader(6, { check: 1 })),
  ),
  hostile(
    "pictures/png-zlib-dictionary",
    "MPK-P004",
    "4",
    "Image data whose zlib header says that a preset dictionary is needed.",
    withHeader(zlibHeader(6, { flags: 0x20 })),
  ),
  valid(
    "valid/icon-most-image-data",
    "4",
    "Image data of 70,736 bytes, most of them empty blocks, for 4,160 bytes of pixels: a quarter and 64 KiB more.",
    long(0),
  ),
  valid(
    "valid/icon-most-image-data-two-chunks",
    "4",
    "As much image data as there may be, in two chunks.",
    long(0, 40_000),
  ),
  hostile(
    "pictures/png-image-data",
    "MPK-P004",
    "4",
    "A byte of image data more than there may be.",
    long(1),
    { neighbour: "valid/icon-most-image-data" },
  ),
  hostile(
    "pictures/png-image-data-two-chunks",
    "MPK-P004",
    "4",
    "A byte of image data more than there may be, in a chunk of its own.",
    long(1, longest(GREY_BYTES)),
    { neighbour: "valid/icon-most-image-data-two-chunks" },
  ),
  valid(
    "valid/icon-most-image-data-interlaced",
    "4",
    "As much image data as there may be for an interlaced picture, whose passes have more filter bytes than rows.",
    longInterlaced(0),
  ),
  hostile(
    "pictures/png-image-data-interlaced",
    "MPK-P004",
    "4",
    "A byte of image data more than there may be for an interlaced picture.",
    longInterlaced(1),
    { neighbour: "valid/icon-most-image-data-interlaced" },
  ),
  valid(
    "valid/screenshot-most-image-data",
    "4",
    "As much image data as there may be for 103,362 bytes of pixels, a quarter of which is no whole number.",
    longShot(0),
  ),
  hostile(
    "pictures/png-image-data-screenshot",
    "MPK-P004",
    "4",
    "A byte of image data more than there may be for 103,362 bytes of pixels.",
    longShot(1),
    { neighbour: "valid/screenshot-most-image-data" },
  ),
];
