/**
 * Credentials that were good a moment ago: a browser's session and an API key of somebody who has left, was made a
 * viewer, or was disabled. Every route is asked with the next request, and nothing is open that is theirs no more.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { actorOfAccount } from "../accounts/account-actor.ts";
import { type AccountActor, OPERATOR } from "../accounts/actor.ts";
import { createApiKey } from "../accounts/api-keys/make.ts";
import { changeRole, removeMember } from "../accounts/members.ts";
import { addMember, createOrganisation } from "../accounts/organisations.ts";
import { createAccount, disableAccount } from "../accounts/people.ts";
import { accountById } from "../accounts/records.ts";
import { type Action, grantOf } from "../accounts/rights.ts";
import { createSession, SESSION_COOKIE } from "../accounts/sessions.ts";
import type { AccountId, AppId, OrganisationId } from "../ids.ts";
import {
  addressAbout,
  type Belongings,
  belongingOf,
  makeBelongings,
  parametersOf,
} from "../testing/belongings.ts";
import { contentsOf } from "../testing/http/contents.ts";
import { bodyOf } from "../testing/http/events.ts";
import { makeTemplate, openWorld, type Template, type World } from "../testing/http/world.ts";
import { sessionCookieIn } from "../testing/portal.ts";
import { pageRoutes } from "./portal/routes.ts";
import type { Route } from "./route.ts";
import { apiRoutes } from "./routes.ts";

let template: Template;
let world: World;
let organisationId: OrganisationId;
let belongings: Belongings;
beforeAll(async () => {
  template = await makeTemplate();
  world = await openWorld(template);
  organisationId = createOrganisation(world.store, OPERATOR, { name: "Marmalade" }).id;
  const founder = await newMember("founder");
  belongings = await makeBelongings(world.store, {
    ...{ mark: "Marmalade", appId: "org.example.marmalade" as AppId, organisationId },
    person: founder.actor(),
  });
  await world.drain();
});
afterAll(async () => {
  await world.close();
  template.remove();
});

type Member = {
  readonly accountId: AccountId;
  readonly credentials: Readonly<Record<"session" | "key", Record<string, string>>>;
  actor(): AccountActor;
};

/** Another owner, with both kinds of credentials. */
async function newMember(name: string): Promise<Member> {
  const { store } = world;
  const { id } = await createAccount(store, OPERATOR, { email: `${name}@example.net`, name });
  addMember(store, OPERATOR, organisationId, id, "owner");
  const { secret, sessionId } = await createSession(store, id, { address: "192.0.2.1", userAgent: "test" });
  const { token } = createApiKey(store, OPERATOR, { owner: { accountId: id }, name: "test" });
  return {
    accountId: id,
    credentials: {
      session: { Cookie: `${SESSION_COOKIE}=${secret}`, "Sec-Fetch-Site": "same-origin" },
      key: { Authorization: `Bearer ${token}` },
    },
    actor() {
      const row = accountById(store.db.orm, id);
      if (!row) throw new Error("nobody");
      return actorOfAccount(store, store.db.orm, row, { type: "session", sessionId });
    },
  };
}

type Asked = { readonly kind: "session" | "key"; readonly route: Route & { readonly access: Action } };

/** Pages with the session, the API with the key. */
const ASKED: readonly Asked[] = [
  ...pageRoutes.map((route) => ({ kind: "session", route }) as const),
  ...apiRoutes.map((route) => ({ kind: "key", route }) as const),
].filter((asked): asked is Asked => asked.route.access !== "public");

const isOfOrganisation = ({ route }: Asked) =>
  parametersOf(route).some((name) => belongingOf(belongings, route, name).owner === "organisation");

/** Where an empty object is refused before the app that it is about is looked for. */
const BODIES: Readonly<Record<string, string>> = {
  rateApp: '{"stars":5}',
  reportApp: '{"reason":"broken"}',
  reportRating: '{"reason":"spam"}',
};

async function ask({ kind, route }: Asked, member: Member) {
  const path = addressAbout(route, belongings).replace(/\*$/, "quick-start");
  const form = kind === "session" && route.method !== "GET";
  const answer = await fetch(`${world.url}${path}`, {
    method: route.method,
    redirect: "manual",
    headers: {
      ...member.credentials[kind],
      "If-Match": "*",
      ...(form ? { "Content-Type": "application/x-www-form-urlencoded" } : {}),
      ...(kind === "key" && route.body ? { "Content-Type": route.body.mediaTypes[0] ?? "" } : {}),
    },
    ...(route.method === "GET" ? {} : { body: form ? "reason=x&revision=1" : (BODIES[route.name] ?? "{}") }),
  });
  return {
    path,
    status: answer.status,
    location: answer.headers.get("location"),
    text: await bodyOf(answer),
  };
}

/** A member of whom both credentials were seen to open what is theirs. */
async function seenMember(name: string): Promise<Member> {
  const member = await newMember(name);
  const opened = ASKED.filter(
    (asked) => asked.route.method === "GET" && isOfOrganisation(asked) && asked.route.access === "app.read",
  );
  expect(new Set(opened.map(({ kind }) => kind))).toEqual(new Set(["session", "key"]));
  for (const asked of opened) {
    const { path, status } = await ask(asked, member);
    expect([path, status]).toEqual([path, 200]);
  }
  return member;
}

/** As a browser does: with the next page its session gets another secret, and goes on by that. */
async function goOn(member: Member): Promise<Member> {
  const { session } = member.credentials;
  const answer = await fetch(`${world.url}/account`, { headers: session });
  const cookie = sessionCookieIn(answer);
  if (cookie === null) throw new Error("the session got no other secret");
  const next = { ...session, Cookie: cookie };
  await fetch(`${world.url}/account`, { headers: next });
  return { ...member, credentials: { ...member.credentials, session: next } };
}

describe("with the next request", () => {
  test("who has left an organisation finds nothing of it", async () => {
    const { store } = world;
    const left = await seenMember("leaver");
    removeMember(store, OPERATOR, { organisationId, accountId: left.accountId });
    const member = await goOn(left);
    const before = contentsOf(store);
    for (const asked of ASKED.filter(isOfOrganisation)) {
      const { path, status, text } = await ask(asked, member);
      expect([asked.route.method, path, [403, 404].includes(status)]).toEqual([
        asked.route.method,
        path,
        true,
      ]);
      expect(text).not.toContain("Marmalade");
    }
    for (const { route, kind } of ASKED.filter(
      (one) => one.route.method === "GET" && !parametersOf(one.route).length,
    ))
      expect((await ask({ route, kind }, member)).text).not.toContain("Marmalade");
    expect(contentsOf(store)).toEqual(before);
  });

  test("who was made a viewer changes nothing of it", async () => {
    const { store } = world;
    const demoted = await seenMember("demoted");
    changeRole(
      store,
      OPERATOR,
      { organisationId, accountId: demoted.accountId },
      { role: "viewer", apps: null },
    );
    const member = await goOn(demoted);
    const before = contentsOf(store);
    const changes = ASKED.filter((asked) => {
      const { organisation, everyone } = grantOf(asked.route.access);
      return !organisation.includes("viewer") && everyone !== true && isOfOrganisation(asked);
    });
    expect(changes.length).toBeGreaterThan(40);
    for (const asked of changes) {
      const { path, status } = await ask(asked, member);
      expect([asked.route.method, path, status]).toEqual([asked.route.method, path, 403]);
    }
    expect(contentsOf(store)).toEqual(before);
  });

  test("who was disabled is nobody", async () => {
    const { store } = world;
    const member = await seenMember("disabled-one");
    disableAccount(store, OPERATOR, member.accountId);
    const before = contentsOf(store);
    for (const asked of ASKED) {
      const { path, status, location } = await ask(asked, member);
      const isPage = asked.kind === "session" && asked.route.method === "GET" && !asked.route.stream;
      expect([path, status]).toEqual([path, isPage ? 303 : 401]);
      if (isPage) expect(location).toStartWith("/sign-in?next=");
    }
    expect(contentsOf(store)).toEqual(before);
  });
});
