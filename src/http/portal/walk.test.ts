/**
 * Every page's route, from the portal's own list: asked by each role, for what is another organisation's, from other
 * sites, and with nonsense. What is refused is a page of ours with the request's id, changes nothing, and is never 500.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { OPERATOR } from "../../accounts/actor.ts";
import { createEnrolmentCode } from "../../accounts/devices/codes.ts";
import { createGroup } from "../../accounts/groups/groups.ts";
import { addDeviceToGroup, addPersonToGroup } from "../../accounts/groups/members.ts";
import { addMember } from "../../accounts/organisations.ts";
import { allows, allowsEverywhere } from "../../accounts/rights.ts";
import type { DeviceId, EnrolmentCodeId, GroupId } from "../../ids.ts";
import { newDevice } from "../../testing/devices.ts";
import { newOrganisation, newPerson, type Person, type Portal, startPortal } from "../../testing/portal.ts";
import { fillStore, type SampleStore } from "../../testing/sample-store.ts";
import type { Route } from "../route.ts";
import { dashboardRoute } from "./dashboard.ts";
import { pageRoutes } from "./routes.ts";

let portal: Portal;
let sample: SampleStore;
let people: Readonly<Record<string, Person>>;
/** Whose account is acted on: none of those who ask. */
let target: Person;
let group: GroupId;
let device: DeviceId;
let code: EnrolmentCodeId;
beforeAll(async () => {
  portal = await startPortal();
  sample = await fillStore(portal);
  const stranger = await newPerson(portal.store, "Otto Other", {
    organisations: [[newOrganisation(portal.store, "Other"), "owner"]],
  });
  target = await newPerson(portal.store, "Tara Target");
  group = createGroup(portal.store, OPERATOR, { name: "Field testers" }).id;
  device = newDevice(portal.store, { name: "Kiosk" }).id;
  code = createEnrolmentCode(portal.store, OPERATOR, { label: "Kiosks", groups: [group] }).code.id;
  addPersonToGroup(portal.store, OPERATOR, group, target);
  addDeviceToGroup(portal.store, OPERATOR, group, device);
  people = { ...sample.people, stranger, narrowed: await narrowedPerson() };
}, 60_000);
afterAll(() => portal.close());

/** A maintainer of one app, which none of the addresses below is about. */
async function narrowedPerson(): Promise<Person> {
  const person = await newPerson(portal.store, "Nora Narrow");
  const apps = [sample.apps.empty];
  addMember(portal.store, OPERATOR, sample.organisation, person.accountId, "maintainer", apps);
  const roles = new Map([[sample.organisation, "maintainer"]] as const);
  const organisations = Object.assign(roles, { appsOf: () => new Set(apps) });
  return { ...person, actor: { ...person.actor, organisations } };
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

/** An address of the route that is about the sample's own things. */
function addressOf(route: Route): string {
  return route.path
    .replace(":appId", sample.apps.published)
    .replace(":versionId", sample.versions.waiting)
    .replace(":jobId", sample.deadJob)
    .replace(":organisationId", sample.organisation)
    .replace(":keyid", "0".repeat(64))
    .replace(":recoveryId", `rcv-${"0".repeat(32)}`)
    .replace(":accountId", target.accountId)
    .replace(":apiKeyId", `key-${"0".repeat(32)}`)
    .replace(":transferId", `trf-${"0".repeat(32)}`)
    .replace(":publisherId", `pub-${"0".repeat(32)}`)
    .replace(":groupId", group)
    .replace(":deviceId", device)
    .replace(":codeId", code)
    .replace(":invitationId", `inv-${"0".repeat(32)}`)
    .replace(":factorId", `fac-${"0".repeat(32)}`)
    .replace(":messageId", `msg-${"0".repeat(32)}`)
    .replace(":file", `${"0".repeat(64)}.png`)
    .replace(/\*$/, "quick-start");
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
  return { status: response.status, headers: response.headers, body: await response.text() };
}

/** A form that the route would read, if it were asked by one who may. */
function formOf(route: Route): RequestInit {
  if (route.body?.kind !== "multipart") return { body: new URLSearchParams({ revision: "1", reason: "x" }) };
  const form = new FormData();
  form.append("file", new Blob(["x"]), "x.mosis");
  return { body: form };
}

const sent = (route: Route): RequestInit => (route.method === "GET" ? {} : formOf(route));

/** Everything that one of these pages could have changed, but for what time does by itself. */
function snapshot(): string {
  const { raw } = portal.store.db;
  return JSON.stringify(
    [
      "SELECT id, revision FROM apps ORDER BY id",
      "SELECT id, state, revision FROM versions ORDER BY id",
      "SELECT id FROM reviews ORDER BY id",
      "SELECT subject, target, action FROM revocations ORDER BY subject, target",
      "SELECT app_id, version_code FROM lowest_versions ORDER BY app_id",
      "SELECT count(*) FROM log_leaves",
      "SELECT id, store_role, disabled_at, email FROM accounts ORDER BY id",
      "SELECT organisation_id, account_id, role, apps FROM memberships ORDER BY 1, 2",
      "SELECT id, removed_at, epoch FROM trusted_publishers ORDER BY id",
      "SELECT id, state FROM app_transfers ORDER BY id",
      "SELECT kid, ended_at FROM token_keys ORDER BY kid",
      "SELECT id, revoked_at, accepted_at FROM invitations ORDER BY id",
      "SELECT count(*) FROM one_time_tokens",
      "SELECT count(*) FROM outbox",
      "SELECT id, secret_hash, revoked_at, expires_at FROM api_keys ORDER BY id",
      "SELECT id FROM sessions ORDER BY id",
      "SELECT id, revision FROM groups ORDER BY id",
      "SELECT group_id, account_id FROM group_accounts ORDER BY 1, 2",
      "SELECT group_id, device_id FROM group_devices ORDER BY 1, 2",
      "SELECT id, revision, revoked_at FROM devices ORDER BY id",
      "SELECT id, uses, revoked_at FROM enrolment_codes ORDER BY id",
      "SELECT id, state FROM jobs WHERE state = 'dead' ORDER BY id",
    ].map((query) => raw.query(query).all()),
  );
}

/** A page of ours, which says which request it was and nothing of what it keeps. */
function expectProblemPage({ headers, body }: Answer): void {
  expect(headers.get("content-type")).toStartWith("text/html");
  expect(body).toStartWith("<!doctype html>");
  expect(body).toContain(headers.get("x-request-id") ?? "no id");
  expect(body).not.toContain("Site Inspect");
}

const guarded = pageRoutes.filter(({ access }) => access !== "public");
const titleOf = (route: Route) => `${route.method} ${route.path}`;

describe("by role", () => {
  for (const route of guarded) {
    const { access } = route;
    if (access === "public") continue;
    test(titleOf(route), async () => {
      const before = snapshot();
      const visitor = await ask(route, addressOf(route), null, sent(route));
      if (route.method === "GET") {
        const next = `/sign-in?next=${encodeURIComponent(addressOf(route))}`;
        expect([visitor.status, visitor.headers.get("location")]).toEqual([303, next]);
      } else {
        expect(visitor.status).toBe(401);
        expectProblemPage(visitor);
      }
      for (const who of ROLES) {
        const person = people[who];
        if (!person) throw new Error("everybody is there");
        const anywhere = allows(person.actor, access);
        const isOfOne = /:(?:appId|versionId|organisationId)/.test(route.path);
        const isOfOther = /:(?:appId|versionId)/.test(route.path);
        // What is of the sample's organisation is nothing to a stranger who may do the like in their own.
        const isNothing = (who === "stranger" && isOfOne) || (who === "narrowed" && isOfOther);
        const expected = !anywhere ? 403 : isNothing ? 404 : null;
        if (expected === null) continue;
        const answer = await ask(route, addressOf(route), who, sent(route));
        expect([who, answer.status]).toEqual([who, expected]);
        expectProblemPage(answer);
      }
      expect(snapshot()).toBe(before);
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
      const before = snapshot();
      const elsewhere: readonly Record<string, string>[] = [
        { "Sec-Fetch-Site": "cross-site" },
        { "Sec-Fetch-Site": "same-site" },
        { "Sec-Fetch-Site": "cross-site", Origin: portal.url },
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
      expect(snapshot()).toBe(before);
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
          // Who signs out by chance would be nobody in the tests that come after.
          route.path === "/sign-out"
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
            const body = await answer.text();
            expect([path, answer.status, answer.status < 500]).toEqual([path, answer.status, true]);
            expect(body).not.toMatch(/\bat [^\n]{0,80}\.tsx?:\d+/);
          },
        ),
        { numRuns },
      );
    }, 60_000);
  }
});
