import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { codeOf, problemOf } from "../testing/problems.ts";
import { openTestStore, type TestStore } from "../testing/store.ts";
import { ANONYMOUS, OPERATOR } from "./actor.ts";
import { addMember, createOrganisation, listOrganisations, organisationsOf } from "./organisations.ts";
import { hashPassword, NOBODYS_HASH } from "./passwords.ts";
import {
  createAccount,
  disableAccount,
  enableAccount,
  listAccounts,
  type NewAccount,
  readAccount,
  setPassword,
  setStoreRole,
  verifyPassword,
} from "./people.ts";
import { createSetupLink, forgetSpentLinks, needsSetup, redeemSetup } from "./setup.ts";
import { storeName } from "./store-name.ts";

const PASSWORD = "correct horse battery";
let store: TestStore;

beforeEach(async () => {
  store = await openTestStore();
});
afterEach(() => store.close());

describe("an account", () => {
  test("keeps the address as it was written and is found by it in any case", async () => {
    const made = await createAccount(store, OPERATOR, { email: " Ada@Example.org ", name: " Ada " });
    expect(made).toMatchObject({ email: "Ada@Example.org", name: "Ada", storeRole: null, disabledAt: null });
    expect(readAccount(store, "ADA@EXAMPLE.ORG")).toEqual(made);
    expect(readAccount(store, made.id)).toEqual(made);
    expect(await codeOf(() => createAccount(store, OPERATOR, { email: "ada@example.ORG", name: "B" }))).toBe(
      "account.exists",
    );
    expect(listAccounts(store)).toEqual([made]);
  });

  const faults: readonly (readonly [string, Partial<NewAccount>, string])[] = [
    ["no address", { email: "" }, "/email"],
    ["an address without @", { email: "ada" }, "/email"],
    ["an address with two @", { email: "a@b@c" }, "/email"],
    ["an address with a space", { email: "a b@c.org" }, "/email"],
    ["an address with a line feed", { email: "a@b.org\nBcc: x@y.org" }, "/email"],
    ["an address with an invisible character", { email: "a\u200b@b.org" }, "/email"],
    ["an endless address", { email: `${"a".repeat(65)}@b.org` }, "/email"],
    ["no name", { name: "  " }, "/name"],
    ["an endless name", { name: "n".repeat(81) }, "/name"],
    ["a name with an override", { name: "A\u202eda" }, "/name"],
    ["a short password", { password: "x".repeat(11) }, "/password"],
    ["an endless password", { password: "x".repeat(1025) }, "/password"],
  ];
  test.each(faults)("with %s is refused at its field", async (_name, change, pointer) => {
    const problem = await problemOf(() =>
      createAccount(store, OPERATOR, { email: "a@b.org", name: "A", ...change }),
    );
    expect(problem.code).toBe("account.invalid");
    expect(problem.details.map((detail) => detail.pointer)).toEqual([pointer]);
    expect(listAccounts(store)).toEqual([]);
  });

  test("counts a password's characters and not its code units", async () => {
    const twelve = "🐎🚲🎻🍋🧵🪁🐌🌵🥁🧲🛶🪴";
    expect(
      await codeOf(() => createAccount(store, OPERATOR, { email: "a@b.org", name: "A", password: twelve })),
    ).toBe("no problem");
    expect(
      await codeOf(() =>
        createAccount(store, OPERATOR, { email: "b@b.org", name: "B", password: twelve.slice(2) }),
      ),
    ).toBe("account.invalid");
  });
});

describe("a password", () => {
  test("is right for its own account alone", async () => {
    const ada = await createAccount(store, OPERATOR, {
      email: "ada@example.org",
      name: "Ada",
      password: PASSWORD,
    });
    await createAccount(store, OPERATOR, { email: "bob@example.org", name: "Bob", password: `${PASSWORD}!` });
    expect((await verifyPassword(store, "ADA@example.org", PASSWORD))?.account.id).toBe(ada.id);
    expect(await verifyPassword(store, "bob@example.org", PASSWORD)).toBeNull();
    expect(await verifyPassword(store, "ada@example.org", "")).toBeNull();
    expect(await verifyPassword(store, "ada@example.org", "x".repeat(1e6))).toBeNull();
    expect(await verifyPassword(store, "nobody@example.org", PASSWORD)).toBeNull();
  });

  test("does not open an account that is disabled, or that has none", async () => {
    const ada = await createAccount(store, OPERATOR, {
      email: "ada@example.org",
      name: "Ada",
      password: PASSWORD,
    });
    disableAccount(store, OPERATOR, ada.id);
    expect(await verifyPassword(store, "ada@example.org", PASSWORD)).toBeNull();
    enableAccount(store, OPERATOR, ada.id);
    expect(await verifyPassword(store, "ada@example.org", PASSWORD)).not.toBeNull();
    const keyOnly = await createAccount(store, OPERATOR, { email: "ci@example.org", name: "CI" });
    expect(await verifyPassword(store, "ci@example.org", "")).toBeNull();
    await setPassword(store, OPERATOR, keyOnly.id, PASSWORD);
    expect(await verifyPassword(store, "ci@example.org", PASSWORD)).not.toBeNull();
  });

  test("is kept as Argon2id with OWASP's cost, also where there is nobody to compare with", async () => {
    const settings = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/;
    expect(await hashPassword(PASSWORD)).toMatch(settings);
    expect(NOBODYS_HASH).toMatch(settings);
    await createAccount(store, OPERATOR, { email: "ada@example.org", name: "Ada", password: PASSWORD });
    expect(Buffer.from(store.db.raw.serialize()).includes(PASSWORD)).toBe(false);
  });
});

describe("the last administrator", () => {
  test("keeps role and account until there is another one", async () => {
    const ada = await createAccount(store, OPERATOR, {
      email: "a@example.org",
      name: "A",
      storeRole: "administrator",
    });
    expect(await codeOf(() => setStoreRole(store, OPERATOR, ada.id, "reviewer"))).toBe(
      "account.last_administrator",
    );
    expect(await codeOf(() => setStoreRole(store, OPERATOR, ada.id, null))).toBe(
      "account.last_administrator",
    );
    expect(await codeOf(() => disableAccount(store, OPERATOR, ada.id))).toBe("account.last_administrator");
    const bob = await createAccount(store, OPERATOR, {
      email: "b@example.org",
      name: "B",
      storeRole: "administrator",
    });
    disableAccount(store, OPERATOR, bob.id);
    expect(await codeOf(() => disableAccount(store, OPERATOR, ada.id))).toBe("account.last_administrator");
    enableAccount(store, OPERATOR, bob.id);
    expect(await codeOf(() => disableAccount(store, OPERATOR, ada.id))).toBe("no problem");
  });
});

describe("organisations", () => {
  test("have members with one role each", async () => {
    const ada = await createAccount(store, OPERATOR, { email: "a@example.org", name: "A" });
    const made = createOrganisation(store, OPERATOR, { name: " Example " });
    addMember(store, OPERATOR, made.id, ada.id, "viewer");
    addMember(store, OPERATOR, made.id, ada.id, "owner");
    expect(organisationsOf(store, ada.id)).toEqual([
      { id: made.id, name: "Example", role: "owner", apps: null, paused: false },
    ]);
    expect(listOrganisations(store)).toMatchObject([{ name: "Example", members: 1 }]);
  });

  test.each(["", "  ", "x".repeat(81), "a\u0000b", "a\u202eb"])("are not called %j", async (name) => {
    expect(await codeOf(() => createOrganisation(store, OPERATOR, { name }))).toBe("organisation.invalid");
  });
});

describe("the set-up link", () => {
  const fields = (token: string, change: object = {}) => ({
    token,
    name: "Ada",
    email: "ada@example.org",
    password: PASSWORD,
    storeName: "Example's apps",
    ...change,
  });

  test("makes the first administrator once, and names the store", async () => {
    expect(needsSetup(store)).toBe(true);
    const { token } = createSetupLink(store, OPERATOR);
    expect(Buffer.from(store.db.raw.serialize()).includes(token)).toBe(false);
    expect(await redeemSetup(store, ANONYMOUS, fields(token))).toMatchObject({ storeRole: "administrator" });
    expect(storeName(store)).toBe("Example's apps");
    expect(needsSetup(store)).toBe(false);
    expect(await codeOf(() => redeemSetup(store, ANONYMOUS, fields(token, { email: "b@example.org" })))).toBe(
      "setup.done",
    );
    expect(await codeOf(() => createSetupLink(store, OPERATOR))).toBe("setup.done");
  });

  test("sent twice at the same moment makes one administrator", async () => {
    const { token } = createSetupLink(store, OPERATOR);
    const codes = await Promise.all([
      codeOf(() => redeemSetup(store, ANONYMOUS, fields(token))),
      codeOf(() => redeemSetup(store, ANONYMOUS, fields(token, { email: "b@example.org" }))),
    ]);
    expect(codes.sort()).toEqual(["no problem", "setup.done"]);
    expect(listAccounts(store)).toHaveLength(1);
  });

  test("ends after a day, and when a newer one is made", async () => {
    const first = createSetupLink(store, OPERATOR).token;
    const second = createSetupLink(store, OPERATOR).token;
    expect(await codeOf(() => redeemSetup(store, ANONYMOUS, fields(first)))).toBe("setup.link_invalid");
    store.clock.advance(24 * 3_600_000);
    expect(await codeOf(() => redeemSetup(store, ANONYMOUS, fields(second)))).toBe("setup.link_invalid");
    expect(listAccounts(store)).toEqual([]);
    store.clock.advance(8 * 86_400_000);
    forgetSpentLinks(store);
    expect(store.db.raw.query("SELECT * FROM one_time_tokens").all()).toEqual([]);
  });

  test.each([
    ["", "setup.link_invalid"],
    ["x".repeat(43), "setup.link_invalid"],
  ])("that was never made is refused", async (token, code) => {
    createSetupLink(store, OPERATOR);
    expect(await codeOf(() => redeemSetup(store, ANONYMOUS, fields(token)))).toBe(code);
  });

  test("is not spent by a form with faults, which are all told at once", async () => {
    const { token } = createSetupLink(store, OPERATOR);
    const wrong = fields(token, { name: "", email: "x", password: "short", storeName: "" });
    const problem = await problemOf(() => redeemSetup(store, ANONYMOUS, wrong));
    expect(problem.details.map((detail) => detail.pointer).sort()).toEqual([
      "/email",
      "/name",
      "/password",
      "/storeName",
    ]);
    expect(await codeOf(() => redeemSetup(store, ANONYMOUS, fields(token)))).toBe("no problem");
  });
});
