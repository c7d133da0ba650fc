/** Leaves and heads: every field, what is hidden, and that whatever comes is either understood or refused. */
import { describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { isProblem } from "../../errors.ts";
import type { AppId, KeyId, OrganisationId, Sha256, VersionCode } from "../../ids.ts";
import { canonicalize, type JsonValue } from "../../signing/json.ts";
import { LOG_FIELDS, type LogEntry } from "./entries.ts";
import { buildLogHead, LOG_HEAD_MAX_BYTES, parseLogHead } from "./head.ts";
import { buildLeaf, parseLeaf, saltedDigest } from "./leaves.ts";

const AT = new Date("2026-01-02T03:04:05.678Z");
const SALT = new Uint8Array(32).fill(7);
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const encode = (value: string) => new TextEncoder().encode(value);
const sha = (digit: string) => digit.repeat(64) as Sha256 & KeyId;
const appId = "org.example.sample" as AppId;
const versionCode = 7 as VersionCode;

/** One of each type; the compiler says when one is missing. */
const ENTRIES: { readonly [Type in LogEntry["type"]]: Extract<LogEntry, { type: Type }> } = {
  approval: {
    type: "approval",
    appId,
    versionCode,
    contentDigest: sha("a"),
    upload: sha("b"),
    developerKeyId: sha("c"),
    reviewId: "rev-1",
  },
  publication: { type: "publication", appId, versionCode, contentDigest: sha("a"), package: sha("d") },
  revocation: { type: "revocation", action: "block", subject: "app", id: appId, approvalsUntil: null },
  "lowest-version": { type: "lowest-version", appId, versionCode },
  "developer-key": {
    type: "developer-key",
    change: "added",
    keyId: sha("e"),
    developerId: "org-1" as OrganisationId,
    appId: null,
    authorisedBy: sha("f"),
  },
  "store-key": { type: "store-key", change: "added", role: "tuf-root-1", keyId: sha("1") },
  "store-threshold": { type: "store-threshold", role: "root", threshold: 2 },
  certificate: { type: "certificate", change: "issued", kind: "release", sha256: sha("2") },
  ended: { type: "ended", what: "offer", appId, id: "trf-1" },
};

/** @throws whatever else is thrown: that is what must never be */
function verdict(
  parse: (bytes: Uint8Array) => unknown,
  bytes: Uint8Array,
  code: string,
): "understood" | "refused" {
  try {
    parse(bytes);
    return "understood";
  } catch (error) {
    if (!isProblem(error) || error.code !== code) throw error;
    return "refused";
  }
}
const judge = (bytes: Uint8Array) => verdict(parseLeaf, bytes, "log.leaf_malformed");

test("a leaf is canonical JSON, to the byte", () => {
  expect(text(buildLeaf(ENTRIES.publication, AT, null))).toBe(
    `{"appId":"org.example.sample","at":"2026-01-02T03:04:05Z","contentDigest":"${sha("a")}","package":"${sha("d")}","type":"publication","v":1,"versionCode":7}`,
  );
});

test("a hidden leaf holds salted digests, to the byte", () => {
  const digest = (member: string) => createHash("sha256").update(SALT).update(member).digest("hex");
  expect(text(buildLeaf(ENTRIES["lowest-version"], AT, SALT))).toBe(
    `{"appId":{"salted":"${digest('{"appId":"org.example.sample"}')}"},"at":"2026-01-02T03:04:05Z","type":"lowest-version","v":1,"versionCode":7}`,
  );
  expect(saltedDigest(SALT, "appId", null)).toBe(digest('{"appId":null}') as Sha256);
  expect(() => saltedDigest(SALT.subarray(1), "appId", null)).toThrow();
});

for (const entry of Object.values(ENTRIES)) {
  describe(entry.type, () => {
    const { type, ...values } = entry;
    const rules = Object.entries(LOG_FIELDS[type]);

    test("is read as it was written", () => {
      const parsed = parseLeaf(buildLeaf(entry, AT, null));
      expect(parsed).toEqual({
        type,
        at: "2026-01-02T03:04:05Z",
        isSalted: false,
        fields: new Map(
          rules.map(([name]) => [name, Object.entries(values).find(([key]) => key === name)?.[1] ?? null]),
        ),
      });
    });

    test("hides every name and identity with a salt, and nothing else", () => {
      const parsed = parseLeaf(buildLeaf(entry, AT, SALT));
      expect(parsed.isSalted).toBe(rules.some(([, rule]) => rule.identity));
      for (const [name, rule] of rules)
        expect(typeof parsed.fields.get(name) === "object" && parsed.fields.get(name) !== null).toBe(
          rule.identity,
        );
      const other = buildLeaf(entry, AT, new Uint8Array(32).fill(8));
      expect(Buffer.compare(other, buildLeaf(entry, AT, SALT)) !== 0).toBe(parsed.isSalted);
    });

    test("is refused with a field missing, one too many, or one of another kind", () => {
      const good = JSON.parse(text(buildLeaf(entry, AT, null))) as Record<string, JsonValue>;
      expect(judge(canonicalize(good))).toBe("understood");
      for (const name of Object.keys(good)) {
        const { [name]: _, ...without } = good;
        expect(judge(canonicalize(without))).toBe("refused");
        for (const bad of [
          0,
          -1,
          1.5,
          "",
          "A b",
          [],
          {},
          { salted: "x" },
          true,
          2_147_483_648,
          "x".repeat(200),
        ])
          expect({ name, bad, verdict: judge(canonicalize({ ...good, [name]: bad })) }).toEqual({
            name,
            bad,
            verdict: "refused",
          });
      }
      expect(judge(canonicalize({ ...good, more: 1 }))).toBe("refused");
      expect(judge(encode(JSON.stringify(good, null, 1)))).toBe("refused");
    });

    test("is refused when it hides some and not all", () => {
      const hidden = JSON.parse(text(buildLeaf(entry, AT, SALT))) as Record<string, JsonValue>;
      const open = JSON.parse(text(buildLeaf(entry, AT, null))) as Record<string, JsonValue>;
      const identities = rules.filter(([, rule]) => rule.identity).map(([name]) => name);
      for (const name of identities)
        expect(judge(canonicalize({ ...hidden, [name]: open[name] }))).toBe(
          identities.length > 1 ? "refused" : "understood",
        );
      for (const [name, rule] of rules)
        if (!rule.identity)
          expect(judge(canonicalize({ ...open, [name]: { salted: sha("a") } }))).toBe("refused");
    });
  });
}

test("an entry that breaks its own table is not written", () => {
  const wrong = { ...ENTRIES["lowest-version"], appId: "Not an id" as AppId };
  expect(() => buildLeaf(wrong, AT, null)).toThrow();
  const { role: _, ...without } = ENTRIES["store-key"];
  expect(() => buildLeaf(without as LogEntry, AT, null)).toThrow();
  expect(() => buildLeaf({ ...ENTRIES["store-key"], more: 1 } as LogEntry, AT, null)).toThrow();
});

test("bytes that are changed, cut or made up are understood or refused", () => {
  const all = Object.values(ENTRIES).flatMap((entry) => [
    buildLeaf(entry, AT, null),
    buildLeaf(entry, AT, SALT),
  ]);
  fc.assert(
    fc.property(
      fc.constantFrom(...all),
      fc.nat(),
      fc.nat(),
      fc.uint8Array({ maxLength: 6 }),
      (leaf, a, b, middle) => {
        const [from, to] = [a % leaf.length, b % leaf.length];
        judge(Buffer.concat([leaf.subarray(0, from), middle, leaf.subarray(to)]));
      },
    ),
    { numRuns: 3000 },
  );
  for (const leaf of all)
    for (let length = 0; length < leaf.length; length++)
      expect(judge(leaf.subarray(0, length))).toBe("refused");
  for (const bad of ["null", "[]", "1", '"a"', "{}", '{"__proto__":1}', `{"at":"2026-02-30T00:00:00Z"}`])
    expect(judge(encode(bad))).toBe("refused");
});

describe("the head", () => {
  const head = { size: 12, rootHash: sha("3"), time: "2026-01-02T03:04:05Z" };
  const judgeHead = (bytes: Uint8Array) => verdict(parseLogHead, bytes, "log.head_malformed");
  const good = buildLogHead(head);

  test("is canonical JSON and read as it was written", () => {
    expect(text(good)).toBe(`{"rootHash":"${sha("3")}","size":12,"time":"2026-01-02T03:04:05Z","v":1}`);
    expect(parseLogHead(good)).toEqual(head);
  });

  test("is refused in any other shape", () => {
    const json = JSON.parse(text(good)) as Record<string, JsonValue>;
    for (const changes of [
      { size: -1 },
      { size: 1.5 },
      { size: "12" },
      { size: 2 ** 53 },
      { rootHash: sha("A") },
      { rootHash: null },
      { time: "2026-01-02T03:04:05.000Z" },
      { time: "2026-02-30T03:04:05Z" },
      { time: 1 },
      { v: 2 },
      { more: 1 },
    ])
      expect(judgeHead(canonicalize({ ...json, ...changes }))).toBe("refused");
    for (const name of Object.keys(json)) {
      const { [name]: _, ...without } = json;
      expect(judgeHead(canonicalize(without))).toBe("refused");
    }
    for (let length = 0; length < good.length; length++)
      expect(judgeHead(good.subarray(0, length))).toBe("refused");
    for (const bad of ["", "null", "[]", ` ${text(good)}`, `${text(good)}\n`])
      expect(judgeHead(encode(bad))).toBe("refused");
    expect(judgeHead(new Uint8Array(LOG_HEAD_MAX_BYTES + 1).fill(0x20))).toBe("refused");
  });
});
