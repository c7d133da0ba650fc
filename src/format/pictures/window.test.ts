import { expect, test } from "bun:test";
import { constants, deflateRawSync, deflateSync, inflateSync } from "node:zlib";
import { InflateError } from "../inflate.ts";
import { withinWindow } from "./window.ts";

const LENGTH_EXTRA = [...Array(8).fill(0), ...[1, 2, 3, 4, 5].flatMap((bits) => Array(4).fill(bits)), 0];
const DISTANCES = Array.from({ length: 30 }, (_, symbol) => {
  const extra = symbol < 4 ? 0 : Math.floor(symbol / 2) - 1;
  return { extra, base: symbol < 4 ? symbol + 1 : (2 + (symbol % 2)) * 2 ** extra + 1 };
});

/** The furthest that a stream of deflate goes back, read bit by bit with codes as texts: slowly, and in another way than the product. */
function furthest(stream: Uint8Array): number {
  let at = 0;
  const bits = (count: number) => {
    let value = 0;
    for (let bit = 0; bit < count; bit++, at++) value += (((stream[at >> 3] ?? 0) >> (at & 7)) & 1) << bit;
    return value;
  };
  const codeOf = (lengths: readonly number[]) => {
    const code = new Map<string, number>();
    let next = 0;
    for (let length = 1; length < 16; length++, next *= 2)
      for (const [symbol, its] of lengths.entries())
        if (its === length) code.set((next++).toString(2).padStart(length, "0"), symbol);
    return code;
  };
  const symbol = (code: ReadonlyMap<string, number>) => {
    let text = "";
    while (!code.has(text) && text.length < 16) text += bits(1);
    return code.get(text) ?? Number.NaN;
  };
  const own = () => {
    const [literals, distances, count] = [257 + bits(5), 1 + bits(5), 4 + bits(4)];
    const short: number[] = Array(19).fill(0);
    for (const place of [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15].slice(0, count))
      short[place] = bits(3);
    const code = codeOf(short);
    const lengths: number[] = [];
    while (lengths.length < literals + distances) {
      const value = symbol(code);
      if (value < 16) lengths.push(value);
      else if (value === 16) lengths.push(...Array(3 + bits(2)).fill(lengths.at(-1)));
      else lengths.push(...Array(value === 17 ? 3 + bits(3) : 11 + bits(7)).fill(0));
    }
    return [codeOf(lengths.slice(0, literals)), codeOf(lengths.slice(literals))] as const;
  };
  const fixed = [
    codeOf(
      Array.from({ length: 288 }, (_, value) => (value < 144 ? 8 : value < 256 ? 9 : value < 280 ? 7 : 8)),
    ),
    codeOf(Array(30).fill(5)),
  ] as const;
  let most = 0;
  for (;;) {
    const isLast = bits(1) === 1;
    const kind = bits(2);
    if (kind === 0) {
      at = Math.ceil(at / 8) * 8;
      at += 32 + 8 * ((stream[at / 8] ?? 0) + 256 * (stream[at / 8 + 1] ?? 0));
    } else {
      const [literals, distances] = kind === 1 ? fixed : own();
      for (let value = symbol(literals); value !== 256; value = symbol(literals)) {
        if (value < 256) continue;
        bits(LENGTH_EXTRA[value - 257] ?? 0);
        const { base, extra } = DISTANCES[symbol(distances)] ?? { base: Number.NaN, extra: 0 };
        most = Math.max(most, base + bits(extra));
      }
    }
    if (isLast) return most;
  }
}

/** Bytes with matches from near and far. */
function drawn(seed: number): Buffer {
  let state = seed;
  const next = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const bytes = Buffer.alloc(1 + next(40_000));
  const [period, colours, noise] = [1 + next(30_000), 1 + next(256), next(200)];
  for (let at = 0; at < bytes.length; at++)
    bytes[at] = at >= period && next(1000) > noise ? (bytes[at - period] ?? 0) : next(colours);
  return bytes;
}

/** What is given on of the stream, or null when its distances are refused. */
async function passed(stream: Uint8Array, pieceBytes: number): Promise<Buffer | null> {
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
    for await (const part of withinWindow(pieces())) parts.push(Uint8Array.from(part));
    return Buffer.concat(parts);
  } catch (error) {
    if (error instanceof InflateError) return null;
    throw error;
  }
}

const { Z_DEFAULT_STRATEGY, Z_FILTERED, Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE } = constants;
const STRATEGIES = [Z_DEFAULT_STRATEGY, Z_FIXED, Z_FILTERED, Z_HUFFMAN_ONLY, Z_RLE];

test("a stream is refused in exactly the windows that its distances do not fit in", async () => {
  let [kept, refused] = [0, 0];
  for (let seed = 1; seed <= 60; seed++) {
    const bytes = drawn(seed);
    const how = { level: seed % 10, memLevel: 1 + (seed % 9), strategy: STRATEGIES[seed % 5] ?? 0 };
    const most = furthest(deflateRawSync(bytes, how));
    const stream = deflateSync(bytes, how);
    for (let windowBits = 0; windowBits < 8; windowBits++) {
      const head = (8 + windowBits * 16) * 256;
      stream.writeUInt16BE(head + ((31 - (head % 31)) % 31));
      const given = await passed(stream, [1, 300, 65_536][(seed + windowBits) % 3] ?? 1);
      expect(given !== null).toBe(most <= 2 ** (8 + windowBits));
      if (given === null) refused += 1;
      else {
        // What the header declares now is enough for every zlib.
        expect(inflateSync(given).equals(bytes)).toBe(true);
        kept += 1;
      }
    }
  }
  expect(kept).toBeGreaterThan(200);
  expect(refused).toBeGreaterThan(50);
}, 60_000);

test("what is no stream is given on, or refused for what stands for a distance", async () => {
  const bytes = Buffer.alloc(5000, 7);
  const stream = deflateSync(bytes, { windowBits: 9 });
  for (const damaged of [
    new Uint8Array(0),
    Uint8Array.of(0x18),
    stream.subarray(0, 2),
    stream.subarray(0, -9),
    Buffer.concat([stream.subarray(0, 2), Buffer.alloc(3000, 0xff)]),
    Buffer.concat([stream.subarray(0, 2), Buffer.alloc(3000, 0xfd)]),
    Buffer.concat([stream, Buffer.alloc(3000, 0x55)]),
    Buffer.from("no zlib stream at all"),
  ]) {
    const given = await passed(damaged, 700);
    if (given !== null) expect(given.subarray(2).equals(damaged.subarray(2))).toBe(true);
  }
});
