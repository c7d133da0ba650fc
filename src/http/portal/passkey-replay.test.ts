/**
 * Answers of passkeys that are sent again, or were given for something else, over HTTP: signing in, the second step of it, proofs
 * and registrations. Each is refused, and nothing has changed; beside each stands one that is taken.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { passkeyHost } from "../../accounts/factors/passkeys.ts";
import { PROOF_MINUTES } from "../../accounts/proof.ts";
import { createSession, SESSION_COOKIE } from "../../accounts/sessions.ts";
import { assert, newPasskey, register, type TestPasskey } from "../../testing/authenticator.ts";
import {
  newAdministrator,
  newPerson,
  PASSWORD,
  type Person,
  type Portal,
  startPortal,
} from "../../testing/portal.ts";
import { type TestClock, testClock } from "../../testing/store.ts";

const SECOND_FACTOR = "/account/second-factor";
const ASKS = "Show that it is you";

let clock: TestClock;
let portal: Portal;
let url: string;
let count = 0;
beforeAll(async () => {
  clock = testClock();
  portal = await startPortal({}, clock);
  url = portal.url.replace("127.0.0.1", "localhost");
  await newAdministrator(portal.store);
});
afterAll(() => portal.close());

type Form = Readonly<Record<string, string>>;
type Answer = { readonly status: number; readonly body: string; readonly cookies: readonly string[] };

async function send(path: string, form: Form | null, cookie = ""): Promise<Answer> {
  const answer = await fetch(url + path, {
    method: form === null ? "GET" : "POST",
    redirect: "manual",
    headers: { Cookie: cookie, "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "document" },
    ...(form !== null && { body: new URLSearchParams(form) }),
  });
  const cookies = answer.headers
    .getSetCookie()
    .map((line) => line.split(";")[0] ?? "")
    .filter((pair) => !pair.endsWith("="));
  return { status: answer.status, body: await answer.text(), cookies };
}

const isIn = ({ cookies }: Answer) => cookies.some((each) => each.startsWith(`${SESSION_COOKIE}=`));

/** What a page asks a passkey, and what it takes back with the answer. */
type Asked = { readonly challenge: string; readonly offer: string };

function askedIn(page: string): Asked {
  const plain = (text = "") => text.replaceAll("&#34;", '"').replaceAll("&amp;", "&");
  const offer = /name="(?:[a-z]+\.)?offer" value="([^"]+)"/.exec(page)?.[1];
  const { challenge } = JSON.parse(plain(/data-passkey-options="([^"]+)"/.exec(page)?.[1])) as Asked;
  if (offer === undefined) throw new Error("the page asks for no passkey");
  return { challenge, offer };
}

type Changed = { readonly challenge?: string; readonly origin?: string; readonly rpId?: string };
const toAnswer = ({ challenge }: Asked, changed: Changed = {}) => ({
  challenge,
  origin: url,
  rpId: "localhost",
  ...changed,
});

type Owner = Person & { readonly passkey: TestPasskey; readonly handle: { readonly userHandle: string } };

async function newSession(who: Person): Promise<string> {
  const from = { address: "192.0.2.1", userAgent: "" };
  return `${SESSION_COOKIE}=${(await createSession(portal.store, who.accountId, from)).secret}`;
}

const addForm = async (cookie: string): Promise<Asked> =>
  askedIn((await send(`${SECOND_FACTOR}/passkey`, {}, cookie)).body);

async function newOwner(): Promise<Owner> {
  count += 1;
  const letters = String.fromCharCode(97 + Math.floor(count / 26), 97 + (count % 26));
  const person = await newPerson(portal.store, `Person ${letters}`);
  const passkey = newPasskey();
  const asked = await addForm(person.cookie);
  const form = { offer: asked.offer, response: register(passkey, toAnswer(asked)), name: "Laptop" };
  expect((await send(`${SECOND_FACTOR}/passkey/add`, form, person.cookie)).body).toContain("Recovery codes");
  clock.advance(1000);
  return { ...person, passkey, handle: { userHandle: Buffer.from(person.accountId).toString("base64url") } };
}

/** What would tell of somebody who got in, or of a passkey that was used or added. */
function state(): string {
  return JSON.stringify(
    ["sessions", "factors", "recovery_codes", "audit_entries", "outbox", "organisations"].map((table) =>
      portal.store.db.raw.query(`SELECT * FROM ${table} ORDER BY 1`).all(),
    ),
  );
}

async function refused(
  what: string,
  ask: () => Promise<Answer>,
  status: number,
  says: string,
): Promise<void> {
  const before = state();
  const answer = await ask();
  expect([what, answer.status, isIn(answer)]).toEqual([what, status, false]);
  expect([what, answer.body.includes(says)]).toEqual([what, true]);
  expect([what, state() === before]).toEqual([what, true]);
}

const signInPage = async () => askedIn((await send("/sign-in", null)).body);
const signIn = (asked: Asked, response: string) =>
  send("/sign-in/passkey", { response, offer: asked.offer, next: "" });
const NOT_TAKEN = "This passkey is not one of this store’s, or the answer came too late.";

/** As an authenticator counts. */
function answerOf(
  { passkey, handle }: Owner,
  asked: Asked,
  changed: Changed = {},
  wrong: object = {},
): string {
  passkey.count += 1;
  return assert(passkey, toAnswer(asked, changed), { ...handle, ...wrong });
}

test("the store is one that passkeys are made for", () => {
  expect(passkeyHost(url)).toBe("localhost");
});

describe("signing in by a passkey alone", () => {
  test("an answer is taken once, also when it comes twice at a time, or later", async () => {
    const owner = await newOwner();
    const asked = await signInPage();
    const response = answerOf(owner, asked);
    const both = await Promise.all([signIn(asked, response), signIn(asked, response)]);
    expect(both.map(isIn).sort()).toEqual([false, true]);
    await refused("at once", () => signIn(asked, response), 422, NOT_TAKEN);
    clock.advance(1000);
    await refused("later", () => signIn(asked, response), 422, NOT_TAKEN);
    const again = await signInPage();
    await refused("for another offer", () => signIn(again, response), 422, NOT_TAKEN);
    expect(isIn(await signIn(again, answerOf(owner, again)))).toBe(true);
  });

  test("an answer for anything else is refused", async () => {
    const [owner, other] = [await newOwner(), await newOwner()];
    const asked = await signInPage();
    const another = await signInPage();
    const answers: readonly (readonly [what: string, response: () => string])[] = [
      ["another challenge", () => answerOf(owner, another)],
      ["another origin", () => answerOf(owner, asked, { origin: "https://evil.example" })],
      ["the origin without its port", () => answerOf(owner, asked, { origin: "http://localhost" })],
      ["another host", () => answerOf(owner, asked, { rpId: "evil.example" })],
      ["a host below", () => answerOf(owner, asked, { rpId: "evil.localhost" })],
      ["another's name", () => answerOf(owner, asked, {}, other.handle)],
      ["another's key", () => answerOf(owner, asked, {}, { signedWith: other.passkey.key })],
      ["a registration", () => register(owner.passkey, toAnswer(asked))],
      ["nobody verified", () => answerOf(owner, asked, {}, { unverified: true })],
      [
        "another's passkey in my name",
        () => assert({ ...other.passkey, count: 50 }, toAnswer(asked), owner.handle),
      ],
    ];
    for (const [what, response] of answers)
      await refused(what, () => signIn(asked, response()), 422, NOT_TAKEN);
    expect(isIn(await signIn(asked, answerOf(owner, asked)))).toBe(true);
    expect(isIn(await signIn(another, answerOf(other, another)))).toBe(true);
  });

  test("a counter that goes back or stands still is that of a copy", async () => {
    const owner = await newOwner();
    owner.passkey.count = 40;
    const first = await signInPage();
    expect(isIn(await signIn(first, answerOf(owner, first)))).toBe(true);
    for (const count of [40, 39, 0, -1]) {
      clock.advance(1000);
      owner.passkey.count = count;
      const asked = await signInPage();
      const response = answerOf(owner, asked);
      await refused(`${count + 1} after 41`, () => signIn(asked, response), 422, NOT_TAKEN);
    }
    owner.passkey.count = 41;
    const asked = await signInPage();
    expect(isIn(await signIn(asked, answerOf(owner, asked)))).toBe(true);
  });
});

describe("the second step", () => {
  const begin = async (owner: Owner) => {
    const { cookies } = await send("/sign-in", { email: owner.email, password: PASSWORD, next: "" });
    const pending = cookies.join("; ");
    return { pending, asked: askedIn((await send("/sign-in/second-step", null, pending)).body) };
  };
  const step = (pending: string, asked: Asked, response: string) =>
    send("/sign-in/second-step", { code: "", response, offer: asked.offer }, pending);
  const WRONG = "Second factor";

  test("takes an answer once, in one sign-in, and from who it is asked of", async () => {
    const [owner, other] = [await newOwner(), await newOwner()];
    const { pending, asked } = await begin(owner);
    const alone = await signInPage();
    const mine = await begin(other);
    const answers: readonly (readonly [what: string, asked: Asked, response: string])[] = [
      ["another's passkey", asked, assert({ ...other.passkey, count: 50 }, toAnswer(asked))],
      [
        "another's passkey, in my name",
        asked,
        assert({ ...other.passkey, count: 50 }, toAnswer(asked), owner.handle),
      ],
      [
        "another's answer and offer",
        mine.asked,
        assert({ ...other.passkey, count: 50 }, toAnswer(mine.asked)),
      ],
      ["an answer for signing in alone", alone, answerOf(owner, alone)],
      ["another origin", asked, answerOf(owner, asked, { origin: "https://evil.example" })],
      ["another host", asked, answerOf(owner, asked, { rpId: "evil.example" })],
      ["another challenge", asked, answerOf(owner, mine.asked)],
    ];
    for (const [what, offered, response] of answers)
      await refused(what, () => step(pending, offered, response), 422, WRONG);
    const response = answerOf(owner, asked);
    const entered = await step(pending, asked, response);
    expect([entered.status, isIn(entered)]).toEqual([303, true]);
    await refused("again", () => step(pending, asked, response), 401, "took too long, or is done");
    clock.advance(1000);
    const later = await begin(owner);
    await refused("in another sign-in", () => step(later.pending, asked, response), 422, WRONG);
    await refused("alone", () => signIn(asked, response), 422, NOT_TAKEN);
    expect(isIn(await step(later.pending, later.asked, answerOf(owner, later.asked)))).toBe(true);
  });
});

describe("a proof before a dangerous act", () => {
  const act = (cookie: string, proof: Form = {}) => send(`${SECOND_FACTOR}/codes`, { ...proof }, cookie);
  const field = (page: string, name: string) => new RegExp(`name="([^"]*${name})"`).exec(page)?.[1] ?? "";

  test("takes an answer once, and none that was given for anything else", async () => {
    const [owner, other] = [await newOwner(), await newOwner()];
    const cookie = await newSession(owner);
    const others = await newSession(other);
    clock.advance(PROOF_MINUTES * 60_000 + 1);
    const page = (await act(cookie)).body;
    expect(page).toContain(ASKS);
    const [offerField, responseField] = [field(page, "offer"), field(page, "response")];
    const asked = askedIn(page);
    const proof = (from: Asked, response: string) => ({
      [offerField]: from.offer,
      [responseField]: response,
    });
    const alone = await signInPage();
    const ofOther = askedIn((await act(others)).body);
    const answers: readonly (readonly [what: string, proof: Form])[] = [
      ["another's passkey", proof(asked, assert({ ...other.passkey, count: 50 }, toAnswer(asked)))],
      ["another's offer", proof(ofOther, assert({ ...other.passkey, count: 50 }, toAnswer(ofOther)))],
      ["an answer for signing in", proof(alone, answerOf(owner, alone))],
      ["another origin", proof(asked, answerOf(owner, asked, { origin: "https://evil.example" }))],
      ["another host", proof(asked, answerOf(owner, asked, { rpId: "evil.example" }))],
      ["another challenge", proof(asked, answerOf(owner, ofOther))],
      ["a registration", proof(asked, register(owner.passkey, toAnswer(asked)))],
    ];
    for (const [what, sent] of answers) await refused(what, () => act(cookie, sent), 422, ASKS);
    const good = proof(asked, answerOf(owner, asked));
    const done = await act(cookie, good);
    expect([done.status, done.body.includes("Recovery codes")]).toEqual([200, true]);
    // The session goes on under another secret, in which the proof is; the one of before proves nothing, nor does the answer.
    const fresh = done.cookies.find((each) => each.startsWith(`${SESSION_COOKIE}=`)) ?? "";
    expect(fresh).not.toBe("");
    clock.advance(1000);
    const old = await newSession(owner);
    clock.advance(PROOF_MINUTES * 60_000 + 1);
    for (const [what, session] of [
      ["again, in the same session", fresh],
      ["again, in another one", old],
    ] as const)
      await refused(what, () => act(session, good), 422, ASKS);
    const next = askedIn((await act(fresh)).body);
    expect((await act(fresh, proof(next, answerOf(owner, next)))).status).toBe(200);
  });
});

describe("a registration", () => {
  const add = (asked: Asked, response: string, cookie: string) =>
    send(`${SECOND_FACTOR}/passkey/add`, { offer: asked.offer, response, name: "Key" }, cookie);
  /** `factor.offer_over`. */
  const OVER = "This took too long, or was answered by another page or device.";

  test("is taken once, from who it was offered to, also when its passkey was removed", async () => {
    const [owner, other] = [await newOwner(), await newOwner()];
    const [mine, others] = [await newSession(owner), await newSession(other)];
    const asked = await addForm(mine);
    const ofOther = await addForm(others);
    const use = await signInPage();
    const passkey = newPasskey();
    const answers: readonly (readonly [what: string, cookie: string, asked: Asked, response: string])[] = [
      ["another origin", mine, asked, register(passkey, toAnswer(asked, { origin: "https://evil.example" }))],
      ["another host", mine, asked, register(passkey, toAnswer(asked, { rpId: "evil.example" }))],
      ["another challenge", mine, asked, register(passkey, toAnswer(ofOther))],
      ["another's offer", mine, ofOther, register(passkey, toAnswer(ofOther))],
      ["mine at another", others, asked, register(passkey, toAnswer(asked))],
      ["an offer of a use", mine, use, register(passkey, toAnswer(use))],
      ["a use", mine, asked, answerOf(owner, asked)],
    ];
    for (const [what, cookie, offered, response] of answers)
      await refused(what, () => add(offered, response, cookie), 409, OVER);
    clock.advance(1000);
    const response = register(passkey, toAnswer(asked));
    expect((await add(asked, response, mine)).status).toBeLessThan(400);
    await refused("again", () => add(asked, response, mine), 409, OVER);
    clock.advance(1000);
    // A passkey is one account's.
    const theirs = await addForm(others);
    await refused(
      "of another account",
      () => add(theirs, register(passkey, toAnswer(theirs)), others),
      409,
      "This passkey is added already.",
    );
    const page = (await send(SECOND_FACTOR, null, mine)).body;
    const row = /action="(\/account\/second-factor\/fac-[^/"]+\/remove)"/g;
    const removals = [...page.matchAll(row)].map(([, path]) => path ?? "");
    expect(removals).toHaveLength(2);
    for (const path of removals) expect((await send(path, {}, mine)).status).toBe(303);
    await refused("after it was removed", () => add(asked, response, mine), 409, OVER);
    clock.advance(1000);
    const fresh = await addForm(mine);
    expect((await add(fresh, register(passkey, toAnswer(fresh)), mine)).status).toBeLessThan(400);
  });
});
