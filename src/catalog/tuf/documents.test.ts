/** What devices parse: whatever comes, it is either understood or refused as `catalogue.malformed`, with nothing between. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { isProblem } from "../../errors.ts";
import { canonicalize, type JsonValue } from "../../signing/json.ts";
import { DEVELOPER_LEAVES_MAX_BYTES, parseDeveloperLeaves } from "./developer-leaves.ts";
import {
  INDEX_MAX_BYTES,
  parseAppIndex,
  parseShard,
  REVOCATIONS_MAX_BYTES,
  SHARD_MAX_BYTES,
} from "./documents.ts";
import { buildRevocations, parseRevocations, reasonFault } from "./revocations.ts";

const sha = (digit: string) => digit.repeat(64);

const INDEX = {
  appId: "org.example.sample",
  channels: {
    beta: [],
    stable: [
      {
        compact: { sha256: sha("9"), sizeBytes: 90, url: `deltas/${sha("9")}.mosisd` },
        contentDigest: sha("a"),
        dataVersion: 1,
        deltas: [
          { base: sha("b"), sha256: sha("c"), sizeBytes: 10, url: `deltas/${sha("c")}.mosisd` },
          { base: sha("d"), sha256: sha("e"), sizeBytes: 20, url: `deltas/${sha("e")}.mosisd` },
        ],
        log: {
          approval: { position: 12, salt: sha("9") },
          publication: { position: 9_007_199_254_740_991, salt: null },
        },
        notes: "Two\nlines.",
        package: { sha256: sha("d"), sizeBytes: 12_345, url: `packages/${sha("d")}.mosis` },
        permissions: ["network"],
        publishedAt: "2026-01-02T03:04:05Z",
        replaces: [9],
        rolloutPercent: 50,
        runtimeApi: "1.0",
        version: "2.0.0",
        versionCode: 2,
      },
    ],
  },
  developerId: "org-1",
  // What the others carry is judged by a parser of its own: src/format/lineage.test.ts.
  lineage: [{ keyId: sha("e") }],
  lowestVersionCode: 1,
  v: 1,
};

const SHARD = {
  apps: [
    {
      appId: "org.example.sample",
      category: null,
      defaultLocale: "en",
      icon: { sha256: sha("1"), url: `pictures/${sha("1")}.png` },
      publishedAt: "2026-01-02T03:04:05Z",
      publisher: "Example",
      runtimeApi: "1.0",
      texts: { de: { name: "Beispiel", summary: "Kurz." }, en: { name: "Sample", summary: "Short." } },
      version: "2.0.0",
      versionCode: 2,
    },
  ],
  shard: 60,
  shards: 64,
  v: 1,
};

const REVOCATIONS = {
  entries: [
    {
      action: "block",
      approvalsUntil: null,
      id: "org.example.sample",
      reason: "It spies.",
      revokedAt: "2026-01-02T03:04:05Z",
      subject: "app",
    },
    {
      action: "disable",
      approvalsUntil: "2026-01-02T03:04:05Z",
      id: sha("2"),
      reason: "It was lost.",
      revokedAt: "2026-01-02T03:04:05Z",
      subject: "key",
    },
  ],
  lowestVersionCodes: { "org.example.sample": 2 },
  v: 1,
};

const DEVELOPER_LEAVES = {
  developerId: "org-1",
  leaves: [
    {
      at: "2026-01-02T03:04:05Z",
      authorisedBy: "acc-1",
      change: "enrolled",
      keyId: sha("1"),
      position: 12,
      salt: sha("2"),
    },
    {
      at: "2026-01-02T03:04:05Z",
      authorisedBy: null,
      change: "revoked",
      keyId: sha("1"),
      position: 13,
      salt: sha("3"),
    },
  ],
  v: 1,
};

const DOCUMENTS: readonly {
  readonly name: string;
  readonly sample: JsonValue;
  readonly parse: (bytes: Uint8Array) => unknown;
  readonly maxBytes: number;
}[] = [
  { name: "index", sample: INDEX, parse: parseAppIndex, maxBytes: INDEX_MAX_BYTES },
  {
    name: "shard",
    sample: SHARD,
    parse: (bytes: Uint8Array) => parseShard(bytes, 60),
    maxBytes: SHARD_MAX_BYTES,
  },
  { name: "revocations", sample: REVOCATIONS, parse: parseRevocations, maxBytes: REVOCATIONS_MAX_BYTES },
  {
    name: "leaves of a developer's keys",
    sample: DEVELOPER_LEAVES,
    parse: parseDeveloperLeaves,
    maxBytes: DEVELOPER_LEAVES_MAX_BYTES,
  },
];

test("leaves of a developer's keys stand in the order of the log, each once", () => {
  const [first, second] = DEVELOPER_LEAVES.leaves;
  for (const leaves of [[second, first], [first, first], []])
    expect(
      verdict(parseDeveloperLeaves, canonicalize({ ...DEVELOPER_LEAVES, leaves } as unknown as JsonValue)),
    ).toBe("malformed");
});

describe("a list of revocations", () => {
  const [first] = REVOCATIONS.entries;
  const judged = (...changes: readonly object[]): Verdict => {
    const entries = changes.map((change) => ({ ...first, ...change }));
    return verdict(parseRevocations, canonicalize({ ...REVOCATIONS, entries } as unknown as JsonValue));
  };
  const a = { subject: "app", id: "org.example.a", approvalsUntil: null };
  const b = { ...a, id: "org.example.b" };
  const key = { ...a, subject: "key", id: sha("1") };

  test("names each thing once, in rising order of subject and id", () => {
    expect(judged()).toBe("understood");
    expect(judged(a, b, key)).toBe("understood");
    expect(judged({ ...a, id: "org.a" }, { ...a, id: "org.a-b" }, { ...a, id: "org.a.b" })).toBe(
      "understood",
    );
    for (const list of [
      [b, a],
      [a, a],
      [a, { ...a, action: "remove" }],
      [key, a],
      [a, b, a],
    ])
      expect(judged(...list)).toBe("malformed");
  });

  test.each([
    ["x", true],
    ["🦊".repeat(200), true],
    ["ü – “quoted”, 日本語, עברית", true],
    ["", false],
    ["x".repeat(201), false],
    ["🦊".repeat(201), false],
    ...["\n", "\0", "\x1b[2J", "\x7f", "\x85", "\u061c", "\u200e", "\u200f", "\u2028", "\u2029"].map(
      (text) => [`a${text}b`, false] as const,
    ),
    ...["\u202a", "\u202e", "\u2066", "\u2069"].map((text) => [`a${text}b`, false] as const),
  ] as const)("has a reason that can be read: %j", (reason, good) => {
    expect(judged({ ...a, reason })).toBe(good ? "understood" : "malformed");
  });

  test("has a time of approvals for keys and certificates alone", () => {
    const approvalsUntil = "2026-01-02T03:04:05Z";
    for (const subject of ["key", "certificate"])
      expect(judged({ ...key, subject, approvalsUntil })).toBe("understood");
    for (const [subject, id] of [
      ["app", a.id],
      ["package", sha("1")],
      ["developer", "org-1"],
    ])
      expect(judged({ ...key, subject, id, approvalsUntil })).toBe("malformed");
  });
});

type Verdict = "understood" | "malformed";

/** @throws whatever else is thrown: that is what must never be */
function verdict(parse: (bytes: Uint8Array) => unknown, bytes: Uint8Array): Verdict {
  try {
    parse(bytes);
    return "understood";
  } catch (error) {
    if (!isProblem(error) || error.code !== "catalogue.malformed") throw error;
    expect(error.message.length).toBeLessThan(2000);
    return "malformed";
  }
}

type Path = readonly (string | number)[];

/** Where every value within `value` is, the outermost one first. */
function paths(value: JsonValue, at: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [at];
  const members: [string | number, JsonValue][] = Array.isArray(value)
    ? value.map((item: JsonValue, index) => [index, item])
    : Object.entries(value as Record<string, JsonValue>);
  return [at, ...members.flatMap(([key, member]) => paths(member, [...at, key]))];
}

/** A copy in which `change` was done to the value at `path`; what it gives as undefined is left out. */
function changed(
  value: JsonValue,
  [key, ...rest]: Path,
  change: (value: JsonValue) => JsonValue | undefined,
): JsonValue | undefined {
  if (key === undefined) return change(value);
  if (Array.isArray(value))
    return value.flatMap((item: JsonValue, index) => {
      const now = index === key ? changed(item, rest, change) : item;
      return now === undefined ? [] : [now];
    });
  const members = Object.entries(value as Record<string, JsonValue>).flatMap(([name, member]) => {
    const now = name === key ? changed(member, rest, change) : member;
    return now === undefined ? [] : [[name, now] as const];
  });
  return Object.fromEntries(members);
}

/** Values that are nearly right, and any at all. */
const anything: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.constantFrom<JsonValue>(
    null,
    true,
    "",
    0,
    1,
    -1,
    0.5,
    101,
    2_147_483_648,
    1e21,
    "2026-02-30T00:00:00Z",
    "2026-01-02T03:04:05+00:00",
    "01.0",
    "1.0\n",
    sha("A"),
    `${sha("a")}\n`,
    "../../etc/passwd",
    "ORG.EXAMPLE",
    "__proto__",
    [],
    {},
    [[]],
    { toString: 1 },
  ),
  fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)) as JsonValue),
);

for (const { name, sample, parse, maxBytes } of DOCUMENTS) {
  const bytes = canonicalize(sample);
  const all = paths(sample);

  describe(name, () => {
    test("the sample is understood", () => {
      expect(verdict(parse, bytes)).toBe("understood");
    });

    test("a value in the place of another is understood or refused, and most are refused", () => {
      const counts = { understood: 0, malformed: 0 };
      fc.assert(
        fc.property(fc.nat(all.length - 1), anything, (place, value) => {
          const now = changed(sample, all[place] ?? [], () => value);
          counts[verdict(parse, canonicalize(now ?? null))] += 1;
        }),
        { numRuns: 2000 },
      );
      expect(counts.malformed).toBeGreaterThan(counts.understood);
    });

    test("a key that is missing, and one too many, are refused wherever they are", () => {
      for (const path of all) {
        const isMember = typeof path.at(-1) === "string";
        const isOfMap = ["channels", "texts", "lowestVersionCodes"].includes(String(path.at(-2)));
        if (isMember && !isOfMap) {
          const without = canonicalize(changed(sample, path, () => undefined));
          expect({ path, verdict: verdict(parse, without) }).toEqual({ path, verdict: "malformed" });
        }
        const more = changed(sample, path, (value) =>
          typeof value === "object" && value !== null && !Array.isArray(value)
            ? { ...value, "More!": 1 }
            : undefined,
        );
        if (more !== undefined && paths(more).length > all.length)
          expect({ path, verdict: verdict(parse, canonicalize(more)) }).toEqual({
            path,
            verdict: "malformed",
          });
      }
    });

    test("bytes that are changed, cut, doubled or made up are understood or refused", () => {
      const place = fc.nat(bytes.length - 1);
      fc.assert(
        fc.property(place, place, fc.uint8Array({ maxLength: 8 }), (from, to, middle) => {
          const mutant = Buffer.concat([bytes.subarray(0, from), middle, bytes.subarray(to)]);
          verdict(parse, mutant);
        }),
        { numRuns: 2000 },
      );
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 300 }), (mutant) => verdict(parse, mutant) === "malformed"),
      );
      for (let length = 0; length < bytes.length; length++)
        expect({ length, verdict: verdict(parse, bytes.subarray(0, length)) }).toEqual({
          length,
          verdict: "malformed",
        });
    });

    test("what is not canonical, too deep or too long is refused", () => {
      const text = new TextDecoder().decode(bytes);
      for (const mutant of [
        JSON.stringify(sample, null, 1),
        `${text}\n`,
        `\uFEFF${text}`,
        text.replace('"v":1', '"v":1.0'),
        text.replace('"v":1', '"v":1,"v":1'),
        text.replace('"v":1', '"v":1e999'),
        text.replace('"v":1', '"__proto__":{"v":1}'),
        `${"[".repeat(100_000)}${"]".repeat(100_000)}`,
        `{"a":`.repeat(100_000),
        '"\\ud800"',
      ])
        expect(verdict(parse, new TextEncoder().encode(mutant))).toBe("malformed");
      expect(verdict(parse, new Uint8Array(maxBytes + 1).fill(0x20))).toBe("malformed");
    });
  });
}

test("what the store builds, a device understands as the same", () => {
  const entry = fc.record({
    action: fc.constantFrom("block" as const, "disable" as const, "remove" as const),
    subject: fc.constantFrom("key" as const, "certificate" as const),
    id: fc.constantFrom(sha("1"), sha("2"), sha("3")),
    reason: fc.string({ unit: "grapheme", minLength: 1 }).filter((text) => reasonFault(text) === null),
    revokedAt: fc.constant("2026-01-02T03:04:05Z"),
    approvalsUntil: fc.constantFrom(null, "2026-01-02T03:04:05Z"),
  });
  fc.assert(
    fc.property(
      fc.uniqueArray(entry, { maxLength: 5, selector: ({ subject, id }) => `${subject} ${id}` }),
      (entries) => {
        const built = buildRevocations({ entries, lowestVersionCodes: new Map() });
        const parsed = parseRevocations(built);
        expect(parsed.entries).toHaveLength(entries.length);
        for (const each of entries) expect(parsed.entries).toContainEqual(each);
        expect(Buffer.compare(buildRevocations(parsed), built)).toBe(0);
      },
    ),
  );
});
