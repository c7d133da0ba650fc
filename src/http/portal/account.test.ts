/** The pages of one's own account, and the first organisation: what the first administrator meets after the set-up. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { organisationsOf } from "../../accounts/organisations.ts";
import { createSession, listSessions, SESSION_COOKIE } from "../../accounts/sessions.ts";
import { signIn } from "../../accounts/sign-in.ts";
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

let portal: Portal;
let administrator: Person;
beforeAll(async () => {
  portal = await startPortal();
  administrator = await newAdministrator(portal.store);
});
afterAll(() => portal.close());

type Sent = { status: number; location: string | null; body: string; cookie: string };

async function ask(
  who: Person | { cookie: string },
  path: string,
  form?: Record<string, string>,
): Promise<Sent> {
  const response = await fetch(portal.url + path, {
    method: form ? "POST" : "GET",
    redirect: "manual",
    headers: { Cookie: who.cookie, "Sec-Fetch-Site": "same-origin" },
    ...(form && { body: new URLSearchParams(form) }),
  });
  return {
    status: response.status,
    location: response.headers.get("location"),
    body: await response.text(),
    cookie: sessionCookieIn(response) ?? "",
  };
}

/** Another browser of the same person. */
async function otherBrowser(person: Person, userAgent = "Mozilla/5.0 (X11; Linux) Firefox/128.0") {
  const { secret, sessionId } = await createSession(portal.store, person.accountId, {
    address: "192.0.2.1",
    userAgent,
  });
  return { cookie: `${SESSION_COOKIE}=${secret}`, sessionId };
}

const organisationCount = () =>
  portal.store.db.raw.query<{ n: number }, []>("SELECT count(*) AS n FROM organisations").get()?.n;

const sessionIds = (person: Person) => listSessions(portal.store, person.accountId).map(({ id }) => id);

describe("an administrator without an organisation", () => {
  test("is led from the dashboard to the first app", async () => {
    const before = await ask(administrator, "/dashboard");
    expect(before.body).toContain('href="/organisations/new"');
    expect(before.body).not.toContain("/organisations/ask");
    expect((await ask(administrator, "/organisations/new")).status).toBe(200);

    const made = await ask(administrator, "/organisations/new", { name: "  Northwind  " });
    expect([made.status, made.location]).toEqual([303, "/dashboard"]);
    // Whoever may do more than before goes on with another secret.
    administrator = { ...administrator, cookie: made.cookie };
    expect(organisationsOf(portal.store, administrator.accountId)).toEqual([
      { id: expect.stringMatching(/^org-/), name: "Northwind", role: "owner", apps: null, paused: false },
    ]);

    const after = await ask(administrator, "/dashboard");
    expect(after.body).toContain("Your first app starts here");
    expect(after.body).not.toContain('href="/organisations/new"');
    expect((await ask(administrator, "/apps/new")).body).toContain("Northwind");
  });

  test.each(["", "   ", "x".repeat(81), "a\u0000b"])(
    "a name such as %j is refused beside its field",
    async (name) => {
      const count = organisationCount();
      const { status, body } = await ask(administrator, "/organisations/new", { name });
      expect(status).toBe(422);
      expect(body).toContain('id="field-name-error"');
      expect(organisationCount()).toBe(count);
    },
  );
});

describe("who asks for an organisation", () => {
  test("is its owner once an administrator makes it, on pages alone", async () => {
    const { store } = portal;
    const asker = await newPerson(store, "Asta Asker");
    const form = { name: "Asta Works", reason: "We make apps." };
    const failed = await ask(asker, "/organisations/ask", { ...form, reason: "" });
    expect([failed.status, failed.body.includes('id="field-reason-error"')]).toEqual([422, true]);
    expect(failed.body).toContain('value="Asta Works"');
    expect((await ask(asker, "/organisations/ask", form)).location).toBe("/organisations/ask");
    expect((await ask(asker, "/dashboard")).body).toContain("“Asta Works”");
    expect((await ask(administrator, "/dashboard")).body).toContain('href="/admin/organisation-requests"');
    const list = await ask(administrator, "/admin/organisation-requests");
    const path = /\/admin\/organisation-requests\/orq-[0-9a-f]+/.exec(list.body)?.[0] ?? "";
    const { body } = await ask(administrator, path);
    expect(body).toContain("We make apps.");
    const refused = await ask(administrator, `${path}/refuse`, { revision: "1", reason: "" });
    expect([refused.status, refused.body.includes('id="field-reason-error"')]).toEqual([422, true]);
    const made = await ask(administrator, `${path}/accept`, { revision: "1", name: "Asta Works" });
    expect(made.location).toBe("/admin/organisation-requests");
    expect(organisationsOf(store, asker.accountId)).toMatchObject([{ name: "Asta Works", role: "owner" }]);
    const outcome = await ask(asker, "/organisations/ask");
    expect(outcome.body).toContain("“Asta Works”, which you asked for, was created");
  });
});

describe("who may not make an organisation", () => {
  test("is told who can add them, and is refused the page", async () => {
    const { store } = portal;
    const newcomer = await newPerson(store, "Nia New");
    const reviewer = await newPerson(store, "Rea Reviewer", { storeRole: "reviewer" });
    // An owner's right is over the organisations that are theirs.
    const owner = await newPerson(store, "Olga Owner", {
      organisations: [[newOrganisation(store, "Olga's"), "owner"]],
    });
    const count = organisationCount();
    for (const person of [newcomer, reviewer, owner]) {
      expect((await ask(person, "/dashboard")).body).not.toContain("/organisations/new");
      expect((await ask(person, "/organisations/new")).status).toBe(403);
      expect((await ask(person, "/organisations/new", { name: "Mine" })).status).toBe(403);
    }
    for (const person of [newcomer, reviewer]) {
      expect((await ask(person, "/dashboard")).body).toContain('href="/organisations/ask"');
    }
    expect(organisationCount()).toBe(count);
  });
});

describe("the account", () => {
  test("shows who one is and where one is signed in, and leads there from every page", async () => {
    const person = await newPerson(portal.store, "Sia Sessions");
    await otherBrowser(person);
    const { body } = await ask(person, "/account");
    expect(body).toContain("Sia Sessions");
    expect(body).toContain("sia.sessions@example.org");
    expect(body).toContain("Firefox on Linux");
    expect(body).toContain("192.0.2.1");
    expect(body.match(/>This session</g)).toHaveLength(1);
    expect(body.match(/action="\/account\/sessions\/end"/g)).toHaveLength(1);
    expect((await ask(person, "/dashboard")).body).toContain('href="/account"');
  });

  test("says how one is called, and takes no name that hides", async () => {
    const person = await newPerson(portal.store, "Nora Name");
    const hidden = await ask(person, "/account/name", { name: "No\u202era" });
    expect(hidden.status).toBe(422);
    expect(hidden.body).toContain('id="field-name-error"');
    expect((await ask(person, "/account/name", { name: "Nora Other" })).status).toBe(303);
    const { body } = await ask(person, "/account");
    expect(body).toContain("Nora Other");
    expect(body).not.toContain("Nora Name");
  });

  test("says beside the field why no mail server takes an address, wherever one is typed", async () => {
    const person = await newPerson(portal.store, "Ann Address");
    const outbox = () => portal.store.db.raw.query("SELECT count(*) AS n FROM outbox").get();
    const before = outbox();
    const forms = [
      [person, "/account/address", { addressPassword: PASSWORD }],
      [administrator, "/admin/people/invite", {}],
      [
        administrator,
        `/organisations/${newOrganisation(portal.store, "Mailers")}/members/invite`,
        { role: "viewer" },
      ],
    ] as const;
    for (const [who, path, form] of forms) {
      for (const [email, found] of [
        ["a,b@example.org", "One address is expected, without a comma"],
        ["jörg@example.org", "since mail servers take no others; found ö."],
      ] as const) {
        const { status, body } = await ask(who, path, { ...form, email });
        expect([path, status, body.includes('id="field-email-error"')]).toEqual([path, 422, true]);
        expect(body).toContain(found);
        expect(body).toContain(`value="${email}"`);
      }
    }
    expect(outbox()).toEqual(before);
    expect(
      (await ask(person, "/account/address", { addressPassword: PASSWORD, email: "ann@bücher.example" }))
        .status,
    ).toBe(303);
  });

  test("a new password needs the present one, and ends every other session", async () => {
    const { store } = portal;
    const person = await newPerson(store, "Pia Password");
    const other = await otherBrowser(person);
    const next = "another battery staple";

    const wrong = await ask(person, "/account", { current: "not it at all", password: "short" });
    expect(wrong.status).toBe(422);
    expect(wrong.body).toContain('id="field-current-error"');
    expect(wrong.body).toContain('id="field-password-error"');
    expect(wrong.body).not.toContain("not it at all");
    const short = await ask(person, "/account", { current: PASSWORD, password: "short" });
    expect(short.status).toBe(422);
    expect(short.body).not.toContain('id="field-current-error"');
    expect(sessionIds(person)).toHaveLength(2);
    expect(await signIn(store, { email: person.email, password: PASSWORD, address: "1" })).not.toBeNull();

    const changed = await ask(person, "/account", { current: PASSWORD, password: next });
    expect([changed.status, changed.location]).toEqual([303, "/account"]);
    // The session goes on with another secret, since its person has just shown who they are.
    expect((await ask(changed, "/account")).status).toBe(200);
    const before = await ask(person, "/account");
    expect([before.status, before.cookie, before.body.includes(person.email)]).toEqual([409, "", false]);
    expect((await ask(other, "/account")).status).toBe(303);
    expect(await signIn(store, { email: person.email, password: PASSWORD, address: "1" })).toBeNull();
    expect(await signIn(store, { email: person.email, password: next, address: "1" })).not.toBeNull();
  });

  test("the present password is guessed at the pace of signing in, and counted for the session", async () => {
    const { store } = portal;
    const person = await newPerson(store, "Gil Guesser");
    for (let tries = 0; tries < 5; tries += 1) {
      const form = { current: `guess number ${tries}`, password: "another battery staple" };
      expect((await ask(person, "/account", form)).status).toBe(422);
    }
    const slowed = await ask(person, "/account", { current: PASSWORD, password: "another battery staple" });
    expect(slowed.status).toBe(429);
    expect(slowed.body).toContain("Too many attempts");
    const form = { email: person.email, password: PASSWORD, next: "" };
    // Who guesses in a session that they found open keeps its person out of none.
    expect((await ask({ cookie: "" }, "/sign-in", form)).status).toBe(303);
  });

  test("a session of one's own is ended at once, and nobody else's", async () => {
    const person = await newPerson(portal.store, "Eli Ender");
    const stranger = await newPerson(portal.store, "Sam Stranger");
    const other = await otherBrowser(person);
    const before = sessionIds(stranger);
    for (const session of [...before, "", "nothing", "' OR 1=1 --"]) {
      const answer = await ask(person, "/account/sessions/end", { session });
      expect([answer.status, answer.location]).toEqual([303, "/account"]);
    }
    expect(sessionIds(stranger)).toEqual(before);
    expect(sessionIds(person)).toHaveLength(2);
    await ask(person, "/account/sessions/end", { session: other.sessionId });
    expect((await ask(other, "/account")).status).toBe(303);
    expect((await ask(person, "/account")).status).toBe(200);
  });

  test("an administrator ends one session of a person, and none of another's with it", async () => {
    const person = await newPerson(portal.store, "Una Known");
    const stranger = await newPerson(portal.store, "Sol Elsewhere");
    const other = await otherBrowser(person);
    const path = `/admin/people/${person.accountId}`;
    expect((await ask(administrator, path)).body).toContain("Firefox on Linux");
    for (const session of [...sessionIds(stranger), "", "nothing"]) {
      const answer = await ask(administrator, `${path}/sessions/end-one`, { session });
      expect([answer.status, answer.location]).toEqual([303, path]);
    }
    expect([sessionIds(stranger).length, sessionIds(person).length]).toEqual([1, 2]);
    await ask(administrator, `${path}/sessions/end-one`, { session: other.sessionId });
    expect((await ask(other, "/account")).status).toBe(303);
    expect((await ask(person, "/account")).status).toBe(200);
    expect(
      (await ask(person, `${path}/sessions/end-one`, { session: sessionIds(person)[0] ?? "" })).status,
    ).toBe(403);
  });
});
