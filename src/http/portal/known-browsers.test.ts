/** Who was signed in in a browser before gets in there, whatever others do at the account or behind the same address. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { BROWSER_COOKIE, ownBrowsers } from "../../accounts/browsers/browsers.ts";
import { MOST_WAIT_MS } from "../../accounts/forgotten.ts";
import { ACCOUNT_FAILURES } from "../../accounts/guess-limits.ts";
import { makeLink } from "../../accounts/links/links.ts";
import { signIn } from "../../accounts/sign-in.ts";
import { write } from "../../db/database.ts";
import {
  newAdministrator,
  newPerson,
  PASSWORD,
  type Person,
  type Portal,
  startPortal,
} from "../../testing/portal.ts";
import { type TestClock, testClock } from "../../testing/store.ts";

const OFFICE = "192.0.2.1";
let clock: TestClock;
let portal: Portal;
beforeAll(async () => {
  clock = testClock();
  const flags = { signUp: "open", publicUrl: "https://store.example.org", addressRequests: "100" };
  portal = await startPortal(flags, clock);
  await newAdministrator(portal.store);
});
afterAll(() => portal.close());

class Tab {
  readonly cookies = new Map<string, string>();
  constructor(readonly from: string) {}

  async ask(path: string, fields: Record<string, string> | null = null): Promise<Response> {
    const response = await fetch(portal.url + path, {
      method: fields === null ? "GET" : "POST",
      redirect: "manual",
      headers: {
        Host: "store.example.org",
        Cookie: [...this.cookies].map((pair) => pair.join("=")).join("; "),
        "Sec-Fetch-Site": "same-origin",
        "X-Forwarded-For": this.from,
        "X-Forwarded-Proto": "https",
      },
      ...(fields === null ? {} : { body: new URLSearchParams(fields) }),
    });
    await response.bytes();
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === "") this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }

  signIn = async (email: string, password = PASSWORD) =>
    (await this.ask("/sign-in", { email, password, next: "" })).status;

  /** As it is when the session is over: without its cookie. */
  async signOut(): Promise<this> {
    await this.ask("/sign-out", {});
    return this;
  }
}

let strangers = 0;
/** From everywhere, until whoever comes from an unknown browser has to wait. */
async function guessAt(email: string): Promise<void> {
  for (let taken = 0; taken < ACCOUNT_FAILURES; ) {
    strangers += 1;
    const address = `198.51.${strangers >> 8}.${strangers & 255}`;
    // The first from each is counted apart.
    for (let tries = 0; tries < 3 && taken < ACCOUNT_FAILURES; tries += 1) {
      expect(await signIn(portal.store, { email, password: "wrong", address })).toBeNull();
      if (tries > 0) taken += 1;
    }
  }
}

test("guesses at the account from everywhere keep its person out of no browser that it knows", async () => {
  const ina = await newPerson(portal.store, "Ina");
  const before = new Tab(OFFICE);
  expect(await before.signIn(ina.email)).toBe(303);
  const cookie = before.cookies.get(BROWSER_COOKIE);
  expect(ownBrowsers(portal.store, ina.actor, cookie ?? "")).toMatchObject([
    { current: true, address: OFFICE },
  ]);
  await before.signOut();
  await guessAt(ina.email);
  // The same person in another browser has one try, and then waits; so does one who has another account's cookie.
  const other = new Tab("203.0.113.1");
  expect([await other.signIn(ina.email, "mistyped it"), await other.signIn(ina.email)]).toEqual([422, 429]);
  expect(await new Tab("203.0.113.2").signIn(ina.email)).toBe(303);
  const bobs = new Tab(OFFICE);
  expect(await bobs.signIn((await newPerson(portal.store, "Bob")).email)).toBe(303);
  await bobs.signOut();
  expect([await bobs.signIn(ina.email, "mistyped it"), await bobs.signIn(ina.email)]).toEqual([422, 429]);
  expect(await before.signIn(ina.email)).toBe(303);
  // Which has changed the cookie, and let it wait for nothing.
  expect(before.cookies.get(BROWSER_COOKIE)).not.toBe(cookie);
  expect(await (await before.signOut()).signIn(ina.email)).toBe(303);
}, 60_000);

test("who guesses with a known browser waits there, and nowhere else", async () => {
  const cleo = await newPerson(portal.store, "Cleo");
  const tab = new Tab("203.0.113.7");
  expect(await tab.signIn(cleo.email)).toBe(303);
  await tab.signOut();
  for (let n = 0; n < 5; n += 1) expect(await tab.signIn(cleo.email, "wrong")).toBe(422);
  expect(await tab.signIn(cleo.email)).toBe(429);
  expect(await new Tab("203.0.113.7").signIn(cleo.email)).toBe(303);
  clock.advance(5000);
  expect(await tab.signIn(cleo.email)).toBe(303);
});

test("requests of others behind the address count for none of its browsers", async () => {
  const dan = await newPerson(portal.store, "Dan");
  const [known, noisy] = [new Tab("203.0.113.20"), new Tab("203.0.113.20")];
  await known.signIn(dan.email);
  await known.signOut();
  let last = 0;
  while (last !== 429) last = (await noisy.ask("/")).status;
  expect((await new Tab("203.0.113.20").ask("/sign-in")).status).toBe(429);
  expect((await known.ask("/sign-in")).status).toBe(200);
  expect(await known.signIn(dan.email)).toBe(303);
  // A made-up cookie is none.
  noisy.cookies.set(BROWSER_COOKIE, "a".repeat(43));
  expect((await noisy.ask("/")).status).toBe(429);
});

test("a colleague has the form for a password, however many ask for one, and few mails are written", async () => {
  const eve = await newPerson(portal.store, "Eve");
  for (let n = 0; n < 50; n += 1) {
    const email = n % 2 === 0 ? eve.email : `nobody${n}@example.org`;
    expect((await new Tab("203.0.113.30").ask("/forgotten", { email })).status).toBe(200);
  }
  clock.advance(MOST_WAIT_MS);
  await portal.scheduler.drain();
  const count = (sql: string) => portal.store.db.raw.query<{ n: number }, []>(sql).get()?.n;
  expect(count("SELECT count(*) AS n FROM outbox WHERE kind = 'account.password'")).toBe(3);
  // Nothing is kept of what was asked.
  expect(count("SELECT count(*) AS n FROM jobs WHERE kind = 'account.password_asked'")).toBe(0);
}, 60_000);

test("another password makes all browsers unknown but the one where it was chosen, or where its link was opened", async () => {
  const flo = await newPerson(portal.store, "Flo");
  const [here, there] = [new Tab(OFFICE), new Tab(OFFICE)];
  await here.signIn(flo.email);
  await there.signIn(flo.email);
  const browsers = () => ownBrowsers(portal.store, flo.actor, here.cookies.get(BROWSER_COOKIE) ?? "");
  expect(browsers()).toHaveLength(2);
  const password = "seven green bicycles";
  expect((await here.ask("/account", { current: PASSWORD, password })).status).toBe(303);
  expect(browsers()).toMatchObject([{ current: true }]);
  await there.signOut();
  await here.signOut();
  await guessAt(flo.email);
  expect(await there.signIn(flo.email, PASSWORD)).toBe(422);
  expect(await there.signIn(flo.email, password)).toBe(429);
  expect(await here.signIn(flo.email, password)).toBe(303);
  // Its page forgets it.
  const [known] = browsers();
  expect((await here.ask("/account/browsers/forget", { browser: known?.id ?? "" })).status).toBe(303);
  expect(browsers()).toEqual([]);
  await byTheLink(flo);
}, 60_000);

/** Whoever opens the link to a new password gets in with it, whatever others guess. */
async function byTheLink({ accountId, email }: Person): Promise<void> {
  const tab = new Tab("203.0.113.40");
  expect([await tab.signIn(email, "mistyped it"), await tab.signIn(email)]).toEqual([422, 429]);
  const { path } = write(portal.store.db, (tx) =>
    makeLink(
      tx,
      { purpose: "password", accountId, email, invitationId: null },
      { mailed: true },
      clock.now(),
    ),
  );
  const token = new URL(path, portal.url).searchParams.get("token") ?? "";
  const password = "eight slow tricycles";
  expect((await tab.ask("/new-password", { token, password: "short" })).status).toBe(422);
  expect(tab.cookies.has(BROWSER_COOKIE)).toBe(false);
  expect((await tab.ask("/new-password", { token, password })).status).toBe(303);
  expect(await new Tab("203.0.113.40").signIn(email, password)).toBe(429);
  expect(await tab.signIn(email, password)).toBe(303);
}
