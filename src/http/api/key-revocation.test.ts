/** Revoking a developer's key by the API: looked at first, then done with the scope that was shown, by owners alone. */
import { expect } from "bun:test";
import { type Scenario, scenarios, send } from "../../testing/http/scenarios.ts";
import type { Caller, World } from "../../testing/http/world.ts";

const KEYS = "/api/v1/developer-keys";
const reason = "It was on a stolen laptop.";
const NO_SCOPE = "0".repeat(64);
const act = ({ signer }: World) => `POST ${KEYS}/${signer.keyid}/revoke`;
const look = (world: World) => `${act(world)}/preview`;
type Text = Readonly<Record<string, string>>;

async function shownScope(world: World, json: Text): Promise<string> {
  const shown = await send(world, { as: "owner", request: look(world), json });
  return String((shown.json as { scope?: string }).scope);
}

/** Looks, and does it. */
async function revoke(world: World, json: Text) {
  const scope = await shownScope(world, json);
  return send(world, { as: "owner", request: act(world), json: { ...json, scope } });
}

const PATHS = [
  ["preview", look, { reason }],
  ["act", act, { reason, scope: NO_SCOPE }],
] as const;

const others: readonly Scenario[] = PATHS.flatMap(([what, request, json]) => {
  const refused = (as: Caller, status: number, code: string): Scenario => ({
    name: `${what}: ${as} may not`,
    as,
    request,
    json,
    status,
    code,
    rows: {},
  });
  return [
    { name: `${what}: without a key`, request, json, status: 401, code: "auth.required", rows: {} },
    refused("expired", 401, "auth.token_expired"),
    refused("revoked", 401, "auth.token_revoked"),
    refused("disabled", 401, "auth.account_disabled"),
    // Without the right: not of the organisation, no owner of it, or a machine. Administrators revoke elsewhere.
    ...(
      ["viewer", "developer", "organisation", "reviewer", "administrator", "stranger", "nowhere"] as const
    ).map((as) => refused(as, 403, "rights.forbidden")),
    ...(
      [
        ["0".repeat(64), "key.not_found"],
        ["A".repeat(64), "not_found"],
        ["org.example.sample", "not_found"],
        ["..%2f..%2fx", "not_found"],
      ] as const
    ).map(
      ([keyid, code]): Scenario => ({
        name: `${what}: a key that is called ${keyid.slice(0, 20)}`,
        as: "owner",
        request: `POST ${KEYS}/${keyid}/revoke${what === "preview" ? "/preview" : ""}`,
        json,
        status: 404,
        code,
        rows: {},
      }),
    ),
    ...(
      [
        ...[" ", "one\ntwo", "x".repeat(201), "\u202etxt"].map(
          (text) => [{ reason: text }, "revocation.reason_invalid"] as const,
        ),
        [{ action: "unlock" }, "revocation.action_invalid"],
        [{ action: "" }, "revocation.action_invalid"],
        [{ approvalsUntil: "2026-01-01T00:00:00Z" }, "request.invalid"],
      ] as const
    ).map(
      ([changes, code]): Scenario => ({
        name: `${what}: ${JSON.stringify(changes).slice(0, 50)}`,
        as: "owner",
        request,
        json: { ...json, ...changes },
        status: 400,
        code,
        rows: {},
      }),
    ),
  ];
});

const own: readonly Scenario[] = [
  {
    name: "preview: the versions that the key signed, and their apps; nothing is done",
    as: "owner",
    request: look,
    json: { reason },
    status: 200,
    body: ({ signer }) => ({
      subject: "key",
      id: signer.keyid,
      before: null,
      lowestBefore: null,
      returns: false,
      lineages: 0,
    }),
    rows: {},
    effect: async (world) => {
      const at = `${look(world)}?limit=1`;
      const first = await send(world, { as: "owner", request: at, json: { reason } });
      const shown = first.json as {
        scope: string;
        affected: { versions: number };
        versions: { items: unknown[]; nextCursor: string | null };
      };
      expect(shown.versions.items).toHaveLength(1);
      expect(shown.affected.versions).toBeGreaterThan(1);
      const request = `${at}&cursor=${shown.versions.nextCursor}`;
      const second = await send(world, { as: "owner", request, json: { reason } });
      expect(second.json).toMatchObject({ scope: shown.scope, affected: shown.affected });
      expect((second.json as typeof shown).versions.items).not.toEqual(shown.versions.items);
    },
  },
  {
    name: "act: without a scope nothing is done, and what is missing is said",
    as: "owner",
    request: act,
    json: { reason },
    status: 428,
    code: "revocation.scope_required",
    rows: {},
  },
  {
    name: "act: with the scope of something else",
    as: "owner",
    request: act,
    json: { reason, scope: NO_SCOPE },
    status: 409,
    code: "revocation.scope_changed",
    rows: {},
    effect: async (world) => {
      const scope = await shownScope(world, { reason });
      for (const json of [
        { reason: "Another reason.", scope },
        { reason, action: "remove", scope },
      ]) {
        const refused = await send(world, { as: "owner", request: act(world), json });
        expect([refused.status, refused.json]).toMatchObject([409, { code: "revocation.scope_changed" }]);
      }
    },
  },
  {
    name: "act: as it was shown; the same again changes nothing, and only stricter is taken",
    as: "owner",
    request: look,
    json: { reason },
    status: 200,
    rows: {},
    effect: async (world) => {
      const scope = await shownScope(world, { reason });
      const call = { as: "owner", request: act(world), json: { reason, scope } } as const;
      const done = await send(world, call);
      expect([done.status, done.json]).toMatchObject([
        200,
        { keyid: world.signer.keyid, revoked: { action: "block", reason }, apps: [{ usable: false }] },
      ]);
      expect((await send(world, call)).status).toBe(200);
      const list = await send(world, { as: "administrator", request: "GET /api/v1/revocations/history" });
      expect(list.json).toMatchObject({ items: [{ act: "block", target: world.signer.keyid, reason }] });
      for (const request of [look, act].map((path) => path(world))) {
        const json = { reason: "All is fine.", ...(request === act(world) ? { scope } : {}) };
        const milder = await send(world, { as: "owner", request, json });
        expect([milder.status, milder.json]).toMatchObject([409, { code: "key.revoked_already" }]);
      }
      // Administrators are not named to developers.
      const shown = await send(world, {
        as: "owner",
        request: look(world),
        json: { reason, action: "remove" },
      });
      expect(shown.json).toMatchObject({ before: { action: "block", reason, revokedBy: null } });
      const graver = await revoke(world, { action: "remove", reason: "It spreads." });
      expect([graver.status, graver.json]).toMatchObject([
        200,
        { revoked: { action: "remove", reason: "It spreads." } },
      ]);
    },
  },
];

scenarios("/api/v1/developer-keys/:keyid/revoke", [...others, ...own]);
