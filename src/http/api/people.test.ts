/** Organisations, their members and invitations, accounts and sessions. */
import { expect } from "bun:test";
import { OPERATOR } from "../../accounts/actor.ts";
import { addApp, offerApp } from "../../accounts/factors/change.ts";
import { stepOf, totpCode } from "../../accounts/factors/totp.ts";
import { invite } from "../../accounts/invitations/invite.ts";
import { listMembers } from "../../accounts/members.ts";
import { readAccount } from "../../accounts/people.ts";
import { createSession } from "../../accounts/sessions.ts";
import { fromBase32 } from "../../testing/authenticator.ts";
import { type Scenario, scenarios, send } from "../../testing/http/scenarios.ts";
import type { World } from "../../testing/http/world.ts";
import { encodeCursor } from "../cursor.ts";

const ORGANISATIONS = "/api/v1/organisations";
const ACCOUNTS = "/api/v1/accounts";
const own = (world: World) => `${ORGANISATIONS}/${world.organisationId}`;
const others = (world: World) => `${ORGANISATIONS}/${world.strangerId}`;
const idOf = ({ store }: World, name: string) => readAccount(store, `${name}@example.com`).id;
const roleOf = (world: World, name: string) =>
  listMembers(world.store, OPERATOR, world.organisationId).find(
    ({ accountId }) => accountId === idOf(world, name),
  )?.role;
const NOBODY = `acc-${"0".repeat(32)}`;

/** Whoever is no owner, and what they are told. */
const refusals = (what: string, method: string, path: (world: World) => string, json?: unknown): Scenario[] =>
  (
    [
      ["developer", "developer", 403, "rights.forbidden"],
      ["viewer", "viewer", 403, "rights.forbidden"],
      ["organisation's key", "organisation", 403, "rights.forbidden"],
      ["auditor", "auditor", 403, "rights.forbidden"],
    ] as const
  ).map(([who, as, status, code]) => ({
    name: `${what}: a ${who}`,
    as,
    request: (world: World) => `${method} ${path(world)}`,
    ...(json === undefined ? {} : { json }),
    status,
    code,
  }));

const organisations: readonly Scenario[] = [
  {
    name: "organisations: a member sees their own",
    as: "viewer",
    request: `GET ${ORGANISATIONS}`,
    status: 200,
    also: ({ json }, world) =>
      expect((json as { items: { id: string }[] }).items.map(({ id }) => id)).toEqual([world.organisationId]),
  },
  {
    name: "organisations: an administrator sees all, by pages",
    as: "administrator",
    request: `GET ${ORGANISATIONS}?limit=1`,
    status: 200,
    also: async ({ json }, world) => {
      const ids: string[] = [];
      for (let page = json as { items: { id: string }[]; nextCursor: string | null }; ; ) {
        ids.push(...page.items.map(({ id }) => id));
        if (page.nextCursor === null) break;
        const request = `GET ${ORGANISATIONS}?limit=1&cursor=${page.nextCursor}`;
        page = (await send(world, { as: "administrator", request })).json as typeof page;
      }
      expect(ids).toContain(world.organisationId);
      expect(ids).toContain(world.strangerId);
      expect(new Set(ids).size).toBe(ids.length);
    },
  },
  {
    name: "organisations: those of an owner, with what is in each",
    as: "administrator",
    request: (world) => `GET ${ORGANISATIONS}?owner=${idOf(world, "owner")}`,
    status: 200,
    also: ({ json }, world) => {
      const { items } = json as { items: { id: string; members: number; apps: number }[] };
      expect(items.map(({ id }) => id)).toEqual([world.organisationId]);
      expect(items[0]?.members).toBe(listMembers(world.store, OPERATOR, world.organisationId).length);
      expect(items[0]?.apps).toBeGreaterThan(0);
    },
  },
  {
    name: "organisations: of an owner of others a member sees nothing",
    as: "stranger",
    request: (world) => `GET ${ORGANISATIONS}?owner=${idOf(world, "owner")}`,
    status: 200,
    also: ({ json }) => expect(json).toEqual({ items: [], nextCursor: null }),
  },
  {
    name: "organisations: a cursor goes on in what was looked for",
    as: "administrator",
    request: `GET ${ORGANISATIONS}?limit=1&search=org-`,
    status: 200,
    also: async ({ json }, world) => {
      const { nextCursor } = json as { nextCursor: string | null };
      expect(nextCursor).toEqual(expect.any(String));
      const goesOn = async (search: string) =>
        (
          await send(world, {
            as: "administrator",
            request: `GET ${ORGANISATIONS}?limit=1&search=${search}&cursor=${nextCursor}`,
          })
        ).status;
      expect([await goesOn("org-"), await goesOn("org-0")]).toEqual([200, 400]);
    },
  },
  {
    name: "organisations: a cursor of the whole list in a search",
    as: "administrator",
    request: `GET ${ORGANISATIONS}?search=a&cursor=${encodeCursor("organisations", `org-${"0".repeat(32)}`)}`,
    status: 400,
    code: "cursor.invalid",
  },
  {
    name: "organisations: another one is not there",
    as: "owner",
    request: (world) => `GET ${others(world)}`,
    status: 404,
    code: "organisation.not_found",
  },
  {
    name: "organisations: an administrator makes one",
    as: "administrator",
    request: `POST ${ORGANISATIONS}`,
    json: { name: "Third" },
    status: 201,
    body: { name: "Third" },
    rows: { organisations: 1 },
  },
  {
    name: "organisations: a developer makes none",
    as: "developer",
    request: `POST ${ORGANISATIONS}`,
    json: { name: "Third" },
    status: 403,
    code: "organisation.makers",
  },
];

const member = (name: string) => (world: World) => `${own(world)}/members/${idOf(world, name)}`;
const members: readonly Scenario[] = [
  ...refusals("a role", "PUT", member("viewer"), { role: "owner" }),
  ...refusals("removing", "POST", (world) => `${member("viewer")(world)}/remove`),
  {
    name: "members: by name, for who is one",
    as: "viewer",
    request: (world) => `GET ${own(world)}/members`,
    status: 200,
    also: ({ json }) => expect((json as { items: unknown[] }).items.length).toBeGreaterThan(2),
  },
  {
    name: "members: of another organisation",
    as: "owner",
    request: (world) => `GET ${others(world)}/members`,
    status: 404,
    code: "organisation.not_found",
  },
  {
    name: "a role: an owner gives it",
    as: "owner",
    request: (world) => `PUT ${member("viewer")(world)}`,
    json: { role: "maintainer" },
    status: 200,
    body: { role: "maintainer" },
    effect: (world) => expect(roleOf(world, "viewer")).toBe("maintainer"),
  },
  {
    name: "a role: none that there is not",
    as: "owner",
    request: (world) => `PUT ${member("viewer")(world)}`,
    json: { role: "emperor" },
    status: 400,
    code: "request.invalid",
  },
  {
    name: "a role: the last owner keeps it",
    as: "owner",
    request: (world) => `PUT ${member("owner")(world)}`,
    json: { role: "viewer" },
    status: 409,
    code: "organisation.last_owner",
  },
  {
    name: "a role: of somebody who is no member",
    as: "owner",
    request: (world) => `PUT ${own(world)}/members/${NOBODY}`,
    json: { role: "viewer" },
    status: 404,
    code: "member.not_found",
  },
  {
    name: "a role: in another organisation",
    as: "owner",
    request: (world) => `PUT ${others(world)}/members/${idOf(world, "viewer")}`,
    json: { role: "viewer" },
    status: 404,
    code: "organisation.not_found",
  },
  {
    name: "removing: an owner removes, and the rights end with it",
    as: "owner",
    request: (world) => `POST ${member("viewer")(world)}/remove`,
    status: 204,
    effect: async (world) => {
      expect(roleOf(world, "viewer")).toBeUndefined();
      const after = await send(world, { as: "viewer", request: `GET ${own(world)}/members` });
      expect(after.status).toBe(403);
    },
  },
];

const INVITED = { email: "bea@example.org", role: "developer" };
const invited = (world: World) =>
  invite(world.store, OPERATOR, {
    email: "bea@example.org",
    member: { organisationId: world.organisationId, role: "developer" },
  }).id;
const invitations: readonly Scenario[] = [
  ...refusals("inviting", "POST", (world) => `${own(world)}/invitations`, INVITED),
  ...refusals("invitations", "GET", (world) => `${own(world)}/invitations`).filter(
    ({ as }) => as !== "auditor",
  ),
  {
    name: "invitations: an auditor reads them",
    as: "auditor",
    request: (world) => `GET ${own(world)}/invitations`,
    status: 200,
    body: { nextCursor: null },
  },
  {
    name: "inviting: an owner does, and no answer has the link",
    as: "owner",
    request: (world) => `POST ${own(world)}/invitations`,
    json: INVITED,
    status: 201,
    rows: { jobs: 1 },
    body: { email: "bea@example.org", role: "developer", storeRole: null },
    also: ({ text }) => expect(text).not.toContain("token"),
  },
  {
    name: "inviting: the same call again makes no second invitation",
    as: "owner",
    request: (world) => `POST ${own(world)}/invitations`,
    headers: { "Idempotency-Key": "invite-1" },
    json: INVITED,
    status: 201,
    rows: { jobs: 1, idempotency_keys: 1 },
    also: async ({ json }, world) => {
      const again = await send(world, {
        as: "owner",
        request: `POST ${own(world)}/invitations`,
        headers: { "Idempotency-Key": "invite-1" },
        json: INVITED,
      });
      expect((again.json as { id: string }).id).toBe((json as { id: string }).id);
    },
  },
  {
    name: "inviting: what is no address",
    as: "owner",
    request: (world) => `POST ${own(world)}/invitations`,
    json: { email: "a@b\nBcc: c@d", role: "developer" },
    status: 422,
    code: "invitation.invalid",
  },
  ...["a,b@example.org", "a@example.org, b@example.org", "jörg@example.org", "a..b@example.org"].map(
    (email) => ({
      name: `inviting: what mail servers do not take, ${email}`,
      as: "owner" as const,
      request: (world: World) => `POST ${own(world)}/invitations`,
      json: { email, role: "developer" },
      status: 422,
      code: "invitation.invalid",
      also: async ({ json }: { readonly json: unknown }) => {
        const { errors } = json as { errors: readonly unknown[] };
        expect(errors).toMatchObject([{ code: "account.email", pointer: "/email" }]);
      },
    }),
  ),
  {
    name: "inviting: to a domain of another script",
    as: "owner",
    request: (world) => `POST ${own(world)}/invitations`,
    json: { email: "jorg@bücher.example", role: "developer" },
    status: 201,
    rows: { jobs: 1 },
  },
  {
    name: "inviting: into another organisation",
    as: "owner",
    request: (world) => `POST ${others(world)}/invitations`,
    json: INVITED,
    status: 404,
    code: "organisation.not_found",
  },
  {
    name: "inviting: who is a member",
    as: "owner",
    request: (world) => `POST ${own(world)}/invitations`,
    json: { ...INVITED, email: "VIEWER@example.com" },
    status: 409,
    code: "invitation.member",
  },
  {
    name: "taking back: an owner does",
    as: "owner",
    request: (world) => `POST ${own(world)}/invitations/${invited(world)}/revoke`,
    status: 204,
    rows: { jobs: 1 },
  },
  {
    name: "taking back: not by the address of another organisation, nor of the store",
    as: "administrator",
    request: (world) => `POST ${others(world)}/invitations/${invited(world)}/revoke`,
    status: 404,
    rows: { jobs: 1 },
    code: "invitation.not_found",
    effect: async (world) => {
      const request = `POST /api/v1/invitations/${invited(world)}/revoke`;
      expect((await send(world, { as: "administrator", request })).status).toBe(404);
    },
  },
  {
    name: "to the store: an administrator invites a reviewer",
    as: "administrator",
    request: "POST /api/v1/invitations",
    json: { email: "rev@example.org", storeRole: "reviewer" },
    status: 201,
    rows: { jobs: 1 },
    body: { organisationId: null, storeRole: "reviewer" },
  },
  {
    name: "to the store: an owner invites nobody",
    as: "owner",
    request: "POST /api/v1/invitations",
    json: { email: "rev@example.org", storeRole: "reviewer" },
    status: 403,
    code: "rights.forbidden",
  },
];

const account =
  (name: string, rest = "") =>
  (world: World) =>
    `${ACCOUNTS}/${idOf(world, name)}${rest}`;
const accounts: readonly Scenario[] = [
  {
    name: "accounts: support searches, and sees no hash",
    as: "support",
    request: `GET ${ACCOUNTS}?search=DEVEL`,
    status: 200,
    also: ({ json, text }) => {
      const found = (json as { items: { email: string }[] }).items.map(({ email }) => email);
      expect(found).toEqual(["developer@example.com"]);
      expect(text).not.toContain("argon2");
    },
  },
  {
    name: "accounts: a cursor goes on in what was looked for",
    as: "support",
    request: `GET ${ACCOUNTS}?search=example&limit=1`,
    status: 200,
    also: async ({ json }, world) => {
      const { nextCursor } = json as { nextCursor: string };
      const goesOn = async (query: string) =>
        (
          await send(world, {
            as: "support",
            request: `GET ${ACCOUNTS}?${query}limit=1&cursor=${nextCursor}`,
          })
        ).status;
      expect([await goesOn("search=example&"), await goesOn("search=exam&"), await goesOn("")]).toEqual([
        200, 400, 400,
      ]);
    },
  },
  {
    name: "accounts: an owner searches none",
    as: "owner",
    request: `GET ${ACCOUNTS}`,
    status: 403,
    code: "rights.forbidden",
  },
  {
    name: "a store role: an administrator gives it",
    as: "administrator",
    request: (world) => `PUT ${account("viewer", "/store-role")(world)}`,
    json: { storeRole: "auditor" },
    status: 200,
    body: { storeRole: "auditor" },
  },
  {
    name: "a store role: nobody gives it to themselves",
    as: "owner",
    request: (world) => `PUT ${account("owner", "/store-role")(world)}`,
    json: { storeRole: "administrator" },
    status: 403,
    code: "rights.forbidden",
  },
  {
    name: "a store role: the last administrator keeps it",
    as: "administrator",
    request: (world) => `PUT ${account("administrator", "/store-role")(world)}`,
    json: { storeRole: null },
    status: 409,
    code: "account.last_administrator",
  },
  {
    name: "disabling: keys are over, also when the account is enabled again",
    as: "administrator",
    request: (world) => `POST ${account("viewer", "/disable")(world)}`,
    status: 200,
    effect: async (world) => {
      const asked = { as: "viewer", request: "GET /api/v1/me" } as const;
      expect((await send(world, asked)).status).toBe(401);
      const request = `POST ${account("viewer", "/enable")(world)}`;
      expect((await send(world, { as: "administrator", request })).status).toBe(200);
      expect((await send(world, asked)).status).toBe(401);
    },
  },
  {
    name: "a password link: is written, and not for who is disabled",
    as: "administrator",
    request: (world) => `POST ${account("viewer", "/password-link")(world)}`,
    status: 204,
    rows: { jobs: 1 },
    effect: async (world) => {
      const request = `POST ${account("disabled", "/password-link")(world)}`;
      const answer = await send(world, { as: "administrator", request });
      expect([answer.status, (answer.json as { code: string }).code]).toEqual([409, "account.disabled"]);
    },
  },
  {
    name: "sessions: an administrator ends them, support does not",
    as: "support",
    request: (world) => `POST ${account("viewer", "/sessions/end")(world)}`,
    status: 403,
    code: "rights.forbidden",
  },
  {
    name: "sessions of a person: support sees them, an administrator ends one, and nobody else's with it",
    as: "support",
    before: async (world) => {
      for (const who of ["viewer", "viewer", "owner"] as const)
        await createSession(world.store, idOf(world, who), { address: "192.0.2.1", userAgent: "test" });
    },
    request: (world) => `GET ${account("viewer", "/sessions")(world)}`,
    status: 200,
    also: async ({ json }, world) => {
      const [first, second, ...more] = (json as { items: { id: string; address: string }[] }).items;
      expect([first?.address, second?.address, more]).toEqual(["192.0.2.1", "192.0.2.1", []]);
      const list = async (who: "viewer" | "owner") => {
        const request = `GET ${account(who, "/sessions")(world)}`;
        const answer = await send(world, { as: "administrator", request });
        return (answer.json as { items: { id: string }[] }).items.map(({ id }) => id);
      };
      const [theirs = ""] = await list("owner");
      const end = async (as: "support" | "administrator", id: string) =>
        (await send(world, { as, request: `POST ${account("viewer", `/sessions/${id}/end`)(world)}` }))
          .status;
      expect(await end("support", first?.id ?? "")).toBe(403);
      // Over already, and of another person: neither is an error, and only what is theirs ends.
      for (const id of [first?.id ?? "", first?.id ?? "", theirs])
        expect(await end("administrator", id)).toBe(204);
      expect([await list("viewer"), await list("owner")]).toEqual([[second?.id ?? ""], [theirs]]);
      const nobody = `GET /api/v1/accounts/acc-${"0".repeat(32)}/sessions`;
      expect((await send(world, { as: "administrator", request: nobody })).status).toBe(404);
      expect(await list("viewer")).toEqual([second?.id ?? ""]);
    },
  },
  {
    name: "one's own sessions: listed and ended, and nobody else's",
    as: "viewer",
    before: async (world) => {
      const from = { address: "192.0.2.1", userAgent: "test" };
      await createSession(world.store, idOf(world, "viewer"), from);
      await createSession(world.store, idOf(world, "owner"), from);
    },
    request: "GET /api/v1/me/sessions",
    status: 200,
    also: async ({ json }, world) => {
      const [mine, ...more] = (json as { items: { id: string }[] }).items;
      expect(more).toEqual([]);
      const list = async (as: "viewer" | "owner") =>
        ((await send(world, { as, request: "GET /api/v1/me/sessions" })).json as { items: { id: string }[] })
          .items;
      const [theirs] = await list("owner");
      for (const id of [theirs?.id, mine?.id])
        expect(
          (await send(world, { as: "viewer", request: `POST /api/v1/me/sessions/${id}/end` })).status,
        ).toBe(204);
      expect(await list("viewer")).toEqual([]);
      expect(await list("owner")).toHaveLength(1);
      await createSession(world.store, idOf(world, "owner"), { address: "192.0.2.1", userAgent: "test" });
      expect((await send(world, { as: "owner", request: "POST /api/v1/me/sessions/end" })).status).toBe(204);
      expect(await list("owner")).toEqual([]);
    },
  },
  {
    name: "second factors: listed to their person, counted for support, removed by an administrator alone",
    as: "administrator",
    before: async (world) => {
      const { store } = world;
      const { email, name } = readAccount(store, idOf(world, "viewer"));
      const from = { address: "192.0.2.1", userAgent: "test" };
      const { sessionId } = await createSession(store, idOf(world, "viewer"), from);
      const via = { type: "session", sessionId } as const;
      const actor = { kind: "account", accountId: idOf(world, "viewer"), email, name } as const;
      const viewer = { ...actor, storeRole: null, organisations: new Map(), via };
      const { secret, offer } = offerApp(store, viewer);
      const code = totpCode(fromBase32(secret), stepOf(store.clock.now()));
      addApp(store, viewer, { offer, code, name: "Phone" });
    },
    request: (world) => `POST ${account("viewer", "/second-factors/reset")(world)}`,
    status: 204,
    rows: { jobs: 1 },
    also: async (_, world) => {
      const own = await send(world, { as: "viewer", request: "GET /api/v1/me/second-factors" });
      expect(own.json).toEqual({ items: [], recoveryCodesLeft: 0 });
      const asked = { as: "support", request: `GET ${account("viewer")(world)}` } as const;
      expect((await send(world, asked)).json).toMatchObject({ secondFactors: 0 });
      const request = `POST ${account("viewer", "/second-factors/reset")(world)}`;
      expect((await send(world, { as: "support", request })).status).toBe(403);
    },
  },
];

const nameOf = (world: World) => `PUT ${own(world)}/name`;
const messagesOf = async (world: World, as: "owner" | "viewer") =>
  (await send(world, { as, request: "GET /api/v1/me/messages" })).json as {
    items: { id: string; kind: string; seenAt: string | null }[];
  };

const names: readonly Scenario[] = [
  {
    name: "names of organisations: an owner gives one, and its id stays; not none, and not another's",
    as: "owner",
    request: nameOf,
    json: { name: "  Example Harbour " },
    status: 200,
    body: { name: "Example Harbour" },
    rows: { jobs: 2 },
    also: async ({ json }, world) => {
      expect(json).toMatchObject({ id: world.organisationId });
      const read = await send(world, { as: "viewer", request: `GET ${own(world)}` });
      expect(read.json).toMatchObject({ id: world.organisationId, name: "Example Harbour" });
      for (const [as, request, name, status] of [
        ["owner", nameOf(world), " ", 422],
        ["owner", `PUT ${others(world)}/name`, "Mine", 404],
        ["developer", nameOf(world), "Mine", 403],
      ] as const)
        expect([as, name, (await send(world, { as, request, json: { name } })).status]).toEqual([
          as,
          name,
          status,
        ]);
    },
  },
  {
    name: "one's own name: a person says it, and it is in the audit log once; not one that hides",
    as: "viewer",
    request: "PUT /api/v1/me/name",
    json: { name: " Vera Newname " },
    status: 200,
    body: { name: "Vera Newname" },
    also: async (_, world) => {
      const me = { as: "viewer", request: "GET /api/v1/me" } as const;
      expect((await send(world, me)).json).toMatchObject({ name: "Vera Newname" });
      const put = (as: "viewer" | "organisation", name: string) =>
        send(world, { as, request: "PUT /api/v1/me/name", json: { name } });
      expect((await put("viewer", "Vera Newname")).status).toBe(200);
      expect((await put("viewer", "V\u202eera")).status).toBe(422);
      expect((await put("organisation", "Key")).status).toBe(403);
      const entries = world.store.db.raw
        .query("SELECT position FROM audit_entries WHERE action = 'account.changed' AND subject = ?")
        .all(idOf(world, "viewer"));
      expect(entries).toHaveLength(1);
    },
  },
  {
    name: "the language of one's pages: one that there is, or none; not for a key of an organisation",
    as: "viewer",
    request: "PUT /api/v1/me/language",
    json: { language: "en" },
    status: 200,
    body: { language: "en" },
    also: async (_, world) => {
      const put = (as: "viewer" | "organisation", language: unknown) =>
        send(world, { as, request: "PUT /api/v1/me/language", json: { language } });
      const got = () => send(world, { as: "viewer", request: "GET /api/v1/me/language" });
      expect((await put("viewer", "tlh")).json).toMatchObject({ code: "account.invalid" });
      expect((await put("viewer", 7)).status).toBe(400);
      expect((await put("organisation", "en")).status).toBe(403);
      expect((await got()).json).toMatchObject({ language: "en" });
      expect((await put("viewer", null)).status).toBe(200);
      expect((await got()).json).toMatchObject({ accountId: idOf(world, "viewer"), language: null });
    },
  },
  {
    name: "one's own messages: a letter that proves the address, three in an hour, put away by its person alone",
    as: "viewer",
    request: "POST /api/v1/me/address/prove",
    status: 204,
    rows: { jobs: 3 },
    also: async (_, world) => {
      const again = { as: "viewer", request: "POST /api/v1/me/address/prove" } as const;
      const answers = [await send(world, again), await send(world, again), await send(world, again)];
      expect(answers.map(({ status }) => status)).toEqual([204, 204, 429]);
      const [letter] = (await messagesOf(world, "viewer")).items;
      expect(letter).toMatchObject({ kind: "account.address", seenAt: null });
      expect(JSON.stringify(letter)).not.toContain("token=");
      const request = `POST /api/v1/me/messages/${letter?.id}/seen`;
      expect((await send(world, { as: "owner", request })).status).toBe(404);
      expect((await messagesOf(world, "owner")).items.map(({ id }) => id)).not.toContain(letter?.id);
      expect((await send(world, { as: "viewer", request })).status).toBe(204);
      expect((await send(world, { as: "viewer", request })).status).toBe(204);
      expect((await messagesOf(world, "viewer")).items[0]?.seenAt).not.toBeNull();
    },
  },
  {
    name: "leaving: a member goes, and is none any more; not another organisation",
    as: "viewer",
    request: (world) => `POST ${own(world)}/leave`,
    status: 204,
    also: async (_, world) => {
      expect(roleOf(world, "viewer")).toBeUndefined();
      for (const organisation of [own(world), others(world)]) {
        const again = { as: "viewer", request: `POST ${organisation}/leave` } as const;
        expect((await send(world, again)).status).toBe(404);
      }
    },
  },
];

scenarios("organisations", organisations);
scenarios("names, messages and leaving", names);
scenarios("members", members);
scenarios("invitations", invitations);
scenarios("accounts", accounts);
