import type { SigningCode } from "./codes.ts";
import type { JsonObject, JsonValue } from "./json.ts";
import { excerpt, refusal } from "./refuse.ts";

/**
 * Readers for JSON that has exactly one shape. Each takes the value, its JSON pointer and the code to refuse it with, and gives
 * the value with its type.
 */
export type Shape = ReturnType<typeof shapeWith>;

export function shapeWith(code: SigningCode, what: string) {
  const wrong = (pointer: string, value: JsonValue | undefined, expected: string) =>
    refusal(code, `${what} is wrong at “${pointer}”: ${expected} is expected.`, {
      pointer,
      found: value === undefined ? "nothing" : excerpt(value),
      expected,
    });

  return {
    /** An object with exactly these keys. */
    object<Key extends string>(value: JsonValue | undefined, pointer: string, keys: readonly Key[]) {
      const expected = `an object with exactly ${keys.join(", ")}`;
      if (!isObject(value)) throw wrong(pointer, value, expected);
      const unknown = Object.keys(value).find((key) => !keys.some((known) => known === key));
      if (unknown !== undefined) throw wrong(`${pointer}/${escapePointer(unknown)}`, unknown, expected);
      const missing = keys.find((key) => !Object.hasOwn(value, key));
      if (missing !== undefined) throw wrong(`${pointer}/${missing}`, undefined, expected);
      return value as { readonly [K in Key]: JsonValue };
    },
    array(value: JsonValue | undefined, pointer: string): readonly JsonValue[] {
      if (!Array.isArray(value)) throw wrong(pointer, value, "an array");
      return value;
    },
    string(value: JsonValue | undefined, pointer: string): string {
      if (typeof value !== "string") throw wrong(pointer, value, "a text");
      return value;
    },
    /** A text that matches a pattern, described by `expected`. */
    matching(value: JsonValue | undefined, pointer: string, pattern: RegExp, expected: string): string {
      if (typeof value !== "string" || !pattern.test(value)) throw wrong(pointer, value, expected);
      return value;
    },
    integer(value: JsonValue | undefined, pointer: string, least: number): number {
      if (!Number.isSafeInteger(value) || Number(value) < least) {
        throw wrong(pointer, value, `an integer of at least ${least}`);
      }
      return Number(value);
    },
    wrong,
  };
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** One reference token of a JSON pointer (RFC 6901 §3). */
export function escapePointer(token: string): string {
  return token.replaceAll("~", "~0").replaceAll("/", "~1");
}
