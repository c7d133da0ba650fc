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

/** `pointer`: of a member of the document, in whose place the value stands. */
export function readerOf(value: JsonValue | undefined, about: Document, pointer = ""): Reader {
  return new Value(value, about, pointer, "");
}

/** A class, since a document has up to hundreds of thousands of values, and those of a class share its methods. */
class Value implements Reader {
  readonly #value: JsonValue | undefined;
  readonly #about: Document;
  /** What it is a member of; its pointer where nothing is known of that. */
  readonly #parent: Value | string;
  readonly #key: string | number;

  constructor(value: JsonValue | undefined, about: Document, parent: Value | string, key: string | number) {
    this.#value = value;
    this.#about = about;
    this.#parent = parent;
    this.#key = key;
  }

  #pointer(): string {
    if (typeof this.#parent === "string") return this.#parent;
    return `${this.#parent.#pointer()}/${escapePointer(String(this.#key))}`;
  }

  #object(): Readonly<Record<string, JsonValue>> {
    const value = this.#value;
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, JsonValue>>)
      : this.refuse("an object");
  }

  #at(member: JsonValue | undefined, key: string | number): Value {
    return new Value(member, this.#about, this, key);
  }

  refuse(expected: string): never {
    const found = this.#value === undefined ? "nothing" : excerpt(this.#value);
    const pointer = this.#pointer();
    const { name, refusal } = this.#about;
    const message = `The catalogue's ${name} has ${found} at ${pointer || "/"}, where ${expected} is expected.`;
    throw refusal(message, [{ pointer, found, expected }]);
  }

  exactly(...keys: string[]): void {
    if (!hasKeys(this.#value, keys.sort())) this.refuse(`an object with exactly the keys ${keys.join(", ")}`);
  }

  having(...keys: string[]): void {
    const lacking = keys.find((key) => !Object.hasOwn(this.#object(), key));
    if (lacking !== undefined) this.#at(undefined, lacking).refuse("this key");
  }

  has(key: string): boolean {
    return Object.hasOwn(this.#object(), key);
  }

  get(key: string): Reader {
    return this.#at(this.#object()[key], key);
  }

  isNull(): boolean {
    return this.#value === null;
  }

  json(): JsonValue | undefined {
    return this.#value;
  }

  entries(faultOf: RegExp | ((key: string) => string | undefined)): [string, Reader][] {
    const rule = faultOf instanceof RegExp ? like(faultOf) : faultOf;
    return Object.entries(this.#object()).map(([key, member]) => {
      const fault = rule(key);
      if (fault !== undefined) this.#at(key, key).refuse(fault);
      return [key, this.#at(member, key)];
    });
  }

  list<T>(read: (item: Reader) => T, least = 0, most = Number.MAX_SAFE_INTEGER): T[] {
    const value = this.#value;
    if (!Array.isArray(value)) return this.refuse("a list");
    if (value.length < least) return this.refuse(`a list of at least ${least}`);
    if (value.length > most) return this.refuse(`a list of at most ${most}`);
    return value.map((item: JsonValue, index) => read(this.#at(item, index)));
  }

  text(): string {
    const value = this.#value;
    return typeof value === "string" ? value : this.refuse("a text");
  }

  match<T extends string>(is: (text: string) => text is T, expected: string): T {
    const value = this.#value;
    return typeof value === "string" && is(value) ? value : this.refuse(expected);
  }

  lawful(faultOf: (text: string) => string | undefined): string {
    const text = this.text();
    const fault = faultOf(text);
    return fault === undefined ? text : this.refuse(fault);
  }

  literal<T extends string | number | boolean>(expected: T): T {
    return this.#value === expected ? expected : this.refuse(JSON.stringify(expected));
  }

  integer(least: number, most = Number.MAX_SAFE_INTEGER): number {
    const value = this.#value;
    return Number.isInteger(value) && Number(value) >= least && Number(value) <= most
      ? Number(value)
      : this.refuse(`an integer from ${least} to ${most}`);
  }

  bool(): boolean {
    const value = this.#value;
    return typeof value === "boolean" ? value : this.refuse("true or false");
  }

  versionCode(): VersionCode {
    const value = this.#value;
    return isVersionCode(value) ? value : this.refuse("a version code");
  }

  sha256(): Sha256 {
    const value = this.#value;
    return typeof value === "string" && isSha256(value) ? value : this.refuse("a SHA-256 in lower-case hex");
  }
}

const like = (pattern: RegExp) => (text: string) =>
  pattern.test(text) ? undefined : `a key like ${pattern.source}`;
