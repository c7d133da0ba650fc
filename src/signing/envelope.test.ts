import { describe, expect, test } from "bun:test";
import { isProblem } from "../errors.ts";
import { parseEnvelope, preAuthEncoding } from "./dsse.ts";
import { canonicalize } from "./json.ts";
import {
  buildDeveloperStatement,
  buildStoreStatement,
  parseDeveloperStatement,
  parseStoreStatement,
} from "./statements.ts";

const HEX = "a".repeat(64);
const envelope = () => ({
  payload: "e30=",
  payloadType: "application/vnd.in-toto+json",
  signatures: [{ cert: "AAAA", keyid: HEX, sig: "AA==" }],
});

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (isProblem(error)) return `${error.code} ${error.details[0]?.pointer ?? ""}`.trim();
    throw error;
  }
  return "accepted";
}

const signature = (change: Record<string, unknown>) => ({
  signatures: [{ ...envelope().signatures[0], ...change }],
});

test("the pre-authentication encoding counts bytes", () => {
  const encoded = preAuthEncoding("http://example.com/HelloWorld", new TextEncoder().encode("hello wörld"));
  expect(Buffer.from(encoded).toString()).toBe("DSSEv1 29 http://example.com/HelloWorld 12 hello wörld");
});

describe("an envelope", () => {
  test("of its one form is taken", () =>
    expect(codeOf(() => parseEnvelope(canonicalize(envelope())))).toBe("accepted"));
  test.each<readonly [string, string, unknown]>([
    ["an array", "MPK-S001", []],
    ["a key more", "MPK-S001 /extra", { ...envelope(), extra: 1 }],
    ["no payload", "MPK-S001 /payload", { ...envelope(), payload: undefined }],
    ["another type", "MPK-S002 /payloadType", { ...envelope(), payloadType: "application/json" }],
    ["no signature", "MPK-S003 /signatures", { ...envelope(), signatures: [] }],
    [
      "two signatures",
      "MPK-S003 /signatures",
      { ...envelope(), signatures: [envelope().signatures[0], envelope().signatures[0]] },
    ],
    ["signatures as an object", "MPK-S001 /signatures", { ...envelope(), signatures: {} }],
    [
      "a signature without a certificate",
      "MPK-S001 /signatures/0/cert",
      { ...envelope(), ...signature({ cert: undefined }) },
    ],
    [
      "a key id in capitals",
      "MPK-S001 /signatures/0/keyid",
      { ...envelope(), ...signature({ keyid: "A".repeat(64) }) },
    ],
    ["a payload that is a number", "MPK-S001 /payload", { ...envelope(), payload: 1 }],
    ["Base64 without padding", "MPK-S004 /payload", { ...envelope(), payload: "e30" }],
    [
      "Base64 with unused bits",
      "MPK-S004 /signatures/0/sig",
      { ...envelope(), ...signature({ sig: "AB==" }) },
    ],
    ["Base64 for URLs", "MPK-S004 /signatures/0/cert", { ...envelope(), ...signature({ cert: "-_-_" }) }],
    ["Base64 with a line's end", "MPK-S004 /payload", { ...envelope(), payload: "e30=\n" }],
    ["Base64 with a space inside", "MPK-S004 /payload", { ...envelope(), payload: "e3 0=" }],
    ["too much padding", "MPK-S004 /payload", { ...envelope(), payload: "e30==" }],
    ["an empty payload", "MPK-S004 /payload", { ...envelope(), payload: "" }],
  ])("with %s: %s", (...[, code, value]) =>
    expect(codeOf(() => parseEnvelope(canonicalize(value)))).toBe(code),
  );
});

const release = {
  appId: "org.example.a",
  signedAt: new Date("2026-01-02T03:04:05Z"),
  version: "1.0.0",
  versionCode: 1,
};
const approval = {
  appId: "org.example.a",
  approvedAt: new Date("2026-01-02T03:04:05Z"),
  developerEnvelope: { sha256: HEX },
  developerId: "dev-1",
  developerKeyId: HEX,
  review: {
    checks: [
      { name: "b", version: "1" },
      { name: "a", version: "1" },
    ],
    people: 0,
    policy: 1,
    reviewId: "r",
  },
  storeId: "store-1",
  upload: { sha256: HEX },
  version: "1.0.0",
  versionCode: 1,
};
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const swap = (bytes: Uint8Array, from: string, to: string) => {
  const text = textOf(bytes);
  if (!text.includes(from)) throw new Error(`${from} is not in the statement`);
  return canonicalize(JSON.parse(text.replace(from, to)));
};

describe("a developer's statement", () => {
  const bytes = buildDeveloperStatement(HEX, release);
  test("comes back as it was", () => expect(parseDeveloperStatement(bytes).predicate).toEqual(release));
  test.each([
    ["Statement/v1", "Statement/v0.1", "MPK-A002 /_type"],
    ["developer-release/v1", "store-approval/v1", "MPK-A002 /predicateType"],
    ['"versionCode":1', '"versionCode":"1"', "MPK-A001 /predicate/versionCode"],
    ['"versionCode":1', '"versionCode":0', "MPK-A001 /predicate/versionCode"],
    ['"versionCode":1', '"versionCode":1.5', "MPK-A001 /predicate/versionCode"],
    ['"version":"1.0.0"', '"version":1', "MPK-A001 /predicate/version"],
    ['"version":"1.0.0"', '"version":"1.0.0","x":1', "MPK-A001 /predicate/x"],
    ['"sha256":"a', '"sha256":"A', "MPK-A001 /subject/0/digest/sha256"],
    ['"sha256":', '"sha512":', "MPK-A001 /subject/0/digest/sha512"],
    ['"name":"org.example.a"}]', '"name":"org.example.a"},{}]', "MPK-A001 /subject"],
    ["05Z", "05.0Z", "MPK-A005 /predicate/signedAt"],
    ["05Z", "05+00:00", "MPK-A005 /predicate/signedAt"],
    ["05Z", "60Z", "MPK-A005 /predicate/signedAt"],
    ["T03", "T24", "MPK-A005 /predicate/signedAt"],
    ["01-02T", "02-30T", "MPK-A005 /predicate/signedAt"],
    ["02T03", "02 03", "MPK-A005 /predicate/signedAt"],
    ['"2026-01-02T03:04:05Z"', "1767323045", "MPK-A005 /predicate/signedAt"],
  ])("with %s as %s: %s", (from, to, code) =>
    expect(codeOf(() => parseDeveloperStatement(swap(bytes, from, to)))).toBe(code),
  );
});

describe("a store's statement", () => {
  const bytes = buildStoreStatement(HEX, approval);
  test("has its checks sorted", () =>
    expect(parseStoreStatement(bytes).predicate.review.checks.map(({ name }) => name)).toEqual(["a", "b"]));
  test.each([
    ['"name":"a"', '"name":"c"', "MPK-A001 /predicate/review/checks/1/name"],
    ['"people":0', '"people":-1', "MPK-A001 /predicate/review/people"],
    ['"policy":1', '"policy":0', "MPK-A001 /predicate/review/policy"],
    ['"reviewId":"r"', '"reviewId":"R"', "MPK-A001 /predicate/review/reviewId"],
    ['"storeId":"store-1"', '"storeId":"store_1"', "MPK-A001 /predicate/storeId"],
    ['"upload":{"sha256"', '"upload":{"md5"', "MPK-A001 /predicate/upload/md5"],
    ["store-approval/v1", "developer-release/v1", "MPK-A002 /predicateType"],
  ])("with %s as %s: %s", (from, to, code) =>
    expect(codeOf(() => parseStoreStatement(swap(bytes, from, to)))).toBe(code),
  );
  test.each([
    ["the same check twice", '"name":"a"'],
    ["a space before a check's name", '"name":" b"'],
    ["a decomposed name", '"name":"e\u0301"'],
    ["a bidirectional override", '"name":"b\u202eb"'],
    ["a point that Unicode 14.0 does not assign", '"name":"b\u0378"'],
  ])("with %s is refused", (_what, name) =>
    expect(codeOf(() => parseStoreStatement(swap(bytes, '"name":"b"', name)))).toBe(
      "MPK-A001 /predicate/review/checks/1/name",
    ),
  );
});
