/** Pictures that a manifest names (package format §4): icons are judged whole, screenshots by their header. */
import { deflate } from "pako";
import type { FindingCode } from "../../../src/format/findings.ts";
import { MAX_FILL_BYTES, MAX_SEGMENTS } from "../../../src/format/pictures/headers.ts";
import { MAX_CHUNKS } from "../../../src/format/pictures/png.ts";
import { PNG_START, pngChunk, pngHeader, utf8 } from "../../../src/format/testing.ts";
import { concatBytes } from "../../../src/format/zip/layout.ts";
import { hostile, type PackageCase, valid } from "../case.ts";
import { zeroStream } from "../deflate.ts";
import { grey } from "../packages.ts";

const NONE = new Uint8Array(0);
const END = pngChunk("IEND", NONE);
const zlib = (bytes: Uint8Array) => deflate(bytes, { level: 9 });
const rows = (height: number, rowBytes: number, filter = 0) => {
  const pixels = new Uint8Array(height * (rowBytes + 1));
  for (let row = 0; row < height; row++) pixels[row * (rowBytes + 1)] = filter;
  return pixels;
};
const PIXELS = rows(64, 64);
const HEADER = pngHeader(64, 64);
const IMAGE = pngChunk("IDAT", zlib(PIXELS));
const SHORT_IMAGE = pngChunk("IDAT", zlib(rows(63, 64)));
const png = (...chunks: readonly Uint8Array[]) => concatBytes([PNG_START, ...chunks]);

/** Longer than what a reader has at hand at once. */
const LARGE_TEXT = pngChunk("tEXt", new Uint8Array(600 * 1024));

/** So many chunks in all, most of them empty texts. */
const chunks = (count: number): readonly Uint8Array[] => {
  const empty = pngChunk("tEXt", NONE);
  return [HEADER, ...Array.from({ length: count - 3 }, () => empty), IMAGE, END];
};

/** A chunk whose CRC is wrong. */
function damaged(chunk: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(chunk);
  copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ 1;
  return copy;
}

function header(change: (data: Buffer) => void): Uint8Array {
  const data = Buffer.from(HEADER.subarray(8, 21));
  change(data);
  return pngChunk("IHDR", data);
}

type Row = readonly [id: string, code: FindingCode, why: string, bytes: Uint8Array, neighbour?: string];

const ICONS: readonly Row[] = [
  ["png-empty", "MPK-P001", "An icon without a byte.", NONE],
  ["png-jpeg", "MPK-P001", "An icon that is a JPEG.", Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0)],
  [
    "png-signature",
    "MPK-P001",
    "A PNG signature that went through a text transfer.",
    concatBytes([Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0a, 0x1a, 0x0a), HEADER, IMAGE, END]),
  ],
  ["png-signature-only", "MPK-P002", "A PNG that ends after its signature.", png()],
  ["png-no-header", "MPK-P002", "A PNG that does not start with its header.", png(IMAGE, END)],
  [
    "png-header-length",
    "MPK-P002",
    "A header of 14 bytes.",
    png(pngChunk("IHDR", Buffer.concat([HEADER.subarray(8, 21), Buffer.of(0)])), IMAGE, END),
  ],
  [
    "png-first-chunk-other",
    "MPK-P002",
    "All that a header holds, in a chunk of another type.",
    png(pngChunk("IHDX", HEADER.subarray(8, 21)), IMAGE, END),
  ],
  [
    "png-too-many-chunks",
    "MPK-P002",
    "A chunk more than a reader takes.",
    png(...chunks(MAX_CHUNKS + 1)),
    "valid/icon-most-chunks",
  ],
  [
    "png-large-text-crc",
    "MPK-P003",
    "The CRC of a text of 600 KiB does not match.",
    png(HEADER, damaged(LARGE_TEXT), IMAGE, END),
    "valid/icon-large-text",
  ],
  ["png-two-headers", "MPK-P002", "A second header.", png(HEADER, HEADER, IMAGE, END)],
  ["png-no-image", "MPK-P002", "No image data.", png(HEADER, END)],
  ["png-cut-off", "MPK-P002", "The file ends inside the image data.", png(HEADER, IMAGE.subarray(0, -10))],
  ["png-no-end", "MPK-P002", "The file ends without IEND.", png(HEADER, IMAGE)],
  [
    "png-end-not-empty",
    "MPK-P002",
    "IEND holds a byte.",
    png(HEADER, IMAGE, pngChunk("IEND", Uint8Array.of(0))),
  ],
  [
    "png-chunk-type",
    "MPK-P002",
    "A chunk whose type is not four letters.",
    png(HEADER, pngChunk("te t", NONE), IMAGE, END),
  ],
  [
    "png-chunk-length",
    "MPK-P002",
    "A chunk that says it has 2³¹ bytes.",
    png(HEADER, Buffer.concat([Buffer.of(0x80, 0, 0, 0), Buffer.from("tEXt"), Buffer.alloc(4)]), IMAGE, END),
  ],
  [
    "png-unknown-critical",
    "MPK-P002",
    "A critical chunk that PNG does not know.",
    png(HEADER, pngChunk("ABCD", NONE), IMAGE, END),
  ],
  [
    "png-unknown-critical-after",
    "MPK-P002",
    "A critical chunk after the image data.",
    png(HEADER, IMAGE, pngChunk("ABCD", NONE), END),
  ],
  [
    "png-image-twice",
    "MPK-P002",
    "Image data that is interrupted by another chunk.",
    png(HEADER, IMAGE, pngChunk("tEXt", utf8("a\0b")), pngChunk("IDAT", NONE), END),
  ],
  [
    "png-compression",
    "MPK-P002",
    "An unknown compression.",
    png(
      header((d) => void (d[10] = 1)),
      IMAGE,
      END,
    ),
  ],
  [
    "png-filter-method",
    "MPK-P002",
    "An unknown filter method.",
    png(
      header((d) => void (d[11] = 1)),
      IMAGE,
      END,
    ),
  ],
  [
    "png-interlace",
    "MPK-P002",
    "An unknown interlacing.",
    png(
      header((d) => void (d[12] = 2)),
      IMAGE,
      END,
    ),
  ],
  [
    "png-colour-type",
    "MPK-P002",
    "An unknown colour type.",
    png(
      header((d) => void (d[9] = 1)),
      IMAGE,
      END,
    ),
  ],
  [
    "png-depth",
    "MPK-P002",
    "A bit depth that the colour type does not have.",
    png(pngHeader(64, 64, 4, 2), IMAGE, END),
  ],
  [
    "png-width-zero",
    "MPK-P002",
    "A width of zero.",
    png(
      header((d) => d.writeUInt32BE(0, 0)),
      IMAGE,
      END,
    ),
  ],
  [
    "png-height-zero",
    "MPK-P002",
    "A height of zero.",
    png(
      header((d) => d.writeUInt32BE(0, 4)),
      IMAGE,
      END,
    ),
  ],
  [
    "png-width-2-31",
    "MPK-P002",
    "A width of 2³¹.",
    png(
      header((d) => d.writeUInt32BE(2 ** 31, 0)),
      IMAGE,
      END,
    ),
  ],
  [
    "png-height-2-31",
    "MPK-P002",
    "A height of 2³¹.",
    png(
      header((d) => d.writeUInt32BE(2 ** 31, 4)),
      IMAGE,
      END,
    ),
  ],
  [
    "png-no-palette",
    "MPK-P002",
    "A picture of palette colours without a palette.",
    png(pngHeader(64, 64, 8, 3), IMAGE, END),
    "valid/icon-palette",
  ],
  [
    "png-palette-empty",
    "MPK-P002",
    "An empty palette.",
    png(pngHeader(64, 64, 8, 3), pngChunk("PLTE", NONE), IMAGE, END),
    "valid/icon-palette",
  ],
  [
    "png-palette-length",
    "MPK-P002",
    "A palette that is no whole number of colours.",
    png(pngHeader(64, 64, 8, 3), pngChunk("PLTE", new Uint8Array(4)), IMAGE, END),
    "valid/icon-palette",
  ],
  [
    "png-palette-too-long",
    "MPK-P002",
    "A palette of 17 colours where an index has 4 bits.",
    png(
      pngHeader(64, 64, 4, 3),
      pngChunk("PLTE", new Uint8Array(51)),
      pngChunk("IDAT", zlib(rows(64, 32))),
      END,
    ),
    "valid/icon-palette-4-bits",
  ],
  [
    "png-palette-twice",
    "MPK-P002",
    "Two palettes.",
    png(
      pngHeader(64, 64, 8, 3),
      pngChunk("PLTE", new Uint8Array(3)),
      pngChunk("PLTE", new Uint8Array(3)),
      IMAGE,
      END,
    ),
    "valid/icon-palette",
  ],
  [
    "png-palette-grey",
    "MPK-P002",
    "A palette in a grey picture.",
    png(HEADER, pngChunk("PLTE", new Uint8Array(3)), IMAGE, END),
  ],
  [
    "png-palette-grey-alpha",
    "MPK-P002",
    "A palette in a grey picture with alpha.",
    png(
      pngHeader(64, 64, 8, 4),
      pngChunk("PLTE", new Uint8Array(3)),
      pngChunk("IDAT", zlib(rows(64, 128))),
      END,
    ),
  ],
  ["png-header-crc", "MPK-P003", "The header's CRC does not match.", png(damaged(HEADER), IMAGE, END)],
  ["png-image-crc", "MPK-P003", "The image data's CRC does not match.", png(HEADER, damaged(IMAGE), END)],
  [
    "png-text-crc",
    "MPK-P003",
    "The CRC of a chunk that need not be understood does not match.",
    png(HEADER, damaged(pngChunk("tEXt", utf8("a\0b"))), IMAGE, END),
  ],
  [
    "png-text-after-crc",
    "MPK-P003",
    "The CRC of a chunk after the image does not match.",
    png(HEADER, IMAGE, damaged(pngChunk("tEXt", utf8("a\0b"))), END),
  ],
  ["png-end-crc", "MPK-P003", "IEND's CRC does not match.", png(HEADER, IMAGE, damaged(END))],
  [
    "png-too-few-pixels",
    "MPK-P004",
    "The image data has one row less.",
    png(HEADER, pngChunk("IDAT", zlib(rows(63, 64))), END),
  ],
  [
    "png-too-many-pixels",
    "MPK-P004",
    "The image data has one byte more.",
    png(HEADER, pngChunk("IDAT", zlib(concatBytes([PIXELS, Uint8Array.of(0)]))), END),
  ],
  [
    "png-filter-type",
    "MPK-P004",
    "A row with filter type 5.",
    png(HEADER, pngChunk("IDAT", zlib(rows(64, 64, 5))), END),
  ],
  [
    "png-not-zlib",
    "MPK-P004",
    "Image data that is no zlib stream.",
    png(HEADER, pngChunk("IDAT", new Uint8Array(20).fill(7)), END),
  ],
  [
    "png-adler",
    "MPK-P004",
    "The zlib stream's checksum does not match.",
    png(HEADER, pngChunk("IDAT", withLast(zlib(PIXELS), 1)), END),
  ],
  [
    "png-stream-cut-off",
    "MPK-P004",
    "The zlib stream ends early.",
    png(HEADER, pngChunk("IDAT", zlib(PIXELS).subarray(0, -5)), END),
  ],
  [
    "png-bytes-after-stream",
    "MPK-P004",
    "Bytes are hidden behind the zlib stream, inside the image data.",
    png(HEADER, pngChunk("IDAT", concatBytes([zlib(PIXELS), utf8("hidden")])), END),
  ],
  [
    "png-chunk-after-stream",
    "MPK-P004",
    "A second chunk of image data holds bytes behind the zlib stream.",
    png(HEADER, IMAGE, pngChunk("IDAT", utf8("hidden")), END),
  ],
  ["png-empty-image", "MPK-P004", "Image data of no bytes.", png(HEADER, pngChunk("IDAT", NONE), END)],
  [
    "png-bomb",
    "MPK-P004",
    "The image data inflates to 32 MiB where 4 KiB are announced.",
    png(HEADER, pngChunk("IDAT", zlib(new Uint8Array(2 ** 25))), END),
  ],
  [
    "png-animated",
    "MPK-P005",
    "An animation's control chunk.",
    png(HEADER, pngChunk("acTL", Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 0)), IMAGE, END),
  ],
  [
    "png-animated-after",
    "MPK-P005",
    "An animation's frame after the image.",
    png(HEADER, IMAGE, pngChunk("fdAT", new Uint8Array(4)), END),
  ],
  [
    "png-animated-frame-control",
    "MPK-P005",
    "A frame's control chunk.",
    png(HEADER, pngChunk("fcTL", new Uint8Array(26)), IMAGE, END),
  ],
  ["icon-wrong-size", "MPK-P006", "An icon of 65 × 65 pixels that is listed as 64.", grey(65)],
  ["icon-too-wide", "MPK-P006", "An icon that is wider than it is listed.", grey(65, 64)],
  ["icon-too-high", "MPK-P006", "An icon that is higher than it is listed.", grey(64, 65)],
  [
    "icon-huge",
    "MPK-P006",
    "An icon that says it has 2³¹ − 1 pixels a side: it is refused before anything is inflated.",
    png(pngHeader(0x7fffffff, 0x7fffffff), IMAGE, END),
  ],
  ["png-bytes-after-end", "MPK-P009", "A byte follows IEND.", png(HEADER, IMAGE, END, Uint8Array.of(0))],
  [
    "png-archive-after-end",
    "MPK-P009",
    "A ZIP archive's end record follows IEND.",
    png(HEADER, IMAGE, END, Buffer.from("504b0506000000000000000000000000000000000000", "hex")),
  ],
  [
    "png-both-pixels-and-end-not-empty",
    "MPK-P004",
    "A row less of image data, and an IEND that holds a byte.",
    png(HEADER, SHORT_IMAGE, pngChunk("IEND", Uint8Array.of(0))),
  ],
  [
    "png-both-pixels-and-unknown-critical",
    "MPK-P004",
    "A row less of image data, and behind it a critical chunk that PNG does not know.",
    png(HEADER, SHORT_IMAGE, pngChunk("ABCD", NONE), END),
  ],
  [
    "png-both-pixels-and-second-header",
    "MPK-P004",
    "A row less of image data, and behind it a second header.",
    png(HEADER, SHORT_IMAGE, HEADER, END),
  ],
  [
    "png-both-pixels-and-cut-off",
    "MPK-P004",
    "A row less of image data, and behind it a text that is cut off.",
    png(HEADER, SHORT_IMAGE, pngChunk("tEXt", utf8("a\0b")).subarray(0, -5)),
  ],
  [
    "png-both-pixels-and-type",
    "MPK-P002",
    "A row less of image data, and behind it a chunk whose type is not four letters.",
    png(HEADER, SHORT_IMAGE, pngChunk("te t", NONE), END),
  ],
  [
    "png-both-pixels-and-nothing",
    "MPK-P002",
    "A row less of image data, behind which the file ends.",
    png(HEADER, SHORT_IMAGE),
  ],
  [
    "png-both-pixels-and-animated",
    "MPK-P005",
    "A row less of image data, and behind it an animation's frame.",
    png(HEADER, SHORT_IMAGE, pngChunk("fdAT", new Uint8Array(4)), END),
  ],
  [
    "png-both-pixels-and-image-crc",
    "MPK-P003",
    "A row less of image data, whose CRC does not match.",
    png(HEADER, damaged(SHORT_IMAGE), END),
  ],
  [
    "png-both-header-crc-and-colour-type",
    "MPK-P003",
    "A header with an unknown colour type and another CRC: what it says comes after.",
    png(damaged(header((d) => void (d[9] = 1))), IMAGE, END),
  ],
  [
    "png-both-header-length-and-crc",
    "MPK-P002",
    "A header of 14 bytes with another CRC.",
    png(damaged(pngChunk("IHDR", Buffer.concat([HEADER.subarray(8, 21), Buffer.of(0)]))), IMAGE, END),
  ],
  [
    "png-both-header-crc-and-size",
    "MPK-P003",
    "A header of 65 × 65 pixels, which the icon should not have, with another CRC.",
    png(damaged(pngHeader(65, 65)), IMAGE, END),
  ],
  [
    "png-both-animated-and-no-header",
    "MPK-P005",
    "An animation's control chunk in the place of the header.",
    png(pngChunk("acTL", Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 0)), HEADER, IMAGE, END),
  ],
  [
    "png-both-animated-and-cut-off",
    "MPK-P005",
    "An animation's frame that is longer than the file.",
    png(HEADER, IMAGE, Buffer.concat([Buffer.of(0, 0, 1, 0), Buffer.from("fdAT")])),
  ],
  [
    "png-both-palette-and-crc",
    "MPK-P002",
    "A palette in a grey picture, whose CRC does not match.",
    png(HEADER, damaged(pngChunk("PLTE", new Uint8Array(3))), IMAGE, END),
  ],
];

function withLast(bytes: Uint8Array, change: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ change;
  return copy;
}

const adam7 = () => {
  const passes = [
    [0, 0, 8, 8],
    [4, 0, 8, 8],
    [0, 4, 4, 8],
    [2, 0, 4, 4],
    [0, 2, 2, 4],
    [1, 0, 2, 2],
    [0, 1, 1, 2],
  ] as const;
  const parts = passes.map(([x, y, stepX, stepY]) =>
    rows(Math.ceil((64 - y) / stepY), Math.ceil((64 - x) / stepX)),
  );
  return png(pngHeader(64, 64, 8, 0, 1), pngChunk("IDAT", zlib(concatBytes(parts))), END);
};

const VALID_ICONS: readonly (readonly [id: string, why: string, bytes: Uint8Array])[] = [
  [
    "icon-palette",
    "An icon of palette colours.",
    png(pngHeader(64, 64, 8, 3), pngChunk("PLTE", new Uint8Array(3)), IMAGE, END),
  ],
  [
    "icon-palette-4-bits",
    "An icon of 16 palette colours.",
    png(
      pngHeader(64, 64, 4, 3),
      pngChunk("PLTE", new Uint8Array(48)),
      pngChunk("IDAT", zlib(rows(64, 32))),
      END,
    ),
  ],
  [
    "icon-one-bit",
    "An icon of one bit a pixel, and text before and after the image.",
    png(
      pngHeader(64, 64, 1, 0),
      pngChunk("tEXt", utf8("a\0b")),
      pngChunk("IDAT", zlib(rows(64, 8))),
      pngChunk("tEXt", utf8("c\0d")),
      END,
    ),
  ],
  [
    "icon-rgba-16",
    "An icon of 16 bits a sample, with alpha, a suggested palette and every row's filter 4.",
    png(
      pngHeader(64, 64, 16, 6),
      pngChunk("PLTE", new Uint8Array(6)),
      pngChunk("IDAT", zlib(rows(64, 512, 4))),
      END,
    ),
  ],
  [
    "icon-grey-alpha",
    "A grey icon with alpha.",
    png(pngHeader(64, 64, 8, 4), pngChunk("IDAT", zlib(rows(64, 128))), END),
  ],
  [
    "icon-rgb",
    "An icon of three samples.",
    png(pngHeader(64, 64, 8, 2), pngChunk("IDAT", zlib(rows(64, 192))), END),
  ],
  ["icon-interlaced", "An interlaced icon.", adam7()],
  ["icon-most-chunks", "An icon of as many chunks as a reader takes.", png(...chunks(MAX_CHUNKS))],
  [
    "icon-large-text",
    "An icon with texts of 600 KiB before and after the image.",
    png(HEADER, LARGE_TEXT, IMAGE, LARGE_TEXT, END),
  ],
  [
    "icon-many-chunks",
    "An icon whose image data fills chunks of one byte each, and one of none.",
    png(
      HEADER,
      ...[...zlib(PIXELS)].map((byte) => pngChunk("IDAT", Uint8Array.of(byte))),
      pngChunk("IDAT", NONE),
      END,
    ),
  ],
];

function jpeg(
  width: number,
  height: number,
  before: readonly number[] = [0xff, 0xe0, 0, 4, 1, 2],
): Uint8Array {
  return Uint8Array.of(
    0xff,
    0xd8,
    ...before,
    0xff,
    0xc0,
    0,
    17,
    8,
    height >> 8,
    height & 0xff,
    width >> 8,
    width & 0xff,
    3,
    1,
    0x11,
    0,
    2,
    0x11,
    1,
    3,
    0x11,
    1,
    0xff,
    0xd9,
  );
}

function riff(chunk: Buffer, size = chunk.length + 4): Uint8Array {
  const head = Buffer.from("RIFF0000WEBP");
  head.writeUInt32LE(size, 4);
  return Buffer.concat([head, chunk]);
}

/** The same bytes, whose chunk says another size. */
function chunkOfSize(chunk: Buffer, size: number): Buffer {
  const copy = Buffer.from(chunk);
  copy.writeUInt32LE(size, 4);
  return copy;
}

function vp8(width: number, height: number): Buffer {
  const chunk = Buffer.concat([
    Buffer.from("VP8 "),
    Buffer.alloc(4),
    Buffer.from("0000009d012a", "hex"),
    Buffer.alloc(4),
  ]);
  chunk.writeUInt32LE(10, 4);
  chunk.writeUInt16LE(width, 14);
  chunk.writeUInt16LE(height, 16);
  return chunk;
}

function vp8x(width: number, height: number): Buffer {
  const chunk = Buffer.concat([Buffer.from("VP8X"), Buffer.alloc(14)]);
  chunk.writeUInt32LE(10, 4);
  chunk.writeUIntLE(width - 1, 12, 3);
  chunk.writeUIntLE(height - 1, 15, 3);
  return chunk;
}

function vp8l(width: number, height: number, version = 0): Buffer {
  const chunk = Buffer.concat([Buffer.from("VP8L"), Buffer.alloc(4), Buffer.of(0x2f), Buffer.alloc(5)]);
  chunk.writeUInt32LE(6, 4);
  chunk.writeUInt32LE(((width - 1) | ((height - 1) << 14) | (version << 29)) >>> 0, 9);
  return chunk;
}

const shots = (name: string, bytes: Uint8Array) => ({
  manifest: { screenshots: [{ alt: "A window.", src: name }] },
  files: { [name]: bytes },
});

const SCREENSHOTS: readonly (readonly [
  id: string,
  code: FindingCode,
  why: string,
  name: string,
  bytes: Uint8Array,
])[] = [
  ["jpeg-is-png", "MPK-P001", "A screenshot named as a JPEG that is a PNG.", "shot.jpg", grey(320)],
  ["jpeg-empty", "MPK-P001", "A JPEG without a byte.", "shot.jpg", NONE],
  [
    "jpeg-start-only",
    "MPK-P008",
    "A JPEG that ends after its first marker.",
    "shot.jpg",
    Uint8Array.of(0xff, 0xd8),
  ],
  [
    "jpeg-no-frame",
    "MPK-P008",
    "A JPEG whose scan starts without a frame header.",
    "shot.jpg",
    Uint8Array.of(0xff, 0xd8, 0xff, 0xda, 0, 2),
  ],
  [
    "jpeg-garbage",
    "MPK-P008",
    "A JPEG with bytes between its segments.",
    "shot.jpg",
    jpeg(320, 320, [0xff, 0xe0, 0, 2, 7]),
  ],
  [
    "jpeg-length-1",
    "MPK-P008",
    "A JPEG segment of length 1.",
    "shot.jpg",
    jpeg(320, 320, [0xff, 0xe0, 0, 1]),
  ],
  [
    "jpeg-short-frame",
    "MPK-P008",
    "A JPEG frame header that says it has 7 bytes.",
    "shot.jpg",
    Uint8Array.of(0xff, 0xd8, 0xff, 0xc0, 0, 7, 8, 1, 64, 1, 64),
  ],
  [
    "jpeg-frame-cut-off",
    "MPK-P008",
    "A JPEG that ends in its frame header.",
    "shot.jpg",
    jpeg(320, 320).subarray(0, 14),
  ],
  [
    "jpeg-segment-cut-off",
    "MPK-P008",
    "A JPEG that ends inside a segment.",
    "shot.jpg",
    Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 1, 0, 0),
  ],
  [
    "jpeg-length-cut-off",
    "MPK-P008",
    "A JPEG that ends in a segment's length.",
    "shot.jpg",
    Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 1),
  ],
  [
    "jpeg-rst",
    "MPK-P008",
    "A JPEG with a restart marker before its frame header.",
    "shot.jpg",
    jpeg(320, 320, [0xff, 0xd0]),
  ],
  [
    "jpeg-tem",
    "MPK-P008",
    "A JPEG with the marker 01 before its frame header.",
    "shot.jpg",
    jpeg(320, 320, [0xff, 0x01]),
  ],
  [
    "jpeg-reserved",
    "MPK-P008",
    "A JPEG with the reserved marker BF before its frame header.",
    "shot.jpg",
    jpeg(320, 320, [0xff, 0xbf, 0, 2]),
  ],
  [
    "jpeg-components-cut-off",
    "MPK-P008",
    "A JPEG that ends in the components of its frame header.",
    "shot.jpg",
    jpeg(320, 320).subarray(0, -5),
  ],
  [
    "webp-chunk-beyond",
    "MPK-P008",
    "A WebP whose first chunk says that it is longer than the file.",
    "shot.webp",
    riff(chunkOfSize(vp8(320, 320), 2 ** 20)),
  ],
  [
    "webp-chunk-short",
    "MPK-P008",
    "A WebP whose first chunk says that it has 9 bytes.",
    "shot.webp",
    riff(chunkOfSize(vp8(320, 320), 9)),
  ],
  [
    "jpeg-1025-segments",
    "MPK-P008",
    "A JPEG whose frame header is its segment 1025.",
    "shot.jpg",
    jpeg(320, 320, segments(MAX_SEGMENTS)),
  ],
  [
    "jpeg-1025-fill-bytes",
    "MPK-P008",
    "A JPEG with 1,025 fill bytes before a marker.",
    "shot.jpg",
    jpeg(320, 320, filled(MAX_FILL_BYTES + 1)),
  ],
  [
    "jpeg-rst-segment",
    "MPK-P008",
    "A JPEG with a restart marker that has a length, as no restart marker has.",
    "shot.jpg",
    jpeg(320, 320, [0xff, 0xd0, 0, 2]),
  ],
  [
    "jpeg-scan-first",
    "MPK-P008",
    "A JPEG with a scan before its frame header.",
    "shot.jpg",
    jpeg(320, 320, [0xff, 0xda, 0, 2]),
  ],
  [
    "jpeg-marker-without-ff",
    "MPK-P008",
    "A JPEG whose frame header lacks the FF of its marker.",
    "shot.jpg",
    Buffer.concat([Buffer.of(0xff, 0xd8), jpeg(320, 320, []).subarray(3)]),
  ],
  [
    "jpeg-no-components",
    "MPK-P008",
    "A JPEG frame header of no components.",
    "shot.jpg",
    Uint8Array.of(0xff, 0xd8, 0xff, 0xc0, 0, 8, 8, 1, 64, 1, 64, 0, 0xff, 0xd9),
  ],
  [
    "jpeg-frame-longer",
    "MPK-P008",
    "A JPEG frame header with a byte more than its components have.",
    "shot.jpg",
    longerFrame(),
  ],
  ["jpeg-width-zero", "MPK-P008", "A JPEG of width zero.", "shot.jpg", jpeg(0, 320)],
  [
    "webp-not-riff",
    "MPK-P001",
    "A WebP in a container of another kind.",
    "shot.webp",
    Buffer.concat([Buffer.from("RIFX"), riff(vp8(320, 320)).subarray(4)]),
  ],
  [
    "webp-unknown-lossless",
    "MPK-P008",
    "A chunk of an unknown type that holds what a lossless WebP does.",
    "shot.webp",
    riff(unknownLossless()),
  ],
  [
    "png-larger-than-64-mib",
    "MPK-P004",
    "A PNG of 3840 × 3840 pixels of 48 bits, which are more than 64 MiB: it is refused before anything is inflated.",
    "shot.png",
    png(pngHeader(3840, 3840, 16, 2), pngChunk("IDAT", zeroStream(3840 * (1 + 3840 * 6))), END),
  ],
  ["jpeg-height-zero", "MPK-P008", "A JPEG that tells its height later.", "shot.jpg", jpeg(320, 0)],
  ["jpeg-319", "MPK-P007", "A JPEG of 319 pixels.", "shot.jpg", jpeg(319, 320)],
  ["jpeg-3841", "MPK-P007", "A JPEG of 3841 pixels.", "shot.jpg", jpeg(320, 3841)],
  ["png-319", "MPK-P007", "A PNG of 319 pixels.", "shot.png", grey(320, 319)],
  ["png-3841", "MPK-P007", "A PNG of 3841 pixels.", "shot.png", grey(3841, 320)],
  ["png-damaged", "MPK-P003", "A PNG whose image data is damaged.", "shot.png", damagedShot()],
  ["webp-is-png", "MPK-P001", "A screenshot named as a WebP that is a PNG.", "shot.webp", grey(320)],
  ["webp-short", "MPK-P001", "A WebP of eleven bytes.", "shot.webp", riff(vp8(320, 320)).subarray(0, 11)],
  [
    "webp-riff-only",
    "MPK-P001",
    "A RIFF file that is no WebP.",
    "shot.webp",
    Buffer.concat([Buffer.from("RIFF\x16\0\0\0WAVE", "latin1"), vp8(320, 320)]),
  ],
  [
    "webp-size",
    "MPK-P008",
    "A WebP that says another size than the file's.",
    "shot.webp",
    riff(vp8(320, 320), 21),
  ],
  ["webp-no-chunk", "MPK-P008", "A WebP that ends after its header.", "shot.webp", riff(Buffer.alloc(0))],
  [
    "webp-chunk-cut-off",
    "MPK-P008",
    "A WebP that ends in its first chunk.",
    "shot.webp",
    riff(vp8(320, 320).subarray(0, 12)),
  ],
  [
    "webp-unknown-chunk",
    "MPK-P008",
    "A WebP that starts with metadata.",
    "shot.webp",
    riff(Buffer.concat([Buffer.from("EXIF\x0a\0\0\0", "latin1"), Buffer.alloc(10)])),
  ],
  [
    "webp-interframe",
    "MPK-P008",
    "A VP8 frame that is no key frame.",
    "shot.webp",
    riff(withBit(vp8(320, 320))),
  ],
  [
    "webp-start-code",
    "MPK-P008",
    "A VP8 frame without its start code.",
    "shot.webp",
    riff(withoutStart(vp8(320, 320))),
  ],
  [
    "webp-lossless-signature",
    "MPK-P008",
    "A lossless WebP without its signature.",
    "shot.webp",
    riff(withoutSignature(vp8l(320, 320))),
  ],
  [
    "webp-lossless-version",
    "MPK-P008",
    "A lossless WebP of a version that is not known.",
    "shot.webp",
    riff(vp8l(320, 320, 1)),
  ],
  ["webp-height-zero", "MPK-P008", "A WebP of height zero.", "shot.webp", riff(vp8(320, 0))],
  ["webp-319", "MPK-P007", "A WebP of 319 pixels.", "shot.webp", riff(vp8x(319, 320))],
  ["webp-lossless-3841", "MPK-P007", "A lossless WebP of 3841 pixels.", "shot.webp", riff(vp8l(320, 3841))],
];

/** So many empty segments, before the frame header. */
function segments(count: number): readonly number[] {
  return Array.from({ length: count }, () => [0xff, 0xe0, 0, 2]).flat();
}
/** A segment with so many fill bytes before its marker. */
function filled(count: number): readonly number[] {
  return [...Array.from({ length: count }, () => 0xff), 0xff, 0xe0, 0, 2];
}
function longerFrame(): Uint8Array {
  const bytes = jpeg(320, 320, []);
  bytes[5] = 18;
  return Buffer.concat([bytes.subarray(0, -2), Buffer.of(0), bytes.subarray(-2)]);
}
function unknownLossless(): Buffer {
  const chunk = Buffer.concat([vp8l(320, 320), Buffer.alloc(4)]);
  chunk.write("ABCD", 0, "latin1");
  chunk.writeUInt32LE(10, 4);
  return chunk;
}
/** Grey pixels of a value that is no filter type. */
function bright(size: number): Uint8Array {
  const pixels = new Uint8Array(size * (size + 1)).fill(0xc8);
  for (let row = 0; row < size; row++) pixels[row * (size + 1)] = 0;
  return png(pngHeader(size, size), pngChunk("IDAT", zlib(pixels)), END);
}
function damagedShot(): Uint8Array {
  const bytes = Uint8Array.from(grey(320));
  const at = bytes.length - 20;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes;
}
/** Of those whose neighbour stands at a limit. */
const NEAR_SCREENSHOTS: Readonly<Record<string, string>> = {
  "jpeg-1025-segments": "valid/screenshot-jpeg-1024-segments",
  "jpeg-1025-fill-bytes": "valid/screenshot-jpeg-1024-fill-bytes",
  "jpeg-rst-segment": "valid/screenshot-jpeg-tables",
  "jpeg-scan-first": "valid/screenshot-jpeg-tables",
  "png-larger-than-64-mib": "valid/screenshot-largest",
};

function withBit(chunk: Buffer): Buffer {
  chunk[8] = 1;
  return chunk;
}
function withoutStart(chunk: Buffer): Buffer {
  chunk[11] = 0;
  return chunk;
}
function withoutSignature(chunk: Buffer): Buffer {
  chunk[8] = 0;
  return chunk;
}

export const PICTURES: readonly PackageCase[] = [
  ...VALID_ICONS.map(([id, why, bytes]) =>
    valid(`valid/${id}`, "4", why, { files: { "icons/64.png": bytes } }),
  ),
  valid("valid/screenshots", "4", "Screenshots in all three formats, at both ends of the allowed sizes.", {
    manifest: {
      screenshots: [
        ["shots/small.png", { locale: "de-AT" }],
        ["shots/large.png", {}],
        ["shots/a.jpg", {}],
        ["shots/b.jpeg", {}],
        ["shots/c.webp", {}],
        ["shots/d.webp", {}],
        ["shots/e.webp", {}],
      ].map(([src, more]) => ({ alt: "A window.", src, ...(more as object) })),
    },
    files: {
      "shots/small.png": grey(320),
      "shots/large.png": grey(3840, 320),
      "shots/a.jpg": jpeg(320, 3840),
      "shots/b.jpeg": jpeg(3840, 320, [0xff, 0xff, 0xff, 0xe1, 0, 2]),
      "shots/c.webp": riff(vp8(320, 320)),
      "shots/d.webp": riff(vp8x(3840, 320)),
      "shots/e.webp": riff(vp8l(320, 3840)),
    },
  }),
  valid(
    "valid/screenshot-bright",
    "4",
    "A PNG screenshot of 4 MB of pixels, all of them larger numbers than filter types are.",
    shots("shot.png", bright(2000)),
  ),
  valid("valid/screenshot-largest", "4", "A PNG screenshot of 3840 × 3840 pixels of 32 bits.", {
    ...shots(
      "shot.png",
      png(pngHeader(3840, 3840, 8, 6), pngChunk("IDAT", zeroStream(3840 * (1 + 3840 * 4))), END),
    ),
  }),
  valid("valid/screenshot-jpeg-tables", "4", "A JPEG with tables of every kind before its frame header.", {
    ...shots("shot.jpg", jpeg(320, 320, [0xff, 0xc4, 0, 3, 0, 0xff, 0xc8, 0, 2, 0xff, 0xcc, 0, 2])),
  }),
  valid("valid/screenshot-jpeg-1024-segments", "4", "A JPEG whose frame header is its segment 1024.", {
    ...shots("shot.jpg", jpeg(320, 320, segments(MAX_SEGMENTS - 1))),
  }),
  valid("valid/screenshot-jpeg-1024-fill-bytes", "4", "A JPEG with 1,024 fill bytes before a marker.", {
    ...shots("shot.jpg", jpeg(320, 320, filled(MAX_FILL_BYTES))),
  }),
  ...ICONS.map(([id, code, why, bytes, neighbour]) =>
    hostile(
      `pictures/${id}`,
      code,
      "4",
      why,
      { files: { "icons/64.png": bytes } },
      neighbour === undefined ? {} : { neighbour },
    ),
  ),
  hostile(
    "pictures/both-size-and-absent",
    "MPK-P006",
    "4",
    "An icon of another size than it is listed with, and behind it one that is not in the package.",
    {
      manifest: {
        icons: [64, 128, 512].map((size) => ({ size, src: `icons/${size === 512 ? "none" : size}.png` })),
      },
      files: { "icons/64.png": grey(65) },
    },
  ),
  hostile(
    "pictures/both-absent-and-size",
    "MPK-M019",
    "4",
    "A UI document that is not in the package, and an icon of another size than it is listed with.",
    { manifest: { ui: ["ui/none.rml"] }, files: { "icons/64.png": grey(65) } },
  ),
  ...SCREENSHOTS.map(([id, code, why, name, bytes]) =>
    hostile(`pictures/${id}`, code, "4", why, shots(name, bytes), {
      neighbour: NEAR_SCREENSHOTS[id] ?? "valid/screenshots",
    }),
  ),
];
