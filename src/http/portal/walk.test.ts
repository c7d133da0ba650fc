/**
 * Every page's route, from the portal's own list: asked by each role, for what is another organisation's, from other
 * sites, and with nonsense. What is refused is a page of ours with the request's id, changes nothing, and is never 500.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { OPERATOR } from "../../accounts/actor.ts";
import { addMember } from "../../accounts/organisations.ts";
import { disableAccount } from "../../accounts/people.ts";
import { allows, allowsEverywhere } from "../../accounts/rights.ts";
import { endSession, SESSION_COOKIE } from "../../accounts/sessions.ts";
import type { AppId, OrganisationId } from "../../ids.ts";
import {
  addressAbout,
  type Belongings,
  belongingOf,
  makeBelongings,
  parametersOf,
} from "../../testing/belongings.ts";
import { contentsOf } from "../../testing/http/contents.ts";
import { bodyOf } from "../../testing/http/events.ts";
import {
  newOrganisation,
  newPerson,
  type Person,
  type Portal,
  sessionCookieIn,
  signedInAgain,
  startPortal,
} from "../../testing/portal.ts";
import { fillStore, type SampleStore } from "../../testing/sample-store.ts";
import type { Route } from "../route.ts";
import { dashboardRoute } from "./dashboard.ts";
import { pageRoutes } from "./routes.ts";

let portal: Portal;
let sample: SampleStore;
let people: Record<string, Person>;
beforeAll(async () => {
  portal = await startPortal();
  sample = await fillStore(portal);
  const elsewhere = newOrganisation(portal.store, "Other");
  const stranger = await newPerson(portal.store, "Otto Other", { organisations: [[elsewhere, "owner"]] });
  const target = await newPerson(portal.store, "Tara Target", {
    organisations: [[sample.organisation, "owner"]],
  });
  const of = (mark: string, appId: string, organisationId: OrganisationId, person: Person) =>
    makeBelongings(portal.store, { mark, appId: appId as AppId, organisationId, person: person.actor });
  ours = await of(MARK, "com.northwind.belongings", sample.organisation, target);
  theirs = await of("Other", "org.other.belongings", elsewhere, stranger);
  people = { ...sample.people, stranger, narrowed: await narrowedPerson(), ...(await goneSessions()) };
  // The first to come with a session whose time is over removes it.
  await ask(dashboardRoute, "/dashboard", "expired");
  await portal.scheduler.drain();
  // Nothing changes from now on but by what is asked.
  await portal.scheduler.stop(1000);
}, 60_000);
afterAll(() => portal.close());

/** In the names of all that belongs to the person who never asks. */
const MARK = "Tarragon";

/** Owners of the sample's organisation whose sessions count no more. */
async function goneSessions(): Promise<Readonly<Record<(typeof GONE)[number], Person>>> {
  const owner = (name: string) =>
    newPerson(portal.store, name, { organisations: [[sample.organisation, "owner"]] });
  const ended = await owner("Ed Ended");
  const { via } = ended.actor;
  if (via.type === "session") endSession(portal.store, OPERATOR, via.sessionId);
  const expired = await owner("Ex Pired");
  portal.store.db.raw
    .query("UPDATE sessions SET expires_at = ? WHERE account_id = ?")
    .run(Math.floor(Date.now() / 1000) - 1, expired.accountId);
  const disabled = await owner("Dis Abled");
  disableAccount(portal.store, OPERATOR, disabled.accountId);
  return { ended, expired, disabled };
}
const GONE = ["ended", "expired", "disabled"] as const;

/** A maintainer of one app, which none of the addresses below is about. */
async function narrowedPerson(): Promise<Person> {
  const person = await newPerson(portal.store, "Nora Narrow");
  const apps = [sample.apps.empty];
  addMember(portal.store, OPERATOR, sample.organisation, person.accountId, "maintainer", apps);
  const roles = new Map([[sample.organisation, "maintainer"]] as const);
  const organisations = Object.assign(roles, { appsOf: () => new Set(apps) });
  return signedInAgain(portal.store, { ...person, actor: { ...person.actor, organisations } });
}

const ROLES = [
  "administrator",
  "reviewer",
  "support",
  "auditor",
  "developer",
  "viewer",
  "newcomer",
  "stranger",
  "narrowed",
] as const;
const OWN_SITE = { "Sec-Fetch-Site": "same-origin" };

/** One of everything of the sample's organisation and of somebody who never asks, and of the stranger. */
let ours: Belongings;
let theirs: Belongings;

/** An address of the route that is about the sample's own things. */
function addressOf(route: Route, others: Readonly<Record<string, string>> = {}): string {
  const own = { appId: sample.apps.published, versionId: sample.versions.waiting };
  // Public, and none of these is there.
  const open = { providerId: "none", picture: "0".repeat(64), file: "192.png" };
  return addressAbout(route, ours, { ...own, ...open, ...others }).replace(/\*$/, "quick-start");
}

type Answer = { readonly status: number; readonly headers: Headers; readonly body: string };

async function ask(route: Route, path: string, who: string | null, init: RequestInit = {}): Promise<Answer> {
  const headers = new Headers({ ...OWN_SITE, ...(init.headers as Record<string, string>) });
  const cookie = who === null ? undefined : people[who]?.cookie;
  if (cookie !== undefined) headers.set("Cookie", cookie);
  const response = await fetch(portal.url + path, {
    ...init,
    method: route.method,
    headers,
    redirect: "manual",
  });
  keepSession(who, response);
  return { status: response.status, headers: response.headers, body: await bodyOf(response) };
}

/** Whoever changes what they may do gets another secret, as a browser would keep it. */
function keepSession(who: string | null, answer: Response): void {
  const person = who === null ? undefined : people[who];
  const cookie = sessionCookieIn(answer) ?? "";
  if (who !== null && person !== undefined && cookie.length > SESSION_COOKIE.length + 1)
    people[who] = { ...person, cookie };
}

/** A form that the route would read, if it were asked by one who may. */
function formOf(route: Route): RequestInit {
  if (route.body?.kind === "stream")
    return { headers: { "Content-Type": route.body.mediaTypes[0] ?? "" }, body: "x" };
  if (route.body?.kind !== "multipart") return { body: new URLSearchParams({ revision: "1", reason: "x" }) };
  const form = new FormData();
  form.append("file", new Blob(["x"]), "x.mosis");
  return { body: form };
}

const sent = (route: Route): RequestInit => (route.method === "GET" ? {} : formOf(route));

/** A page of ours, which says which request it was and nothing of what it keeps. */
function expectProblemPage({ headers, body }: Answer): void {
  expect(headers.get("content-type")).toStartWith("text/html");
  expect(body).toStartWith("<!doctype html>");
  expect(body).toContain(headers.get("x-request-id") ?? "no id");
  expect(body).not.toContain("Site Inspect");
  expect(body).not.toContain(MARK);
}

/** A stream's is read by a script: a problem document, which keeps to itself as much. */
function expectRefusal(route: Route, answer: Answer): void {
  if (!route.stream) {
    expectProblemPage(answer);
    return;
  }
  const { headers, body } = answer;
  expect(headers.get("content-type")).toBe("application/problem+json");
  expect(body).toContain(headers.get("x-request-id") ?? "no id");
  expect(body).not.toContain("Site Inspect");
  expect(body).not.toContain(MARK);
}

const guarded = pageRoutes.filter(({ access }) => access !== "public");
const titleOf = (route: Route) => `${route.method} ${route.path}`;

describe("by role", () => {
  for (const route of guarded) {
    const { access } = route;
    if (access === "public") continue;
    test(titleOf(route), async () => {
      const before = contentsOf(portal.store);
      for (const nobody of [null, ...GONE]) {
        const answer = await ask(route, addressOf(route), nobody, sent(route));
        if (route.method === "GET" && !route.stream) {
          const next = `/sign-in?next=${encodeURIComponent(addressOf(route))}`;
          const { status, headers } = answer;
          expect([nobody, status, headers.get("location")]).toEqual([nobody, 303, next]);
        } else {
          expect([nobody, answer.status]).toEqual([nobody, 401]);
          expectRefusal(route, answer);
        }
      }
      for (const who of ROLES) {
        const person = people[who];
        if (!person) throw new Error("everybody is there");
        const anywhere = allows(person.actor, access);
        const owners = parametersOf(route).map((name) => belongingOf(ours, route, name).owner);
        const isOfOther = /:(?:appId|versionId)/.test(route.path);
        // What is of the sample's organisation is nothing to a stranger who may do the like in their own, and what is a
        // person's own is nothing to anybody else.
        // What is in the store is for whoever may see it there.
        const isInStore = route.path.startsWith("/catalog/");
        const isNothing =
          owners.includes("person") ||
          (who === "stranger" && owners.includes("organisation") && !isInStore) ||
          (who === "narrowed" && isOfOther && !isInStore);
        const expected = !anywhere ? 403 : isNothing ? 404 : null;
        if (expected === null) continue;
        const answer = await ask(route, addressOf(route), who, sent(route));
        expect([who, answer.status]).toEqual([who, expected]);
        expectRefusal(route, answer);
      }
      expect(contentsOf(portal.store)).toEqual(before);
    });
  }
});

test("of every parameter of a page there is something of somebody else's", () => {
  for (const route of guarded) {
    for (const name of parametersOf(route))
      expect(belongingOf(theirs, route, name).id).not.toBe(belongingOf(ours, route, name).id);
  }
});

describe("what belongs to others, in each parameter", () => {
  for (const route of guarded.filter((one) => parametersOf(one).length > 0)) {
    test(titleOf(route), async () => {
      const before = contentsOf(portal.store);
      for (const name of parametersOf(route)) {
        const path = addressAbout(route, theirs, { [name]: belongingOf(ours, route, name).id });
        for (const who of ["stranger", "newcomer"]) {
          const answer = await ask(route, path, who, sent(route));
          expect([who, path, [403, 404].includes(answer.status)]).toEqual([who, path, true]);
          expectRefusal(route, answer);
        }
      }
      expect(contentsOf(portal.store)).toEqual(before);
    });
  }
});

test.each(ROLES)(
  "the side bar of a %s leads to what they may open, and to every page of the store",
  async (who) => {
    const dashboard = await ask(dashboardRoute, "/dashboard", who);
    const shown = [...dashboard.body.matchAll(/class="nav-item" href="([^"]+)"/g)].map(([, href]) => href);
    for (const href of shown)
      expect([href, (await ask(dashboardRoute, href ?? "", who)).status]).toEqual([href, 200]);
    const person = people[who];
    const listed = pageRoutes.filter(
      ({ method, path, access }) =>
        method === "GET" &&
        /^\/(?:review|groups|devices|admin\/[a-z]+)$/.test(path) &&
        access !== "public" &&
        person !== undefined &&
        allowsEverywhere(person.actor, access),
    );
    expect(shown.filter((href) => /^\/(?:review|groups|devices|admin)/.test(href ?? "")).sort()).toEqual(
      listed.map(({ path }) => path).sort(),
    );
  },
);

describe("from elsewhere", () => {
  for (const route of pageRoutes.filter(({ method }) => method !== "GET")) {
    test(titleOf(route), async () => {
      const before = contentsOf(portal.store);
      const elsewhere: readonly Record<string, string>[] = [
        { "Sec-Fetch-Site": "cross-site" },
        { "Sec-Fetch-Site": "same-site" },
        { "Sec-Fetch-Site": "cross-site", Origin: portal.url },
        { "Sec-Fetch-Site": "same-origin", Origin: "http://evil.example" },
        { "Sec-Fetch-Site": "same-origin", Origin: "null" },
        { "Sec-Fetch-Site": "", Origin: "http://evil.example" },
        { "Sec-Fetch-Site": "", Origin: "null" },
      ];
      for (const headers of elsewhere) {
        for (const who of [null, "developer", "administrator"]) {
          const answer = await ask(route, addressOf(route), who, { ...sent(route), headers });
          expect([headers, who, answer.status]).toEqual([headers, who, 403]);
          expectProblemPage(answer);
          expect(answer.headers.getSetCookie()).toEqual([]);
        }
      }
      expect(contentsOf(portal.store)).toEqual(before);
    });
  }
});

describe("with nonsense", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 40 }),
    fc.constantFrom("..", "%00", "%ff", "a/../b", "\u202e", "\ud800", "' OR 1=1 --", "<b>", "x".repeat(3000)),
  );
  const nonsense = fc.record({
    parts: fc.array(text, { minLength: 3, maxLength: 3 }),
    own: fc.boolean(),
    query: fc.dictionary(
      fc.oneof(fc.constantFrom("cursor", "next", "token", "q", "state", "part"), text),
      text,
      { maxKeys: 3 },
    ),
    fields: fc.dictionary(
      fc.oneof(
        fc.constantFrom("revision", "reason", "id", "name", "email", "password", "token", "theme", "notes"),
        text,
      ),
      text,
      { maxKeys: 4 },
    ),
    raw: fc.option(fc.uint8Array({ maxLength: 200 }), { nil: null }),
    type: fc.constantFrom(
      "application/x-www-form-urlencoded",
      "application/x-www-form-urlencoded; charset=latin1",
      "multipart/form-data; boundary=b",
      "multipart/form-data",
      "text/plain",
    ),
    cookie: fc.oneof(fc.constantFrom("", "theme=x", "flash=x; flash=y", "locale=%"), fc.string()),
    headers: fc.constantFrom<Record<string, string>>(
      {},
      { "HX-Request": "true", "HX-Request-Type": "partial" },
      { "Accept-Language": "*;q=nonsense, xx-\u00e4, de;q=9" },
      { Referer: "http://[", Range: "bytes=a-b" },
    ),
  });

  for (const route of pageRoutes) {
    // To try a password is dear by design.
    const numRuns = route.path === "/sign-in" || route.path === "/setup" ? 25 : 60;
    test(titleOf(route), async () => {
      await fc.assert(
        fc.asyncProperty(
          nonsense,
          // Who signs out or leaves by chance would be nobody, or without a role, in the tests that come after.
          /^\/sign-out$|\/members\/leave$/.test(route.path)
            ? fc.constant(null)
            : fc.constantFrom(null, "developer", "reviewer", "administrator"),
          async (given, who) => {
            let next = 0;
            const part = () => encodeURIComponent((given.parts[next++] ?? "").toWellFormed()) || "-";
            // To replay the sample's own job takes no more than its address.
            const isOwn = given.own && !route.path.endsWith("/replay");
            const path = isOwn ? addressOf(route) : route.path.replace(/:[A-Za-z]+|\*$/g, part);
            const pairs = (from: Record<string, string>) =>
              new URLSearchParams(
                Object.entries(from).map(([name, value]): [string, string] => [
                  name.toWellFormed(),
                  value.toWellFormed(),
                ]),
              );
            const cookie = given.cookie.replace(/[^\x20-\x7e]/g, "");
            const headers = new Headers({ ...OWN_SITE, ...given.headers });
            headers.set("Cookie", [who === null ? "" : (people[who]?.cookie ?? ""), cookie].join("; "));
            // Nothing of what the sample needs is done by chance: its revisions are small numbers.
            const fields = pairs(given.fields);
            fields.delete("revision");
            if (given.fields.revision !== undefined) fields.set("revision", `9${given.fields.revision}`);
            if (route.method !== "GET") headers.set("Content-Type", given.type);
            const answer = await fetch(`${portal.url}${path}?${pairs(given.query)}`, {
              method: route.method,
              headers,
              redirect: "manual",
              ...(route.method === "GET"
                ? {}
                : { body: given.raw === null ? fields.toString() : Buffer.from(given.raw) }),
            });
            keepSession(who, answer);
            const body = await bodyOf(answer);
            expect([path, answer.status, answer.status < 500]).toEqual([path, answer.status, true]);
            expect(body).not.toMatch(/\bat [^\n]{0,80}\.tsx?:\d+/);
          },
        ),
        { numRuns },
      );
    }, 60_000);
  }
});
