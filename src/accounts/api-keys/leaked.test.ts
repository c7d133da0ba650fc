/** Leaked tokens end their keys, and keys that end soon are told of, once. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { isProblem } from "../../errors.ts";
import { newId, type OrganisationId } from "../../ids.ts";
import { queryPlans, slowPlans } from "../../testing/query-plans.ts";
import { openTestStore, type TestStore } from "../../testing/store.ts";
import { type AccountActor, type Actor, OPERATOR } from "../actor.ts";
import { listAudit } from "../audit-log.ts";
import { changeRole, removeMember } from "../members.ts";
import { listMessages, type MessageView } from "../messages/outbox.ts";
import { addMember, createOrganisation } from "../organisations.ts";
import { type Account, createAccount, disableAccount, setStoreRole } from "../people.ts";
import { revokeApiKey } from "./end.ts";
import { tellOfEndingKeys } from "./ending.ts";
import { findByToken } from "./find.ts";
import { reportLeaked, unlinked } from "./leaked.ts";
import { listApiKeys, pageApiKeys } from "./list.ts";
import { createApiKey, type NewApiKey } from "./make.ts";
import { organisationsOfTokens } from "./records.ts";
import { rotateApiKey } from "./rotate.ts";
import { formatToken, newTokenSecret } from "./tokens.ts";

const DAY_MS = 86_400_000;
const SCANNER: Actor = {
  kind: "anonymous",
  from: { requestId: "req-1", address: "192.0.2.9", userAgent: "scanner" },
};
let store: TestStore;
let ours: OrganisationId;
let owner: Account;
let maintainer: Account;

beforeEach(async () => {
  store = await openTestStore();
  ours = createOrganisation(store, OPERATOR, { name: "Ours" }).id;
  const person = (name: string) => createAccount(store, OPERATOR, { email: `${name}@example.org`, name });
  [owner, maintainer] = [await person("olga"), await person("max")];
  addMember(store, OPERATOR, ours, owner.id, "owner");
  addMember(store, OPERATOR, ours, maintainer.id, "maintainer");
});
afterEach(() => store.close());

const asPerson = (account: Account, role: "owner" | "maintainer"): Actor => ({
  kind: "account",
  accountId: account.id,
  email: account.email,
  name: account.name,
  storeRole: null,
  organisations: new Map([[ours, role]]),
  via: { type: "session", sessionId: "s" },
});
const make = (fields: Partial<NewApiKey> = {}, by: Actor = OPERATOR) =>
  createApiKey(store, by, { owner: { organisationId: ours }, name: "CI", ...fields });
const messages = (): readonly MessageView[] => listMessages(store, OPERATOR, { limit: 100 }).items;
const toldOf = (kind: string) =>
  messages()
    .filter((message) => message.kind === kind)
    .map(({ address }) => address)
    .sort();
const works = (token: string): string => {
  try {
    findByToken(store, token);
  } catch (error) {
    if (isProblem(error)) return error.code;
    throw error;
  }
  return "works";
};

describe("a reported token", () => {
  test("ends its key at once, in the log too, and is told to its maker and the owners", async () => {
    const { key, token } = make({}, asPerson(maintainer, "maintainer"));
    findByToken(store, token, "198.51.100.4");
    reportLeaked(store, SCANNER, [{ token, url: "https://code.example/repo" }]);
    expect(works(token)).toBe("auth.token_revoked");
    const now = store.clock.now();
    expect(listApiKeys(store)[0]).toMatchObject({ id: key.id, revokedAt: now, leakedAt: now });
    expect(toldOf("apikey.leaked")).toEqual(["max@example.org", "olga@example.org"]);
    const { body, path } = messages()[0] ?? { body: "", path: "" };
    expect(path).toBe(`/organisations/${ours}/keys`);
    expect(body).toContain("from 198.51.100.4");
    expect(body).toContain("leads there by itself: code[.]example/repo\n");
    expect(body).not.toContain(token);
    const [entry] = (await listAudit(store, OPERATOR, { action: "apikey.leaked" }, { limit: 5 })).items;
    expect(entry).toMatchObject({
      actor: "anonymous",
      subject: key.id,
      organisationId: ours,
      person: { address: "192.0.2.9" },
    });
  });

  test.each([
    ["https://code.example/a/b?line=3", "code[.]example/a/b?line=3"],
    [" HTTP://Code.Example:8080/x ", "code[.]example[:]8080/x"],
    ["https://me:word@code.example/", "code[.]example/"],
    ["https://code.example/www.evil.example", "code[.]example/www[.]evil[.]example"],
    ["https://code.example/https://evil.example", "code[.]example/https[:]//evil[.]example"],
    ["https://code.example/mailto:eve@evil.example", "code[.]example/mailto[:]eve[at]evil[.]example"],
    ["https://code.example/a b\n\nCall+49", "code[.]example/a%20bCall+49"],
    ["https://code.example/\u202egpj", "code[.]example/%E2%80%AEgpj"],
    ["https://evil\uff0eexample/", "evil[.]example/"],
    ["https://аpple.example/", "xn--pple-43d[.]example/"],
    ["https://[2001:db8::1]/x", "[2001[:]db8[:][:]1]/x"],
    [`https://code.example/${"x".repeat(900)}`, `code[.]example/${"x".repeat(287)}[cut off]`],
  ])("says of %j where that is, and nothing leads there", (url, expected) => {
    expect(unlinked(url)).toBe(expected);
    const { token } = make();
    reportLeaked(store, SCANNER, [{ token, url }]);
    expect(messages()[0]?.body).toContain(`by itself: ${expected}\n\n`);
  });

  test.each([
    "Your store was broken into: sign in at https://evil.example",
    "see www.evil.example",
    "evil.example",
    "eve@evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "mailto:eve@evil.example",
    "ftp://evil.example/",
    "//evil.example/",
    "https://",
    "\u0000",
  ])("says nothing of %j, which is no address of the web", (url) => {
    const { token } = make();
    reportLeaked(store, SCANNER, [{ token, url }]);
    const { body } = messages()[0] ?? { body: "" };
    expect(body).toContain("is no address of the web");
    expect(body).not.toContain("evil");
  });

  test("has in its message nothing of a stranger's that could be a link, whatever they say", () => {
    const text = fc.oneof(
      fc.webUrl({ withQueryParameters: true, withFragments: true }),
      fc.string({ unit: "binary", maxLength: 300 }),
      fc.tuple(fc.webUrl(), fc.string({ unit: "grapheme", maxLength: 300 })).map((parts) => parts.join("/")),
    );
    fc.assert(
      fc.property(text, (url) => {
        const said = unlinked(url) ?? "";
        expect(said).toMatch(/^[\x20-\x7e]*$/);
        expect(said.length).toBeLessThan(1000);
        expect(said.replaceAll(/\[[.:]\]|\[at\]/g, "")).not.toMatch(/[.:@]/);
      }),
      { numRuns: 500 },
    );
  });

  test("ends what was made with the key, and nothing else", () => {
    const by = { accountId: owner.id };
    const root = make({ owner: by });
    const child = make({ owner: by }, findByToken(store, root.token));
    const other = make();
    reportLeaked(store, SCANNER, [{ token: root.token }]);
    expect([root, child, other].map(({ token }) => works(token))).toEqual([
      "auth.token_revoked",
      "auth.token_revoked",
      "works",
    ]);
    expect(toldOf("apikey.leaked")).toEqual(["olga@example.org"]);
  });

  test("is told of once, however often it is reported", () => {
    const { token } = make();
    reportLeaked(store, SCANNER, [{ token }, { token: ` ${token}\n` }]);
    reportLeaked(store, SCANNER, [{ token }]);
    expect(toldOf("apikey.leaked")).toEqual(["olga@example.org"]);
  });

  test("that is no key, or of one that is over, makes the store write nothing", () => {
    const { key, token } = make();
    const over = make();
    revokeApiKey(store, OPERATOR, over.key.id);
    const changes = () => store.db.raw.query("SELECT total_changes() AS n").get();
    const before = changes();
    const parts = { kind: "org" as const, keyId: key.id, secret: newTokenSecret() };
    const none = ["", "mosis_org_", "x".repeat(1000), token.slice(0, -1), over.token, formatToken(parts)];
    none.push(formatToken({ ...parts, keyId: newId("key") }));
    reportLeaked(
      store,
      SCANNER,
      none.map((text) => ({ token: text })),
    );
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) =>
        reportLeaked(store, SCANNER, [{ token: text }]),
      ),
    );
    expect(changes()).toEqual(before);
    expect(works(token)).toBe("works");
  });

  test("that was replaced counts while it works, and for good when a key replaced it", () => {
    const person = make();
    rotateApiKey(store, OPERATOR, person.key.id, { overlapHours: 1 });
    store.clock.advance(3_600_000);
    reportLeaked(store, SCANNER, [{ token: person.token }]);
    expect(listApiKeys(store).find(({ id }) => id === person.key.id)?.revokedAt).toBeNull();

    // Whoever finds a person's key can give it new tokens: the report of the one that was found must still end it.
    const found = make({ owner: { accountId: owner.id } });
    let newest = found.token;
    for (let times = 0; times < 3; times += 1) {
      newest = rotateApiKey(store, findByToken(store, newest), found.key.id, { overlapHours: 0 }).token;
    }
    expect(works(newest)).toBe("works");
    reportLeaked(store, SCANNER, [{ token: found.token }]);
    expect(works(newest)).toBe("auth.token_revoked");
  });

  test("tells nobody whose role is for certain apps by now, or sees no keys", () => {
    for (const [role, apps] of [
      ["maintainer", []],
      ["developer", null],
    ] as const) {
      const { token } = make({}, asPerson(maintainer, "maintainer"));
      changeRole(store, OPERATOR, { organisationId: ours, accountId: maintainer.id }, { role, apps });
      reportLeaked(store, SCANNER, [{ token }]);
      changeRole(
        store,
        OPERATOR,
        { organisationId: ours, accountId: maintainer.id },
        { role: "maintainer", apps: null },
      );
    }
    expect(toldOf("apikey.leaked")).toEqual(["olga@example.org", "olga@example.org"]);
  });

  test("tells nobody who has left, and nobody who is disabled", () => {
    const { token } = make({}, asPerson(maintainer, "maintainer"));
    removeMember(store, OPERATOR, { organisationId: ours, accountId: maintainer.id });
    reportLeaked(store, SCANNER, [{ token }]);
    expect(toldOf("apikey.leaked")).toEqual(["olga@example.org"]);
    const own = make({ owner: { accountId: maintainer.id } });
    disableAccount(store, OPERATOR, maintainer.id);
    reportLeaked(store, SCANNER, [{ token: own.token }]);
    expect(toldOf("apikey.leaked")).toEqual(["olga@example.org"]);
  });
});

describe("a key of the organisation whose maker goes", () => {
  test("works on, and the owners who stay are told of it once", () => {
    const { token, key } = make({}, asPerson(maintainer, "maintainer"));
    make({ name: "Of the owner" }, asPerson(owner, "owner"));
    addMember(store, OPERATOR, ours, maintainer.id, "developer");
    expect(toldOf("apikey.left")).toEqual(["olga@example.org"]);
    expect(messages()[0]?.subject).toBe("API keys of Ours work on, and who made them has gone");
    expect(messages()[0]?.body).toContain(`- CI (${key.id})`);
    expect(messages()[0]?.body).not.toContain("Of the owner");
    expect(messages()[0]?.path).toBe(`/organisations/${ours}/keys`);
    removeMember(store, OPERATOR, { organisationId: ours, accountId: maintainer.id });
    disableAccount(store, OPERATOR, maintainer.id);
    expect(toldOf("apikey.left")).toHaveLength(1);
    expect(works(token)).toBe("works");
  });

  test("is told of when they are put out, and when they are disabled; not when they made none or it is over", async () => {
    make({}, asPerson(maintainer, "maintainer"));
    disableAccount(store, OPERATOR, maintainer.id);
    disableAccount(store, OPERATOR, maintainer.id);
    expect(toldOf("apikey.left")).toEqual(["olga@example.org"]);
    removeMember(store, OPERATOR, { organisationId: ours, accountId: maintainer.id });
    expect(toldOf("apikey.left")).toHaveLength(2);
    const other = await createAccount(store, OPERATOR, { email: "mia@example.org", name: "mia" });
    addMember(store, OPERATOR, ours, other.id, "maintainer");
    const { key } = make({}, asPerson(other, "maintainer"));
    revokeApiKey(store, OPERATOR, key.id);
    removeMember(store, OPERATOR, { organisationId: ours, accountId: other.id });
    expect(toldOf("apikey.left")).toHaveLength(2);
  });
});

describe("an organisation's key is shown as left behind", () => {
  const shown = (id: string) => listApiKeys(store).find((key) => key.id === id)?.leftBehind;

  test("while whoever made it may make none there, until somebody who may has rotated it", async () => {
    const { key } = make({}, asPerson(maintainer, "maintainer"));
    const kept = make({ name: "Of the owner" }, asPerson(owner, "owner"));
    const own = make({ owner: { accountId: maintainer.id } });
    expect([key, kept.key, own.key].map(({ id, leftBehind }) => [leftBehind, shown(id)])).toEqual([
      [false, false],
      [false, false],
      [false, false],
    ]);
    addMember(store, OPERATOR, ours, maintainer.id, "developer");
    expect([key, kept.key, own.key].map(({ id }) => shown(id))).toEqual([true, false, false]);
    const byOwner = asPerson(owner, "owner");
    expect(
      pageApiKeys(store, byOwner, { organisationId: ours }, { limit: 9 }).items.map((one) => one.leftBehind),
    ).toEqual([false, true]);
    addMember(store, OPERATOR, ours, maintainer.id, "maintainer");
    expect(shown(key.id)).toBe(false);
    removeMember(store, OPERATOR, { organisationId: ours, accountId: maintainer.id });
    // The old token works on for an hour, and they may have it.
    expect(rotateApiKey(store, byOwner, key.id, { overlapHours: 1 }).key.leftBehind).toBe(true);
    store.clock.advance(59 * 60_000);
    expect(shown(key.id)).toBe(true);
    store.clock.advance(60_000);
    expect(shown(key.id)).toBe(false);
    expect(rotateApiKey(store, byOwner, key.id, { overlapHours: 0 }).key.leftBehind).toBe(false);
    expect(shown(key.id)).toBe(false);
  });

  test("also of who rotated it last, who are disabled or gone, and not once it is revoked", () => {
    const { key } = make({}, asPerson(owner, "owner"));
    rotateApiKey(store, asPerson(maintainer, "maintainer"), key.id, { overlapHours: 0 });
    disableAccount(store, OPERATOR, maintainer.id);
    expect(toldOf("apikey.left")).toEqual(["olga@example.org"]);
    expect(shown(key.id)).toBe(true);
    expect(revokeApiKey(store, OPERATOR, key.id).leftBehind).toBe(false);
    const { key: other } = make({}, asPerson(owner, "owner"));
    store.db.raw.run("UPDATE api_keys SET token_by = 'account:acc-gone' WHERE id = ?", [other.id]);
    expect(shown(other.id)).toBe(true);
  });
});

describe("keys of the organisation that a store's administrator made", () => {
  const administrator = async (name: string) => {
    const account = await createAccount(store, OPERATOR, {
      email: `${name}@example.org`,
      name,
      storeRole: "administrator",
    });
    const actor: Actor = {
      ...(asPerson(account, "owner") as AccountActor),
      storeRole: "administrator",
      organisations: new Map(),
    };
    return { ...account, actor };
  };

  test("are told of to its owners when the role is taken, or the account disabled, once", async () => {
    const [first, second, third] = [
      await administrator("ada"),
      await administrator("bea"),
      await administrator("cleo"),
    ];
    make({ name: "By Ada" }, first.actor);
    make({ name: "By Bea" }, second.actor);
    const over = make({ name: "Over" }, first.actor);
    revokeApiKey(store, OPERATOR, over.key.id);
    setStoreRole(store, OPERATOR, first.id, "reviewer");
    setStoreRole(store, OPERATOR, first.id, null);
    expect(toldOf("apikey.left")).toEqual(["olga@example.org"]);
    expect(messages()[0]?.body).toContain("- By Ada (");
    expect(messages()[0]?.body).not.toContain("Over");
    disableAccount(store, OPERATOR, second.id);
    expect(toldOf("apikey.left")).toHaveLength(2);
    // Who made none, and who may go on as an owner, leave nothing behind.
    const fourth = await administrator("dora");
    disableAccount(store, OPERATOR, third.id);
    addMember(store, OPERATOR, ours, fourth.id, "owner");
    make({ name: "By Dora" }, fourth.actor);
    await administrator("edda");
    setStoreRole(store, OPERATOR, fourth.id, null);
    expect(toldOf("apikey.left")).toHaveLength(2);
  });

  test("are told of to the administrators who stay where no owner does", async () => {
    const [first, second] = [await administrator("ada"), await administrator("bea")];
    const none = createOrganisation(store, OPERATOR, { name: "Nobody's" }).id;
    createApiKey(store, first.actor, { owner: { organisationId: none }, name: "CI" });
    setStoreRole(store, OPERATOR, first.id, null);
    expect(toldOf("apikey.left")).toEqual([second.email]);
    expect(messages()[0]?.path).toBe(`/organisations/${none}/keys`);
  });

  test("are found by an index", () => {
    const plans = queryPlans(store.db, () => {
      organisationsOfTokens(store.db.orm, "account:acc-x", store.clock.now());
    });
    // To say each organisation once, a few keys of one person are sorted.
    expect(slowPlans(plans).filter((plan) => !plan.startsWith("USE TEMP B-TREE FOR DISTINCT"))).toEqual([]);
    expect(plans.flatMap(({ steps }) => steps).join()).toContain("api_keys_token_by");
  });
});

describe("a key that ends soon", () => {
  test("is told of seven days before, once, to its maker and the owners", () => {
    make({}, asPerson(maintainer, "maintainer"));
    store.clock.advance(83 * DAY_MS - 1);
    tellOfEndingKeys(store);
    expect(messages()).toEqual([]);
    store.clock.advance(1);
    tellOfEndingKeys(store);
    tellOfEndingKeys(store);
    store.clock.advance(6 * DAY_MS);
    tellOfEndingKeys(store);
    expect(toldOf("apikey.ending")).toEqual(["max@example.org", "olga@example.org"]);
    expect(messages()[0]?.body).toContain("It was never used.");
  });

  test("is told of again when it was rotated, and ends anew", () => {
    const { key } = make({ owner: { accountId: owner.id }, days: 30 });
    store.clock.advance(25 * DAY_MS);
    tellOfEndingKeys(store);
    expect(messages()[0]?.path).toBe("/account/keys");
    rotateApiKey(store, OPERATOR, key.id, { overlapHours: 0, days: 30 });
    tellOfEndingKeys(store);
    expect(toldOf("apikey.ending")).toHaveLength(1);
    store.clock.advance(25 * DAY_MS);
    tellOfEndingKeys(store);
    expect(toldOf("apikey.ending")).toHaveLength(2);
  });

  test("is not told of when it was made for a week or less, is revoked, or ended long ago", () => {
    make({ days: 7 });
    revokeApiKey(store, OPERATOR, make({ days: 8 }).key.id);
    make({ days: 9 });
    store.clock.advance(17 * DAY_MS);
    tellOfEndingKeys(store);
    expect(messages()).toEqual([]);
  });

  test("is told of as over, where the store did not run in its last week", () => {
    make({ days: 10 });
    store.clock.advance(11 * DAY_MS);
    tellOfEndingKeys(store);
    expect(messages().map(({ subject }) => subject)).toEqual(["The API key CI has expired"]);
  });

  test("is told of with all others, however many", () => {
    for (let n = 0; n < 120; n += 1) make({ days: 8, name: `k${n}` });
    store.clock.advance(2 * DAY_MS);
    tellOfEndingKeys(store);
    expect(store.db.raw.query("SELECT count(*) AS n FROM outbox").get()).toEqual({ n: 120 });
  });
});
