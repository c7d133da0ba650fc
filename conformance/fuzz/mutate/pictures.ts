/** Changes PNG chunk by chunk, JPEG segment by segment, WebP chunk by chunk, and repairs checksums and lengths. */
import { crc32, deflateSync, inflateSync } from "node:zlib";
import { PNG_START, pngChunk } from "../../../src/format/testing.ts";
import type { Random } from "../random.ts";
import { MOST_BYTES, mutateBytes } from "./bytes.ts";

type Made = { readonly bytes: Uint8Array; readonly repaired: string };
type Part = { type: string; data: Uint8Array };

const MOST_INFLATED = 2 ** 20;
const MOST_PARTS_BYTES = MOST_BYTES / 2;

function changeParts(parts: Part[], types: readonly [string, ...string[]], random: Random): void {
  const at = random.int(parts.length);
  const part = parts[at];
  if (part === undefined) return;
  const kind = random.int(8);
  if (kind < 3) part.data = mutateBytes(part.data, random);
  else if (kind === 3) part.type = random.pick(types);
  else if (kind === 4) parts.splice(at, 1);
  else if (kind === 5) parts.splice(random.int(parts.length + 1), 0, { ...part });
  else if (kind === 6)
    parts.splice(random.int(parts.length + 1), 0, {
      type: random.pick(types),
      data: random.bytes(random.int(20)),
    });
  else {
    const most = Math.floor(MOST_PARTS_BYTES / (part.data.length + 12));
    const times = Math.min(most, random.oneIn(10) ? 2 ** random.int(17) : random.int(20));
    // Copies, or what the next change makes of one would be made of thousands.
    parts.splice(at, 0, ...Array.from({ length: times }, () => ({ ...part })));
  }
}

export function mutatePng(bytes: Uint8Array, random: Random, other: Uint8Array = bytes): Made {
  const parts: Part[] = [];
  const buffer = Buffer.from(bytes);
  for (let at = 8; at + 12 <= buffer.length; ) {
    const length = buffer.readUInt32BE(at);
    if (at + 12 + length > buffer.length) break;
    const type = buffer.toString("latin1", at + 4, at + 8);
    parts.push({ type, data: bytes.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  if (random.oneIn(6) || parts.length === 0)
    return { bytes: mutateBytes(bytes, random, other), repaired: "none" };
  for (let count = 1 + random.int(2); count > 0; count--) {
    const image = parts.find(({ type }) => type === "IDAT");
    if (image && random.oneIn(3)) image.data = changedPixels(image.data, random);
    else
      changeParts(
        parts,
        ["IHDR", "IDAT", "IEND", "PLTE", "tRNS", "tEXt", "acTL", "fdAT", "iCCP", "aAAa"],
        random,
      );
  }
  const repairs = !random.oneIn(8);
  const chunks = parts.map(({ type, data }) => {
    const chunk = Buffer.from(pngChunk(type, data));
    if (!repairs && random.oneIn(3)) chunk.writeUInt32BE(crc32(data), chunk.length - 4);
    return chunk;
  });
  return {
    bytes: new Uint8Array(Buffer.concat([PNG_START, ...chunks])),
    repaired: repairs ? "checksums" : "lengths",
  };
}

/** The pixels as they inflate, changed and deflated again. */
function changedPixels(data: Uint8Array, random: Random): Uint8Array {
  try {
    const pixels = inflateSync(data, { maxOutputLength: MOST_INFLATED });
    if (random.oneIn(3)) pixels[random.int(pixels.length)] = random.int(6);
    const sized = random.oneIn(3)
      ? Buffer.concat([pixels, Buffer.alloc(2 ** random.int(22))])
      : random.oneIn(3)
        ? pixels.subarray(0, random.int(pixels.length))
        : pixels;
    return deflateSync(sized, { level: random.int(10) });
  } catch {
    return mutateBytes(data, random);
  }
}

const MARKERS = [
  "c0",
  "c1",
  "c2",
  "c4",
  "c8",
  "d0",
  "d8",
  "d9",
  "da",
  "db",
  "dd",
  "e0",
  "e1",
  "fe",
  "01",
  "00",
  "ff",
] as const;

export function mutateJpeg(bytes: Uint8Array, random: Random, other: Uint8Array = bytes): Made {
  const parts: Part[] = [];
  const buffer = Buffer.from(bytes);
  let at = 2;
  for (; at + 4 <= buffer.length && buffer[at] === 0xff; ) {
    const length = buffer.readUInt16BE(at + 2);
    if (length < 2 || at + 2 + length > buffer.length) break;
    parts.push({
      type: buffer.toString("hex", at + 1, at + 2),
      data: bytes.subarray(at + 4, at + 2 + length),
    });
    at += 2 + length;
  }
  if (random.oneIn(4) || parts.length === 0)
    return { bytes: mutateBytes(bytes, random, other), repaired: "none" };
  for (let count = 1 + random.int(2); count > 0; count--) changeParts(parts, MARKERS, random);
  const segments = parts.map(({ type, data }) => {
    const head = Buffer.from(`${"ff".repeat(random.oneIn(9) ? 2 ** random.int(11) : 1)}${type}0000`, "hex");
    head.writeUInt16BE((data.length + 2) & 0xffff, head.length - 2);
    return Buffer.concat([head, data]);
  });
  return {
    bytes: new Uint8Array(Buffer.concat([Buffer.from("ffd8", "hex"), ...segments, bytes.subarray(at)])),
    repaired: "lengths",
  };
}

export function mutateWebp(bytes: Uint8Array, random: Random, other: Uint8Array = bytes): Made {
  const parts: Part[] = [];
  const buffer = Buffer.from(bytes);
  for (let at = 12; at + 8 <= buffer.length; ) {
    const length = buffer.readUInt32LE(at + 4);
    if (at + 8 + length > buffer.length) break;
    parts.push({
      type: buffer.toString("latin1", at, at + 4),
      data: bytes.subarray(at + 8, at + 8 + length),
    });
    at += 8 + length + (length % 2);
  }
  if (random.oneIn(4) || parts.length === 0)
    return { bytes: mutateBytes(bytes, random, other), repaired: "none" };
  for (let count = 1 + random.int(2); count > 0; count--)
    changeParts(parts, ["VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "EXIF", "RIFF", "    "], random);
  const chunks = parts.map(({ type, data }) => {
    const head = Buffer.alloc(8);
    head.write(type, "latin1");
    head.writeUInt32LE(data.length, 4);
    return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
  });
  const body = Buffer.concat([Buffer.from("WEBP"), ...chunks]);
  const head = Buffer.from("RIFF\0\0\0\0", "latin1");
  head.writeUInt32LE(body.length + (random.oneIn(10) ? random.int(4) : 0), 4);
  return { bytes: new Uint8Array(Buffer.concat([head, body])), repaired: "lengths" };
}
