/** Second factors from their adding to their removal: codes, recovery codes and passkeys, and what is not taken as one. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { join } from "node:path";
import fc from "fast-check";
import { SYSTEM_AUTHOR } from "../../audit/record.ts";
import { write } from "../../db/database.ts";
import type { AccountId } from "../../ids.ts";
import { resealKeys } from "../../keys/reseal.ts";
import { makeMasterKey, openVault } from "../../keys/vault.ts";
import { assert, fromBase32, newPasskey, register, type TestPasskey } from "../../testing/authenticator.ts";
import { codeOf } from "../../testing/problems.ts";
import { openTestStore, silentLog, type TestStore } from "../../testing/store.ts";
import { actorOfAccount } from "../account-actor.ts";
import { type AccountActor, ANONYMOUS, OPERATOR } from "../actor.ts";
import { findByToken } from "../api-keys/find.ts";
import { createApiKey } from "../api-keys/make.ts";
import { listMessages } from "../messages/outbox.ts";
import { createAccount, setPassword } from "../people.ts";
import { accountById } from "../records.ts";
import { allows, authorise } from "../rights.ts";
import { createSession, findSession, listSessions } from "../sessions.ts";
import {
  addApp,
  addPasskey,
  offerApp,
  offerPasskey,
  removeFactor,
  renewRecoveryCodes,
  resetFactors,
} from "./change.ts";
import { checkCode } from "./check.ts";
import { offerUse, passkeyHost, verifyUse } from "./passkeys.ts";
import { beginSecondStep, endSecondStep, findPendingSignIn, needsSecondFactor } from "./pending.ts";
import { recoveryCodeOf } from "./recovery-codes.ts";
import { resealFactors } from "./reseal.ts";
import { stepOf, totpCode } from "./totp.ts";
import { ownFactors } from "./views.ts";

const FROM = { address: "192.0.2.1", userAgent: "test" };
const ORIGIN = "https://apps.example";
const HOST = "apps.example";

let store: TestStore;
let person: AccountActor;
let count = 0;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  count += 1;
  const { id } = await createAccount(store, OPERATOR, { email: `p${count}@example.org`, name: "Pat" });
  person = await actorOf(id);
});

async function actorOf(id: AccountId): Promise<AccountActor> {
  const { secret } = await createSession(store, id, FROM);
  const found = await findSession(store, secret);
  if (found === null) throw new Error("the session is there");
  return found.actor;
}

type App = { readonly secret: Uint8Array; readonly codes: readonly string[] | null };
const codeNow = ({ secret }: Pick<App, "secret">, aside = 0) =>
  totpCode(secret, stepOf(store.clock.now()) + aside);

function withApp(actor = person, name = "Phone"): App {
  const { secret, offer } = offerApp(store, actor);
  const bytes = fromBase32(secret);
  const { codes } = addApp(store, actor, { offer, code: codeNow({ secret: bytes }), name });
  store.clock.advance(30_000);
  return { secret: bytes, codes };
}

const challengeOf = ({ options }: { options: string }): string =>
  (JSON.parse(options) as { challenge: string }).challenge;
const asked = (offer: { options: string }, origin = ORIGIN, rpId = HOST) => ({
  challenge: challengeOf(offer),
  origin,
  rpId,
});

async function withPasskey(actor = person, passkey = newPasskey()): Promise<TestPasskey> {
  const offer = await offerPasskey(store, actor, ORIGIN);
  const response = register(passkey, asked(offer));
  await addPasskey(store, actor, { offer: offer.offer, response, name: "Laptop", origin: ORIGIN });
  store.clock.advance(1000);
  return passkey;
}

const tried = (code: string, address = FROM.address) =>
  checkCode(store, ANONYMOUS, { accountId: person.accountId, code, address });
const toldOf = () =>
  listMessages(store, OPERATOR, { limit: 100 })
    .items.filter(({ accountId }) => accountId === person.accountId)
    .map(({ kind }) => kind)
    .reverse();

describe("an authenticator app", () => {
  test("is added by its first code, which is of no use again, and its codes are taken once each", async () => {
    expect(needsSecondFactor(store, person.accountId)).toBe(false);
    const offered = offerApp(store, person);
    const secret = fromBase32(offered.secret);
    expect(secret).toHaveLength(20);
    expect(offered.uri).toContain(offered.secret.replaceAll(" ", ""));
    const code = codeNow({ secret });
    const { codes } = addApp(store, person, { offer: offered.offer, code, name: "Phone" });
    expect(codes).toHaveLength(10);
    expect(needsSecondFactor(store, person.accountId)).toBe(true);
    expect(await tried(code)).toBeNull();
    store.clock.advance(30_000);
    const next = codeNow({ secret });
    expect(await tried(` ${next.slice(0, 3)} ${next.slice(3)}`)).toBe("authenticator app");
    expect(await tried(next)).toBeNull();
    expect(ownFactors(store, person).items).toMatchObject([
      { kind: "totp", name: "Phone", lastUsedAt: store.clock.now() },
    ]);
    expect(toldOf()).toEqual(["factor.added"]);
  });

  test("is not added again by what was sent to add it, once it was removed", async () => {
    const { secret, offer } = offerApp(store, person);
    store.clock.advance(1);
    const sent = { offer, code: codeNow({ secret: fromBase32(secret) }), name: "Phone" };
    addApp(store, person, sent);
    expect(await codeOf(() => addApp(store, person, sent))).toBe("factor.exists");
    const [factor] = ownFactors(store, person).items;
    if (factor === undefined) throw new Error("it is there");
    removeFactor(store, person, factor.id);
    expect(await codeOf(() => addApp(store, person, sent))).toBe("factor.offer_over");
    expect(needsSecondFactor(store, person.accountId)).toBe(false);
    // Another one is, by an offer of its own.
    withApp();
    expect(needsSecondFactor(store, person.accountId)).toBe(true);
  });

  test("of two requests with the same code one is let in", async () => {
    const app = withApp();
    const code = codeNow(app);
    const outcomes = await Promise.all([tried(code, "192.0.2.7"), tried(code, "192.0.2.8")]);
    expect(outcomes.filter((outcome) => outcome !== null)).toHaveLength(1);
  });

  test("lies sealed, bound to its row", async () => {
    const app = withApp();
    const other = await actorOf(
      (await createAccount(store, OPERATOR, { email: `o${count}@example.org`, name: "Olga" })).id,
    );
    withApp(other);
    const { raw } = store.db;
    const hex = Buffer.from(app.secret).toString("hex");
    const all = raw
      .query<{ sealed: Uint8Array | null }, []>("SELECT sealed_secret AS sealed FROM factors")
      .all();
    expect(
      all.some(({ sealed }) => sealed !== null && Buffer.from(sealed).toString("hex").includes(hex)),
    ).toBe(false);

    // What is sealed for one row opens in no other one's place.
    raw.run(
      "UPDATE factors SET sealed_secret = (SELECT sealed_secret FROM factors WHERE account_id = ?) WHERE account_id = ?",
      [person.accountId, other.accountId],
    );
    store.clock.advance(30_000);
    const swapped = { accountId: other.accountId, code: codeNow(app), address: FROM.address };
    expect(await codeOf(() => checkCode(store, ANONYMOUS, swapped))).toBe("keys.unsealable");
    raw.run("DELETE FROM factors WHERE account_id = ?", [other.accountId]);
  });

  test("is not added by what is wrong, too late, another person's, or there already", async () => {
    const { secret, offer } = offerApp(store, person);
    const right = () => codeNow({ secret: fromBase32(secret) });
    const add = (fields: { offer?: string; code?: string; name?: string }, by = person) =>
      codeOf(() => addApp(store, by, { offer, code: right(), name: "Phone", ...fields }));
    expect(await add({ code: right() === "000000" ? "000001" : "000000" })).toBe("factor.code_wrong");
    expect(await add({ name: " " })).toBe("factor.invalid");
    expect(await add({ name: "x".repeat(61) })).toBe("factor.invalid");
    expect(await add({ name: "a\u202eb" })).toBe("factor.invalid");
    const other = { ...person, accountId: `acc-${"1".repeat(32)}` as AccountId };
    expect(await add({}, other)).toBe("factor.offer_over");
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 200 }), fc.nat(), async (text, at) => {
        const place = at % offer.length;
        const changed = offer.slice(0, place) + (offer[place] === "A" ? "B" : "A") + offer.slice(place + 1);
        expect(await add({ offer: text })).toBe("factor.offer_over");
        // The last digit of base64 has bits that say nothing.
        if (place < offer.length - 1) expect(await add({ offer: changed })).toBe("factor.offer_over");
      }),
      { numRuns: 50 },
    );
    expect(ownFactors(store, person).items).toEqual([]);
    expect(await add({})).toBe("no problem");
    expect(await add({})).toBe("factor.exists");
    store.clock.advance(10 * 60_000 + 1);
    expect(await add({})).toBe("factor.offer_over");
  });
});

describe("codes are guessed", () => {
  test("at a pace by place, which holds nobody else up", async () => {
    const app = withApp();
    for (let tries = 0; tries < 5; tries += 1) expect(await tried("00000")).toBeNull();
    expect(await codeOf(() => tried(codeNow(app)))).toBe("auth.too_many_attempts");
    expect(await tried(codeNow(app), "192.0.2.99")).toBe("authenticator app");
  });

  test("from many places at a pace all the same, of which the person hears; recovery codes are not held up", async () => {
    const app = withApp();
    let refused = 0;
    for (let place = 0; place < 40; place += 1) {
      const outcome = await codeOf(() => tried("00000", `198.51.100.${place}`));
      if (outcome === "auth.too_many_attempts") refused += 1;
    }
    expect(refused).toBe(20);
    expect(await codeOf(() => tried(codeNow(app), "203.0.113.1"))).toBe("auth.too_many_attempts");
    // Nor is a browser that the account knows, which has a count of its own.
    const known = { accountId: person.accountId, address: "203.0.113.9", known: "browser 1" };
    for (let tries = 0; tries < 4; tries += 1)
      expect(await checkCode(store, ANONYMOUS, { ...known, code: "00000" })).toBeNull();
    expect(await checkCode(store, ANONYMOUS, { ...known, code: codeNow(app) })).toBe("authenticator app");
    store.clock.advance(30_000);
    expect(await tried(app.codes?.[0] ?? "", "203.0.113.2")).toBe("recovery code");
    expect(toldOf()).toEqual(["factor.added", "factor.guessed", "factor.code_used"]);
    store.clock.advance(61 * 60_000);
    expect(await tried(codeNow(app), "203.0.113.3")).toBe("authenticator app");
  });
});

describe("recovery codes", () => {
  test("are taken once each, however they are typed, and not by who they are not for", async () => {
    const { codes } = withApp();
    const [first = "", second = ""] = codes ?? [];
    expect(new Set(codes).size).toBe(10);
    const text = first.toUpperCase().replaceAll("-", " ").replaceAll("0", "O").replaceAll("1", "l");
    expect(await tried(text)).toBe("recovery code");
    expect(await tried(first)).toBeNull();
    expect(ownFactors(store, person).recoveryCodesLeft).toBe(9);
    const other = await actorOf(
      (await createAccount(store, OPERATOR, { email: `r${count}@example.org`, name: "Rob" })).id,
    );
    withApp(other);
    const theirs = { accountId: other.accountId, code: second, address: FROM.address };
    expect(await checkCode(store, ANONYMOUS, theirs)).toBeNull();
    expect(await tried(second)).toBe("recovery code");
    const stored = store.db.raw.query("SELECT hash FROM recovery_codes").all();
    expect(JSON.stringify(stored)).not.toContain(first);
  });

  test("are made again in the place of those before, and not without a factor", async () => {
    expect(await codeOf(() => renewRecoveryCodes(store, person))).toBe("factor.none");
    const { codes } = withApp();
    const next = renewRecoveryCodes(store, person);
    expect(await tried(codes?.[0] ?? "")).toBeNull();
    expect(await tried(next[0] ?? "")).toBe("recovery code");
    expect(toldOf()).toEqual(["factor.added", "factor.codes_made", "factor.code_used"]);
  });

  test("are told from anything else", () => {
    for (const text of [
      "",
      "123456",
      "abcd-efgh-jkmn",
      "abcd-efgh-jkmn-pqr",
      "abcd-efgh-jkmn-pqru",
      "é".repeat(16),
    ])
      expect([text, recoveryCodeOf(text)]).toEqual([text, null]);
    expect(recoveryCodeOf("ABCD EFGH JKMN PQRS")).toBe("abcd-efgh-jkmn-pqrs");
  });
});

describe("a passkey", () => {
  test("is added by an offer once: another one with the same offer is not", async () => {
    const offer = await offerPasskey(store, person, ORIGIN);
    const add = (passkey: TestPasskey) =>
      addPasskey(store, person, {
        offer: offer.offer,
        response: register(passkey, asked(offer)),
        name: "Laptop",
        origin: ORIGIN,
      });
    store.clock.advance(1000);
    await add(newPasskey());
    expect(await codeOf(() => add(newPasskey()))).toBe("factor.offer_over");
    await withPasskey();
    expect(ownFactors(store, person).items).toHaveLength(2);
  });

  /** Whom the authenticator names, where nobody was named to it. */
  const handle = () => ({ userHandle: Buffer.from(person.accountId).toString("base64url") });
  const use = (passkey: TestPasskey, of: AccountId | null, wrong: Parameters<typeof assert>[2] = {}) => {
    passkey.count += 1;
    const offer = offerUse(store, of, HOST);
    const response = assert(passkey, asked(offer), { ...(of === null ? handle() : {}), ...wrong });
    return verifyUse(store, of, { offer: offer.offer, response, origin: ORIGIN });
  };

  test("is added and used, by itself and as a second factor, once for each offer", async () => {
    const passkey = await withPasskey();
    expect(ownFactors(store, person).items).toMatchObject([{ kind: "passkey", host: HOST }]);
    expect((await use(passkey, null))?.accountId).toBe(person.accountId);
    store.clock.advance(1000);
    passkey.count += 1;
    const offer = offerUse(store, person.accountId, HOST);
    expect(JSON.parse(offer.options).allowCredentials).toMatchObject([{ id: passkey.id }]);
    const response = assert(passkey, asked(offer));
    const answer = { offer: offer.offer, response, origin: ORIGIN };
    const both = await Promise.all([
      verifyUse(store, person.accountId, answer),
      verifyUse(store, person.accountId, answer),
    ]);
    expect(both.filter((row) => row !== null)).toHaveLength(1);
    store.clock.advance(1000);
    expect(await verifyUse(store, person.accountId, answer)).toBeNull();
  });

  test("is refused where anything of its answer is not as it was asked for", async () => {
    const passkey = await withPasskey();
    const offer = offerUse(store, null, HOST);
    passkey.count += 1;
    const other = newPasskey();
    const good = asked(offer);
    const answers: readonly (readonly [what: string, response: string, origin?: string, sealed?: string])[] =
      [
        ["another challenge", assert(passkey, { ...good, challenge: "AAAA" }, handle())],
        ["another origin", assert(passkey, { ...good, origin: "https://evil.example" }, handle())],
        ["another host", assert(passkey, { ...good, rpId: "evil.example" }, handle())],
        ["without verifying the user", assert(passkey, good, { ...handle(), unverified: true })],
        ["a registration", assert(passkey, good, { ...handle(), type: "webauthn.create" })],
        ["another key", assert(passkey, good, { ...handle(), signedWith: other.key })],
        ["one that is not known", assert(other, good, handle())],
        ["the store under another name", assert(passkey, good, handle()), "https://other.example"],
        [
          "another name that it believes",
          assert(passkey, { ...good, origin: "https://other.example" }, handle()),
          "https://other.example",
        ],
        [
          "an offer for a person",
          assert(passkey, good, handle()),
          ORIGIN,
          offerUse(store, person.accountId, HOST).offer,
        ],
        ["nobody named", assert(passkey, good)],
        ["somebody else named", assert(passkey, good, { userHandle: "YWNjLTE" })],
        ["no offer", assert(passkey, good, handle()), ORIGIN, ""],
      ];
    for (const [what, response, origin = ORIGIN, sealed = offer.offer] of answers)
      expect([what, await verifyUse(store, null, { offer: sealed, response, origin })]).toEqual([what, null]);
    const fine = { offer: offer.offer, response: assert(passkey, good, handle()), origin: ORIGIN };
    expect((await verifyUse(store, null, fine))?.accountId).toBe(person.accountId);
    // A counter that goes back is a copy.
    passkey.count = 0;
    store.clock.advance(1000);
    expect(await use({ ...passkey, count: -1 }, null)).toBeNull();
    const late = offerUse(store, null, HOST);
    passkey.count = 9;
    const response = assert(passkey, asked(late), handle());
    store.clock.advance(10 * 60_000 + 1);
    expect(await verifyUse(store, null, { offer: late.offer, response, origin: ORIGIN })).toBeNull();
  });

  test("of somebody else is no second factor of mine", async () => {
    const mine = await withPasskey();
    const other = await actorOf(
      (await createAccount(store, OPERATOR, { email: `k${count}@example.org`, name: "Kim" })).id,
    );
    expect(await use(mine, other.accountId)).toBeNull();
  });

  test("whatever a browser sends is answered without a fault", async () => {
    const passkey = await withPasskey();
    const offer = offerUse(store, null, HOST);
    const good = JSON.parse(assert(passkey, asked(offer), handle())) as Record<string, unknown>;
    const values = fc.oneof(
      fc.constant(undefined),
      fc.jsonValue(),
      fc.constantFrom("", "AA", "!", null, 0, [], {}),
    );
    const changed = fc
      .tuple(fc.constantFrom("id", "rawId", "type", "response"), values)
      .map(([name, value]) => JSON.stringify({ ...good, [name]: value }));
    const inner = fc
      .tuple(fc.constantFrom("clientDataJSON", "authenticatorData", "signature", "userHandle"), values)
      .map(([name, value]) =>
        JSON.stringify({ ...good, response: { ...(good.response as object), [name]: value } }),
      );
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json(), changed, inner), async (response) => {
        const same = response === JSON.stringify(good);
        const outcome = await verifyUse(store, null, { offer: offer.offer, response, origin: ORIGIN });
        expect(outcome === null || same || JSON.parse(response).id === passkey.id).toBe(true);
      }),
      { numRuns: 200 },
    );
    const registration = await offerPasskey(store, person, ORIGIN);
    const answer = JSON.parse(register(newPasskey(), asked(registration))) as Record<string, unknown>;
    const attested = fc
      .tuple(fc.constantFrom("clientDataJSON", "attestationObject"), values)
      .map(([name, value]) =>
        JSON.stringify({ ...answer, response: { ...(answer.response as object), [name]: value } }),
      );
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json(), attested), async (response) => {
        const add = addPasskey(store, person, {
          offer: registration.offer,
          response,
          name: "x",
          origin: ORIGIN,
        });
        const code = response === "" ? "factor.no_passkey" : "factor.offer_over";
        expect(await codeOf(() => add)).toBe(code);
      }),
      { numRuns: 200 },
    );
  });

  test("is not added without verifying the user, for another person's offer, or twice", async () => {
    const passkey = newPasskey();
    const add = async (wrong: Parameters<typeof register>[2], by = person) => {
      const offer = await offerPasskey(store, person, ORIGIN);
      const response = register(passkey, asked(offer), wrong);
      return codeOf(() => addPasskey(store, by, { offer: offer.offer, response, name: "x", origin: ORIGIN }));
    };
    expect(await add({ unverified: true })).toBe("factor.offer_over");
    expect(await add({ type: "webauthn.get" })).toBe("factor.offer_over");
    const other = await actorOf(
      (await createAccount(store, OPERATOR, { email: `q${count}@example.org`, name: "Quin" })).id,
    );
    expect(await add({}, other)).toBe("factor.offer_over");
    expect(await add({})).toBe("no problem");
    expect(await add({})).toBe("factor.exists");
  });

  test("is made for a name with https, or for localhost", async () => {
    expect(
      [
        "https://apps.example",
        "https://apps.example:8443",
        "http://localhost:8470",
        "http://apps.localhost",
        "http://apps.example",
        "https://192.0.2.1",
        "https://[2001:db8::1]:8470",
        "http://127.0.0.1:8470",
      ].map(passkeyHost),
    ).toEqual(["apps.example", "apps.example", "localhost", "apps.localhost", null, null, null, null]);
    expect(await codeOf(() => offerPasskey(store, person, "https://192.0.2.1"))).toBe(
      "factor.no_passkeys_here",
    );
  });
});

describe("with the first factor", () => {
  test("every other session ends; with the last, the recovery codes go", async () => {
    await createSession(store, person.accountId, FROM);
    expect(listSessions(store, person.accountId)).toHaveLength(2);
    const { codes } = withApp();
    const sessionId = person.via.type === "session" ? person.via.sessionId : "";
    expect(listSessions(store, person.accountId).map(({ id }) => id)).toEqual([sessionId]);
    await createSession(store, person.accountId, FROM);
    expect(withApp(person, "Second").codes).toBeNull();
    expect(listSessions(store, person.accountId)).toHaveLength(2);
    for (const { id } of ownFactors(store, person).items) removeFactor(store, person, id);
    expect(ownFactors(store, person)).toEqual({ items: [], recoveryCodesLeft: 0 });
    expect(await tried(codes?.[0] ?? "")).toBeNull();
    expect(toldOf()).toEqual(["factor.added", "factor.added", "factor.removed", "factor.removed"]);
  });

  test("what alone signs somebody in is not removed", async () => {
    await withPasskey();
    const [only] = ownFactors(store, person).items;
    expect(await codeOf(() => only && removeFactor(store, person, only.id))).toBe("factor.last_way_in");
    withApp();
    expect(await codeOf(() => only && removeFactor(store, person, only.id))).toBe("factor.last_way_in");
    await withPasskey();
    expect(await codeOf(() => only && removeFactor(store, person, only.id))).toBe("no problem");
    expect(ownFactors(store, person).items.map(({ kind }) => kind)).toEqual(["totp", "passkey"]);
  });

  test("a passkey of a name that the store had before signs nobody in", async () => {
    await withPasskey();
    await withPasskey();
    const [one] = ownFactors(store, person).items;
    const named = (publicUrl: string) => ({ ...store, config: { ...store.config, publicUrl } });
    const removing = (at: string) => codeOf(() => one && removeFactor(named(at), person, one.id));
    expect(await removing("https://new.example")).toBe("factor.last_way_in");
    expect(await removing(ORIGIN)).toBe("no problem");
  });

  test("nobody removes what is another's", async () => {
    withApp();
    const [mine] = ownFactors(store, person).items;
    const other = await actorOf(
      (await createAccount(store, OPERATOR, { email: `z${count}@example.org`, name: "Zoe" })).id,
    );
    expect(await codeOf(() => mine && removeFactor(store, other, mine.id))).toBe("factor.not_found");
    expect(await codeOf(() => resetFactors(store, other, person.accountId))).toBe("rights.forbidden");
  });
});

test("who lost theirs is reset: everything goes, sessions end, and they are told; again nothing happens", async () => {
  const { codes } = withApp();
  await withPasskey();
  const secret = beginSecondStep(store, {
    accountId: person.accountId,
    by: "password",
    next: null,
    flash: null,
  });
  resetFactors(store, OPERATOR, person.accountId);
  resetFactors(store, OPERATOR, person.accountId);
  expect(needsSecondFactor(store, person.accountId)).toBe(false);
  expect(listSessions(store, person.accountId)).toEqual([]);
  expect(await tried(codes?.[0] ?? "")).toBeNull();
  expect(await codeOf(() => findPendingSignIn(store, secret))).toBe("factor.sign_in_over");
  expect(toldOf()).toEqual(["factor.added", "factor.added", "factor.reset"]);
});

describe("a sign-in that waits", () => {
  const begin = () =>
    beginSecondStep(store, { accountId: person.accountId, by: "password", next: "/review", flash: null });

  test("is found by its secret for ten minutes, and spent once", async () => {
    const secret = begin();
    expect(findPendingSignIn(store, secret)).toMatchObject({ by: "password", next: "/review" });
    expect(JSON.stringify(store.db.raw.query("SELECT * FROM pending_sign_ins").all())).not.toContain(secret);
    const spend = () => write(store.db, endSecondStep(secret));
    spend();
    expect(await codeOf(spend)).toBe("factor.sign_in_over");
    expect(await codeOf(() => findPendingSignIn(store, secret))).toBe("factor.sign_in_over");
    const other = begin();
    store.clock.advance(10 * 60_000);
    expect(await codeOf(() => findPendingSignIn(store, other))).toBe("factor.sign_in_over");
    for (const text of ["", "x", "A".repeat(43)])
      expect(await codeOf(() => findPendingSignIn(store, text))).toBe("factor.sign_in_over");
  });

  test("ends with the sessions: a new password, a disabled account", async () => {
    const secret = begin();
    await setPassword(store, OPERATOR, person.accountId, "copper otter meadow lantern");
    expect(await codeOf(() => findPendingSignIn(store, secret))).toBe("factor.sign_in_over");
  });
});

describe("a role that needs a second factor", () => {
  const strict = () => ({ ...store, config: { ...store.config, secondFactor: ["administrator"] as const } });

  test("counts for nothing until there is one, also for API keys, and says why", async () => {
    const { id } = await createAccount(store, OPERATOR, {
      email: `admin${count}@example.org`,
      name: "Ada",
      storeRole: "administrator",
    });
    const { token } = createApiKey(store, OPERATOR, { owner: { accountId: id }, name: "ci" });
    const { secret } = await createSession(store, id, FROM);
    const bySession = async () => (await findSession(strict(), secret))?.actor;
    const byKey = () => findByToken(strict(), token);
    for (const actor of [await bySession(), byKey()]) {
      if (actor?.kind !== "account") throw new Error("they are signed in");
      expect([actor.storeRole, actor.withheldRole]).toEqual([null, "administrator"]);
      expect(allows(actor, "user.manage")).toBe(false);
      expect(await codeOf(() => authorise(actor, "user.manage"))).toBe("factor.required");
      expect(await codeOf(() => authorise(actor, "app.create"))).toBe("rights.forbidden");
    }
    const account = accountById(store.db.orm, id);
    if (account === undefined) throw new Error("the account is there");
    const actor = actorOfAccount(strict(), store.db.orm, account, {
      type: "session",
      sessionId: (await findSession(store, secret))?.sessionId ?? "",
    });
    withApp(actor);
    expect((await bySession())?.storeRole).toBe("administrator");
    expect(allows(byKey(), "user.manage")).toBe(true);
    const [only] = ownFactors(store, actor).items;
    expect(await codeOf(() => only && removeFactor(strict(), actor, only.id))).toBe("factor.needed");
    expect(ownFactors(store, actor).items).toHaveLength(1);
    resetFactors(store, OPERATOR, id);
    expect(allows(byKey(), "user.manage")).toBe(false);
  });

  test("of others is as it was", async () => {
    const { id } = await createAccount(store, OPERATOR, {
      email: `rev${count}@example.org`,
      name: "Rev",
      storeRole: "reviewer",
    });
    const { token } = createApiKey(store, OPERATOR, { owner: { accountId: id }, name: "ci" });
    expect(allows(findByToken(strict(), token), "review.decide")).toBe(true);
  });
});

test("another master key takes the secrets of apps along: all of them, or none", async () => {
  const app = withApp();
  const file = join(store.dataDir, "reseal.key");
  makeMasterKey(file);
  const next = openVault({ file, dataDir: store.dataDir, mayCreate: false, log: silentLog });
  const rows = () => store.db.raw.query("SELECT id, hex(sealed_secret) AS s FROM factors ORDER BY id").all();
  const before = rows();
  const killed = () =>
    resealKeys(store, SYSTEM_AUTHOR, next, (tx, from, to) => {
      expect(resealFactors(tx, from, to)).toBeGreaterThan(0);
      throw new Error("in the middle");
    });
  expect(killed).toThrow("in the middle");
  expect(rows()).toEqual(before);
  resealKeys(store, SYSTEM_AUTHOR, next, resealFactors);
  const attempt = { accountId: person.accountId, code: codeNow(app), address: FROM.address };
  expect(await codeOf(() => checkCode(store, ANONYMOUS, attempt))).toBe("keys.unsealable");
  const restarted = { ...store, vault: next };
  expect(await checkCode(restarted, ANONYMOUS, attempt)).toBe("authenticator app");
  resealKeys(restarted, SYSTEM_AUTHOR, store.vault, resealFactors);
});
