import { excerpt, refusal } from "./refuse.ts";

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };
export type JsonObject = { readonly [key: string]: JsonValue };

/** Index of the first lone surrogate or noncharacter (RFC 7493 §2.1), or −1. */
export function badCharacterAt(text: string): number {
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0xd800) continue;
    const point = text.codePointAt(index) ?? unit;
    if (point <= 0xdfff) return index;
    if ((point >= 0xfdd0 && point <= 0xfdef) || (point & 0xfffe) === 0xfffe) return index;
    if (point > 0xffff) index++;
  }
  return -1;
}

/** `__proto__` becomes a key like any other and never the prototype: it alone is defined, which costs a descriptor each time. */
function put(object: Record<string, JsonValue>, key: string, value: JsonValue): void {
  if (key !== "__proto__") object[key] = value;
  else Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids these in a string
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const WHITE = /[ \t\n\r]*/y;
const WORDS = [
  ["true", true],
  ["false", false],
  ["null", null],
] as const;
/** What follows a backslash. */
const ESCAPE = /["\\/bfnrt]|u[0-9a-fA-F]{4}/y;

/**
 * Parses the text of one JSON document (RFC 8259) under I-JSON (RFC 7493): no key twice, no lone surrogate or
 * noncharacter, no number that doubles cannot hold. Gives it with whether it is canonical. Throws a Problem with MPK-J004…J008, `offset` in UTF-8 bytes.
 */
export function parseText(
  text: string,
  maxDepth: number,
  numbers: "all" | "whole" = "all",
): { readonly value: JsonValue; readonly isCanonical: boolean } {
  let at = 0;
  // RFC 8785: no white space, keys in the order of their code units, texts and numbers as ECMAScript writes them.
  let isCanonical = true;

  const byteOffset = (index: number) => Buffer.byteLength(text.slice(0, index));
  const found = (index: number) =>
    index >= text.length ? "the end of the document" : excerpt(text.slice(index, index + 16));
  const syntax = (expected: string, index = at) => {
    const offset = byteOffset(index);
    return refusal(
      "MPK-J004",
      `At byte ${offset} of the JSON document ${expected} is expected, not ${found(index)}.`,
      {
        offset,
        found: found(index),
        expected,
      },
    );
  };
  const skipWhite = () => {
    // Canonical JSON has none: the common case costs one comparison.
    if (text.charCodeAt(at) > 0x20) return;
    WHITE.lastIndex = at;
    WHITE.test(text);
    if (WHITE.lastIndex > at) isCanonical = false;
    at = WHITE.lastIndex;
  };

  function parseString(): string {
    const start = at;
    at++;
    let isPlain = true;
    for (;;) {
      PLAIN.lastIndex = at;
      PLAIN.test(text);
      at = PLAIN.lastIndex;
      const character = text[at];
      if (character === '"') break;
      if (character !== "\\")
        throw syntax("a string's closing quote (control characters are written as \\u00XX)");
      ESCAPE.lastIndex = at + 1;
      if (!ESCAPE.test(text)) throw syntax("an escape of JSON");
      at = ESCAPE.lastIndex;
      isPlain = false;
    }
    at++;
    // Each escape was looked at; putting the pieces together here would take a hundred times their memory.
    const value: string = isPlain ? text.slice(start + 1, at - 1) : JSON.parse(text.slice(start, at));
    if (!isPlain && JSON.stringify(value) !== text.slice(start, at)) isCanonical = false;
    if (badCharacterAt(value) !== -1) {
      throw refusal("MPK-J007", "A text in the JSON document holds a lone surrogate or a noncharacter.", {
        offset: byteOffset(start),
        found: excerpt(JSON.stringify(value)),
        expected: "Unicode characters only",
      });
    }
    return value;
  }

  function parseNumber(): number {
    NUMBER.lastIndex = at;
    const literal = NUMBER.exec(text)?.[0];
    if (literal === undefined) throw syntax("a value");
    const value = Number(literal);
    const lossy = /^-?[0-9]+$/.test(literal) && !Number.isSafeInteger(value);
    if (!Number.isFinite(value) || Object.is(value, -0) || lossy) {
      throw refusal("MPK-J008", `The number ${excerpt(literal)} is read differently by different programs.`, {
        offset: byteOffset(at),
        found: excerpt(literal),
        expected: "a number within ±(2^53 − 1), not -0",
      });
    }
    if (numbers === "whole" && /[.eE]/.test(literal)) {
      throw refusal("MPK-J008", `The number ${excerpt(literal)} is not written as a whole one.`, {
        offset: byteOffset(at),
        found: excerpt(literal),
        expected: "a whole number without fraction and exponent",
      });
    }
    if (String(value) !== literal) isCanonical = false;
    at += literal.length;
    return value;
  }

  function parseObject(depth: number): JsonObject {
    const object: Record<string, JsonValue> = {};
    at++;
    skipWhite();
    if (text[at] === "}") {
      at++;
      return object;
    }
    let before: string | null = null;
    for (;;) {
      const keyAt = at;
      if (text[at] !== '"') throw syntax("a key in quotes");
      const key = parseString();
      if (Object.hasOwn(object, key)) {
        throw refusal("MPK-J006", `The key ${excerpt(JSON.stringify(key))} is given twice in one object.`, {
          offset: byteOffset(keyAt),
          found: excerpt(JSON.stringify(key)),
          expected: "each key once",
        });
      }
      if (before !== null && key < before) isCanonical = false;
      before = key;
      skipWhite();
      if (text[at] !== ":") throw syntax("a colon");
      at++;
      put(object, key, parseValue(depth + 1));
      if (text[at] === "}") break;
      if (text[at] !== ",") throw syntax("a comma or the object's end");
      at++;
      skipWhite();
    }
    at++;
    return object;
  }

  function parseArray(depth: number): JsonValue[] {
    const array: JsonValue[] = [];
    at++;
    skipWhite();
    if (text[at] === "]") {
      at++;
      return array;
    }
    for (;;) {
      array.push(parseValue(depth + 1));
      if (text[at] === "]") break;
      if (text[at] !== ",") throw syntax("a comma or the array's end");
      at++;
    }
    at++;
    return array;
  }

  function parseValue(depth: number): JsonValue {
    skipWhite();
    if (depth > maxDepth) {
      throw refusal("MPK-J005", `The JSON document is nested more than ${maxDepth} deep.`, {
        offset: byteOffset(at),
        found: `depth ${depth}`,
        expected: `at most ${maxDepth}`,
      });
    }
    const value = parseBare(depth);
    skipWhite();
    return value;
  }

  function parseBare(depth: number): JsonValue {
    const character = text[at];
    if (character === "{") return parseObject(depth);
    if (character === "[") return parseArray(depth);
    if (character === '"') return parseString();
    for (const [word, value] of WORDS) {
      if (text.startsWith(word, at)) {
        at += word.length;
        return value;
      }
    }
    return parseNumber();
  }

  const value = parseValue(1);
  if (at !== text.length) throw syntax("the end of the document");
  return { value, isCanonical };
}
