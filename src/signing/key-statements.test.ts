/** The statements of a key lineage, strictly: one form each, and a code for every other. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { isProblem } from "../errors.ts";
import { canonicalize } from "./json.ts";
import {
  buildKeyAcceptance,
  buildKeyAddition,
  buildKeyRecovery,
  KEY_ACCEPTANCE_TYPE,
  KEY_ADDITION_TYPE,
  KEY_RECOVERY_TYPE,
  parseKeyAcceptance,
  parseKeyAddition,
  parseKeyRecovery,
} from "./key-statements.ts";

const HEX = "a".repeat(64);
const OTHER = "b".repeat(64);
const placed = { appId: "com.example.notes", developerId: "org-1", keyId: HEX, position: 1 };
const TIME = "2026-06-01T12:00:00Z";

const additionJson = { ...placed, addedAt: TIME };
const acceptanceJson = {
  ...placed,
  acceptedAt: TIME,
  addition: { sha256: OTHER },
  signerKeyId: OTHER,
  storeId: "store-1",
};
const recoveryJson = {
  ...placed,
  requestedAt: TIME,
  waitingUntil: TIME,
  approvedAt: TIME,
  approvers: 1,
  ownersTold: 2,
  lostKeyIds: [OTHER],
  recoveryId: "rcv-1",
  storeId: "store-1",
};

const KINDS = {
  addition: { type: KEY_ADDITION_TYPE, predicate: additionJson, parse: parseKeyAddition },
  acceptance: { type: KEY_ACCEPTANCE_TYPE, predicate: acceptanceJson, parse: parseKeyAcceptance },
  recovery: { type: KEY_RECOVERY_TYPE, predicate: recoveryJson, parse: parseKeyRecovery },
} as const;
type Kind = keyof typeof KINDS;

function statement(kind: Kind, predicate: unknown, change: Record<string, unknown> = {}): Uint8Array {
  return canonicalize({
    _type: "https://in-toto.io/Statement/v1",
    predicate,
    predicateType: KINDS[kind].type,
    subject: [{ digest: { sha256: HEX }, name: placed.appId }],
    ...change,
  });
}

function codeOf(kind: Kind, bytes: Uint8Array): string {
  try {
    KINDS[kind].parse(bytes);
    return "taken";
  } catch (error) {
    if (!isProblem(error)) throw error;
    return `${error.code} ${error.details[0]?.pointer ?? ""}`.trim();
  }
}

test("what is built is what is read", () => {
  const time = new Date(TIME);
  const addition = { ...placed, addedAt: time };
  const acceptance = { ...acceptanceJson, acceptedAt: time };
  const recovery = { ...recoveryJson, requestedAt: time, waitingUntil: time, approvedAt: time };
  expect(parseKeyAddition(buildKeyAddition(addition)).predicate).toEqual(addition);
  expect(parseKeyAcceptance(buildKeyAcceptance(acceptance)).predicate).toEqual(acceptance);
  expect(parseKeyRecovery(buildKeyRecovery(recovery)).predicate).toEqual(recovery);
  expect(Buffer.from(buildKeyAddition(addition)).toString()).toBe(
    `{"_type":"https://in-toto.io/Statement/v1","predicate":{"addedAt":"${TIME}","appId":"com.example.notes","developerId":"org-1","keyId":"${HEX}","position":1},"predicateType":"https://mosis.dev/attestation/key-addition/v1","subject":[{"digest":{"sha256":"${HEX}"},"name":"com.example.notes"}]}`,
  );
});

describe.each(Object.keys(KINDS) as Kind[])("the predicate of %s", (kind) => {
  const { predicate } = KINDS[kind];
  test("has each of its keys", () => {
    expect(codeOf(kind, statement(kind, predicate))).toBe("taken");
    for (const name of Object.keys(predicate)) {
      const without = Object.fromEntries(Object.entries(predicate).filter(([key]) => key !== name));
      expect(codeOf(kind, statement(kind, without))).toBe(`MPK-A001 /predicate/${name}`);
      // No value of another type passes for any of them.
      for (const wrong of [null, true, {}, [{}], -1, 1.5, "", "\n"]) {
        if (name === "appId" && typeof wrong === "string") continue;
        expect(codeOf(kind, statement(kind, { ...predicate, [name]: wrong }))).toMatch(/^MPK-A00[15] /);
      }
    }
  });
  test("has no other keys, and is of its type", () => {
    expect(codeOf(kind, statement(kind, { ...predicate, extra: 1 }))).toBe("MPK-A001 /predicate/extra");
    expect(codeOf(kind, statement(kind, []))).toBe("MPK-A001 /predicate");
    expect(codeOf(kind, statement(kind, predicate, { subject: [] }))).toBe("MPK-A001 /subject");
    for (const other of Object.values(KINDS).filter(({ type }) => type !== KINDS[kind].type)) {
      const bytes = statement(kind, predicate, { predicateType: other.type });
      expect(codeOf(kind, bytes)).toBe("MPK-A002 /predicateType");
    }
  });
  test("is read from any bytes, or refused by a code", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(codeOf(kind, bytes)).toMatch(/^MPK-[JA]\d{3}/);
      }),
    );
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json: unknown = JSON.parse(JSON.stringify(value).replaceAll("-0", "0"));
        expect(codeOf(kind, statement(kind, json))).toMatch(/^MPK-[JA]\d{3}/);
      }),
    );
  });
});

test.each<readonly [string, Kind, Record<string, unknown>, string]>([
  ["a key id in capitals", "addition", { keyId: "A".repeat(64) }, "MPK-A001 /predicate/keyId"],
  ["the first place", "addition", { position: 0 }, "MPK-A001 /predicate/position"],
  ["a time with fractions", "addition", { addedAt: "2026-06-01T12:00:00.0Z" }, "MPK-A005 /predicate/addedAt"],
  ["a day that is none", "addition", { addedAt: "2026-02-30T12:00:00Z" }, "MPK-A005 /predicate/addedAt"],
  ["a developer's id in capitals", "addition", { developerId: "Org" }, "MPK-A001 /predicate/developerId"],
  [
    "a digest with more",
    "acceptance",
    { addition: { sha256: OTHER, sha512: "" } },
    "MPK-A001 /predicate/addition/sha512",
  ],
  ["a store's id with a space", "acceptance", { storeId: "store 1" }, "MPK-A001 /predicate/storeId"],
  ["a lost key that is none", "recovery", { lostKeyIds: [OTHER, "x"] }, "MPK-A001 /predicate/lostKeyIds/1"],
  ["half an owner", "recovery", { ownersTold: 0.5 }, "MPK-A001 /predicate/ownersTold"],
])("%s is refused", (_, kind, change, expected) => {
  expect(codeOf(kind, statement(kind, { ...KINDS[kind].predicate, ...change }))).toBe(expected);
});
