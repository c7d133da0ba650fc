/** API keys over the API: made, read, rotated, revoked, reported as leaked; by whom, and by whom not. */
import { expect } from "bun:test";
import { OPERATOR } from "../../accounts/actor.ts";
import { removeMember } from "../../accounts/members.ts";
import { disableAccount, readAccount } from "../../accounts/people.ts";
import { type Scenario, scenarios, send } from "../../testing/http/scenarios.ts";
import type { World } from "../../testing/http/world.ts";

const OWN = "/api/v1/me/api-keys";
const of = (world: World) => `/api/v1/organisations/${world.organisationId}/api-keys`;
const NEW = { name: "build server", actions: ["version.upload", "version.read"], apps: null };

const me = async (world: World, token: unknown) =>
  (await fetch(`${world.url}/api/v1/me`, { headers: { Authorization: `Bearer ${token}` } })).status;

type Made = { readonly id: string; readonly token: string };
async function make(world: World, path = of(world), json: object = NEW): Promise<Made> {
  const answer = await send(world, { as: "owner", request: `POST ${path}`, json });
  expect(answer.status).toBe(201);
  return answer.json as Made;
}

let made: Made;
const first = async (world: World) => {
  made = await make(world);
};

scenarios("an organisation's keys", [
  {
    name: "are made by its owner, and shown once",
    as: "owner",
    request: (world) => `POST ${of(world)}`,
    json: { ...NEW, days: 30 },
    status: 201,
    body: {
      name: "build server",
      accountId: null,
      actions: NEW.actions,
      apps: null,
      madeWith: expect.any(String),
    },
    rows: { api_keys: 1 },
    also: async ({ json, headers }, world) => {
      const { id, token } = json as Made;
      expect(token).toMatch(/^mosis_org_[0-9a-f]{32}_[0-9A-Za-z]{49}$/);
      expect(headers.get("location")).toBe(`${of(world)}/${id}`);
      expect(headers.get("cache-control")).toBe("no-store");
      expect(await me(world, token)).toBe(200);
      const again = await send(world, { as: "owner", request: `GET ${of(world)}/${id}` });
      expect(again.status).toBe(200);
      expect(again.text).not.toContain(token.slice(-20));
    },
  },
  {
    name: "are made once with one Idempotency-Key, and their token is not given again",
    as: "owner",
    request: (world) => `POST ${of(world)}`,
    json: NEW,
    headers: { "Idempotency-Key": "k1" },
    before: async (world) => {
      const headers = { "Idempotency-Key": "k1" };
      await send(world, { as: "owner", request: `POST ${of(world)}`, json: NEW, headers });
    },
    status: 201,
    body: { name: "build server", token: null },
  },
  ...(["developer", "viewer", "auditor", "reviewer"] as const).map(
    (caller): Scenario => ({
      name: `are not made by a ${caller}`,
      as: caller,
      request: (world) => `POST ${of(world)}`,
      json: NEW,
      status: 403,
      code: "rights.forbidden",
    }),
  ),
  {
    name: "are not made with a key of the organisation",
    as: "organisation",
    request: (world) => `POST ${of(world)}`,
    json: NEW,
    status: 403,
    code: "rights.forbidden",
  },
  {
    name: "need to be told what they may, or that it is all",
    as: "owner",
    request: (world) => `POST ${of(world)}`,
    json: { name: "x" },
    status: 400,
    code: "request.invalid",
  },
  {
    name: "are not made for another's app, which is answered as one that is not there",
    as: "owner",
    request: (world) => `POST ${of(world)}`,
    json: (world: World) => ({ name: "x", actions: null, apps: [world.strangerApp] }),
    status: 422,
    code: "apikey.invalid",
  },
  {
    name: "are listed for auditors, without a secret",
    as: "auditor",
    request: (world) => `GET ${of(world)}?limit=1`,
    before: first,
    status: 200,
    body: { items: [{ name: "build server" }], nextCursor: expect.any(String) },
    also: ({ text }) => expect(text).not.toContain(made.token.slice(-20)),
  },
  {
    name: "are not listed for developers",
    as: "developer",
    request: (world) => `GET ${of(world)}`,
    status: 403,
    code: "rights.forbidden",
  },
  {
    name: "of another organisation are not there",
    as: "stranger",
    request: (world) => `GET ${of(world)}/${world.strangersKey}`,
    status: 403,
    code: "rights.forbidden",
  },
  {
    name: "of another organisation are not there for an owner either",
    as: "owner",
    request: (world) => `GET ${of(world)}/${world.strangersKey}`,
    status: 404,
    code: "apikey.not_found",
  },
  {
    name: "are rotated: the old token works for as long as was asked",
    as: "owner",
    request: (world) => `POST ${of(world)}/${made.id}/rotate`,
    json: { overlapHours: 1 },
    before: first,
    status: 200,
    body: { name: "build server", previousUntil: expect.any(String), actions: NEW.actions },
    also: async ({ json }, world) => {
      const { token } = json as Made;
      expect([await me(world, token), await me(world, made.token)]).toEqual([200, 200]);
      world.store.clock.advance(3_600_000);
      expect([await me(world, token), await me(world, made.token)]).toEqual([200, 401]);
    },
  },
  {
    name: "are not rotated once they are over",
    as: "owner",
    request: (world) => `POST ${of(world)}/${made.id}/rotate`,
    json: { overlapHours: 0 },
    before: async (world) => {
      await first(world);
      await send(world, { as: "owner", request: `POST ${of(world)}/${made.id}/revoke` });
    },
    status: 409,
    code: "apikey.ended",
  },
  {
    name: "are revoked by an administrator, at once",
    as: "administrator",
    request: (world) => `POST ${of(world)}/${made.id}/revoke`,
    before: first,
    status: 200,
    body: { revokedAt: expect.any(String), leakedAt: null },
    effect: async (world) => expect(await me(world, made.token)).toBe(401),
  },
]);

scenarios("a narrowed key", [
  {
    name: "is told what it may",
    as: "reader",
    request: "GET /api/v1/me",
    status: 200,
    body: { kind: "organisation-key", actions: ["app.read"], apps: null },
  },
  {
    name: "is told which apps it is for",
    as: "ownerForEmptyApp",
    request: "GET /api/v1/me",
    status: 200,
    body: (world) => ({ kind: "account", actions: null, apps: [world.emptyApp] }),
    also: ({ json }, world) => {
      const { email, name, accountId, organisations } = json as Record<string, unknown>;
      expect([email, name, accountId]).toEqual([undefined, undefined, undefined]);
      expect(organisations).toMatchObject([{ id: world.organisationId, role: "owner" }]);
    },
  },
  {
    name: "uploads to no other app, and learns nothing of it",
    as: "forEmptyApp",
    request: "POST /api/v1/versions",
    bytes: (world) => world.pack(20),
    status: 404,
    code: "app.not_found",
    also: ({ text }) => expect(text).not.toContain("create it"),
  },
  {
    name: "sees no other app in the list",
    as: "forEmptyApp",
    request: "GET /api/v1/apps",
    status: 200,
    also: ({ json }, world) =>
      expect((json as { items: { id: string }[] }).items.map(({ id }) => id)).toEqual([world.emptyApp]),
  },
]);

scenarios("one's own keys", [
  {
    name: "are made by whoever has an account",
    as: "nowhere",
    request: `POST ${OWN}`,
    json: { name: "laptop", actions: ["app.read"], apps: null },
    status: 201,
    body: { organisationId: null, actions: ["app.read"] },
    rows: { api_keys: 1 },
    effect: async (world) => {
      const { items } = (await send(world, { as: "nowhere", request: `GET ${OWN}` })).json as {
        items: { name: string; madeWith: string | null }[];
      };
      expect(items.map(({ name }) => name)).toEqual(["laptop", "test"]);
    },
  },
  {
    name: "are for no machine",
    as: "organisation",
    request: `GET ${OWN}`,
    status: 403,
    code: "rights.forbidden",
  },
  {
    name: "end no later than the key that makes them",
    as: "owner",
    request: `POST ${OWN}`,
    json: { name: "longer", days: 200, actions: null, apps: null },
    status: 422,
    code: "apikey.invalid",
    also: ({ text }) => expect(text).toContain("/days"),
  },
  {
    name: "of somebody else are not there",
    as: "developer",
    request: () => `POST ${OWN}/${made.id}/revoke`,
    before: async (world) => {
      made = await make(world, OWN, { name: "mine", actions: null, apps: null });
    },
    status: 404,
    code: "apikey.not_found",
    effect: async (world) => expect(await me(world, made.token)).toBe(200),
  },
]);

scenarios("a key of somebody", [
  {
    name: "who has left the organisation sees nothing of it, with the next request",
    as: "developer",
    request: (world) => `GET /api/v1/apps/${world.app}`,
    before: async (world) => {
      const ask = { as: "developer", request: `GET /api/v1/apps/${world.app}` } as const;
      expect((await send(world, ask)).status).toBe(200);
      const { id } = readAccount(world.store, "developer@example.com");
      removeMember(world.store, OPERATOR, { organisationId: world.organisationId, accountId: id });
    },
    status: 403,
    code: "rights.forbidden",
  },
  {
    name: "who was disabled is refused, with the next request",
    as: "developer",
    request: "GET /api/v1/me",
    before: async (world) => {
      expect((await send(world, { as: "developer", request: "GET /api/v1/me" })).status).toBe(200);
      disableAccount(world.store, OPERATOR, readAccount(world.store, "developer@example.com").id);
    },
    status: 401,
    code: "auth.account_disabled",
  },
]);

scenarios("reporting leaked tokens", [
  {
    name: "ends the key of one, whoever asks, in the form that secret scanning has",
    request: "POST /api/v1/leaked-keys",
    before: first,
    json: () => [
      { token: made.token, type: "mosis_api_key", url: "https://code.example/x", source: "content" },
      { token: "ghp_somebody-elses", type: "other", url: "", source: "commit", more: 1 },
    ],
    status: 204,
    effect: async (world) => {
      expect(await me(world, made.token)).toBe(401);
      const key = await send(world, { as: "owner", request: `GET ${of(world)}/${made.id}` });
      expect(key.json).toMatchObject({ leakedAt: expect.any(String), revokedAt: expect.any(String) });
      expect(JSON.stringify(world.log)).not.toContain(made.token.slice(-20));
    },
    rows: { jobs: 1 },
  },
  {
    name: "answers the same for what is no key",
    request: "POST /api/v1/leaked-keys",
    json: [{ token: "mosis_org_nothing" }],
    status: 204,
  },
  {
    name: "wants tokens",
    request: "POST /api/v1/leaked-keys",
    json: [],
    status: 400,
    code: "request.invalid",
  },
  {
    name: "takes no more than a thousand at once",
    request: "POST /api/v1/leaked-keys",
    json: Array.from({ length: 1001 }, () => ({ token: "x" })),
    status: 400,
    code: "request.invalid",
  },
]);
