/** Packing in pieces: the same package as in memory, however a file is read. */
import { describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { deflateRaw } from "pako";
import { sampleFiles, utf8 } from "../testing.ts";
import { compressEntry, deflatePieces } from "./compress.ts";
import { type PackFile, packApp, writePackage } from "./writer.ts";

/** Some of it repeats, some does not. */
function mixed(sizeBytes: number, seed: string): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (let at = 0, filled = 0; filled < sizeBytes; at++) {
    const noise = createHash("sha256").update(`${seed}${at}`).digest();
    const piece = at % 3 === 0 ? noise : utf8(noise.toString("hex").repeat(1 + (at % 5)));
    pieces.push(piece);
    filled += piece.length;
  }
  return new Uint8Array(Buffer.concat(pieces)).subarray(0, sizeBytes);
}

/** Cuts at these sizes in turn; each piece is overwritten once the next is asked for, as who lends it may do. */
function* lent(bytes: Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const piece = bytes.slice(at, at + (sizes[turn % sizes.length] ?? 1));
    at += piece.length;
    yield piece;
    piece.fill(0);
  }
}

test("property: pieces deflate to the bytes that the whole deflates to", async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 90_000 }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 300_000 }), fc.string(), sizes, async (size, seed, cuts) => {
      const bytes = mixed(size, seed);
      const written: Uint8Array[] = [];
      const count = await deflatePieces(lent(bytes, cuts), size, (piece) => void written.push(piece.slice()));
      const whole = deflateRaw(bytes, { level: 9, windowBits: 15, memLevel: 8 });
      if (100 * whole.length > 98 * size) expect(count).toBeNull();
      else {
        expect(count).toBe(whole.length);
        expect(Buffer.concat(written).equals(whole)).toBe(true);
      }
    }),
    { numRuns: 15 },
  );
}, 30_000);

describe("a file of more than 1 MiB", () => {
  const size = 2 ** 20 + 12_345;
  const noise = new Uint8Array(
    Buffer.concat(
      Array.from({ length: size / 32 + 1 }, (_, at) => createHash("md5").update(`${at}`).digest()),
    ),
  );
  const LARGE = new Map([
    ["data/deflated.bin", mixed(size, "x")],
    // It begins as if deflating were worth it, and is not: what was written is written over.
    ["data/stored.bin", new Uint8Array(Buffer.concat([utf8("a".repeat(9000)), noise, noise, noise]))],
    ["data/named.ogg", mixed(size, "y")],
  ]);

  test.each([[[1_000_000]], [[65_536, 1]], [[7, 300_000]]])(
    "in pieces of %p is the one package",
    async (cuts) => {
      const all = new Map([...sampleFiles(), ...LARGE]);
      const files = Array.from(
        all,
        ([path, bytes]): PackFile => ({ path, sizeBytes: bytes.length, read: () => lent(bytes, cuts) }),
      );
      const sink = Buffer.alloc(16 * 2 ** 20);
      const packed = await writePackage(files, { write: (at, bytes) => void sink.set(bytes, at) });
      expect(sink.subarray(0, packed.sizeBytes).equals(await packApp(all))).toBe(true);
      for (const { name, ...fields } of packed.entries.filter((entry) => LARGE.has(entry.name))) {
        const { fields: expected, data } = compressEntry(name, LARGE.get(name) ?? new Uint8Array());
        expect({ name, ...fields }).toEqual(expected);
        expect(sink.includes(data.subarray(0, 1000))).toBe(true);
      }
      expect(packed.entries.find(({ name }) => name === "data/stored.bin")?.method).toBe(0);
      expect(packed.entries.find(({ name }) => name === "data/deflated.bin")?.method).toBe(8);
    },
  );

  test("that is shorter than was said is no package", async () => {
    const sample = Array.from(sampleFiles(), ([path, bytes]) => ({
      path,
      sizeBytes: bytes.length,
      read: () => [bytes],
    }));
    const files = [...sample, { path: "data/a.bin", sizeBytes: size + 1, read: () => [mixed(size, "x")] }];
    await expect(writePackage(files, { write: () => {} })).rejects.toThrow(RangeError);
  });
});
