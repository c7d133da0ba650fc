/** The form of metadata: what a store signs has it, and whatever else comes is refused with a place, or has it too. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { canonicalize as olpc } from "@tufjs/canonical-json";
import fc from "fast-check";
import { isProblem } from "../../errors.ts";
import { openTestStore, type TestStore } from "../../testing/store.ts";
import { checkMetadata, metadataTypeOf } from "./metadata-form.ts";
import * as records from "./records.ts";
import { initialiseTrust } from "./repository.ts";

let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
  await initialiseTrust(store);
});

afterAll(() => store.close());

function metadataOf(role: string): Buffer {
  const found = records.findMetadata(store.db.orm, role, 1);
  if (!found) throw new Error(`there is no ${role}`);
  return Buffer.from(found.body);
}

const ROLES = ["root", "timestamp", "snapshot", "targets", "revocations", "apps", "bins-a4"] as const;
const check = (role: string, bytes: Uint8Array) => {
  const file = role === "timestamp" ? "timestamp.json" : `1.${role}.json`;
  return checkMetadata(bytes, metadataTypeOf(file), file);
};

/** Where it is refused; null when it is taken. */
function placeOfRefusal(role: string, bytes: Uint8Array): string | null {
  try {
    check(role, bytes);
    return null;
  } catch (error) {
    if (!isProblem(error) || error.code !== "catalogue.metadata_malformed") throw error;
    const [detail] = error.details;
    expect(detail?.found).toBeString();
    expect(detail?.expected).toBeString();
    return detail?.pointer ?? String(detail?.offset);
  }
}

test.each(ROLES)("what a store signs for %s has the form", (role) => {
  expect(check(role, metadataOf(role)).version).toBe(1);
});

describe("a text that libraries take and this form does not", () => {
  test.each([
    ["a key twice", '"version":1', '"version":2,"version":1'],
    ["a fraction of zero", '"version":1', '"version":1.0'],
    ["an exponent", '"version":1', '"version":1e0'],
    ["a time without a zone", 'Z"', '"'],
    ["a time with an offset", 'Z"', '+00:00"'],
    ["a time with a fraction of a second", 'Z"', '.000Z"'],
    ["a byte order mark", "{", "\ufeff{"],
  ])("%s is refused in every role", (_, from, to) => {
    for (const role of ROLES) {
      const text = metadataOf(role).toString("utf8");
      expect(text).toContain(from);
      expect({ role, at: placeOfRefusal(role, Buffer.from(text.replace(from, to))) }).not.toEqual({
        role,
        at: null,
      });
    }
  });
});

test("what is signed is the value: white space and the order of keys do not matter", () => {
  for (const role of ROLES) {
    const { signatures, signed } = JSON.parse(metadataOf(role).toString("utf8"));
    const written = Buffer.from(JSON.stringify({ signed, signatures }, null, 2));
    expect(placeOfRefusal(role, written)).toBeNull();
    expect(olpc(JSON.parse(written.toString("utf8")).signed)).toBe(olpc(signed));
  }
});

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Puts another value in the place of one of them. */
function replaceAt(value: Json, place: number, other: Json): { value: Json; left: number } {
  if (place === 0) return { value: other, left: -1 };
  let left = place - 1;
  if (typeof value !== "object" || value === null) return { value, left };
  const copy: Json = Array.isArray(value) ? [...value] : { ...value };
  for (const [key, member] of Object.entries(value)) {
    if (left < 0) break;
    const done = replaceAt(member, left, other);
    Reflect.set(copy, key, done.value);
    left = done.left;
  }
  return { value: copy, left };
}

test("whatever stands in the place of one value is taken, or refused with a place", () => {
  const values: readonly Json[] = [null, true, 0, -1, 2 ** 53 - 1, "", "x", "A".repeat(64), [], {}, [{}]];
  fc.assert(
    fc.property(fc.constantFrom(...ROLES), fc.nat(60), fc.constantFrom(...values), (role, place, other) => {
      const metadata: Json = JSON.parse(metadataOf(role).toString("utf8"));
      placeOfRefusal(role, Buffer.from(JSON.stringify(replaceAt(metadata, place, other).value)));
    }),
    { numRuns: 500 },
  );
});

test("whatever bytes come are refused with a place", () => {
  fc.assert(
    fc.property(fc.constantFrom(...ROLES), fc.uint8Array({ maxLength: 64 }), (role, bytes) => {
      expect(placeOfRefusal(role, bytes)).not.toBeNull();
    }),
  );
});
