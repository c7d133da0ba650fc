/** A session's secret from before a change of rights: nothing is done by it, and no browser is signed out for having it. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { testContext } from "../../../views/testing/context.ts";
import { SAMPLES } from "../../../views/testing/samples.ts";
import { OPERATOR } from "../../accounts/actor.ts";
import { addMember, listOrganisations, readOrganisation } from "../../accounts/organisations.ts";
import { readAccount } from "../../accounts/people.ts";
import { OVERTAKEN_SECONDS } from "../../accounts/renewal.ts";
import { secretHash } from "../../accounts/secrets.ts";
import { createSession, listSessions, SESSION_COOKIE } from "../../accounts/sessions.ts";
import type { OrganisationId } from "../../ids.ts";
import type { OrganisationRole } from "../../roles.ts";
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
import { keptOf } from "./kept-forms.ts";

const ASKS = "Show that it is you";
const CHANGED = "Your session was renewed";
const BROWSER = "Browser of the person";
const PAGE = { "Sec-Fetch-Dest": "document", "User-Agent": BROWSER };
const PART = { "Sec-Fetch-Dest": "empty", "HX-Request": "true", "User-Agent": BROWSER };
const PICTURE = { "Sec-Fetch-Dest": "image", "User-Agent": BROWSER };
const SECOND_MS = 1000;

let clock: TestClock;
let portal: Portal;
beforeAll(async () => {
  clock = testClock();
  portal = await startPortal({}, clock);
  await newAdministrator(portal.store);
});
afterAll(() => portal.close());

type Answer = {
  readonly status: number;
  readonly body: string;
  readonly cookie: string | null;
  readonly headers: Headers;
};

async function ask(
  cookie: string,
  path: string,
  form: Readonly<Record<string, string>> | null = null,
  headers: Readonly<Record<string, string>> = PAGE,
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
    headers: response.headers,
  };
}

type Member = { readonly person: Person; readonly cookie: string; readonly organisation: OrganisationId };
let members = 0;

/** Somebody with a session that was used, and an organisation that they do not belong to. */
async function newMember(storeRole?: "administrator"): Promise<Member> {
  members += 1;
  const name = `Person ${"abcdefghijklmnopqrstuvwxyz"[members] ?? "z"}`;
  const person = await newPerson(portal.store, name, storeRole === undefined ? {} : { storeRole });
  const organisation = newOrganisation(portal.store, `Organisation ${members}`);
  const { secret } = await createSession(portal.store, person.accountId, {
    address: "127.0.0.1",
    userAgent: BROWSER,
  });
  const cookie = `${SESSION_COOKIE}=${secret}`;
  expect((await ask(cookie, "/account")).status).toBe(200);
  return { person, cookie, organisation };
}

/** What they may do changes, by somebody else. */
const change = ({ person, organisation }: Member, role: OrganisationRole = "owner") =>
  addMember(portal.store, OPERATOR, organisation, person.accountId, role);

const idOf = (cookie: string | null) => secretHash((cookie ?? "").slice(SESSION_COOKIE.length + 1));
const sessionOf = ({ person }: Member, cookie: string | null) =>
  listSessions(portal.store, person.accountId).find(({ id }) => id === idOf(cookie));
const nameOf = ({ person }: Member) => readAccount(portal.store, person.email).name;
const out = { status: 303, cookie: null };
const seen = ({ status, cookie }: Answer) => ({ status, cookie });

describe("a page that somebody goes to", () => {
  test("comes with another secret, by which the session goes on as it was", async () => {
    const member = await newMember();
    const before = sessionOf(member, member.cookie);
    clock.advance(SECOND_MS);
    change(member);
    const next = await ask(member.cookie, `/organisations/${member.organisation}/members`);
    expect([next.status, next.cookie === null]).toEqual([200, false]);
    expect(sessionOf(member, member.cookie)).toBeUndefined();
    const { createdAt, expiresAt, address, userAgent } = before ?? {};
    expect(sessionOf(member, next.cookie)).toMatchObject({ createdAt, expiresAt, address, userAgent });
    expect((await ask(next.cookie ?? "", "/account")).cookie).toBeNull();
  });

  test("also by a link that htmx follows, and where the browser says nothing of itself", async () => {
    for (const headers of [{ ...PART, "HX-Boosted": "true" }, { "User-Agent": BROWSER }]) {
      const member = await newMember();
      change(member);
      const { status, cookie } = await ask(member.cookie, "/account", null, headers);
      expect([status, cookie === null]).toEqual([200, false]);
    }
  });

  test("gives the same secret once more where the answer was lost, until that is used", async () => {
    const member = await newMember();
    change(member);
    const lost = await ask(member.cookie, "/account");
    clock.advance(OVERTAKEN_SECONDS * SECOND_MS);
    const again = await ask(member.cookie, "/account");
    expect(seen(again)).toEqual({ status: 200, cookie: lost.cookie });
    expect((await ask(again.cookie ?? "", "/account")).status).toBe(200);
    const late = await ask(member.cookie, "/account");
    expect(seen(late)).toEqual({ status: 409, cookie: null });
    expect([late.headers.get("refresh"), late.body.includes(member.person.email)]).toEqual(["1", false]);
    clock.advance(1);
    expect(seen(await ask(member.cookie, "/account"))).toEqual(out);
  });

  test("gives it to nobody who asks from elsewhere, or too late", async () => {
    const member = await newMember();
    change(member);
    expect((await ask(member.cookie, "/account")).status).toBe(200);
    const elsewhere = await ask(member.cookie, "/account", null, { ...PAGE, "User-Agent": "Another" });
    expect(seen(elsewhere)).toEqual({ status: 409, cookie: null });
    expect(elsewhere.body).not.toContain(member.person.email);
    clock.advance(OVERTAKEN_SECONDS * SECOND_MS + 1);
    expect(seen(await ask(member.cookie, "/account"))).toEqual(out);
  });

  test("never takes the new secret away again", async () => {
    const member = await newMember();
    change(member);
    const { cookie } = await ask(member.cookie, "/account");
    await ask(cookie ?? "", "/account");
    for (const path of ["/", "/sign-in", "/account", "/nothing"]) {
      for (const headers of [PAGE, PART, PICTURE])
        expect((await ask(member.cookie, path, null, headers)).cookie).toBeNull();
    }
    expect((await ask(member.cookie, "/theme", { theme: "dark" })).cookie).toBeNull();
  });
});

test("parts and pictures get nothing by the old secret, and go on waiting for the new one", async () => {
  const member = await newMember();
  change(member);
  const path = `/organisations/${member.organisation}/members`;
  for (const headers of [PART, PICTURE, { "HX-Request": "true", "User-Agent": BROWSER }]) {
    const refused = await ask(member.cookie, path, null, headers);
    expect([seen(refused), refused.body]).toEqual([{ status: 409, cookie: null }, ""]);
    expect(refused.headers.get("hx-refresh")).toBe("true");
    // What is for everybody is shown as to everybody.
    const shown = await ask(member.cookie, "/", null, headers);
    expect([seen(shown), shown.body.includes(member.person.email)]).toEqual([
      { status: 200, cookie: null },
      false,
    ]);
  }
  // Neither is a page of what went wrong before it came to that.
  const elsewhere = await ask(
    member.cookie,
    "/account/name",
    { name: "x" },
    { "Sec-Fetch-Site": "cross-site" },
  );
  expect([seen(elsewhere), elsewhere.body.includes(member.person.email)]).toEqual([
    { status: 403, cookie: null },
    false,
  ]);
  const nothing = await ask(member.cookie, "/nothing");
  expect([nothing.status, nothing.body.includes(member.person.email)]).toEqual([404, false]);
  expect((await ask(member.cookie, path)).status).toBe(200);
});

test("of all that a browser sends at once, pages get one and the same secret, and nothing signs it out", async () => {
  const member = await newMember();
  change(member);
  const sent = Array.from({ length: 30 }, (_, at) => [PAGE, PART, PICTURE][at % 3] ?? PAGE);
  const answers = await Promise.all(
    sent.map((headers) => ask(member.cookie, "/account", null, headers).then(seen)),
  );
  const pages = answers.filter((_, at) => sent[at] === PAGE);
  expect(new Set(pages.map(({ cookie }) => cookie)).size).toBe(1);
  expect(new Set(pages.map(({ status }) => status))).toEqual(new Set([200]));
  const rest = answers.filter((_, at) => sent[at] !== PAGE);
  expect(new Set(rest.map((each) => JSON.stringify(each)))).toEqual(
    new Set([JSON.stringify({ status: 409, cookie: null })]),
  );
  const renewals = portal.store.db.raw.query(
    "SELECT 1 FROM audit_entries WHERE action = 'session.renewed' AND subject = ?",
  );
  expect(renewals.all(idOf(pages[0]?.cookie ?? null))).toHaveLength(1);
  expect((await ask(pages[0]?.cookie ?? "", "/account")).status).toBe(200);
});

describe("a form", () => {
  test("is not done, is kept but for secrets, and is done when it is sent again", async () => {
    const member = await newMember();
    change(member);
    for (const headers of [PAGE, { ...PART, "HX-Boosted": "true" }, PART]) {
      const held = await ask(
        member.cookie,
        "/account/name",
        { name: "Typed “long”", password: "secret-1", addressPassword: "secret-2", current: "secret-3" },
        headers,
      );
      expect([held.status, held.cookie === null, held.body.includes(CHANGED)]).toEqual([409, false, true]);
      expect(held.body).toContain('action="/account/name"');
      expect(held.body).toContain('name="name" value="Typed “long”"');
      expect(held.body).not.toContain("secret-");
      expect(nameOf(member)).toBe(member.person.actor.name);
    }
    const { cookie } = await ask(member.cookie, "/account");
    expect((await ask(cookie ?? "", "/account/name", { name: "Typed “long”" })).status).toBe(303);
    expect(nameOf(member)).toBe("Typed “long”");
    const late = await ask(member.cookie, "/account/name", { name: "Late" });
    expect([seen(late), late.body.includes('value="Late"')]).toEqual([{ status: 409, cookie: null }, true]);
    expect(nameOf(member)).toBe("Typed “long”");
  });

  test("several at once are each kept, and none is done", async () => {
    const member = await newMember();
    change(member);
    const names = Array.from({ length: 12 }, (_, at) => `Name ${at}`);
    const answers = await Promise.all(names.map((name) => ask(member.cookie, "/account/name", { name })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([409]));
    expect(new Set(answers.map(({ cookie }) => cookie)).size).toBe(1);
    answers.forEach(({ body }, at) => {
      expect(body).toContain(`value="${names[at]}"`);
    });
    expect(nameOf(member)).toBe(member.person.actor.name);
  });

  test("whose act needs a proof waits for that, however short ago one was given, and the old secret has no part in it", async () => {
    const member = await newMember();
    change(member);
    const rename = `/organisations/${member.organisation}/name`;
    const before = readOrganisation(portal.store, member.organisation).name;
    const held = await ask(member.cookie, rename, { name: "Renamed" }, PART);
    expect([held.status, held.body.includes(ASKS)]).toEqual([403, true]);
    expect(held.body).toContain('name="name" value="Renamed"');
    expect(readOrganisation(portal.store, member.organisation).name).toBe(before);
    // The answer was lost; the proof comes with the old secret, and is one all the same.
    const proven = await ask(member.cookie, rename, { name: "Renamed", "proof.password": PASSWORD });
    expect([proven.status, proven.cookie === null]).toEqual([303, false]);
    expect(readOrganisation(portal.store, member.organisation).name).toBe("Renamed");
    expect(seen(await ask(member.cookie, "/account"))).toEqual({ status: 409, cookie: null });
    expect(seen(await ask(held.cookie ?? "", "/account"))).toEqual(out);
    expect((await ask(proven.cookie ?? "", rename, { name: "Again" })).status).toBe(303);
  });

  test("with a file is refused before it is read, and says so to the script that sends it", async () => {
    const member = await newMember();
    change(member);
    const body = new FormData();
    body.set("notes", "Long notes");
    body.set("file", new Blob([new Uint8Array(1000)]), "app.mosis");
    const send = (cookie: string) =>
      fetch(`${portal.url}/upload`, {
        method: "POST",
        headers: { Cookie: cookie, "Sec-Fetch-Site": "same-origin", ...PART },
        body,
      });
    const held = await send(member.cookie);
    expect([held.status, held.headers.get("session-renewed")]).toEqual([409, "true"]);
    const cookie = held.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const judged = await send(cookie);
    expect([judged.status, judged.headers.get("session-renewed")]).toEqual([422, null]);
  });
});

test("whoever changes what they may do themselves goes on with another secret at once, without another proof, and does it once", async () => {
  const member = await newMember("administrator");
  const form = { name: `Of ${member.person.email}` };
  const founded = () => listOrganisations(portal.store).filter(({ name }) => name === form.name);
  const [made, second] = await Promise.all([
    ask(member.cookie, "/organisations/new", form),
    ask(member.cookie, "/organisations/new", form),
  ]);
  const answers = [made, second].sort((a, b) => a.status - b.status);
  expect(answers.map(({ status }) => status)).toEqual([303, 409]);
  expect(new Set(answers.map(({ cookie }) => cookie)).size).toBe(1);
  expect(founded()).toHaveLength(1);
  const next = made.cookie ?? "";
  expect((await ask(next, "/account")).cookie).toBeNull();
  const invited = await ask(next, `/organisations/${founded()[0]?.id}/members/invite`, {
    email: "fay@example.org",
    role: "viewer",
  });
  expect([invited.status, invited.body.includes(ASKS)]).toEqual([303, false]);
});

test("a thief with a copy is out once the person comes, or signs the person out, and has nothing that needs a proof", async () => {
  const thief = { "User-Agent": "Thief" };
  const first = await newMember();
  change(first);
  const { cookie } = await ask(first.cookie, "/account");
  expect(seen(await ask(first.cookie, "/account", null, thief))).toEqual({ status: 409, cookie: null });
  expect((await ask(cookie ?? "", "/account")).status).toBe(200);

  const second = await newMember();
  change(second);
  const stolen = await ask(second.cookie, "/account", null, thief);
  expect(stolen.status).toBe(200);
  const invite = `/organisations/${second.organisation}/members/invite`;
  const invited = await ask(stolen.cookie ?? "", invite, { email: "eve@example.org", role: "owner" }, thief);
  expect([invited.status, invited.body.includes(ASKS)]).toEqual([403, true]);
  expect(seen(await ask(second.cookie, "/account"))).toEqual({ status: 409, cookie: null });
  clock.advance(OVERTAKEN_SECONDS * SECOND_MS + 1);
  expect(seen(await ask(second.cookie, "/account"))).toEqual(out);
});

test("whatever is changed, sent and lost in whichever order, a browser stays signed in, and no secret before its last is of use", async () => {
  const step = fc.record({
    does: fc.constantFrom("change", "page", "part", "form", "own"),
    lost: fc.boolean(),
    seconds: fc.integer({ min: 0, max: 2 }),
    role: fc.constantFrom("maintainer" as const, "developer" as const, "viewer" as const),
  });
  const member = await newMember("administrator");
  let founded = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const { secret } = await createSession(portal.store, member.person.accountId, {
        address: "127.0.0.1",
        userAgent: BROWSER,
      });
      let cookie = `${SESSION_COOKIE}=${secret}`;
      const over = new Set<string>();
      for (const { does, lost, seconds, role } of steps) {
        clock.advance(seconds * SECOND_MS);
        if (does === "change") {
          change(member, role);
          continue;
        }
        founded += 1;
        const answer =
          does === "form"
            ? await ask(cookie, "/account/name", { name: `Name ${founded}` })
            : does === "own"
              ? await ask(cookie, "/organisations/new", { name: `Founded ${founded}` })
              : await ask(cookie, "/account", null, does === "part" ? PART : PAGE);
        expect([200, 303, 409]).toContain(answer.status);
        expect(answer.headers.get("location") ?? "").not.toContain("/sign-in");
        if (lost || answer.cookie === null || answer.cookie === cookie) continue;
        over.add(cookie);
        cookie = answer.cookie;
      }
      expect((await ask(cookie, "/account")).status).toBe(200);
      for (const each of over) {
        const stale = await ask(each, "/account", null, { ...PAGE, "User-Agent": "Thief" });
        expect([303, 409]).toContain(stale.status);
        expect([stale.cookie, stale.body.includes(member.person.email)]).toEqual([null, false]);
      }
    }),
    { numRuns: 40 },
  );
});

test("no page has a field for a password that would be sent back", async () => {
  const names = new Set<string>();
  const rewriter = new HTMLRewriter().on("input[type=password]", {
    element: (input) => void names.add(input.getAttribute("name") ?? ""),
  });
  for (const { path, viewer, render } of SAMPLES) {
    const page = await render(testContext({ path, viewer }));
    await rewriter.transform(new Response(page)).text();
  }
  expect([...names].sort()).toEqual(["addressPassword", "current", "password", "proof.password"]);
  expect(keptOf([...names].map((name) => [name, "x"]))).toEqual([]);
});
