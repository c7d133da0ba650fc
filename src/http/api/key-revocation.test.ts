/** Revoking a developer's key by the API: owners of its organisation and administrators, and what everybody else is told. */
import { expect } from "bun:test";
import { type Scenario, scenarios, send } from "../../testing/http/scenarios.ts";
import type { Caller, World } from "../../testing/http/world.ts";

const KEYS = "/api/v1/developer-keys";
const reason = "It was on a stolen laptop.";
const revoke = ({ signer }: World) => `POST ${KEYS}/${signer.keyid}/revoke`;
const json = { reason };

const refused = (as: Caller, status: number, code: string): Scenario => ({
  name: `${as} may not`,
  as,
  request: revoke,
  json,
  status,
  code,
  rows: {},
});

const others: readonly Scenario[] = [
  { name: "without a key", request: revoke, json, status: 401, code: "auth.required", rows: {} },
  refused("expired", 401, "auth.token_expired"),
  refused("revoked", 401, "auth.token_revoked"),
  refused("disabled", 401, "auth.account_disabled"),
  // Without the right: not of the organisation, no owner of it, or a machine.
  ...(["viewer", "developer", "organisation", "reviewer", "stranger", "nowhere"] as const).map((as) =>
    refused(as, 403, "rights.forbidden"),
  ),
  ...(
    [
      ["0".repeat(64), "key.not_found"],
      ["A".repeat(64), "not_found"],
      ["org.example.sample", "not_found"],
      ["..%2f..%2fx", "not_found"],
    ] as const
  ).map(
    ([keyid, code]): Scenario => ({
      name: `a key that is called ${keyid.slice(0, 20)}`,
      as: "owner",
      request: `POST ${KEYS}/${keyid}/revoke`,
      json,
      status: 404,
      code,
      rows: {},
    }),
  ),
  ...[" ", "one\ntwo", "x".repeat(201), "\u202etxt"].map(
    (text): Scenario => ({
      name: `a reason that is ${JSON.stringify(text.slice(0, 20))}`,
      as: "owner",
      request: revoke,
      json: { reason: text },
      status: 400,
      code: "revocation.reason_invalid",
      rows: {},
    }),
  ),
];

const own: readonly Scenario[] = (["owner", "administrator"] as const).map((as) => ({
  name: `${as}: the key is revoked, and the same again changes nothing`,
  as,
  request: revoke,
  json,
  status: 200,
  body: ({ signer }) => ({ keyid: signer.keyid, revoked: { action: "block", reason } }),
  // What waits of it is withdrawn: three versions that are on their way.
  rows: { revocations: 1, revocation_events: 1, version_events: 3, jobs: 4 },
  effect: async (world) => {
    const again = await send(world, { as, request: revoke(world), json });
    expect(again.status).toBe(200);
    const list = await send(world, { as: "administrator", request: "GET /api/v1/revocations/history" });
    expect(list.json).toMatchObject({ items: [{ act: "block", target: world.signer.keyid, reason }] });
    const milder = await send(world, { as, request: revoke(world), json: { reason: "All is fine." } });
    expect(milder.status).toBe(as === "owner" ? 409 : 200);
  },
}));

scenarios("/api/v1/developer-keys/:keyid/revoke", [...others, ...own]);
