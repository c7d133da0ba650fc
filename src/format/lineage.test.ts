/** A lineage on real certificates: what grows by statements that hold, and everything else that is refused. */
import { beforeAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { isProblem } from "../errors.ts";
import { sealEnvelope } from "../signing/dsse.ts";
import { canonicalize, type JsonValue, parseCanonical } from "../signing/json.ts";
import {
  buildKeyAcceptance,
  buildKeyAddition,
  buildKeyRecovery,
  type KeyAcceptance,
  type KeyAddition,
  type KeyRecovery,
} from "../signing/key-statements.ts";
import type { Signer } from "../signing/signer.ts";
import { sha256Hex } from "./digests.ts";
import {
  judgeLineage,
  LINEAGE_MAX_KEYS,
  type LineageEntry,
  type LineageKey,
  type LineagePolicy,
  lineageJson,
  parseLineage,
  standing,
} from "./lineage.ts";
import { type Authorities, makeAuthorities } from "./testing-authorities.ts";

const APP = "com.example.notes";
const OWNER = "org-1";
const STORE = "store-1";
const NOW = new Date("2026-06-01T12:00:00Z");
const HOUR_MS = 3_600_000;
const at = (hours: number) => new Date(NOW.getTime() + hours * HOUR_MS);

let world: Authorities;
let keys: readonly Signer[];
beforeAll(async () => {
  world = await makeAuthorities(NOW);
  keys = await Promise.all([0, 1, 2, 3].map(() => world.developer(OWNER)));
});

const key = (index: number): Signer => {
  const signer = keys[index];
  if (!signer) throw new Error(`there is no key ${index}`);
  return signer;
};

async function rotation(
  position: number,
  by: Signer,
  to: Signer,
  change: {
    addition?: Partial<KeyAddition>;
    acceptance?: Partial<KeyAcceptance>;
    storeSigner?: Signer;
    keyId?: string;
  } = {},
): Promise<LineageEntry> {
  const placed = { appId: APP, developerId: OWNER, keyId: to.keyid, position };
  const addition = await sealEnvelope(
    buildKeyAddition({ ...placed, addedAt: at(-2), ...change.addition }),
    by,
  );
  const acceptance = await sealEnvelope(
    buildKeyAcceptance({
      ...placed,
      acceptedAt: at(-1),
      addition: { sha256: sha256Hex(addition) },
      signerKeyId: by.keyid,
      storeId: STORE,
      ...change.acceptance,
    }),
    change.storeSigner ?? world.release,
  );
  return { kind: "addition", keyId: change.keyId ?? to.keyid, addition, acceptance };
}

async function recovery(
  position: number,
  to: Signer,
  lostKeyIds: readonly string[],
  change: Partial<KeyRecovery> = {},
  signer: Signer = world.release,
): Promise<LineageEntry> {
  const statement = buildKeyRecovery({
    appId: APP,
    developerId: OWNER,
    keyId: to.keyid,
    position,
    requestedAt: at(-24 * 8),
    waitingUntil: at(-24),
    approvedAt: at(-2),
    approvers: 1,
    ownersTold: 2,
    lostKeyIds,
    recoveryId: "rcv-1",
    storeId: STORE,
    ...change,
  });
  return { kind: "recovery", keyId: to.keyid, recovery: await sealEnvelope(statement, signer) };
}

const first = (): LineageEntry => ({ kind: "first", keyId: key(0).keyid });

function policy(change: Partial<LineagePolicy> = {}): LineagePolicy {
  return {
    appId: APP,
    developerId: OWNER,
    formerDevelopers: [],
    storeId: STORE,
    now: NOW,
    anchors: world.anchors,
    revocations: [],
    pinned: [],
    ...change,
  };
}

async function outcome(
  entries: readonly LineageEntry[] | Promise<readonly LineageEntry[]>,
  change: Partial<LineagePolicy> = {},
): Promise<string> {
  try {
    const judged = await judgeLineage(await entries, policy(change));
    return judged.map(({ lostAt }) => (lostAt === null ? "good" : "lost")).join(" ");
  } catch (error) {
    if (!isProblem(error)) throw error;
    const { entry, pointer } = error.details[0] ?? {};
    return [error.code, entry, pointer].filter((part) => part !== undefined).join(" ");
  }
}

const pin = (...signers: readonly Signer[]): LineageKey[] =>
  signers.map(({ keyid }) => ({ keyId: keyid, lostAt: null }));

describe("a lineage", () => {
  test("of one key holds", async () => expect(await outcome([first()])).toBe("good"));

  test("grows by rotation after rotation, from any key that is in it", async () => {
    const entries = [
      first(),
      await rotation(1, key(0), key(1)),
      await rotation(2, key(1), key(2)),
      await rotation(3, key(0), key(3)),
    ];
    expect(await outcome(entries)).toBe("good good good good");
    expect(await outcome(entries, { pinned: pin(key(0)) })).toBe("good good good good");
  });

  test("goes on after a recovery with the new key, and the lost ones end then", async () => {
    const entries = [
      first(),
      await rotation(1, key(0), key(1)),
      await recovery(2, key(2), [key(0).keyid, key(1).keyid]),
      await rotation(3, key(2), key(3)),
    ];
    expect(await outcome(entries)).toBe("lost lost good good");
    const judged = await judgeLineage(entries, policy({ pinned: pin(key(0)) }));
    expect(standing(judged, key(1).keyid, at(-3))).toBe("good");
    expect(standing(judged, key(1).keyid, at(-1))).toBe("lost");
    expect(standing(judged, key(3).keyid, at(5))).toBe("good");
    expect(standing(judged, "f".repeat(64), at(0))).toBe("unknown");
  });

  test("that was pinned is not judged again, but must still be there", async () => {
    const entries = [first(), await rotation(1, key(0), key(1))];
    const nobody = { roots: [], developerCas: [] };
    expect(await outcome(entries, { pinned: pin(key(0), key(1)), anchors: nobody })).toBe("good good");
    expect(await outcome([first()], { pinned: pin(key(0), key(1)) })).toBe("MPK-L009 lineage /1/keyId");
    const other = [first(), await rotation(1, key(0), key(2))];
    expect(await outcome(other, { pinned: pin(key(0), key(1)) })).toBe("MPK-L009 lineage /1/keyId");
    expect(await outcome([{ kind: "first", keyId: key(1).keyid }], { pinned: pin(key(0)) })).toBe(
      "MPK-L009 lineage /0/keyId",
    );
  });

  test("takes no further key without statements", async () =>
    expect(await outcome([first(), { kind: "first", keyId: key(1).keyid }])).toBe("MPK-L001 /1"));
});

describe("an addition is refused", () => {
  const cases: readonly (readonly [string, string, () => Promise<LineageEntry>])[] = [
    [
      "by a key that is not in it",
      "MPK-L004 lineage/1/addition /signatures/0/keyid",
      () => rotation(1, key(2), key(1)),
    ],
    [
      "by the key that it adds",
      "MPK-L004 lineage/1/addition /signatures/0/keyid",
      () => rotation(1, key(1), key(1)),
    ],
    [
      "by another developer's certificate for it",
      "MPK-L002 lineage/1/addition /predicate/developerId",
      async () => rotation(1, await world.developer("org-2"), key(1)),
    ],
    [
      "for another app",
      "MPK-L002 lineage/1/acceptance /subject/0/name",
      () => rotation(1, key(0), key(1), { acceptance: { appId: "com.example.other" } }),
    ],
    [
      "for another app in the developer's words",
      "MPK-L002 lineage/1/addition /subject/0/name",
      () => rotation(1, key(0), key(1), { addition: { appId: "com.example.other" } }),
    ],
    [
      "for another key",
      "MPK-L002 lineage/1/acceptance /subject/0/digest/sha256",
      () => rotation(1, key(0), key(1), { keyId: key(2).keyid }),
    ],
    [
      "for another key in the developer's words",
      "MPK-L002 lineage/1/addition /subject/0/digest/sha256",
      () => rotation(1, key(0), key(1), { addition: { keyId: key(2).keyid } }),
    ],
    [
      "for another developer",
      "MPK-L002 lineage/1/acceptance /predicate/developerId",
      () => rotation(1, key(0), key(1), { acceptance: { developerId: "org-2" } }),
    ],
    [
      "for another place",
      "MPK-L003 lineage/1/acceptance /predicate/position",
      () => rotation(2, key(0), key(1)),
    ],
    [
      "for another place in the developer's words",
      "MPK-L003 lineage/1/addition /predicate/position",
      () => rotation(1, key(0), key(1), { addition: { position: 2 } }),
    ],
    [
      "when the store accepted another one",
      "MPK-L005 lineage/1/acceptance /predicate/addition/sha256",
      () => rotation(1, key(0), key(1), { acceptance: { addition: { sha256: "0".repeat(64) } } }),
    ],
    [
      "when the store names another signer",
      "MPK-L005 lineage/1/acceptance /predicate/signerKeyId",
      () => rotation(1, key(0), key(1), { acceptance: { signerKeyId: key(3).keyid } }),
    ],
    [
      "from the future",
      "MPK-L006 lineage/1/acceptance /predicate/acceptedAt",
      () => rotation(1, key(0), key(1), { acceptance: { acceptedAt: at(25) } }),
    ],
    [
      "signed long after",
      "MPK-L006 lineage/1/addition /predicate/addedAt",
      () => rotation(1, key(0), key(1), { addition: { addedAt: at(24) } }),
    ],
    [
      "accepted by another store",
      "MPK-A009 lineage/1/acceptance /predicate/storeId",
      async () => rotation(1, key(0), key(1), { acceptance: { storeId: "store-2" } }),
    ],
    [
      "accepted with another store's certificate",
      "MPK-A009 lineage/1/acceptance /predicate/storeId",
      async () =>
        rotation(1, key(0), key(1), {
          acceptance: { storeId: "store-2" },
          storeSigner: await world.releaseOf("store-2"),
        }),
    ],
    [
      "accepted by a developer",
      "MPK-X002 lineage/1/acceptance",
      () => rotation(1, key(0), key(1), { storeSigner: key(1) }),
    ],
    ["by the store itself", "MPK-X002 lineage/1/addition", () => rotation(1, world.release, key(1))],
    [
      "before its certificates were valid",
      "MPK-X007 lineage/1/acceptance",
      () => rotation(1, key(0), key(1), { acceptance: { acceptedAt: at(-24 * 400) } }),
    ],
  ];
  test.each(cases)("%s", async (_, expected, make) => {
    expect(await outcome([first(), await make()])).toBe(expected);
  });

  test("by a key that a recovery named as lost", async () => {
    const entries = [first(), await recovery(1, key(1), [key(0).keyid]), await rotation(2, key(0), key(2))];
    expect(await outcome(entries)).toBe("MPK-L004 lineage/2/addition /signatures/0/keyid");
  });

  test("by a certificate of another root", async () => {
    const other = await makeAuthorities(NOW);
    const entry = await rotation(1, key(0), key(1), { storeSigner: other.release });
    expect(await outcome([first(), entry])).toBe("MPK-X009 lineage/1/acceptance");
  });

  test("by a key that was revoked before, and not by one that was revoked later", async () => {
    const entries = [first(), await rotation(1, key(0), key(1))];
    const revoked = (revokedAt: Date) => ({
      revocations: [
        {
          subject: "key",
          id: key(0).keyid,
          revokedAt: `${revokedAt.toISOString().slice(0, 19)}Z`,
          approvalsUntil: null,
        },
      ],
    });
    expect(await outcome(entries, revoked(at(-1.5)))).toBe("MPK-X011 lineage/1/addition");
    expect(await outcome(entries, revoked(at(-1)))).toBe("good good");
    expect(await outcome(entries, revoked(at(0)))).toBe("good good");
  });

  test("when the release key is revoked, unless for later approvals only", async () => {
    const entries = [first(), await rotation(1, key(0), key(1))];
    const until = (approvalsUntil: string | null) => ({
      revocations: [
        { subject: "key", id: world.release.keyid, revokedAt: "2026-06-01T12:00:00Z", approvalsUntil },
      ],
    });
    expect(await outcome(entries, until(null))).toBe("MPK-X011 lineage/1/acceptance");
    expect(await outcome(entries, until("2026-06-01T10:59:59Z"))).toBe("MPK-X011 lineage/1/acceptance");
    expect(await outcome(entries, until("2026-06-01T11:00:00Z"))).toBe("good good");
  });
});

describe("a recovery is refused", () => {
  const cases: readonly (readonly [string, string, Partial<KeyRecovery>])[] = [
    [
      "that waited less than a day",
      "MPK-L007 lineage/1/recovery /predicate/waitingUntil",
      { requestedAt: at(-47.99) },
    ],
    [
      "that was approved too early",
      "MPK-L007 lineage/1/recovery /predicate/approvedAt",
      { approvedAt: at(-24.01) },
    ],
    ["that nobody approved", "MPK-L007 lineage/1/recovery /predicate/approvers", { approvers: 0 }],
    ["that no owner was told of", "MPK-L007 lineage/1/recovery /predicate/ownersTold", { ownersTold: 0 }],
    ["that names no lost key", "MPK-L008 lineage/1/recovery /predicate/lostKeyIds", { lostKeyIds: [] }],
    [
      "that names another lost key",
      "MPK-L008 lineage/1/recovery /predicate/lostKeyIds",
      { lostKeyIds: ["0".repeat(64)] },
    ],
    ["from the future", "MPK-L006 lineage/1/recovery /predicate/approvedAt", { approvedAt: at(25) }],
    ["for another app", "MPK-L002 lineage/1/recovery /subject/0/name", { appId: "com.example.other" }],
    ["for another developer", "MPK-L002 lineage/1/recovery /predicate/developerId", { developerId: "org-2" }],
    ["for another key", "MPK-L002 lineage/1/recovery /subject/0/digest/sha256", { keyId: "0".repeat(64) }],
    ["for another place", "MPK-L003 lineage/1/recovery /predicate/position", { position: 2 }],
    ["of another store", "MPK-A009 lineage/1/recovery /predicate/storeId", { storeId: "store-2" }],
  ];
  test.each(cases)("%s", async (_, expected, change) => {
    expect(await outcome([first(), await recovery(1, key(1), [key(0).keyid], change)])).toBe(expected);
  });

  test("that a developer signed", async () => {
    const entry = await recovery(1, key(1), [key(0).keyid], {}, key(1));
    expect(await outcome([first(), entry])).toBe("MPK-X002 lineage/1/recovery");
  });

  test("that names a key which an earlier one had named", async () => {
    const entries = (lost: readonly string[]) =>
      Promise.all([
        first(),
        recovery(1, key(1), [key(0).keyid], {
          requestedAt: at(-24 * 20),
          waitingUntil: at(-24 * 9),
          approvedAt: at(-24 * 9),
        }),
        recovery(2, key(2), lost),
      ]);
    expect(await outcome(entries([key(1).keyid]))).toBe("lost lost good");
    expect(await outcome(entries([key(0).keyid, key(1).keyid]))).toBe(
      "MPK-L008 lineage/2/recovery /predicate/lostKeyIds",
    );
  });

  test("that holds to the second exactly", async () => {
    const exact = { requestedAt: at(-48), waitingUntil: at(-24), approvedAt: at(-24) };
    expect(await outcome([first(), await recovery(1, key(1), [key(0).keyid], exact)])).toBe("lost good");
  });
});

describe("the list's form", () => {
  const HEX = "a".repeat(64);
  const codeOf = (value: JsonValue | undefined): string => {
    try {
      parseLineage(value);
      return "taken";
    } catch (error) {
      if (!isProblem(error)) throw error;
      return `${error.code} ${error.details[0]?.pointer ?? ""}`.trim();
    }
  };
  const many = (count: number): JsonValue[] =>
    Array.from({ length: count }, (_, index) => {
      const keyId = index.toString(16).padStart(64, "0");
      return index === 0 ? { keyId } : { keyId, recovery: {} };
    });
  test.each<readonly [string, string, JsonValue | undefined]>([
    ["one key", "taken", [{ keyId: HEX }]],
    ["as many as are allowed", "taken", many(LINEAGE_MAX_KEYS)],
    ["more", "MPK-L001", many(LINEAGE_MAX_KEYS + 1)],
    ["nothing", "MPK-L001", undefined],
    ["none", "MPK-L001", []],
    ["an object", "MPK-L001", {}],
    ["texts", "MPK-L001 /0", [HEX]],
    ["a key in capitals", "MPK-L001 /0/keyId", [{ keyId: "A".repeat(64) }]],
    ["statements about the first", "MPK-L001 /0/recovery", [{ keyId: HEX, recovery: {} }]],
    ["a second without statements", "MPK-L001 /1/acceptance", [{ keyId: HEX }, { keyId: "b".repeat(64) }]],
    [
      "an addition alone",
      "MPK-L001 /1/acceptance",
      [{ keyId: HEX }, { keyId: "b".repeat(64), addition: {} }],
    ],
    [
      "both reasons",
      "MPK-L001 /1/addition",
      [{ keyId: HEX }, { keyId: "b".repeat(64), addition: {}, acceptance: {}, recovery: {} }],
    ],
    ["a key twice", "MPK-L001 /1/keyId", [{ keyId: HEX }, { keyId: HEX, recovery: {} }]],
    ["a null", "MPK-L001 /1", [{ keyId: HEX }, null]],
  ])("%s", (_, expected, value) => expect(codeOf(value)).toBe(expected));

  test("any JSON value is read or refused by a code", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(codeOf(JSON.parse(text) as JsonValue)).toMatch(/^(taken|MPK-L001)/);
      }),
    );
  });

  test("what is written is what is read", async () => {
    const entries = [first(), await rotation(1, key(0), key(1)), await recovery(2, key(2), [HEX])];
    const bytes = canonicalize(entries.map(lineageJson));
    expect(parseLineage(parseCanonical(bytes, { maxBytes: 2 ** 20 }))).toEqual(entries.map(plain));
  });
});

const plain = (entry: LineageEntry): LineageEntry =>
  Object.fromEntries(
    Object.entries(entry).map(([name, value]) => [
      name,
      typeof value === "string" ? value : new Uint8Array(value),
    ]),
  ) as LineageEntry;

test("every flip of a byte of a statement is refused", async () => {
  const addition = await rotation(1, key(0), key(1));
  const recovered = await recovery(1, key(1), [key(0).keyid]);
  if (addition.kind !== "addition" || recovered.kind !== "recovery") throw new Error("made otherwise");
  // Each byte once; which of its bits, the place says.
  const flips = function* (bytes: Uint8Array) {
    for (let index = 0; index < bytes.length; index++) {
      const flipped = new Uint8Array(bytes);
      flipped[index] = (flipped[index] ?? 0) ^ (1 << (index % 8));
      yield flipped;
    }
  };
  const accepted: string[] = [];
  const judge = async (entry: LineageEntry, what: string) => {
    if (/^(good|lost)/.test(await outcome([first(), entry]))) accepted.push(what);
  };
  for (const bytes of flips(addition.acceptance))
    await judge({ ...addition, acceptance: bytes }, "acceptance");
  for (const bytes of flips(addition.addition)) await judge({ ...addition, addition: bytes }, "addition");
  for (const bytes of flips(recovered.recovery)) await judge({ ...recovered, recovery: bytes }, "recovery");
  expect(accepted).toEqual([]);
}, 60_000);
