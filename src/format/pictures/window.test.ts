import { describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { deflateSync } from "node:zlib";
import { InflateError, inflateExactly } from "../inflate.ts";
import { inWholeWindow } from "./window.ts";

/** Noise that comes again after `period` bytes, so that matches reach as far back as that. */
function repeating(period: number): Buffer {
  const blocks: Buffer[] = [];
  for (let at = 0; at < period; at += 32) blocks.push(createHash("sha256").update(String(at)).digest());
  const noise = Buffer.concat(blocks).subarray(0, period);
  return Buffer.concat([noise, noise]);
}

/** The stream with another header: of this window, and with right check bits. */
function declaring(
  stream: Uint8Array,
  windowBits: number,
  { method = 8, flags = 0, check = 0 } = {},
): Buffer {
  const copy = Buffer.from(stream);
  const head = (method + windowBits * 16) * 256 + flags;
  copy.writeUInt16BE((head + ((31 - (head % 31)) % 31)) ^ check);
  return copy;
}

/** What comes out, or null for what is no stream. */
async function inflated(stream: Uint8Array, pieceBytes: number): Promise<Buffer | null> {
  async function* pieces() {
    // Overwritten, as those of a reader are.
    const piece = new Uint8Array(Math.max(2, pieceBytes));
    for (let at = 0; at < stream.length; at += piece.length) {
      const part = stream.subarray(at, at + piece.length);
      piece.set(part);
      yield piece.subarray(0, part.length);
    }
  }
  const parts: Uint8Array[] = [];
  try {
    for await (const part of inflateExactly(inWholeWindow(pieces()), "zlib"))
      parts.push(Uint8Array.from(part));
    return Buffer.concat(parts);
  } catch (error) {
    if (error instanceof InflateError) return null;
    throw error;
  }
}

describe("whatever window a stream declares", () => {
  test.each([200, 257, 4000, 30_000])("matches of distance %d are inflated", async (period) => {
    const bytes = repeating(period);
    const stream = deflateSync(bytes, { level: 9 });
    expect(stream.length).toBeLessThan(bytes.length * 0.75);
    for (let windowBits = 0; windowBits < 8; windowBits++) {
      for (const pieceBytes of [period < 1000 ? 2 : 500, 65_536])
        expect((await inflated(declaring(stream, windowBits), pieceBytes))?.equals(bytes)).toBe(true);
    }
  });

  test("its checksum has to be right", async () => {
    const stream = declaring(deflateSync(repeating(300)), 0);
    const last = stream.length - 1;
    stream[last] = (stream[last] ?? 0) ^ 1;
    expect(await inflated(stream, 100)).toBeNull();
  });
});

describe("a header that is none is refused as it stands:", () => {
  const stream = deflateSync(repeating(300));
  test.each([
    ["a window of 64 KiB", declaring(stream, 8)],
    ["method 7", declaring(stream, 7, { method: 7 })],
    ["a preset dictionary", declaring(stream, 7, { flags: 0x20 })],
    ["wrong check bits", declaring(stream, 7, { check: 1 })],
    ["nothing", new Uint8Array(0)],
    ["one byte", Uint8Array.of(0x18)],
    ["two bytes", stream.subarray(0, 2)],
    ["a text", Buffer.from("no zlib stream at all")],
  ])("%s", async (_, bytes) => {
    for (const pieceBytes of [2, 65_536]) expect(await inflated(bytes, pieceBytes)).toBeNull();
  });
});
