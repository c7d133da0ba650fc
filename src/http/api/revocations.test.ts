/** Revocations and lowest versions: looked at first, then done with the scope that was shown. */
import { expect } from "bun:test";
import { routeOf, undocumented } from "../../testing/http/conformance.ts";
import { type Scenario, scenarios, send } from "../../testing/http/scenarios.ts";
import type { World } from "../../testing/http/world.ts";

const REVOCATIONS = "/api/v1/revocations";
const LOWEST = "/api/v1/lowest-versions";
const PREVIEW = `POST ${REVOCATIONS}/preview`;
const reason = "It sends what people write to strangers.";
const NO_SCOPE = "0".repeat(64);

type Act = Readonly<Record<string, string | number>>;
type Shown = { scope: string; versions: { items: { versionCode: number }[]; nextCursor: string | null } };

async function look(world: World, act: Act, query = ""): Promise<Shown> {
  return (await send(world, { as: "administrator", request: `${PREVIEW}${query}`, json: act })).json as Shown;
}

const PATHS: Readonly<Record<string, string>> = {
  revoke: REVOCATIONS,
  lift: `${REVOCATIONS}/lift`,
  "lowest-version": LOWEST,
};

async function confirm(world: World, { act, ...rest }: Act, scope: string) {
  return send(world, {
    as: "administrator",
    request: `POST ${PATHS[String(act)]}`,
    json: { ...rest, scope },
  });
}

/** What an administrator does: look, then confirm what was shown. */
async function perform(world: World, act: Act) {
  return confirm(world, act, (await look(world, act)).scope);
}

const revokeApp = ({ app }: World): Act => ({
  act: "revoke",
  subject: "app",
  id: app,
  action: "block",
  reason,
});
const noAct = { subject: "app", id: "org.example.sample", action: "block", reason, scope: NO_SCOPE };

const closed: readonly Scenario[] = [
  ["list", `GET ${REVOCATIONS}`, undefined],
  ["history", `GET ${REVOCATIONS}/history`, undefined],
  ["lowest versions", `GET ${LOWEST}`, undefined],
  ["preview", PREVIEW, { act: "revoke", subject: "app", id: "org.example.sample", action: "block", reason }],
  ["revoke", `POST ${REVOCATIONS}`, noAct],
  ["lift", `POST ${REVOCATIONS}/lift`, { subject: "app", id: "org.example.sample", reason, scope: NO_SCOPE }],
  [
    "set the lowest",
    `POST ${LOWEST}`,
    { appId: "org.example.sample", versionCode: 2, reason, scope: NO_SCOPE },
  ],
].flatMap(([what, request, json]) => [
  {
    name: `${what}: without a key`,
    request: String(request),
    ...(json === undefined ? {} : { json }),
    status: 401,
    code: "auth.required",
  },
  // The app is the owner's and the organisation's own; the stranger is of another.
  ...(["reviewer", "owner", "organisation", "stranger"] as const).map((as) => ({
    name: `${what}: ${as} may not`,
    as,
    request: String(request),
    ...(json === undefined ? {} : { json }),
    status: 403,
    code: "rights.forbidden",
  })),
]);

const acts: readonly Scenario[] = [
  {
    name: "nothing is revoked",
    as: "administrator",
    request: `GET ${REVOCATIONS}`,
    status: 200,
    body: { items: [], nextCursor: null },
  },
  {
    name: "preview: what an app's revocation would concern",
    as: "administrator",
    request: PREVIEW,
    json: revokeApp,
    status: 200,
    body: ({ app, organisationId }) => ({
      subject: "app",
      id: app,
      organisationId,
      before: null,
      affected: { apps: 1, versions: 4, published: 1, waiting: 3 },
      installed: { known: false, devices: null, reportedSince: null },
      fetches: 0,
    }),
  },
  {
    name: "preview: page by page, with one scope",
    as: "administrator",
    request: `${PREVIEW}?limit=3`,
    json: revokeApp,
    status: 200,
    also: async ({ json }, world) => {
      const first = json as Shown;
      const second = await look(world, revokeApp(world), `?limit=3&cursor=${first.versions.nextCursor}`);
      expect(second.scope).toBe(first.scope);
      expect(second.versions.nextCursor).toBeNull();
      const codes = [...first.versions.items, ...second.versions.items].map(({ versionCode }) => versionCode);
      expect(codes.sort()).toEqual([1, 5, 6, 7]);
    },
  },
  {
    name: "revoke: with the scope that was shown",
    as: "administrator",
    request: `POST ${REVOCATIONS}`,
    json: revokeApp,
    // Sent without a scope: only what was looked at is done.
    status: 400,
    code: "request.invalid",
    effect: async (world) => {
      expect((await perform(world, revokeApp(world))).json).toEqual({ changed: true });
      const { items } = (await send(world, { as: "administrator", request: `GET ${REVOCATIONS}` })).json as {
        items: object[];
      };
      expect(items).toMatchObject([{ subject: "app", id: world.app, action: "block", reason }]);
      // What was on its way is withdrawn, and says why.
      const version = await send(world, {
        as: "owner",
        request: `GET /api/v1/apps/${world.app}/versions/${world.versions.in_review.versionCode}`,
      });
      expect(version.json).toMatchObject({ state: "withdrawn" });
    },
  },
  {
    name: "revoke: a scope that is of something else",
    as: "administrator",
    request: `POST ${REVOCATIONS}`,
    json: noAct,
    status: 409,
    code: "revocation.scope_changed",
  },
  {
    name: "revoke: something was submitted since it was looked at",
    as: "administrator",
    request: `GET ${REVOCATIONS}`,
    status: 200,
    effect: async (world) => {
      const { scope } = await look(world, revokeApp(world));
      const bytes = await world.pack(9);
      const sent = await fetch(`${world.url}/api/v1/apps/${world.app}/versions`, {
        method: "POST",
        headers: {
          Authorization: `Bearer ${world.tokens.owner}`,
          "Content-Type": "application/vnd.mosis.package",
        },
        body: bytes as Uint8Array<ArrayBuffer>,
      });
      expect(sent.status).toBeLessThan(300);
      const refused = await confirm(world, revokeApp(world), scope);
      expect([refused.status, (refused.json as { code: string }).code]).toEqual([
        409,
        "revocation.scope_changed",
      ]);
    },
  },
  {
    name: "revoke: sent again it changes nothing, and once it was lifted it is refused",
    as: "administrator",
    request: `GET ${REVOCATIONS}`,
    status: 200,
    effect: async (world) => {
      const act = revokeApp(world);
      const { scope } = await look(world, act);
      expect((await confirm(world, act, scope)).json).toEqual({ changed: true });
      expect((await confirm(world, act, scope)).json).toEqual({ changed: false });
      const lift = { act: "lift", subject: "app", id: world.app, reason: "A mistake." };
      const shown = await look(world, lift);
      expect(shown).toMatchObject({ before: { action: "block", reason } });
      expect((await confirm(world, lift, shown.scope)).json).toEqual({ changed: true });
      expect((await confirm(world, lift, shown.scope)).json).toEqual({ changed: false });
      expect((await confirm(world, act, scope)).status).toBe(409);
      const history = await send(world, { as: "administrator", request: `GET ${REVOCATIONS}/history` });
      expect((history.json as { items: { act: string }[] }).items.map((item) => item.act)).toEqual([
        "lift",
        "block",
      ]);
    },
  },
  {
    name: "lowest version: looked at, set, listed, and taken back",
    as: "administrator",
    request: PREVIEW,
    json: ({ app }: World) => ({ act: "lowest-version", appId: app, versionCode: 6, reason }),
    status: 200,
    body: { lowestBefore: 1, returns: false, affected: { versions: 2, published: 1, waiting: 1 } },
    effect: async (world) => {
      const set = (versionCode: number): Act => ({
        act: "lowest-version",
        appId: world.app,
        versionCode,
        reason,
      });
      expect((await perform(world, set(6))).json).toEqual({ changed: true });
      const listed = await send(world, { as: "administrator", request: `GET ${LOWEST}` });
      expect(listed.json).toMatchObject({ items: [{ appId: world.app, versionCode: 6, reason }] });
      // The published one comes back; the other one was withdrawn.
      expect(await look(world, set(1))).toMatchObject({
        lowestBefore: 6,
        returns: true,
        affected: { apps: 1, versions: 1, published: 1, waiting: 0 },
        versions: { items: [{ appId: world.app }] },
      });
      // Half of the way, and upwards again: what lies between the two.
      const codes = async (versionCode: number) =>
        (await look(world, set(versionCode))).versions.items.map((item) => item.versionCode);
      expect(await codes(5)).toEqual([]);
      expect(await codes(6)).toEqual([]);
      expect((await perform(world, set(1))).json).toEqual({ changed: true });
      const none = await send(world, { as: "administrator", request: `GET ${LOWEST}` });
      expect(none.json).toEqual({ items: [], nextCursor: null });
    },
  },
  {
    name: "list: page by page",
    as: "administrator",
    request: `GET ${REVOCATIONS}`,
    status: 200,
    effect: async (world) => {
      const named = [
        ["app", world.app],
        ["app", world.emptyApp],
        ["developer", world.strangerId],
      ] as const;
      for (const [subject, id] of named) {
        expect((await perform(world, { act: "revoke", subject, id, action: "disable", reason })).status).toBe(
          200,
        );
        world.store.clock.advance(1000);
      }
      const seen: string[] = [];
      for (const list of [REVOCATIONS, `${REVOCATIONS}/history`]) {
        for (let cursor: string | null = ""; cursor !== null; ) {
          const page = (
            await send(world, {
              as: "administrator",
              request: `GET ${list}?limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`,
            })
          ).json as { items: { id: string; target?: string }[]; nextCursor: string | null };
          seen.push(...page.items.map(({ id, target }) => target ?? id));
          cursor = page.nextCursor;
        }
      }
      const newestFirst = named.map(([, id]) => id).reverse();
      expect(seen).toEqual([...newestFirst, ...newestFirst]);
    },
  },
  {
    name: "list: a cursor of another list",
    as: "administrator",
    request: `GET ${REVOCATIONS}?cursor=${Buffer.from("apps:org.example.empty").toString("base64url")}`,
    status: 400,
    code: "cursor.invalid",
  },
  {
    name: "lift: of an app that was deleted after it was revoked",
    as: "administrator",
    request: `GET ${REVOCATIONS}`,
    status: 200,
    effect: async (world) => {
      const id = world.emptyApp;
      await perform(world, { act: "revoke", subject: "app", id, action: "block", reason });
      const gone = await send(world, {
        as: "owner",
        request: `DELETE /api/v1/apps/${id}`,
        headers: { "If-Match": "*" },
      });
      expect(gone.status).toBe(204);
      await world.drain();
      const list = await send(world, { as: "administrator", request: `GET ${REVOCATIONS}` });
      expect(list.json).toMatchObject({ items: [{ id, label: null }] });
      expect((await perform(world, { act: "lift", subject: "app", id, reason })).json).toEqual({
        changed: true,
      });
      await world.drain();
    },
  },
];

const revoke = { act: "revoke", subject: "app", id: "org.example.sample", action: "block", reason };
const lowest = { act: "lowest-version", appId: "org.example.sample", versionCode: 2, reason };

/** By the part that is wrong: what is sent, the code, and where it says that it is. */
const BAD: readonly (readonly [
  name: string,
  json: object,
  status: number,
  code: string,
  pointer?: string,
])[] = [
  ["no subject", { ...revoke, subject: "" }, 400, "revocation.subject_invalid", "/subject"],
  ["a subject that is none", { ...revoke, subject: "store" }, 400, "revocation.subject_invalid", "/subject"],
  ["an id with a slip", { ...revoke, id: "Org.Example" }, 400, "revocation.id_invalid", "/id"],
  [
    "a digest in upper case",
    { ...revoke, subject: "package", id: "A".repeat(64) },
    400,
    "revocation.id_invalid",
  ],
  [
    "an id with a space",
    { ...revoke, subject: "developer", id: "org 1" },
    400,
    "revocation.id_invalid",
    "/id",
  ],
  ["an app that is not there", { ...revoke, id: "org.example.absent" }, 404, "revocation.subject_unknown"],
  ["a key that is not there", { ...revoke, subject: "key", id: NO_SCOPE }, 404, "revocation.subject_unknown"],
  ["no action", { ...revoke, action: "" }, 400, "revocation.action_invalid", "/action"],
  ["an action that is none", { ...revoke, action: "delete" }, 400, "revocation.action_invalid", "/action"],
  ["no reason", { ...revoke, reason: "  " }, 400, "revocation.reason_invalid", "/reason"],
  ["a reason of two lines", { ...revoke, reason: "one\ntwo" }, 400, "revocation.reason_invalid", "/reason"],
  [
    "a reason that turns text",
    { ...revoke, reason: "\u202etxt" },
    400,
    "revocation.reason_invalid",
    "/reason",
  ],
  ["a long reason", { ...revoke, reason: "x".repeat(201) }, 400, "revocation.reason_invalid", "/reason"],
  [
    "a time that is none",
    { ...revoke, approvalsUntil: "noon" },
    400,
    "revocation.until_invalid",
    "/approvalsUntil",
  ],
  [
    "a time for an app",
    { ...revoke, approvalsUntil: "2026-11-25T09:30:00Z" },
    422,
    "revocation.until_refused",
    "/approvalsUntil",
  ],
  ["no version code", { ...lowest, versionCode: 0 }, 400, "revocation.code_invalid", "/versionCode"],
  [
    "a version code too high",
    { ...lowest, versionCode: 2 ** 31 },
    400,
    "revocation.code_invalid",
    "/versionCode",
  ],
  ["an app id that is none", { ...lowest, appId: "notes" }, 400, "revocation.id_invalid", "/appId"],
  ["a member that is not there", { ...revoke, force: true }, 400, "request.invalid", "/force"],
  ["an act that is none", { ...revoke, act: "ban" }, 400, "request.invalid", "/act"],
];

const bad: readonly Scenario[] = BAD.map(([name, json, status, code, pointer]) => {
  const { act, ...rest } = json as Readonly<Record<string, unknown>>;
  const path = PATHS[String(act)];
  return {
    name: `preview and act: ${name}`,
    as: "administrator",
    request: PREVIEW,
    json,
    status,
    code,
    ...(pointer === undefined ? {} : { body: { errors: [{ pointer }] } }),
    // The act refuses the same, whatever scope it comes with.
    effect: async (world) => {
      if (path === undefined) return;
      const request = `POST ${path}`;
      const answer = await send(world, { as: "administrator", request, json: { ...rest, scope: NO_SCOPE } });
      expect([answer.status, (answer.json as { code: string }).code]).toEqual([status, code]);
      expect(undocumented(routeOf("POST", path), answer)).toEqual([]);
    },
  };
});

scenarios("/api/v1/revocations, lowest-versions", [...closed, ...acts, ...bad]);
