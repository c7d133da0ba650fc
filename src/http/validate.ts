/** Requests against their schemas: text becomes typed values, and what is wrong becomes one detail a field. */
import type { Static, TObject, TSchema } from "@sinclair/typebox";
import { type TypeCheck, TypeCompiler, type ValueError, ValueErrorType } from "@sinclair/typebox/compiler";
import { FormatRegistry } from "@sinclair/typebox/type";
import { Problem, type ProblemDetail } from "../errors.ts";

FormatRegistry.Set("date-time", (text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text));
FormatRegistry.Set("uri", (text) => URL.canParse(text));

const MOST_DETAILS = 20;
const compiled = new WeakMap<TSchema, TypeCheck<TSchema>>();

/** Compiled at the first use: most routes are not asked for at the start. */
function checkOf<T extends TSchema>(schema: T): TypeCheck<T> {
  const known = compiled.get(schema);
  if (known) return known as TypeCheck<T>;
  const check = TypeCompiler.Compile(schema);
  compiled.set(schema, check as unknown as TypeCheck<TSchema>);
  return check;
}

/** True when the value has the schema's form. */
export function matches<T extends TSchema>(schema: T, value: unknown): value is Static<T> {
  return checkOf(schema).Check(value);
}

/** What is wrong with a value, at most 20 things, in words that name the field. */
export function faultsOf(schema: TSchema, value: unknown): ProblemDetail[] {
  const details: ProblemDetail[] = [];
  const seen = new Set<string>();
  for (const error of checkOf(schema).Errors(value)) {
    if (seen.has(error.path) || details.length >= MOST_DETAILS) continue;
    seen.add(error.path);
    details.push(detailOf(error));
  }
  return details;
}

function detailOf(error: ValueError): ProblemDetail {
  const pointer = error.path;
  const expected = expectedOf(error);
  if (error.type === ValueErrorType.ObjectRequiredProperty) {
    return { code: "field.required", pointer, message: `${pointer} is missing`, expected };
  }
  if (error.type === ValueErrorType.ObjectAdditionalProperties) {
    return { code: "field.unknown", pointer, message: `${pointer} is not known here` };
  }
  const found = foundIn(error.value);
  return {
    code: "field.invalid",
    pointer,
    message: `${pointer === "" ? "the body" : pointer} is ${expected}, found ${found}`,
    found,
    expected,
  };
}

/** What would be right, so that it can follow “is”: from the schema, since a description says what a field is for. */
function expectedOf({ schema, message }: ValueError): string {
  const values = valuesOf(schema);
  if (values !== null) return inWords(values);
  const described = typeof schema.description === "string" ? schema.description : null;
  const { minimum, maximum, minLength, maxLength } = schema;
  switch (schema.type) {
    case "boolean":
      return "true or false";
    case "object":
      return "an object";
    case "array":
      return listOf(schema);
    case "integer":
      if (minimum === undefined) return "a whole number";
      return `a whole number${maximum === undefined ? `, ${minimum} or more` : ` from ${minimum} to ${maximum}`}`;
    case "string":
      if (schema.pattern !== undefined || schema.format !== undefined) return described ?? message;
      if (minLength !== undefined && maxLength !== undefined)
        return `text of ${minLength} to ${maxLength} characters`;
      return maxLength === undefined ? "text" : `text of at most ${maxLength} characters`;
    default:
      return described ?? message;
  }
}

/** With how many there may be, where that is the schema's matter. */
function listOf({ minItems, maxItems }: TSchema): string {
  if (minItems === undefined) return maxItems === undefined ? "a list" : `a list of at most ${maxItems}`;
  return `a list of ${maxItems === undefined ? `${minItems} or more` : `${minItems} to ${maxItems}`}`;
}

/** The only values that a schema takes, written out; null when it takes others too. */
function valuesOf(schema: TSchema): string[] | null {
  if (schema.const !== undefined) return [String(schema.const)];
  if (schema.type === "null") return ["null"];
  if (!Array.isArray(schema.anyOf)) return null;
  const each = schema.anyOf.map((one: TSchema) => valuesOf(one));
  return each.every((values) => values !== null) ? each.flat() : null;
}

function inWords(values: readonly string[]): string {
  const last = values.at(-1) ?? "";
  return values.length < 2 ? last : `${values.slice(0, -1).join(", ")} or ${last}`;
}

/** Enough to recognise what was sent, and never a whole secret or file. */
function foundIn(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "string")
    return value.length <= 40 ? JSON.stringify(value) : `${value.length} characters`;
  return typeof value === "object" ? "an object" : String(value).slice(0, 40);
}

/** @throws Problem `request.invalid` */
export function parseJsonValue<T extends TSchema>(schema: T, value: unknown): Static<T> {
  if (matches(schema, value)) return value;
  throw requestInvalid(faultsOf(schema, value));
}

function requestInvalid(details: ProblemDetail[]): Problem {
  const message = details.map((detail) => detail.message).join("; ");
  return new Problem("invalid", "request.invalid", `The request is not as documented: ${message}.`, details);
}

/** Text of a path or query as the type that its schema names: whole numbers and true or false; anything else stays text. */
function fromText(schema: TSchema, text: string): unknown {
  if (schema.type === "integer" && /^(?:0|[1-9]\d{0,15})$/.test(text)) return Number(text);
  if (schema.type === "boolean" && (text === "true" || text === "false")) return text === "true";
  return text;
}

function record(schema: TObject, entries: Iterable<readonly [string, unknown]>): Record<string, unknown> {
  const values: Record<string, unknown> = Object.create(null);
  for (const [name, property] of Object.entries(schema.properties)) {
    if (property.default !== undefined) values[name] = property.default;
  }
  for (const [name, value] of entries) {
    const property = schema.properties[name];
    values[name] = property !== undefined && typeof value === "string" ? fromText(property, value) : value;
  }
  return { ...values };
}

/** null when a part of the path cannot be the name of anything: the answer is 404, since nothing is there. */
export function parseParams<T extends TObject>(
  schema: T,
  raw: Readonly<Record<string, string>>,
): Static<T> | null {
  const value = record(schema, Object.entries(raw));
  return matches(schema, value) ? value : null;
}

/**
 * A query that is not UTF-8 in percent-encoding: read leniently, what was sent would become other characters unnoticed.
 * @throws Problem `request.invalid`
 */
export function refuseBadEncoding(search: string): void {
  const details = search
    .slice(1)
    .split("&")
    .flatMap((pair): ProblemDetail[] => {
      const [name = "", value = ""] = pair.split(/=(.*)/s);
      if (isEncoded(name) && isEncoded(value)) return [];
      const pointer = `?${name.slice(0, 60)}`;
      const message = `${pointer} is not percent-encoded UTF-8`;
      return [{ code: "field.invalid", pointer, message, expected: "UTF-8 in percent-encoding" }];
    });
  if (details.length > 0) throw requestInvalid(details.slice(0, MOST_DETAILS));
}

function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * The query by its schema. A parameter that is sent twice or is not known is an error on the API, since it would
 * otherwise be a filter that silently does nothing; pages ignore it, since links gather strangers' parameters.
 * @throws Problem `request.invalid`
 */
export function parseQuery<T extends TObject>(schema: T, query: URLSearchParams, strict: boolean): Static<T> {
  return parsePairs(schema, inQuery(query), strict);
}

/**
 * What a form and the query say together; each thing may be said in one of them.
 * @throws Problem `request.invalid`
 */
export function parseForm<T extends TObject>(
  schema: T,
  query: URLSearchParams,
  fields: Iterable<readonly [name: string, value: string]>,
): Static<T> {
  const inForm = [...fields].map(([name, value]) => ({ name, value, pointer: `/${name.slice(0, 60)}` }));
  return parsePairs(schema, [...inQuery(query), ...inForm], true);
}

type Pair = { readonly name: string; readonly value: string; readonly pointer: string };

function inQuery(query: URLSearchParams): Pair[] {
  return [...query].map(([name, value]) => ({ name, value, pointer: `?${name.slice(0, 60)}` }));
}

function parsePairs<T extends TObject>(schema: T, pairs: Iterable<Pair>, strict: boolean): Static<T> {
  const details: ProblemDetail[] = [];
  const entries: [string, string][] = [];
  const seen = new Map<string, string>();
  for (const { name, value, pointer } of pairs) {
    if (!(name in schema.properties)) {
      if (strict) details.push({ code: "field.unknown", pointer, message: `${pointer} is not known here` });
    } else if (seen.has(name)) {
      details.push({ code: "field.repeated", pointer, message: `${pointer} is given more than once` });
    } else {
      entries.push([name, value]);
    }
    seen.set(name, pointer);
  }
  const value = record(schema, entries);
  for (const fault of faultsOf(schema, value)) {
    const name = (fault.pointer ?? "").slice(1);
    const pointer = seen.get(name) ?? `?${name}`;
    details.push({
      ...fault,
      pointer,
      message: fault.message.replaceAll(fault.pointer ?? "", pointer),
    });
  }
  if (details.length === 0 && matches(schema, value)) return value;
  throw requestInvalid(details.slice(0, MOST_DETAILS));
}
