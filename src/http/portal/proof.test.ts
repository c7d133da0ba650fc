/** Proofs before dangerous acts, and other secrets for sessions: as the table of rights says, for every page's route. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { OPERATOR } from "../../accounts/actor.ts";
import { createApiKey } from "../../accounts/api-keys/make.ts";
import { addMember } from "../../accounts/organisations.ts";
import { readAccount } from "../../accounts/people.ts";
import { PROOF_MINUTES } from "../../accounts/proof.ts";
import { OVERTAKEN_SECONDS } from "../../accounts/renewal.ts";
import { grantOf } from "../../accounts/rights.ts";
import { createSession, SESSION_COOKIE } from "../../accounts/sessions.ts";
import {
  newAdministrator,
  newOrganisation,
  newPerson,
  PASSWORD,
  type Person,
  type Portal,
  sessionCookieIn,
  startPortal,
} from "../../testing/portal.ts";
import { type TestClock, testClock } from "../../testing/store.ts";
import type { Route } from "../route.ts";
import { pageRoutes } from "./routes.ts";

const MINUTE_MS = 60_000;
const ASKS = "Show that it is you";

let clock: TestClock;
let portal: Portal;
/** May do everything that a page can do. */
let person: Person;
let target: Person;
beforeAll(async () => {
  clock = testClock();
  portal = await startPortal({}, clock);
  person = await newAdministrator(portal.store);
  addMember(portal.store, OPERATOR, newOrganisation(portal.store), person.accountId, "owner");
  target = await newPerson(portal.store, "Tara Target");
});
afterAll(() => portal.close());

async function newSession(who: Person = person): Promise<string> {
  const { secret } = await createSession(portal.store, who.accountId, {
    address: "192.0.2.1",
    userAgent: "",
  });
  return `${SESSION_COOKIE}=${secret}`;
}

type Answer = { readonly status: number; readonly body: string; readonly cookie: string | null };

async function ask(
  cookie: string,
  path: string,
  form: Readonly<Record<string, string>> | null,
  headers: Readonly<Record<string, string>> = { "Sec-Fetch-Dest": "document" },
): Promise<Answer> {
  const response = await fetch(portal.url + path, {
    method: form === null ? "GET" : "POST",
    redirect: "manual",
    headers: { Cookie: cookie, "Sec-Fetch-Site": "same-origin", ...headers },
    ...(form !== null && { body: new URLSearchParams(form) }),
  });
  return {
    status: response.status,
    body: await response.text(),
    cookie: sessionCookieIn(response),
  };
}

/** What a form keeps, beside the page's own. */
async function hiddenIn(page: string): Promise<(readonly [string, string])[]> {
  const found: (readonly [string, string])[] = [];
  const rewriter = new HTMLRewriter().on("main input[type=hidden]", {
    element(input) {
      const name = plain(input.getAttribute("name") ?? "");
      if (!name.startsWith("proof.")) found.push([name, plain(input.getAttribute("value") ?? "")]);
    },
  });
  await rewriter.transform(new Response(page)).text();
  return found;
}

const plain = (text: string) =>
  text
    .replaceAll("&#34;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");

const roleOf = (who: Person) => readAccount(portal.store, who.email).storeRole;
const places = {
  acc: "accountId",
  inv: "invitationId",
  fac: "factorId",
  msg: "messageId",
  rcv: "recoveryId",
};
/** An address that the route matches, of nothing that is there. */
const addressOf = ({ path }: Route) =>
  Object.entries(places)
    .reduce((text, [prefix, name]) => text.replace(`:${name}`, `${prefix}-${"0".repeat(32)}`), path)
    .replace(":organisationId", `org-${"0".repeat(32)}`)
    .replace(":apiKeyId", `key-${"0".repeat(32)}`)
    .replace(":keyid", "0".repeat(64))
    .replace(/:[A-Za-z]+/g, "x");

describe("every changing route of a page", () => {
  const changing = pageRoutes.filter(({ method, access }) => method !== "GET" && access !== "public");

  test.each(changing.map((route) => [`${route.method} ${route.path}`, route] as const))(
    "%s asks an old session for a proof exactly where the table says so",
    async (_, route) => {
      if (route.access === "public") throw new Error("those are left out");
      const cookie = await newSession();
      clock.advance(PROOF_MINUTES * MINUTE_MS + 1);
      const expected = grantOf(route.access).proof === true && route.provesItself !== true;
      const answer = await ask(cookie, addressOf(route), { note: "kept as it is" });
      expect(answer.body.includes(ASKS)).toBe(expected);
      if (!expected) return;
      expect([answer.status, answer.cookie]).toEqual([403, null]);
      expect(answer.body).toContain('<input type="hidden" name="note" value="kept as it is"');
      const fresh = await ask(await newSession(), addressOf(route), {});
      expect(fresh.body).not.toContain(ASKS);
    },
  );

  test("proves itself only where its form asks for the present password", () => {
    const names = changing.flatMap((route) => (route.provesItself === true ? [route.name] : []));
    expect(names).toEqual(["changePasswordForm", "changeAddressForm"]);
  });
});

describe("a proof", () => {
  const path = () => `/admin/people/${target.accountId}/role`;
  const form = { storeRole: "support" };

  test("lasts for a quarter of an hour, and what was sent is done with it and not before", async () => {
    const cookie = await newSession();
    clock.advance(PROOF_MINUTES * MINUTE_MS);
    expect((await ask(cookie, path(), { storeRole: "auditor" })).status).toBe(303);
    expect(roleOf(target)).toBe("auditor");
    clock.advance(1);
    for (const wrong of [
      {},
      { "proof.password": "" },
      { "proof.password": "a wrong one" },
      { "proof.code": "123456" },
    ]) {
      const answer = await ask(cookie, path(), { ...form, ...wrong });
      expect(answer.body).toContain(ASKS);
      expect(answer.body).not.toContain("a wrong one");
    }
    for (const wrong of [{ "proof.response": "{}" }, { "proof.response": "x", "proof.offer": "x" }])
      expect((await ask(cookie, path(), { ...form, ...wrong })).body).toContain(ASKS);
    expect(roleOf(target)).toBe("auditor");
    const done = await ask(cookie, path(), { ...form, "proof.password": PASSWORD });
    expect(done.status).toBe(303);
    expect(roleOf(target)).toBe("support");
    // Another secret, and the one before is over.
    expect(done.cookie).not.toBeNull();
    expect(done.cookie).not.toBe(cookie);
    const over = await ask(cookie, "/account", null);
    expect([over.status, over.cookie, over.body.includes(person.email)]).toEqual([409, null, false]);
    clock.advance(OVERTAKEN_SECONDS * 1000 + 1);
    expect((await ask(cookie, "/account", null)).status).toBe(303);
    expect((await ask(done.cookie ?? "", path(), { storeRole: "" })).status).toBe(303);
    expect(roleOf(target)).toBeNull();
  });

  test("keeps whatever was sent, but for secrets, and answers nonsense without a fault", async () => {
    const cookie = await newSession();
    clock.advance(20 * MINUTE_MS);
    const send = (type: string, body: string | Uint8Array<ArrayBuffer>) =>
      fetch(portal.url + path(), {
        method: "POST",
        headers: { Cookie: cookie, "Sec-Fetch-Site": "same-origin", "Content-Type": type },
        body,
      });
    const name = fc.oneof(
      fc.constantFrom("storeRole", "password", "current", "note"),
      fc.string({ unit: "grapheme" }),
    );
    const pairs = fc.array(fc.tuple(name, fc.string({ unit: "grapheme", maxLength: 60 })), { maxLength: 6 });
    const urlencoded = "application/x-www-form-urlencoded";
    await fc.assert(
      fc.asyncProperty(pairs, async (sent) => {
        const answer = await send(urlencoded, new URLSearchParams(sent).toString());
        expect(answer.status).toBe(403);
        const kept = await hiddenIn(await answer.text());
        expect(kept).toEqual(
          sent
            .filter(([each]) => !each.startsWith("proof.") && each !== "password" && each !== "current")
            .map(([each, value]) => [each, value]),
        );
      }),
      { numRuns: 40 },
    );
    const type = fc.constantFrom(
      urlencoded,
      `${urlencoded}; charset=latin1`,
      "multipart/form-data; boundary=b",
      "text/plain",
    );
    await fc.assert(
      fc.asyncProperty(type, fc.uint8Array({ maxLength: 200 }), async (given, bytes) => {
        const { status } = await send(given, Uint8Array.from(bytes));
        expect([403, 415, 422]).toContain(status);
      }),
      { numRuns: 30 },
    );
  });

  test("is kept where the act itself fails", async () => {
    const cookie = await newSession();
    clock.advance(20 * MINUTE_MS);
    const missing = `/admin/people/acc-${"0".repeat(32)}/disable`;
    const failed = await ask(cookie, missing, { "proof.password": PASSWORD });
    expect(failed.status).toBe(404);
    expect(failed.body).toContain("Ada Okafor");
    expect((await ask(failed.cookie ?? "", missing, {})).body).not.toContain(ASKS);
  });

  test("by password is tried at the pace of signing in", async () => {
    const role = roleOf(target);
    const slow = await newPerson(portal.store, "Sid Slow", { storeRole: "administrator" });
    const cookie = await newSession(slow);
    clock.advance(20 * MINUTE_MS);
    const tried = (password: string) => ask(cookie, path(), { ...form, "proof.password": password });
    for (let tries = 0; tries < 5; tries += 1) expect((await tried("wrong")).status).toBe(422);
    const held = await tried(PASSWORD);
    expect([held.status, held.body.includes(ASKS)]).toEqual([429, true]);
    expect(held.body.match(/name="proof\.username"/g)).toHaveLength(1);
    expect(roleOf(target)).toBe(role);
  });

  test("is not asked of a key, which is sent with each call", async () => {
    const { token } = createApiKey(portal.store, OPERATOR, {
      owner: { accountId: person.accountId },
      name: "ci",
    });
    clock.advance(20 * MINUTE_MS);
    const response = await fetch(`${portal.url}/api/v1/accounts/${target.accountId}/disable`, {
      method: "POST",
      headers: { Authorization: `Bearer ${token}` },
    });
    expect(response.status).toBe(200);
  });
});

test("all other sessions are ended at once, and this one stays", async () => {
  const many = await newPerson(portal.store, "Mia Many");
  const mine = await newSession(many);
  const others = [many.cookie, await newSession(many)];
  expect((await ask(mine, "/account", null)).body).toContain("End all other sessions");
  expect((await ask(mine, "/account/sessions/end-others", {})).status).toBe(303);
  for (const other of others) expect((await ask(other, "/account", null)).status).toBe(303);
  const alone = await ask(mine, "/account", null);
  expect([alone.status, alone.body.includes("End all other sessions")]).toEqual([200, false]);
});
