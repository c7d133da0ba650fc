/**
 * Values of a signed document, each of which knows its JSON pointer and refuses what it should not be. What a document
 * breaks says where, what was found and what was expected. Pure.
 */
import { isProblem, Problem, type ProblemDetail } from "../../errors.ts";
import { hasKeys } from "../../format/digests.ts";
import { isSha256, isVersionCode, type Sha256, type VersionCode } from "../../ids.ts";
import { type JsonValue, parseCanonical } from "../../signing/json.ts";
import { excerpt } from "../../signing/refuse.ts";
import { escapePointer } from "../../signing/shape.ts";

type Place = Omit<ProblemDetail, "code" | "message">;

/** What is read, in words, and how it is refused. */
export type Document = {
  readonly name: string;
  readonly refusal: (message: string, places: readonly Place[], cause?: unknown) => Problem;
};

export type Reader = {
  /** Refuses an object with other keys than these. */
  exactly(...keys: string[]): void;
  /** Refuses an object that lacks one of these; others do not matter. */
  having(...keys: string[]): void;
  /** Whether an object has this key. */
  has(key: string): boolean;
  /** A member whose key `exactly`, `having` or `has` has seen. */
  get(key: string): Reader;
  isNull(): boolean;
  /** The value itself, for what has a parser of its own. */
  json(): JsonValue | undefined;
  /** The members of an object, in whose keys a rule finds nothing wrong. */
  entries(faultOf: RegExp | ((key: string) => string | undefined)): [string, Reader][];
  list<T>(read: (item: Reader) => T, least?: number, most?: number): T[];
  text(): string;
  match<T extends string>(is: (text: string) => text is T, expected: string): T;
  /** A text in which a rule that says what it expects finds nothing wrong. */
  lawful(faultOf: (text: string) => string | undefined): string;
  literal<T extends string | number | boolean>(expected: T): T;
  /** At most 2⁵³ − 1, as all of JSON here. */
  integer(least: number, most?: number): number;
  bool(): boolean;
  versionCode(): VersionCode;
  sha256(): Sha256;
  refuse(expected: string): never;
};

/** How what is read is refused by one code, at each of the places. */
export const refusalBy =
  (code: "catalogue.malformed" | "catalogue.metadata_malformed"): Document["refusal"] =>
  (message, places, cause) =>
    new Problem(
      "unprocessable",
      code,
      message,
      places.map((place) => ({ ...place, code, message })),
      { cause },
    );

/** Canonical JSON (RFC 8785) of a limited size, as a Reader. @throws Problem `catalogue.malformed` */
export function document(bytes: Uint8Array, maxBytes: number, name: string): Reader {
  const about: Document = { name, refusal: refusalBy("catalogue.malformed") };
  return readerOf(
    asJson(about, "canonical JSON", () => parseCanonical(bytes, { maxBytes })),
    about,
  );
}

/** What the parser of JSON refuses, with the document's own code and the parser's place. */
export function asJson({ name, refusal }: Document, form: string, parse: () => JsonValue): JsonValue {
  try {
    return parse();
  } catch (error) {
    if (!isProblem(error)) throw error;
    const message = `The catalogue's ${name} is not ${form}: ${error.message}`;
    // A document that is refused as a whole is wrong from its first byte on.
    const places = error.details.map((detail) => ({ offset: 0, ...detail }));
    throw refusal(message, places, error);
  }
}

export function readerOf(value: JsonValue | undefined, about: Document, pointer = ""): Reader {
  const { name, refusal } = about;
  const refuse = (expected: string): never => {
    const found = value === undefined ? "nothing" : excerpt(value);
    const message = `The catalogue's ${name} has ${found} at ${pointer || "/"}, where ${expected} is expected.`;
    throw refusal(message, [{ pointer, found, expected }]);
  };
  const object = (): Readonly<Record<string, JsonValue>> =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, JsonValue>>)
      : refuse("an object");
  const at = (member: JsonValue | undefined, key: string | number) =>
    readerOf(member, about, `${pointer}/${escapePointer(String(key))}`);
  const self: Reader = {
    exactly(...keys) {
      if (!hasKeys(value, keys.sort())) refuse(`an object with exactly the keys ${keys.join(", ")}`);
    },
    having(...keys) {
      const lacking = keys.find((key) => !Object.hasOwn(object(), key));
      if (lacking !== undefined) at(undefined, lacking).refuse("this key");
    },
    has: (key) => Object.hasOwn(object(), key),
    get: (key) => at(object()[key], key),
    isNull: () => value === null,
    json: () => value,
    entries(faultOf) {
      const rule = faultOf instanceof RegExp ? like(faultOf) : faultOf;
      return Object.entries(object()).map(([key, member]) => {
        const fault = rule(key);
        if (fault !== undefined) at(key, key).refuse(fault);
        return [key, at(member, key)];
      });
    },
    list(read, least = 0, most = Number.MAX_SAFE_INTEGER) {
      if (!Array.isArray(value)) return refuse("a list");
      if (value.length < least) return refuse(`a list of at least ${least}`);
      if (value.length > most) return refuse(`a list of at most ${most}`);
      return value.map((item: JsonValue, index) => read(at(item, index)));
    },
    text: () => (typeof value === "string" ? value : refuse("a text")),
    match: (is, expected) => (typeof value === "string" && is(value) ? value : refuse(expected)),
    lawful(faultOf) {
      const text = self.text();
      const fault = faultOf(text);
      return fault === undefined ? text : refuse(fault);
    },
    literal: (expected) => (value === expected ? expected : refuse(JSON.stringify(expected))),
    integer: (least, most = Number.MAX_SAFE_INTEGER) =>
      Number.isInteger(value) && Number(value) >= least && Number(value) <= most
        ? Number(value)
        : refuse(`an integer from ${least} to ${most}`),
    bool: () => (typeof value === "boolean" ? value : refuse("true or false")),
    versionCode: () => (isVersionCode(value) ? value : refuse("a version code")),
    sha256: () =>
      typeof value === "string" && isSha256(value) ? value : refuse("a SHA-256 in lower-case hex"),
    refuse,
  };
  return self;
}

const like = (pattern: RegExp) => (text: string) =>
  pattern.test(text) ? undefined : `a key like ${pattern.source}`;
