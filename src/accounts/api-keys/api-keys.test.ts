import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { type ApiKeyId, newId } from "../../ids.ts";
import { codeOfSync } from "../../testing/problems.ts";
import { openTestStore, type TestStore } from "../../testing/store.ts";
import { actorOfAccount } from "../account-actor.ts";
import { type AccountActor, OPERATOR } from "../actor.ts";
import { addMember, createOrganisation, type Organisation } from "../organisations.ts";
import { type Account, createAccount, disableAccount, enableAccount } from "../people.ts";
import { accountById, updateAccount } from "../records.ts";
import { revokeApiKey } from "./end.ts";
import { findByToken } from "./find.ts";
import { listApiKeys } from "./list.ts";
import { createApiKey } from "./make.ts";
import { apiKeyById } from "./records.ts";
import { formatToken, newTokenSecret, parseToken } from "./tokens.ts";

const DAY_MS = 86_400_000;
let store: TestStore;
let organisation: Organisation;
let account: Account;

beforeEach(async () => {
  store = await openTestStore();
  organisation = createOrganisation(store, OPERATOR, { name: "Example" });
  account = await createAccount(store, OPERATOR, {
    email: "ada@example.org",
    name: "Ada",
    storeRole: "reviewer",
  });
});
afterEach(() => store.close());

function make(days?: number) {
  return createApiKey(store, OPERATOR, {
    owner: { organisationId: organisation.id },
    name: "CI",
    ...(days === undefined ? {} : { days }),
  });
}

test("the person of a key is read as their account is, at each use", () => {
  const { token } = createApiKey(store, OPERATOR, { owner: { accountId: account.id }, name: "laptop" });
  const same = () => {
    const row = accountById(store.db.orm, account.id);
    if (row === undefined) throw new Error("nobody");
    const { organisations: _, ...actor } = findByToken(store, token) as AccountActor;
    const { organisations: __, ...expected } = actorOfAccount(store, store.db.orm, row, actor.via);
    expect(actor).toEqual(expected);
    return actor.storeRole;
  };
  expect(same()).toBe("reviewer");
  const set = (change: Parameters<typeof updateAccount>[2]) =>
    updateAccount(store.db.orm, account.id, change);
  set({ name: 'Ada "Countess" \\ O\u2019Lovelace, \u{1f980}', email: "Ada+x@example.org" });
  expect(same()).toBe("reviewer");
  const now = store.clock.now();
  set({ storeRole: "administrator", storeRoleProvider: "sso", storeRoleConfirmedAt: now });
  expect(same()).toBe("administrator");
  // What rests on a group pauses with the time, and counts for nothing once that is withdrawn.
  store.clock.advance(store.config.groupPauseHours * 3_600_000);
  expect(same()).toBeNull();
  set({ storeRoleConfirmedAt: store.clock.now() });
  expect(same()).toBe("administrator");
  set({ storeRoleConfirmedAt: null });
  expect(same()).toBeNull();
  set({ disabledAt: now });
  expect(codeOfSync(() => findByToken(store, token))).toBe("auth.account_disabled");
});

describe("a token", () => {
  test("is shown once and kept as a hash", () => {
    const { key, token } = make();
    expect(token).toMatch(/^mosis_org_[0-9a-f]{32}_[0-9A-Za-z]{49}$/);
    expect(Buffer.from(store.db.raw.serialize()).includes(parseToken(token)?.secret ?? "?")).toBe(false);
    expect(JSON.stringify([key, listApiKeys(store)])).not.toContain("ecretHash");
  });

  test("of an organisation acts as that machine", () => {
    const { key, token } = make();
    expect(findByToken(store, token)).toEqual({
      kind: "organisation-key",
      organisationId: organisation.id,
      keyId: key.id,
    });
  });

  test("of a person acts with that person's present rights", () => {
    const owner = { accountId: account.id };
    const { token } = createApiKey(store, OPERATOR, { owner, name: "laptop" });
    expect(token).toStartWith("mosis_usr_");
    addMember(store, OPERATOR, organisation.id, account.id, "viewer");
    const actor = findByToken(store, token);
    expect(actor).toMatchObject({ kind: "account", accountId: account.id, storeRole: "reviewer" });
    expect([...(actor.kind === "account" ? actor.organisations : [])]).toEqual([[organisation.id, "viewer"]]);
    disableAccount(store, OPERATOR, account.id);
    expect(codeOfSync(() => findByToken(store, token))).toBe("auth.account_disabled");
    enableAccount(store, OPERATOR, account.id);
    expect(codeOfSync(() => findByToken(store, token))).toBe("auth.token_revoked");
    // As in a store whose account was disabled before keys ended with that.
    disableAccount(store, OPERATOR, account.id);
    store.db.raw.run("UPDATE api_keys SET revoked_at = NULL WHERE account_id = ?", [account.id]);
    enableAccount(store, OPERATOR, account.id);
    expect(codeOfSync(() => findByToken(store, token))).toBe("auth.token_revoked");
  });

  test("ends after 90 days, or when it was told to", () => {
    const [usual, short] = [make().token, make(1).token];
    store.clock.advance(DAY_MS - 1);
    expect(codeOfSync(() => findByToken(store, short))).toBe("no problem");
    store.clock.advance(1);
    expect(codeOfSync(() => findByToken(store, short))).toBe("auth.token_expired");
    store.clock.advance(89 * DAY_MS - 1);
    expect(codeOfSync(() => findByToken(store, usual))).toBe("no problem");
    store.clock.advance(1);
    expect(codeOfSync(() => findByToken(store, usual))).toBe("auth.token_expired");
  });

  test("is dead once revoked, and stays so", () => {
    const { key, token } = make();
    const first = revokeApiKey(store, OPERATOR, key.id).revokedAt;
    store.clock.advance(DAY_MS);
    expect(revokeApiKey(store, OPERATOR, key.id).revokedAt).toEqual(first);
    expect(codeOfSync(() => findByToken(store, token))).toBe("auth.token_revoked");
    expect(codeOfSync(() => revokeApiKey(store, OPERATOR, newId("key")))).toBe("apikey.not_found");
  });

  test("of another kind, key or secret is not this store's", () => {
    const { key, token } = make();
    const parsed = parseToken(token);
    if (!parsed) throw new Error("a token that was just made is none");
    const forged = [
      { ...parsed, kind: "usr" as const },
      { ...parsed, secret: newTokenSecret() },
      { ...parsed, keyId: newId("key") },
      { ...parsed, keyId: make().key.id },
    ];
    for (const parts of forged)
      expect(codeOfSync(() => findByToken(store, formatToken(parts)))).toBe("auth.token_invalid");
    expect(apiKeyById(store.db.orm, key.id)?.lastUsedAt).toBeNull();
  });

  test("notes its last use, at most once a minute", () => {
    const { key, token } = make();
    const used = () => apiKeyById(store.db.orm, key.id)?.lastUsedAt?.getTime();
    const start = store.clock.now().getTime();
    findByToken(store, token);
    store.clock.advance(59_999);
    findByToken(store, token);
    expect(used()).toBe(start);
    store.clock.advance(1);
    findByToken(store, token);
    expect(used()).toBe(start + 60_000);
  });

  test.each([
    ["no name", { name: " " }, "apikey.invalid"],
    ["a long name", { name: "x".repeat(81) }, "apikey.invalid"],
    ["a name with a line feed", { name: "a\nb" }, "apikey.invalid"],
    ["a name with an override", { name: "a\u202eb" }, "apikey.invalid"],
    ["no days", { days: 0 }, "apikey.invalid"],
    ["half a day", { days: 0.5 }, "apikey.invalid"],
    ["not a number of days", { days: Number.NaN }, "apikey.invalid"],
    ["too many days", { days: 367 }, "apikey.invalid"],
    [
      "an organisation that is not there",
      { owner: { organisationId: newId("org") } },
      "organisation.not_found",
    ],
    ["a person who is not there", { owner: { accountId: newId("acc") } }, "account.not_found"],
  ])("is not made with %s", (_name, change, code) => {
    const fields = {
      owner: { organisationId: organisation.id },
      name: "CI",
      ...change,
    };
    expect(codeOfSync(() => createApiKey(store, OPERATOR, fields))).toBe(code);
    expect(listApiKeys(store)).toEqual([]);
  });
});

describe("the form of a token", () => {
  const tokens = fc.record({
    kind: fc.constantFrom("org" as const, "usr" as const),
    keyId: fc.stringMatching(/^[0-9a-f]{32}$/).map((hex) => `key-${hex}` as ApiKeyId),
    secret: fc.stringMatching(/^[0-9A-Za-z]{43}$/),
  });

  test("says what it was made of", () => {
    fc.assert(fc.property(tokens, (parts) => expect(parseToken(formatToken(parts))).toEqual(parts)));
  });

  test("shows every single changed, lost or added character", () => {
    fc.assert(
      fc.property(tokens, fc.nat(), fc.constantFrom(..."0aZ_-x"), (parts, place, character) => {
        const token = formatToken(parts);
        const at = place % token.length;
        const changed = token.slice(0, at) + character + token.slice(at + 1);
        if (changed !== token) expect(parseToken(changed)).toBeNull();
        expect(parseToken(token.slice(0, at) + token.slice(at + 1))).toBeNull();
        expect(parseToken(token.slice(0, at) + character + token.slice(at))).toBeNull();
      }),
    );
  });
});
