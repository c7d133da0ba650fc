/** How far back the matches of a PNG's zlib stream go (package format §4): no further than its header declares, whatever zlib takes. */
import { deflateRaw } from "pako";
import { PNG_START, pngChunk, pngHeader } from "../../../src/format/testing.ts";
import { concatBytes } from "../../../src/format/zip/layout.ts";
import { hostile, type PackageCase, valid } from "../case.ts";
import { fixedBlock, storedBlocks, zlibHeader, zlibStream } from "../deflate.ts";

const END = pngChunk("IEND", new Uint8Array(0));
const png = (header: Uint8Array, stream: Uint8Array): { files: Record<string, Uint8Array> } => ({
  files: { "icons/64.png": concatBytes([PNG_START, header, pngChunk("IDAT", stream), END]) },
});

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
function oneMatch(distance: number): Uint8Array {
  const bytes = repeating(GREY_BYTES, distance);
  const blocks = [fixedBlock(bytes.subarray(0, 600), 400, distance), storedBlocks(bytes.subarray(600))];
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

/** Blocks with codes of their own in a window of 16 KiB. */
function large(distance: number): Uint8Array {
  const bytes = repeating(DEEP_BYTES, distance);
  return zlibStream(zlibHeader(6), bytes, [whole(bytes)]);
}

const ZEROS = new Uint8Array(GREY_BYTES);
const withHeader = (header: Uint8Array) => png(GREY, zlibStream(header, ZEROS, [whole(ZEROS)]));

export const WINDOWS: readonly PackageCase[] = [
  valid(
    "valid/icon-window",
    "4",
    "An icon whose image data declares a window of 256 bytes, with a match of distance 256.",
    png(GREY, oneMatch(256)),
  ),
  hostile(
    "pictures/png-window",
    "MPK-P004",
    "4",
    "A match of distance 257 in a window of 256 bytes. Some builds of zlib take it.",
    png(GREY, oneMatch(257)),
    { neighbour: "valid/icon-window" },
  ),
  valid(
    "valid/icon-window-three-kinds",
    "4",
    "An icon whose image data has blocks of all three kinds in a window of 256 bytes, with matches of distance 256.",
    png(GREY, threeKinds(256)),
  ),
  hostile(
    "pictures/png-window-three-kinds",
    "MPK-P004",
    "4",
    "Matches of distance 257 in a window of 256 bytes, in the last of blocks of all three kinds. Some builds of zlib take them.",
    png(GREY, threeKinds(257)),
    { neighbour: "valid/icon-window-three-kinds" },
  ),
  valid(
    "valid/icon-window-16-kib",
    "4",
    "An icon whose image data declares a window of 16 KiB, with matches of distance 16384.",
    png(DEEP, large(16_384)),
  ),
  hostile(
    "pictures/png-window-16-kib",
    "MPK-P004",
    "4",
    "Matches of distance 16385 in a window of 16 KiB. Some builds of zlib take them.",
    png(DEEP, large(16_385)),
    { neighbour: "valid/icon-window-16-kib" },
  ),
  hostile(
    "pictures/png-window-64-kib",
    "MPK-P004",
    "4",
    "Image data that declares a window of 64 KiB, which no zlib stream may.",
    withHeader(zlibHeader(8)),
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
];
