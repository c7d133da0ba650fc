/** PNGs whose image data costs more than its length says. Their checksum is wrong: nobody can tell before all is inflated. */
import { deflateRawSync } from "node:zlib";
import { PNG_START, pngChunk, pngHeader } from "../../format/testing.ts";

/** Declares a window of 256 bytes, to which some builds of zlib hold a stream. */
const SMALL_WINDOW = Uint8Array.of(0x08, 0x1d);
/** 3840 × 2184 pixels of 64 bits, with a filter byte for each row: almost 64 MiB. */
const [WIDTH, HEIGHT] = [3840, 2184];
const PIXEL_BYTES = (1 + WIDTH * 8) * HEIGHT;

function screenshot(header: Uint8Array, ...stream: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat([
    PNG_START,
    header,
    pngChunk("IDAT", Buffer.concat([SMALL_WINDOW, ...stream, new Uint8Array(4)])),
    pngChunk("IEND", new Uint8Array(0)),
  ]);
}

/** Text of 0 and 1 as the bits of a deflate stream, the first one lowest; `zeros` more stand before `end`. */
function bits(start: string, zeros = 0, end = ""): Uint8Array {
  const bytes = Buffer.alloc(Math.ceil((start.length + zeros + end.length) / 8));
  const put = (text: string, from: number) => {
    for (let at = 0; at < text.length; at++)
      if (text[at] === "1")
        bytes[(from + at) >> 3] = (bytes[(from + at) >> 3] ?? 0) | (1 << ((from + at) & 7));
  };
  put(start, 0);
  put(end, start.length + zeros);
  return bytes;
}

/** A number of so many bits, the lowest one first. */
function number(value: number, count: number): string {
  return [...value.toString(2).padStart(count, "0")].reverse().join("");
}

/**
 * What a block begins with that brings codes of its own: of `literals` lengths for literals and one for distances, and the lengths of the
 * code that those are written in.
 */
function blockHead(isLast: boolean, literals: number, lengths: Readonly<Record<number, number>>): string {
  const order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1];
  const counts = number(literals - 257, 5) + number(0, 5) + number(order.length - 4, 4);
  return `${isLast ? 1 : 0}01${counts}${order.map((symbol) => number(lengths[symbol] ?? 0, 3)).join("")}`;
}

/** One block of 22 million matches of two bits, each of three bytes. */
export function matchesStream(): Uint8Array {
  // The lengths 1 and 2 are 10 and 11, and 0 is so many zeros: of literals, 0 and the end of block are 10 and 11, a match is 0.
  const zeros = (count: number) => `0${number(count - 11, 7)}`;
  const codes = `11${zeros(138)}${zeros(117)}11${"10"}${"10"}`;
  const matches = Math.floor((PIXEL_BYTES - 1) / 3);
  const rest = PIXEL_BYTES - 1 - matches * 3;
  const start = `${blockHead(true, 258, { 18: 1, 1: 2, 2: 2 })}${codes}10`;
  return bits(start, matches * 2, `${"10".repeat(rest)}11`);
}

export function manyMatches(): Uint8Array {
  return screenshot(pngHeader(WIDTH, HEIGHT, 16, 6), matchesStream());
}

/** Eight blocks with codes of their own, 257 of eight or nine bits, and that many zeros; they end in a whole byte. */
function eightBlocks(zeros: number): Uint8Array {
  // The lengths 8, 1 and 9 are 0, 10 and 11.
  const codes = `${"0".repeat(255)}1111${"10"}`;
  const block = `${blockHead(false, 257, { 8: 1, 1: 2, 9: 2 })}${codes}${"00000000".repeat(zeros)}111111111`;
  return bits(block.repeat(8));
}

/** 400,000 blocks for a byte of pixels each. */
export function manyBlocks(): Uint8Array {
  const blocks = 400_000;
  const all = Buffer.concat(Array<Uint8Array>(blocks / 8).fill(eightBlocks(1)));
  const rest = deflateRawSync(new Uint8Array(PIXEL_BYTES - blocks));
  return screenshot(pngHeader(WIDTH, HEIGHT, 16, 6), all, rest);
}

/** 250 MB of blocks without a byte of pixels. */
export function emptyBlocks(): Uint8Array {
  const eight = eightBlocks(0);
  const all = Buffer.concat(Array<Uint8Array>(Math.floor(250_000_000 / eight.length)).fill(eight));
  return screenshot(pngHeader(320, 320, 1), all, deflateRawSync(new Uint8Array(320 * 41)));
}
