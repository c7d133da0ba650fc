import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { Store } from "../context.ts";
import { openTestStore, type TestStore } from "../testing/store.ts";
import { OPERATOR } from "./actor.ts";
import { addMember, createOrganisation } from "./organisations.ts";
import {
  type Account,
  createAccount,
  disableAccount,
  enableAccount,
  setPassword,
  setStoreRole,
} from "./people.ts";
import { secretHash } from "./secrets.ts";
import { sessionWithAccount } from "./sessions.records.ts";
import {
  createSession,
  endedSessionCookie,
  endSession,
  findSession,
  forgetExpiredSessions,
  listSessions,
  sessionCookie,
} from "./sessions.ts";

const DAY_MS = 86_400_000;
const FROM = { address: "192.0.2.7", userAgent: "a browser" };

let store: TestStore;
let account: Account;

beforeEach(async () => {
  store = await openTestStore();
  account = await createAccount(store, OPERATOR, { email: "ada@example.org", name: "Ada" });
});
afterEach(() => store.close());

const start = async (): Promise<string> => (await createSession(store, account.id, FROM)).secret;
const alive = async (secret: string): Promise<boolean> => (await findSession(store, secret)) !== null;

describe("a session", () => {
  test("is found by its secret, of which only the SHA-256 is kept", async () => {
    const { secret, sessionId } = await createSession(store, account.id, FROM);
    expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(sessionId).toBe(secretHash(secret));
    expect(Buffer.from(store.db.raw.serialize()).includes(secret)).toBe(false);
    const found = await findSession(store, secret);
    expect(found?.actor).toMatchObject({ kind: "account", accountId: account.id, email: "ada@example.org" });
    expect(found?.actor.via).toEqual({ type: "session", sessionId });
  });

  test.each(["", "x", "x".repeat(43), `${"x".repeat(42)}!`, "x".repeat(1e6)])(
    "is not found by anything else",
    async (secret) => {
      await start();
      expect(await findSession(store, secret)).toBeNull();
    },
  );

  test("is not found by its id, which is what a stolen database shows", async () => {
    const { sessionId } = await createSession(store, account.id, FROM);
    expect(await findSession(store, sessionId)).toBeNull();
  });

  test("ends after 7 days without use", async () => {
    const secret = await start();
    store.clock.advance(7 * DAY_MS - 1000);
    expect(await alive(secret)).toBe(true);
    const unused = await start();
    store.clock.advance(7 * DAY_MS);
    expect(await alive(unused)).toBe(false);
  });

  test("is extended in its second half alone, and ends after 30 days however much it is used", async () => {
    const secret = await start();
    store.clock.advance(3 * DAY_MS);
    expect((await findSession(store, secret))?.extended).toBe(false);
    store.clock.advance(1 * DAY_MS);
    const renewed = await findSession(store, secret);
    expect(renewed?.extended).toBe(true);
    expect(renewed?.expiresAt.getTime()).toBe(store.clock.now().getTime() + 7 * DAY_MS);
    for (let day = 4; day < 29; day += 1) {
      store.clock.advance(DAY_MS);
      expect(await alive(secret)).toBe(true);
    }
    store.clock.advance(DAY_MS - 1000);
    expect(await alive(secret)).toBe(true);
    expect((await findSession(store, secret))?.extended).toBe(false);
    store.clock.advance(1000);
    expect(await alive(secret)).toBe(false);
  });

  test("does not care that the machine's clock is another one than the store's", async () => {
    store.clock.set(new Date("2031-01-01T00:00:00Z"));
    const secret = await start();
    expect(await alive(secret)).toBe(true);
    store.clock.advance(7 * DAY_MS + 1000);
    expect(await alive(secret)).toBe(false);
  });

  test("knows the person's present rights and organisations", async () => {
    const secret = await start();
    const organisation = createOrganisation(store, OPERATOR, { name: "Example" });
    addMember(store, OPERATOR, organisation.id, account.id, "maintainer");
    expect([...((await findSession(store, secret))?.actor.organisations ?? [])]).toEqual([
      [organisation.id, "maintainer"],
    ]);
  });
});

describe("sessions end", () => {
  const ways: readonly (readonly [string, (store: Store, secret: string) => unknown])[] = [
    ["one by one", (s, secret) => endSession(s, OPERATOR, secretHash(secret))],
    ["when the account is disabled", (s) => disableAccount(s, OPERATOR, account.id)],
    ["when the store role changes", (s) => setStoreRole(s, OPERATOR, account.id, "reviewer")],
    ["when the password changes", (s) => setPassword(s, OPERATOR, account.id, "a password of some length")],
  ];
  test.each(ways)("%s", async (_name, end) => {
    const secret = await start();
    expect(await alive(secret)).toBe(true);
    await end(store, secret);
    expect(await alive(secret)).toBe(false);
  });

  test("and do not come back when the account is enabled again", async () => {
    const secret = await start();
    disableAccount(store, OPERATOR, account.id);
    enableAccount(store, OPERATOR, account.id);
    expect(await alive(secret)).toBe(false);
  });

  test("but not the one in which the password was changed, nor another person's", async () => {
    const [mine, other] = [await createSession(store, account.id, FROM), await start()];
    const stranger = await createAccount(store, OPERATOR, { email: "bob@example.org", name: "Bob" });
    const theirs = await createSession(store, stranger.id, FROM);
    await setPassword(store, OPERATOR, account.id, "a password of some length", mine.sessionId);
    expect(await alive(mine.secret)).toBe(true);
    expect(await alive(other)).toBe(false);
    expect(await alive(theirs.secret)).toBe(true);
  });
});

test("the list shows those that live, newest first, with where they come from", async () => {
  await start();
  store.clock.advance(DAY_MS);
  const long = { address: "a".repeat(500), userAgent: "u".repeat(5000) };
  const { sessionId } = await createSession(store, account.id, long);
  const [newest, oldest] = listSessions(store, account.id);
  expect(newest).toMatchObject({ id: sessionId, address: "a".repeat(64), userAgent: "u".repeat(256) });
  expect(oldest).toMatchObject(FROM);
  store.clock.advance(6 * DAY_MS);
  expect(listSessions(store, account.id).map((session) => session.id)).toEqual([sessionId]);
});

test("what is over is forgotten", async () => {
  const { sessionId } = await createSession(store, account.id, FROM);
  await forgetExpiredSessions(store);
  expect(sessionWithAccount(store.db.orm, sessionId)).toBeDefined();
  store.clock.advance(8 * DAY_MS);
  await forgetExpiredSessions(store);
  expect(sessionWithAccount(store.db.orm, sessionId)).toBeUndefined();
});

test("the cookie is for this host alone, and out of reach of scripts", () => {
  const at = new Date(store.clock.now().getTime() + 60_500);
  expect(sessionCookie(store, "s", at)).toBe(
    "__Host-mosis_session=s; Path=/; Max-Age=60; HttpOnly; Secure; SameSite=Lax",
  );
  expect(endedSessionCookie()).toMatch(/^__Host-mosis_session=; Path=\/; Max-Age=0; HttpOnly; Secure;/);
});
