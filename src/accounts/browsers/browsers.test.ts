/** Browsers that an account knows: their cookies, what ends them, and that nobody has another's. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { queryPlans, slowPlans } from "../../testing/query-plans.ts";
import { signedInNow } from "../../testing/signed-in.ts";
import { openTestStore, type TestStore } from "../../testing/store.ts";
import { DAY_MS } from "../../time.ts";
import { actorOfAccount } from "../account-actor.ts";
import { type AccountActor, OPERATOR } from "../actor.ts";
import { changePassword } from "../own.ts";
import { exportOwn } from "../own-data/export.ts";
import { createAccount, disableAccount, setStoreRole } from "../people.ts";
import { accountById } from "../records.ts";
import { newSecret, secretHash } from "../secrets.ts";
import { createSession } from "../sessions.ts";
import {
  BROWSER_DAYS,
  browserCookie,
  browserLane,
  forgetExpiredBrowsers,
  forgetOwnBrowser,
  MOST_BROWSERS,
  ownBrowsers,
  rememberBrowser,
  strangerLane,
} from "./browsers.ts";

const PASSWORD = "copper otter meadow lantern";
const FROM = { address: "192.0.2.9", userAgent: "Firefox" };
let store: TestStore;
let ada: AccountActor;
let bob: AccountActor;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

let people = 0;
async function newActor(): Promise<AccountActor> {
  people += 1;
  const email = `person${people}@example.org`;
  const { id } = await createAccount(store, OPERATOR, { email, name: "Somebody", password: PASSWORD });
  const row = accountById(store.db.orm, id);
  if (!row) throw new Error("it was just made");
  return actorOfAccount(store, store.db.orm, row, { type: "session", sessionId: "s" });
}

beforeEach(async () => {
  [ada, bob] = [await newActor(), await newActor()];
});

const remember = (actor: AccountActor, cookie = "") => rememberBrowser(store, actor.accountId, cookie, FROM);
const lane = (actor: AccountActor, cookie: string) => browserLane(store, actor, cookie);

describe("a browser that was signed in with", () => {
  test("is known to that account alone, by either name of it", () => {
    const cookie = remember(ada);
    expect(lane(ada, cookie)).toMatch(/^browser brw-/);
    expect(browserLane(store, { email: ada.email.toUpperCase() }, cookie)).toBe(lane(ada, cookie));
    expect(lane(bob, cookie)).toBeNull();
    expect(browserLane(store, { email: "nobody@example.org" }, cookie)).toBeNull();
    expect(strangerLane(store, cookie)).toBe(`browsers of ${ada.accountId}`);
    expect(strangerLane(store, remember(ada))).toBe(strangerLane(store, cookie));
  });

  test.each([
    ["", "nothing"],
    ["x", "no secret"],
    [newSecret(), "a secret that nobody has"],
    [`${"a".repeat(43)}; x=y`, "more than a secret"],
  ])("is not who comes with %p: %s", (cookie) => {
    remember(ada);
    expect([lane(ada, cookie), strangerLane(store, cookie)]).toEqual([null, null]);
  });

  test("has another secret after each sign-in, for all accounts that know it, and counts go on", () => {
    const first = remember(ada);
    const second = remember(bob, first);
    const [adas, bobs] = [lane(ada, second), lane(bob, second)];
    expect([lane(ada, first), lane(bob, first), strangerLane(store, first)]).toEqual([null, null, null]);
    expect(adas).not.toBe(bobs);
    const third = remember(ada, second);
    expect([lane(ada, third), lane(bob, third)]).toEqual([adas, bobs]);
    expect(ownBrowsers(store, ada, third)).toMatchObject([{ ...FROM, current: true }]);
    // A cookie that somebody else has put there gives them nothing.
    const planted = remember(bob);
    const after = remember(ada, planted);
    expect([lane(ada, planted), lane(bob, planted)]).toEqual([null, null]);
    expect(lane(ada, after)).not.toBeNull();
  });

  test("is forgotten after half a year without a sign-in, and its row by the job", () => {
    const cookie = remember(ada);
    store.clock.advance((BROWSER_DAYS - 1) * DAY_MS);
    const again = remember(ada, cookie);
    store.clock.advance((BROWSER_DAYS - 1) * DAY_MS);
    expect(lane(ada, again)).not.toBeNull();
    forgetExpiredBrowsers(store);
    expect(lane(ada, again)).not.toBeNull();
    store.clock.advance(DAY_MS);
    expect([lane(ada, again), strangerLane(store, again)]).toEqual([null, null]);
    expect(ownBrowsers(store, ada, again)).toEqual([]);
    const rows = () =>
      store.db.raw.query("SELECT id FROM known_browsers WHERE account_id = ?").all(ada.accountId).length;
    expect(rows()).toBe(1);
    forgetExpiredBrowsers(store);
    expect(rows()).toBe(0);
  });

  test("is one of so many that an account, and a browser, has", async () => {
    const cookies = Array.from({ length: MOST_BROWSERS + 3 }, () => {
      store.clock.advance(1000);
      return remember(ada);
    });
    expect(cookies.map((cookie) => lane(ada, cookie) !== null)).toEqual([
      ...[false, false, false],
      ...Array<boolean>(MOST_BROWSERS).fill(true),
    ]);
    const all: AccountActor[] = [];
    let shared = "";
    for (let n = 0; n < MOST_BROWSERS + 2; n += 1) {
      const one = await newActor();
      store.clock.advance(1000);
      all.push(one);
      shared = remember(one, shared);
    }
    expect(all.map((one) => lane(one, shared) !== null)).toEqual([
      ...[false, false],
      ...Array<boolean>(MOST_BROWSERS).fill(true),
    ]);
  }, 60_000);

  test("has a cookie for this host alone, out of reach of scripts, which the database does not hold", () => {
    const cookie = remember(ada);
    expect(browserCookie(cookie)).toBe(
      `__Host-mosis_browser=${cookie}; Path=/; Max-Age=15552000; HttpOnly; Secure; SameSite=Lax`,
    );
    expect(Buffer.from(store.db.raw.serialize()).includes(cookie)).toBe(false);
  });
});

describe("what ends it", () => {
  test("its person, who forgets one and nobody else's", () => {
    const [here, there, bobs] = [remember(ada), remember(ada), remember(bob)];
    const id = (actor: AccountActor, cookie: string) =>
      ownBrowsers(store, actor, cookie).find((b) => b.current)?.id;
    const [own, foreign] = [id(ada, there), id(bob, bobs)];
    if (own === undefined || foreign === undefined) throw new Error("both were remembered");
    forgetOwnBrowser(store, ada, foreign);
    forgetOwnBrowser(store, ada, own);
    forgetOwnBrowser(store, ada, own);
    expect([lane(ada, here), lane(ada, there), lane(bob, bobs)].map((each) => each !== null)).toEqual([
      true,
      false,
      true,
    ]);
    const entries = store.db.raw
      .query<{ n: number }, [string]>(
        "SELECT count(*) AS n FROM audit_entries WHERE action = 'account.browser_forgotten' AND subject = ?",
      )
      .get(ada.accountId);
    expect(entries?.n).toBe(1);
  });

  test("another password, and disabling; not another role", async () => {
    const [first, bobs] = [remember(ada), remember(bob)];
    setStoreRole(store, OPERATOR, ada.accountId, "support");
    expect(lane(ada, first)).not.toBeNull();
    const change = { current: PASSWORD, password: "seven green bicycles", address: "192.0.2.1" };
    const { sessionId } = await createSession(store, ada.accountId, FROM);
    await changePassword(store, { ...ada, via: { type: "session", sessionId } }, change);
    expect(lane(ada, first)).toBeNull();
    const second = remember(ada);
    disableAccount(store, OPERATOR, ada.accountId);
    expect(lane(ada, second)).toBeNull();
    expect(lane(bob, bobs)).not.toBeNull();
  });
});

test("its person has it in their export, without what its cookie could be known by", async () => {
  const cookie = remember(ada);
  let text = "";
  for await (const piece of exportOwn(store, await signedInNow(store, ada.accountId))) text += piece;
  expect(JSON.parse(text).knownBrowsers).toMatchObject([FROM]);
  expect(text).not.toContain(secretHash(cookie));
});

test("no question or change reads more than it needs", () => {
  const cookie = remember(ada);
  const plans = queryPlans(store.db, () => {
    lane(ada, cookie);
    browserLane(store, { email: ada.email }, cookie);
    strangerLane(store, cookie);
    ownBrowsers(store, ada, cookie);
    remember(ada, cookie);
    forgetExpiredBrowsers(store);
  });
  expect(plans.length).toBeGreaterThan(3);
  expect(slowPlans(plans)).toEqual([]);
});
