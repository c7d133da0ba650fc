import { badCharacterAt, type JsonObject, type JsonValue, parseText } from "./json-text.ts";
import { excerpt, refusal } from "./refuse.ts";

export type { JsonObject, JsonValue };

/**
 * `maxDepth`: the outermost value is 1, and every value inside counts one more; 16 unless told. `numbers: "whole"`: those
 * without fraction and exponent only.
 */
export type JsonLimits = {
  readonly maxBytes: number;
  readonly maxDepth?: number;
  readonly numbers?: "whole";
};

const MAX_DEPTH = 16;

/**
 * The canonical bytes of a value (RFC 8785): keys sorted by UTF-16 code units, ECMAScript's numbers, no white space.
 * A property whose value is `undefined` is left out. Throws TypeError on what JSON cannot say: that is a bug of ours.
 */
export function canonicalize(value: unknown): Uint8Array {
  let room = new Uint8Array(0);
  let sizeBytes = 0;
  inPieces(value, (piece) => {
    const most = sizeBytes + 3 * piece.length;
    if (most > room.length) {
      const larger = new Uint8Array(Math.max(most, 2 * room.length));
      larger.set(room);
      room = larger;
    }
    sizeBytes += new TextEncoder().encodeInto(piece, room.subarray(sizeBytes)).written;
    return true;
  });
  return room.slice(0, sizeBytes);
}

/** `canonicalize` before it is encoded. */
export function canonicalText(value: unknown): string {
  let text = "";
  inPieces(value, (piece) => {
    text += piece;
    return true;
  });
  return text;
}

const PIECE_LENGTH = 16 * 1024;

/** What a list of very many things comes to never stands in memory as one text. `take` says whether there is more to say. */
function inPieces(value: unknown, take: (piece: string) => boolean): void {
  let piece = "";
  let goesOn = true;
  const put = (text: string) => {
    if (piece.length + text.length < PIECE_LENGTH) {
      piece += text;
      return;
    }
    goesOn = take(piece === "" ? text : piece + text);
    piece = "";
  };
  say(value, put, () => goesOn);
  if (goesOn && piece !== "") take(piece);
}

function say(value: unknown, put: (text: string) => void, goesOn: () => boolean): void {
  if (value === null || typeof value === "boolean") put(String(value));
  else if (typeof value === "string") put(quoted(value));
  else if (typeof value === "number") {
    if (!Number.isFinite(value) || Object.is(value, -0))
      throw new TypeError(`JSON cannot hold the number ${value}`);
    put(JSON.stringify(value));
  } else if (Array.isArray(value)) {
    put("[");
    for (const [index, item] of value.entries()) {
      if (!goesOn()) return;
      if (index > 0) put(",");
      if (isInOrder(item)) put(JSON.stringify(item));
      else say(item, put, goesOn);
    }
    put("]");
  } else if (isPlainObject(value)) {
    put("{");
    let before = "";
    // RFC 8785 §3.2.3: UTF-16 code units, which is how ECMAScript sorts strings.
    for (const key of Object.keys(value).sort()) {
      const member = value[key];
      if (member === undefined) continue;
      if (!goesOn()) return;
      put(`${before}${quoted(key)}:`);
      before = ",";
      say(member, put, goesOn);
    }
    put("}");
  } else throw new TypeError(`JSON cannot hold ${Object.prototype.toString.call(value)}`);
}

/**
 * Parses a JSON document of a package: canonical (RFC 8785), I-JSON, UTF-8 without BOM, of limited size and depth.
 * Throws a Problem with MPK-J001…J009, `offset` in bytes.
 */
export function parseCanonical(bytes: Uint8Array, limits: JsonLimits): JsonValue {
  const { value, isCanonical } = parsed(bytes, limits);
  if (isCanonical) return value;
  const differs = differenceFrom(bytes, value);
  if (differs !== null) {
    const { offset, expected } = differs;
    throw refusal("MPK-J009", `The JSON document is not canonical (RFC 8785) from byte ${offset} on.`, {
      offset,
      found: excerptOfBytes(bytes, offset),
      expected: excerptOfBytes(expected, 0),
    });
  }
  return value;
}

/** Whether what the runtime makes of it is canonical: keys in their order, and nothing that JSON cannot say. */
function isInOrder(value: unknown): boolean {
  if (value === null || typeof value === "boolean") return true;
  if (typeof value === "string") return badCharacterAt(value) === -1;
  if (typeof value === "number") return Number.isFinite(value) && !Object.is(value, -0);
  if (Array.isArray(value)) return !value.includes(undefined) && value.every(isInOrder);
  if (!isPlainObject(value)) return false;
  let before = "";
  for (const key in value) {
    if (key < before || !isInOrder(key) || !isInOrder(value[key])) return false;
    before = key;
  }
  return true;
}

const EXCERPT_BYTES = 32;

/** Where bytes differ first from the canonical ones of the value, and what those are from there on, as much as is shown. */
function differenceFrom(
  bytes: Uint8Array,
  value: JsonValue,
): { readonly offset: number; readonly expected: Uint8Array } | null {
  let at = 0;
  let expected: Uint8Array | null = null;
  // One for all pieces: the collector does not see the memory behind so many.
  let room = new Uint8Array(4 * PIECE_LENGTH);
  inPieces(value, (piece) => {
    if (room.length < 3 * piece.length) room = new Uint8Array(3 * piece.length);
    const canonical = room.subarray(0, new TextEncoder().encodeInto(piece, room).written);
    if (expected !== null) expected = Buffer.concat([expected, canonical]);
    else {
      const differs = firstDifference(bytes.subarray(at, at + canonical.length), canonical);
      at += differs === -1 ? canonical.length : differs;
      if (differs !== -1) expected = canonical.slice(differs);
    }
    return expected === null || expected.length < EXCERPT_BYTES;
  });
  if (expected !== null) return { offset: at, expected };
  return at === bytes.length ? null : { offset: at, expected: new Uint8Array() };
}

/**
 * Parses a JSON document that a person wrote: any white space and order of keys, all other rules as in a package.
 * Throws a Problem with MPK-J001…J008, `offset` in bytes.
 */
export function parseStrictJson(bytes: Uint8Array, limits: JsonLimits): JsonValue {
  return parsed(bytes, limits).value;
}

function parsed(bytes: Uint8Array, limits: JsonLimits): ReturnType<typeof parseText> {
  if (bytes.length > limits.maxBytes) {
    throw refusal(
      "MPK-J001",
      `The JSON document has ${bytes.length} bytes; ${limits.maxBytes} are allowed.`,
      {
        found: `${bytes.length} bytes`,
        expected: `at most ${limits.maxBytes} bytes`,
      },
    );
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    const offset = malformedAt(bytes);
    throw refusal("MPK-J002", "The JSON document is not well-formed UTF-8.", {
      offset,
      found: Buffer.from(bytes.subarray(offset, offset + 4)).toString("hex"),
      expected: "UTF-8",
    });
  }
  if (firstDifference(bytes.subarray(0, 3), BYTE_ORDER_MARK) === -1) {
    throw refusal(
      "MPK-J003",
      "The JSON document starts with a byte order mark. Save it as UTF-8 without one.",
      {
        offset: 0,
        found: "EF BB BF",
        expected: "no byte order mark",
      },
    );
  }
  return parseText(text, limits.maxDepth ?? MAX_DEPTH, limits.numbers);
}

const BYTE_ORDER_MARK = Uint8Array.of(0xef, 0xbb, 0xbf);

/** Where the first malformed sequence starts (Unicode, table 3-7), in bytes that are not well-formed UTF-8. */
function malformedAt(bytes: Uint8Array): number {
  let at = 0;
  for (let length = sequenceBytes(bytes, at); length > 0; length = sequenceBytes(bytes, at)) at += length;
  return at;
}

/** The length of the well-formed sequence that starts there; 0 when none does. Called for each of millions: it makes nothing. */
function sequenceBytes(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0xff;
  if (lead < 0x80) return 1;
  const length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  const least = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const most = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  // Behind the end there is nothing, which continues no sequence.
  const second = bytes[at + 1] ?? 0;
  if (second < least || second > most) return 0;
  for (let index = 2; index < length; index++) if (((bytes[at + index] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}

/** Index of the first byte in which two arrays differ, or −1. */
export function firstDifference(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let index = 0; index < shared; index++) if (a[index] !== b[index]) return index;
  return a.length === b.length ? -1 : shared;
}

function excerptOfBytes(bytes: Uint8Array, offset: number): string {
  const text = new TextDecoder().decode(bytes.subarray(offset, offset + EXCERPT_BYTES));
  return text === "" ? "the end of the document" : excerpt(text);
}

export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function quoted(text: string): string {
  if (badCharacterAt(text) !== -1) throw new TypeError("JSON text holds a lone surrogate or a noncharacter");
  return JSON.stringify(text);
}
