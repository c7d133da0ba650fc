/** What an act is refused for, whoever sends it by whichever way: names of another kind, texts, times, and scopes that do not hold. */
import { describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { type Actor, OPERATOR } from "../../accounts/actor.ts";
import { listMessages } from "../../accounts/messages/outbox.ts";
import type { AppId, KeyId } from "../../ids.ts";
import { releaseSigner } from "../../keys/authority.ts";
import { formatTime } from "../../signing/times.ts";
import { storeForAll } from "../../testing/prepared.ts";
import { codeOf } from "../../testing/problems.ts";
import { newPublisher, type Publisher, reviewer, signedApp, submitBytes } from "../../testing/publishing.ts";
import * as catalog from "../records.ts";
import { previewKeyRevocation, revokeDeveloperKey } from "../revoke-key.ts";
import { findTargetBody } from "../tuf/records.ts";
import { parseRevocations } from "../tuf/revocations.ts";
import { revoke } from "./act.ts";
import type { RevocationInput } from "./change.ts";
import { listRevocationEvents, listRevocations } from "./listing.ts";
import { previewRevocation } from "./preview.ts";

let publisher: Publisher;
/** One of each kind that the store knows. */
let known: Readonly<Record<"app" | "package" | "key" | "certificate" | "developer", string>>;

const world = storeForAll(async () => {
  publisher = await newPublisher(world.store);
  const id = "org.example.hostile" as AppId;
  const bytes = await signedApp(world.store, publisher.signer, { id });
  const version = await submitBytes(world.store, publisher.actor, bytes);
  await world.scheduler.drain();
  known = {
    app: id,
    package: catalog.findVersion(world.store.db.orm, version.id)?.contentDigest ?? "",
    key: publisher.signer.keyid,
    certificate: createHash("sha256").update(publisher.signer.certificateDer).digest("hex"),
    developer: publisher.organisationId,
  };
});

const reason = "It sends what people write to strangers.";
type Change = Partial<Extract<RevocationInput, { act: "revoke" }>>;
const block = (change: Change = {}): RevocationInput => ({
  act: "revoke",
  subject: "app",
  id: known.app,
  action: "block",
  reason,
  ...change,
});

const preview = (input: RevocationInput, actor: Actor = OPERATOR) =>
  previewRevocation(world.store, actor, input, { limit: 1 });

/** The preview and the act refuse the same, and the act leaves nothing behind. */
async function refusalOf(input: RevocationInput): Promise<string> {
  const before = traces();
  const code = await codeOf(() => preview(input));
  expect(await codeOf(() => revoke(world.store, OPERATOR, input, "0".repeat(64)))).toBe(code);
  expect(traces()).toEqual(before);
  return code;
}

/** All that an act writes. */
function traces(): unknown {
  const { raw } = world.store.db;
  const { n } = raw.query("SELECT count(*) AS n FROM log_leaves").get() as { n: number };
  return [
    listRevocations(world.store, OPERATOR, { limit: 100 }).items,
    listRevocationEvents(world.store, OPERATOR, { limit: 100 }).items,
    listMessages(world.store, OPERATOR, { limit: 100 }).items.length,
    n,
    signedList(),
  ];
}

function signedList() {
  const body = findTargetBody(world.store.db.orm, "trust/revocations.json");
  return parseRevocations(new Uint8Array(body ?? []));
}

test("a name of one kind is none of another", async () => {
  const kinds = Object.keys(known) as (keyof typeof known)[];
  for (const subject of kinds) {
    for (const other of kinds) {
      const code = await refusalOfName(subject, known[other]);
      if (subject === other) expect(code).toBe("no problem");
      else expect(["revocation.id_invalid", "revocation.subject_unknown"]).toContain(code);
    }
  }
});

function refusalOfName(subject: string, id: string): Promise<string> {
  return codeOf(() => preview(block({ subject, id })));
}

test.each([
  ["", "revocation.id_invalid"],
  ["org.example.absent", "revocation.subject_unknown"],
  ["ORG.EXAMPLE.HOSTILE", "revocation.id_invalid"],
  ["org.example.hostile ", "revocation.id_invalid"],
  ["org.example.hostile\0", "revocation.id_invalid"],
  ["org.example.hostile\n", "revocation.id_invalid"],
  ["org.example.host\u0456le", "revocation.id_invalid"],
  ["../../etc/passwd", "revocation.id_invalid"],
  ["%", "revocation.id_invalid"],
  ["' OR 1=1 --", "revocation.id_invalid"],
  ["a.".repeat(5000), "revocation.id_invalid"],
  ["__proto__", "revocation.id_invalid"],
])("an app that is called %j", async (id, code) => {
  expect(await refusalOf(block({ id }))).toBe(code);
});

test.each(["toString", "__proto__", "constructor", "App", "", "store"])(
  "a subject that is called %j",
  async (subject) => {
    expect(await refusalOf(block({ subject }))).toBe("revocation.subject_invalid");
  },
);

test.each(["toString", "__proto__", "Block", "lift", ""])("an action that is called %j", async (action) => {
  expect(await refusalOf(block({ action }))).toBe("revocation.action_invalid");
});

describe("a reason", () => {
  test.each([
    ["nothing", ""],
    ["blanks", " \u00a0\u2003 "],
    ["201 characters", "x".repeat(201)],
    ["a mebibyte", "x".repeat(2 ** 20)],
    ["two lines", "one\ntwo"],
    ["a carriage return", "one\rtwo"],
    ["a line separator", "one\u2028two"],
    ["a NUL", "one\0two"],
    ["a colour of a terminal", "\x1b[31mred"],
    ["a C1 control", "\x9b31m"],
    ["an override of direction", "safe\u202eexe.gpj"],
    ["an isolate", "\u2066safe\u2069"],
    ["a mark of direction", "safe\u200f"],
    ["half of a character", "\ud800"],
    ["a noncharacter", "\ufdd0"],
    ["a noncharacter of the last plane", "\u{10fffe}"],
  ])("with %s is refused", async (_, text) => {
    expect(await refusalOf(block({ reason: text }))).toBe("revocation.reason_invalid");
  });

  test("that is accepted is one that devices accept, whatever it is", async () => {
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 250 }),
      fc.string({ unit: "grapheme", maxLength: 220 }),
    );
    let before = traces();
    await fc.assert(
      fc.asyncProperty(text, async (own) => {
        const input = block({ reason: own });
        const code = await codeOf(async () => {
          await revoke(world.store, OPERATOR, input, preview(input).scope);
        });
        if (code === "revocation.reason_invalid") expect(traces()).toEqual(before);
        else expect(code).toBe("no problem");
        // It parses: a list that no device takes would stop all of them.
        signedList();
        before = traces();
      }),
      { numRuns: 15 },
    );
    const lift: RevocationInput = { act: "lift", subject: "app", id: known.app, reason };
    await revoke(world.store, OPERATOR, lift, preview(lift).scope);
  });
});

describe("a time of approvals", () => {
  const release = (approvalsUntil: string): RevocationInput =>
    block({ subject: "key", id: releaseSigner(world.store).keyid, approvalsUntil });

  test.each([
    "noon",
    "2026-11-25",
    "2026-11-25T09:30",
    "2026-11-25T09:30:00",
    "2026-13-25T09:30:00Z",
    "1969-12-31T23:59:59Z",
    "+010000-01-01T00:00:00Z",
    "1732527000",
    `2026-11-25T09:30:00.${"0".repeat(10_000)}1Z\0`,
  ])("that is written %p cannot be read", async (text) => {
    expect(await refusalOf(release(text))).toBe("revocation.until_invalid");
  });

  test("is over: from a second before now back to any time, and not after now", async () => {
    const at = (ms: number) => formatTime(new Date(world.store.clock.now().getTime() + ms));
    for (const past of [at(0), at(-1000), "2001-01-01T00:00:00+05:30"])
      expect(await codeOf(() => preview(release(past)))).toBe("no problem");
    for (const future of [at(1000), at(86_400_000), "9999-12-31T23:59:59Z"])
      expect(await refusalOf(release(future))).toBe("revocation.until_future");
  });

  test("is refused of everything else", async () => {
    for (const [subject, id] of Object.entries(known)) {
      const input = block({ subject, id, approvalsUntil: "2001-01-01T00:00:00Z" });
      expect(await refusalOf(input)).toBe("revocation.until_refused");
    }
  });
});

describe("a scope", () => {
  test("is of one act: of no other action, reason, subject or name", async () => {
    const { scope } = preview(block());
    const others: Change[] = [
      { action: "remove" },
      { reason: `${reason}!` },
      { subject: "developer", id: known.developer },
      { subject: "package", id: known.package },
    ];
    for (const change of others)
      expect(await codeOf(() => revoke(world.store, OPERATOR, block(change), scope))).toBe(
        "revocation.scope_changed",
      );
    for (const text of ["", "x", scope.toUpperCase(), `${scope} `])
      expect(await codeOf(() => revoke(world.store, OPERATOR, block(), text))).toBe(
        "revocation.scope_changed",
      );
  });

  test("sent twice at once is done once; sent again after it was undone, not at all", async () => {
    const events = () => listRevocationEvents(world.store, OPERATOR, { limit: 100 }).items.length;
    const before = events();
    const { scope } = preview(block());
    const both = await Promise.all([1, 2, 3].map(() => revoke(world.store, OPERATOR, block(), scope)));
    expect(both.filter(({ changed }) => changed)).toHaveLength(1);
    expect(events()).toBe(before + 1);
    const lift: RevocationInput = { act: "lift", subject: "app", id: known.app, reason };
    await revoke(world.store, OPERATOR, lift, preview(lift).scope);
    expect(await codeOf(() => revoke(world.store, OPERATOR, block(), scope))).toBe(
      "revocation.scope_changed",
    );
    expect(events()).toBe(before + 2);
  });
});

test("an owner of another organisation learns nothing of a key, and revokes none", async () => {
  const other = await newPublisher(world.store, "Other");
  const stranger: Actor = {
    ...reviewer(),
    storeRole: null,
    organisations: new Map([[other.organisationId, "owner"]]),
  };
  const before = traces();
  for (const keyid of [known.key, "0".repeat(64)] as KeyId[]) {
    const look = () => previewKeyRevocation(world.store, stranger, keyid, { reason }, { limit: 1 });
    const act = () => revokeDeveloperKey(world.store, stranger, keyid, { reason }, "0".repeat(64));
    for (const work of [look, act]) expect(await codeOf(work)).toBe("key.not_found");
  }
  expect(traces()).toEqual(before);
});

test("nobody but an administrator looks, acts or lists", async () => {
  const before = traces();
  const { scope } = preview(block());
  for (const actor of [publisher.actor, reviewer()] as const) {
    const asked = [
      () => preview(block(), actor),
      () => revoke(world.store, actor, block(), scope),
      () => listRevocations(world.store, actor, { limit: 1 }),
      () => listRevocationEvents(world.store, actor, { limit: 1 }),
    ];
    for (const work of asked) expect(await codeOf(work)).toBe("rights.forbidden");
  }
  expect(traces()).toEqual(before);
});
