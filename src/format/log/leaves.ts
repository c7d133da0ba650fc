/**
 * A leaf of the store's log: one entry and its time in canonical JSON (package format, section 7). In a leaf about an app
 * that is not public each name and identity is `{"salted":"<hex>"}`: the SHA-256 of the leaf's salt and then of the
 * canonical JSON of an object with that one member. Pure.
 */
import { createHash } from "node:crypto";
import { Problem } from "../../errors.ts";
import { isSha256, type Sha256 } from "../../ids.ts";
import { canonicalize, type JsonValue } from "../../signing/json.ts";
import { formatTime, isTime } from "../../signing/times.ts";
import { hasKeys } from "../digests.ts";
import { type LogEntry, type LogFieldRule, logFieldsOf } from "./entries.ts";
import { canonicalOf } from "./json.ts";

/** Random bytes of one leaf's salt: nobody can try values against a digest without it. */
export const SALT_BYTES = 32;

/** A field of a leaf: its value, or in its place the salted digest. */
export type LeafField = string | number | null | { readonly salted: Sha256 };

export type ParsedLeaf = {
  readonly type: LogEntry["type"];
  /** `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly at: string;
  /** Whether names and identities stand in it as salted digests. */
  readonly isSalted: boolean;
  /** All but `type`, `at` and `v`. */
  readonly fields: ReadonlyMap<string, LeafField>;
};

/**
 * The bytes of a leaf. With a salt, names and identities are hidden.
 * @throws Error when the entry breaks its own table: a bug of the caller's
 */
export function buildLeaf(entry: LogEntry, at: Date, salt: Uint8Array | null): Uint8Array {
  const { type, ...values } = entry;
  const fields = logFieldsOf(type) ?? new Map<string, LogFieldRule>();
  const leaf: Record<string, unknown> = { type, at: formatTime(at), v: 1 };
  for (const [name, value] of Object.entries(values)) {
    const rule = fields.get(name);
    if (rule === undefined || !rule.allows(value))
      throw new Error(
        `an entry ${type} has ${JSON.stringify(value)} as ${name}, where ${rule?.expected ?? "nothing"} is expected`,
      );
    leaf[name] = salt !== null && rule.identity ? { salted: saltedDigest(salt, name, value) } : value;
  }
  const missing = [...fields.keys()].find((name) => !Object.hasOwn(values, name));
  if (missing !== undefined) throw new Error(`an entry ${type} has no ${missing}`);
  return canonicalize(leaf);
}

/** SHA-256 of the salt, then of the canonical JSON `{"<name>":<value>}`. */
export function saltedDigest(salt: Uint8Array, name: string, value: string | number | null): Sha256 {
  if (salt.length !== SALT_BYTES) throw new Error(`a salt has ${SALT_BYTES} bytes, found ${salt.length}`);
  const hash = createHash("sha256")
    .update(salt)
    .update(canonicalize({ [name]: value }));
  return hash.digest("hex") as Sha256;
}

/** Reads a leaf strictly: it has exactly the fields of its type. @throws Problem `log.leaf_malformed` */
export function parseLeaf(bytes: Uint8Array): ParsedLeaf {
  // A tile gives none that is longer than may be. Of what is no object there is no version either.
  const { type, at, v, ...rest }: Readonly<Record<string, JsonValue>> = Object(
    canonicalOf(bytes, bytes.length, "log.leaf_malformed", "A leaf of the log"),
  );
  if (v !== 1) throw malformed("/v", v, "1");
  if (!isTime(at)) throw malformed("/at", at, "YYYY-MM-DDTHH:MM:SSZ");
  const rules = typeof type === "string" ? logFieldsOf(type) : null;
  if (rules === null) throw malformed("/type", type, "a type of entry that is known");
  const names = [...rules.keys()];
  if (!hasKeys(rest, [...names].sort())) throw malformed("", Object.keys(rest).join(", "), names.join(", "));
  const fields = new Map<string, LeafField>();
  const hidden = new Set<boolean>();
  for (const [name, rule] of rules) {
    const field = rest[name];
    if (rule.identity) hidden.add(isSalted(field));
    fields.set(name, parseField(name, field, rule));
  }
  if (hidden.size > 1) throw malformed("", "some", "all names and identities hidden, or none");
  return { type: type as LogEntry["type"], at, isSalted: hidden.has(true), fields };
}

function parseField(name: string, field: JsonValue | undefined, rule: LogFieldRule): LeafField {
  if (rule.identity && isSalted(field)) return { salted: field.salted };
  if (rule.allows(field)) return field as string | number | null;
  throw malformed(
    `/${name}`,
    field,
    rule.identity ? `${rule.expected}, or its salted digest` : rule.expected,
  );
}

function isSalted(field: unknown): field is { readonly salted: Sha256 } {
  return hasKeys(field, ["salted"]) && typeof field.salted === "string" && isSha256(field.salted);
}

function malformed(pointer: string, value: unknown, expected: string): Problem {
  const found = JSON.stringify(value)?.slice(0, 80) ?? "nothing";
  const message = `A leaf of the log has ${found} at ${pointer || "/"}, where ${expected} is expected.`;
  return new Problem("unprocessable", "log.leaf_malformed", message, [
    { code: "log.leaf_malformed", message, pointer, found, expected },
  ]);
}
