/**
 * How far back the matches of a zlib stream go. Its header declares how much of what came out a reader has to keep (RFC 1950 §2.2);
 * builds of zlib differ in whether they hold a stream to that. So its distances are read here, and nothing else: what it holds, and
 * whether it is a stream at all, is for the inflater: of what is none anything may be read here, and never more than there is.
 */
import { InflateError } from "../inflate.ts";
import { createCode, type HuffmanCode } from "./huffman.ts";

/** The largest that a header declares; no distance of deflate exceeds it. */
const WHOLE_WINDOW = 32 * 1024;
/** A header that declares it. */
const WHOLE_WINDOW_HEADER = Uint8Array.of(0x78, 0x01);

/**
 * Gives a zlib stream on to an inflater, which is told of a whole window, and throws an InflateError where a distance goes further
 * back than the window that the stream declares. The first piece has two bytes, or is all that there is. Pieces may be overwritten.
 */
export async function* withinWindow(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let walk: DistanceWalk | undefined;
  let isFirst = true;
  for await (const piece of pieces) {
    const windowBytes = isFirst ? declaredWindow(piece) : WHOLE_WINDOW;
    isFirst = false;
    let rest = piece;
    if (windowBytes < WHOLE_WINDOW) {
      walk = walkDistances(windowBytes);
      yield WHOLE_WINDOW_HEADER;
      rest = piece.subarray(WHOLE_WINDOW_HEADER.length);
    }
    walk?.add(rest);
    yield rest;
  }
  walk?.end();
}

/** What the header declares. One that is none is for the inflater to refuse, and so is one that wants a dictionary. */
function declaredWindow([method = 0, flags = 0]: Uint8Array): number {
  const isHeader = (method & 0x0f) === 8 && (flags & 0x20) === 0 && (method * 256 + flags) % 31 === 0;
  return isHeader ? 2 ** (8 + (method >> 4)) : WHOLE_WINDOW;
}

type DistanceWalk = {
  add(piece: Uint8Array): void;
  /** After the last piece. */
  end(): void;
};

// What is added to lengths and distances, and where distances begin (RFC 1951 §3.2.5).
const LENGTH_EXTRA_BITS = [
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
];
const DISTANCE_EXTRA_BITS = Array.from({ length: 30 }, (_, symbol) => Math.max(0, (symbol >> 1) - 1));
const DISTANCE_BASES = DISTANCE_EXTRA_BITS.map((extra, symbol) =>
  symbol < 4 ? symbol + 1 : ((2 + (symbol & 1)) << extra) + 1,
);
/** The order of the lengths of the code that code lengths are written in (§3.2.7). */
const CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
/** Of the codes of one block: as many as their numbers can say. */
const MOST_LENGTHS = 257 + 31 + 1 + 31;
const END_OF_BLOCK = 256;

/** The codes of blocks that bring none (§3.2.6). */
const FIXED_LITERALS = createCode();
FIXED_LITERALS.set(
  Uint8Array.from({ length: 288 }, (_, at) => (at < 144 ? 8 : at < 256 ? 9 : at < 280 ? 7 : 8)),
);
const FIXED_DISTANCES = createCode();
FIXED_DISTANCES.set(new Uint8Array(30).fill(5));

/** More than one step reads: a block's head with the lengths of its codes. */
const STEP_BYTES = 512;

/** Where the stream is: before a block, in the bytes of a stored one, in the symbols of another, or where its distances are all known. */
type Place = "block" | "stored" | "symbols" | "over";

function walkDistances(windowBytes: number): DistanceWalk {
  let held: Uint8Array = new Uint8Array(0);
  /** In `held`, in bits. */
  let position = 0;
  let place: Place = "block";
  let isLast = false;
  let storedBytes = 0;
  let literals: HuffmanCode = FIXED_LITERALS;
  let distances: HuffmanCode = FIXED_DISTANCES;
  const ownLiterals = createCode();
  const ownDistances = createCode();
  const codeLengths = createCode();
  const shortLengths = new Uint8Array(CODE_LENGTH_ORDER.length);
  const lengths = new Uint8Array(MOST_LENGTHS);

  /** The next bits, 17 at least, the first one lowest. */
  const peek = () => {
    const at = position >> 3;
    return ((held[at] ?? 0) | ((held[at + 1] ?? 0) << 8) | ((held[at + 2] ?? 0) << 16)) >> (position & 7);
  };
  const take = (count: number) => {
    const value = peek() & ((1 << count) - 1);
    position += count;
    return value;
  };
  /** The next symbol, or −1 where none begins so. */
  const symbolOf = (code: HuffmanCode) => {
    const found = code.find(peek());
    position += found & 0xf;
    return found >> 4;
  };

  function openBlock(): void {
    isLast = take(1) === 1;
    const kind = take(2);
    if (kind === 0) {
      position = (position + 7) & ~7;
      storedBytes = take(16);
      position += 16;
      place = "stored";
      return;
    }
    [literals, distances] = kind === 1 ? [FIXED_LITERALS, FIXED_DISTANCES] : [ownLiterals, ownDistances];
    if (kind !== 1) readCodes();
    place = "symbols";
  }

  /** Reads the codes that a block brings. */
  function readCodes(): void {
    const literalCount = 257 + take(5);
    const count = literalCount + 1 + take(5);
    const given = 4 + take(4);
    shortLengths.fill(0);
    for (let at = 0; at < given; at++) shortLengths[CODE_LENGTH_ORDER[at] ?? 0] = take(3);
    codeLengths.set(shortLengths);
    for (let at = 0; at < count; ) {
      const symbol = symbolOf(codeLengths);
      const value = symbol < 16 ? symbol : symbol === 16 ? (lengths[at - 1] ?? 0) : 0;
      const times =
        symbol < 16 ? 1 : symbol === 16 ? 3 + take(2) : symbol === 17 ? 3 + take(3) : 11 + take(7);
      lengths.fill(value, at, at + times);
      at += times;
    }
    ownLiterals.set(lengths.subarray(0, literalCount));
    ownDistances.set(lengths.subarray(literalCount, count));
  }

  function readSymbol(): void {
    const symbol = symbolOf(literals);
    if (symbol < END_OF_BLOCK) return;
    if (symbol === END_OF_BLOCK) {
      place = isLast ? "over" : "block";
      return;
    }
    position += LENGTH_EXTRA_BITS[symbol - END_OF_BLOCK - 1] ?? 0;
    const step = symbolOf(distances);
    const distance = (DISTANCE_BASES[step] ?? 0) + take(DISTANCE_EXTRA_BITS[step] ?? 0);
    if (distance > windowBytes)
      throw new InflateError("broken", `distance ${distance} in a window of ${windowBytes}`);
  }

  function passStored(): void {
    const passed = Math.min(storedBytes, held.length - (position >> 3));
    position += passed * 8;
    storedBytes -= passed;
    if (storedBytes === 0) place = isLast ? "over" : "block";
  }

  /** Goes on while a step begins before byte `end` of what is held. */
  function walk(end: number): void {
    while (place !== "over" && position >> 3 < end) {
      if (place === "symbols") readSymbol();
      else if (place === "block") openBlock();
      else passStored();
    }
  }

  return {
    add(piece) {
      if (place === "over") return;
      held = Buffer.concat([held.subarray(position >> 3), piece]);
      position &= 7;
      walk(held.length - STEP_BYTES);
    },
    end: () => walk(held.length),
  };
}
