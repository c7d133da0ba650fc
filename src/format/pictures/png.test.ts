import { describe, expect, test } from "bun:test";
import { deflateSync } from "node:zlib";
import { FormatError } from "../findings.ts";
import { greyPng, PNG_START, pngChunk, pngHeader } from "../testing.ts";
import { checkPng } from "./png.ts";

const NOTHING = new Uint8Array(0);
const END = pngChunk("IEND", NOTHING);
const idat = (bytes: number, fill = 0) => pngChunk("IDAT", deflateSync(Buffer.alloc(bytes, fill)));
const png = (...chunks: readonly Uint8Array[]) => Buffer.concat([PNG_START, ...chunks]);
const palette = (colours: number) => pngChunk("PLTE", new Uint8Array(colours * 3));

async function codeOf(bytes: Uint8Array, pieceBytes: number): Promise<string> {
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
  }
  try {
    await checkPng(pieces(), () => undefined);
    return "ok";
  } catch (error) {
    if (error instanceof FormatError) return error.code;
    throw error;
  }
}

const damaged = Buffer.from(greyPng(8));
damaged[45] = (damaged[45] ?? 0) ^ 1;
/** Bytes of 5 × 5 pixels of 8 bits in Adam7's passes: 1 × 1, 1 × 1, 2 × 1, 1 × 2, 3 × 1, 2 × 3 and 5 × 2, each row with its filter. */
const ADAM7 = 2 + 2 + 3 + 2 * 2 + 4 + 3 * 3 + 2 * 6;

const PICTURES: readonly (readonly [string, string, Uint8Array])[] = [
  ["grey", "ok", greyPng(8)],
  ...(
    [
      [0, 1, 1],
      [0, 2, 1],
      [0, 4, 1],
      [0, 8, 1],
      [0, 16, 1],
      [2, 8, 3],
      [2, 16, 3],
      [4, 8, 2],
      [4, 16, 2],
      [6, 8, 4],
      [6, 16, 4],
    ] as const
  ).map(
    ([type, depth, samples]) =>
      [
        `colour type ${type} of ${depth} bits`,
        "ok",
        png(pngHeader(5, 3, depth, type), idat(3 * (1 + Math.ceil((5 * samples * depth) / 8))), END),
      ] as const,
  ),
  ["palette of 2 bits", "ok", png(pngHeader(5, 1, 2, 3), palette(4), idat(3), END)],
  ["interlaced", "ok", png(pngHeader(5, 5, 8, 0, 1), idat(ADAM7), END)],
  ["interlaced, one pixel", "ok", png(pngHeader(1, 1, 8, 0, 1), idat(2), END)],
  [
    "empty IDAT chunks between",
    "ok",
    png(pngHeader(1, 1), pngChunk("IDAT", NOTHING), idat(2), pngChunk("IDAT", NOTHING), END),
  ],
  [
    "text before and behind",
    "ok",
    png(pngHeader(1, 1), pngChunk("tEXt", NOTHING), idat(2), pngChunk("tIME", NOTHING), END),
  ],
  ["an empty file", "MPK-P001", NOTHING],
  ["a GIF", "MPK-P001", Buffer.from("GIF89a")],
  ["no header", "MPK-P002", png(idat(2), END)],
  ["a second header", "MPK-P002", png(pngHeader(1, 1), pngHeader(1, 1), idat(2), END)],
  ["a width of 0", "MPK-P002", png(pngHeader(0, 1), idat(2), END)],
  ["colour type 3 of 16 bits", "MPK-P002", png(pngHeader(1, 1, 16, 3), palette(1), idat(3), END)],
  ["colour type 5", "MPK-P002", png(pngHeader(1, 1, 8, 5), idat(2), END)],
  ["interlace method 2", "MPK-P002", png(pngHeader(1, 1, 8, 0, 2), idat(2), END)],
  ["no palette", "MPK-P002", png(pngHeader(1, 1, 8, 3), idat(2), END)],
  ["a palette behind the pixels", "MPK-P002", png(pngHeader(1, 1, 8, 2), idat(4), palette(1), END)],
  ["two palettes", "MPK-P002", png(pngHeader(1, 1, 8, 3), palette(1), palette(1), idat(2), END)],
  ["five colours for 2 bits", "MPK-P002", png(pngHeader(5, 1, 2, 3), palette(5), idat(3), END)],
  ["an empty palette", "MPK-P002", png(pngHeader(1, 1, 8, 3), palette(0), idat(2), END)],
  ["a palette in a grey picture", "MPK-P002", png(pngHeader(1, 1), palette(1), idat(2), END)],
  ["an unknown critical chunk", "MPK-P002", png(pngHeader(1, 1), pngChunk("ABCD", NOTHING), idat(2), END)],
  [
    "pixels in two places",
    "MPK-P002",
    png(pngHeader(1, 1), idat(2), pngChunk("tEXt", NOTHING), idat(2), END),
  ],
  ["no pixels", "MPK-P002", png(pngHeader(1, 1), END)],
  ["no end", "MPK-P002", png(pngHeader(1, 1), idat(2))],
  ["an end with data", "MPK-P002", png(pngHeader(1, 1), idat(2), pngChunk("IEND", Uint8Array.of(0)))],
  ["cut off in its last CRC", "MPK-P002", greyPng(8).subarray(0, -1)],
  ["a damaged chunk", "MPK-P003", damaged],
  ["a pixel too few", "MPK-P004", png(pngHeader(8, 8), idat(8 * 9 - 1), END)],
  ["a pixel too many", "MPK-P004", png(pngHeader(8, 8), idat(8 * 9 + 1), END)],
  ["interlaced as if it were not", "MPK-P004", png(pngHeader(5, 5, 8, 0, 1), idat(5 * 6), END)],
  ["a filter that is none", "MPK-P004", png(pngHeader(8, 8), idat(8 * 9, 5), END)],
  [
    "bytes behind the zlib stream",
    "MPK-P004",
    png(pngHeader(1, 1), idat(2), pngChunk("IDAT", Uint8Array.of(0)), END),
  ],
  ["image data that is none", "MPK-P004", png(pngHeader(1, 1), pngChunk("IDAT", Buffer.from("hello")), END)],
  ["acTL", "MPK-P005", png(pngHeader(1, 1), pngChunk("acTL", new Uint8Array(8)), idat(2), END)],
  [
    "fdAT behind the pixels",
    "MPK-P005",
    png(pngHeader(1, 1), idat(2), pngChunk("fdAT", new Uint8Array(8)), END),
  ],
  ["a byte behind its end", "MPK-P009", Buffer.concat([greyPng(8), Uint8Array.of(0)])],
];

describe("a PNG, in one piece and byte by byte", () => {
  test.each(PICTURES)("%s: %s", async (...[, code, bytes]) => {
    expect(await codeOf(bytes, Math.max(1, bytes.length))).toBe(code);
    expect(await codeOf(bytes, 1)).toBe(code);
  });
});
