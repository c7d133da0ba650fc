/** Another secret for a session: who gets it once more, who never does, and that what is kept gives it to nobody. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { queryPlans, slowPlans } from "../testing/query-plans.ts";
import { openTestStore, type TestStore } from "../testing/store.ts";
import { type AccountActor, OPERATOR } from "./actor.ts";
import { addMember, createOrganisation } from "./organisations.ts";
import { createAccount, disableAccount } from "./people.ts";
import { confirmNew, isOvertaken, OVERTAKEN_SECONDS, type Renewed, regain, renewSession } from "./renewal.ts";
import { secretHash } from "./secrets.ts";
import { removeSessionsOf, sessionAfter } from "./sessions.records.ts";
import { createSession, type FoundSession, findSession, listSessions, needsRenewal } from "./sessions.ts";

const FROM = { requestId: "r", address: "192.0.2.7", userAgent: "a browser" };

let store: TestStore;
let accountId: AccountActor["accountId"];
let first: string;
beforeEach(async () => {
  store = await openTestStore();
  accountId = (await createAccount(store, OPERATOR, { email: "ada@example.org", name: "Ada" })).id;
  first = (await createSession(store, accountId, FROM)).secret;
});
afterEach(() => store.close());

const found = async (secret: string): Promise<FoundSession> => {
  const session = await findSession(store, secret);
  if (session === null) throw new Error("no session has this secret");
  return session;
};
/** As a request with `given` does, whose session has `present` by now. */
async function renewed(given: string, provedBy: string | null = null, present = given): Promise<Renewed> {
  const { actor } = await found(present);
  const made = renewSession(store, { ...actor, from: FROM }, given, provedBy);
  if (made === null) throw new Error("the session is over");
  return made;
}

test("a secret gives the one after it once more, to who asks from the same place, until that is used", async () => {
  const { secret } = await renewed(first);
  expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(await findSession(store, first)).toBeNull();
  expect(isOvertaken(store, first)).toBe(true);
  for (let times = 0; times < 3; times += 1) expect(regain(store, first, FROM)).toBe(secret);
  for (const from of [
    { ...FROM, address: "192.0.2.8" },
    { ...FROM, userAgent: "another" },
  ])
    expect(regain(store, first, from)).toBeNull();
  for (const other of ["", "x", secret, first.slice(1), "x".repeat(43)]) {
    expect(regain(store, other, FROM)).toBeNull();
    expect(isOvertaken(store, other)).toBe(false);
  }
  const session = await found(secret);
  expect(session.isNew).toBe(true);
  confirmNew(store, session.sessionId);
  expect((await found(secret)).isNew).toBe(false);
  expect(regain(store, first, FROM)).toBeNull();
  expect(isOvertaken(store, first)).toBe(true);
  store.clock.advance(OVERTAKEN_SECONDS * 1000 + 1);
  expect(isOvertaken(store, first)).toBe(false);
});

test("no longer than for half a minute", async () => {
  await renewed(first);
  store.clock.advance(OVERTAKEN_SECONDS * 1000);
  expect(regain(store, first, FROM)).not.toBeNull();
  store.clock.advance(1);
  expect(regain(store, first, FROM)).toBeNull();
});

describe("with a proof", () => {
  test("the one before gives nothing", async () => {
    await renewed(first, "password");
    expect([regain(store, first, FROM), isOvertaken(store, first)]).toEqual([null, true]);
  });

  test("nor where the same request renewed it before or after that for a change of rights", async () => {
    const { secret } = await renewed(first);
    const proven = await renewed(first, "password", secret);
    expect(regain(store, first, FROM)).toBeNull();
    const settled = await renewed(first, null, proven.secret);
    expect(regain(store, first, FROM)).toBeNull();
    expect((await found(settled.secret)).provedAt).toEqual(store.clock.now());
    // What comes with the next request is renewed from that.
    const next = await renewed(settled.secret);
    expect(regain(store, settled.secret, FROM)).toBe(next.secret);
    expect(isOvertaken(store, first)).toBe(false);
  });
});

test("two changes before the first new secret is used lead from the old one to the last", async () => {
  const { secret } = await renewed(first);
  const last = await renewed(first, null, secret);
  expect(regain(store, first, FROM)).toBe(last.secret);
  expect(await findSession(store, secret)).toBeNull();
});

test("gives nothing once the session is ended, or the account is disabled", async () => {
  await renewed(first);
  disableAccount(store, OPERATOR, accountId);
  expect([regain(store, first, FROM), isOvertaken(store, first)]).toEqual([null, false]);
  const other = await createAccount(store, OPERATOR, { email: "bea@example.org", name: "Bea" });
  const { secret } = await createSession(store, other.id, FROM);
  await renewed(secret);
  removeSessionsOf(store.db.orm, other.id);
  expect([regain(store, secret, FROM), isOvertaken(store, secret)]).toEqual([null, false]);
});

test("is asked for by a change of what the person may do, and by nothing else", async () => {
  const { sessionId } = await found(first);
  expect(needsRenewal(store, sessionId)).toBe(false);
  const { id } = createOrganisation(store, OPERATOR, { name: "Ours" });
  expect(needsRenewal(store, sessionId)).toBe(false);
  addMember(store, OPERATOR, id, accountId, "viewer");
  expect(needsRenewal(store, sessionId)).toBe(true);
  expect((await found(first)).provedAt).toEqual(new Date(0));
  expect(needsRenewal(store, "nothing")).toBe(false);
});

test("is one session in the person's list, and no secret is in the database", async () => {
  const { secret } = await renewed(first);
  expect(listSessions(store, accountId).map(({ id }) => id)).toEqual([secretHash(secret)]);
  const bytes = Buffer.from(store.db.raw.serialize());
  for (const each of [first, secret]) expect(bytes.includes(each)).toBe(false);
});

test("is found by an index", () => {
  const plans = queryPlans(store.db, () => void sessionAfter(store.db.orm, "x"));
  expect(plans.flatMap(({ steps }) => steps).join()).toContain("sessions_before");
  expect(slowPlans(plans)).toEqual([]);
});
