/** What waits for whom: each scenario asks in a copy of the same world, some of them when its keys are about to end. */
import { expect } from "bun:test";
import { type Scenario, scenarios, send } from "../../testing/http/scenarios.ts";
import type { World } from "../../testing/http/world.ts";
import { DAY_MS } from "../../time.ts";

const NEEDS = "/api/v1/me/needs";

type Need = { kind: string; what: string | null; count: number | null; at: string | null; path: string };
const items = (json: unknown): Need[] => (json as { items: Need[] }).items;
const kinds = (json: unknown): string[] => items(json).map(({ kind }) => kind);

/** The world's keys live for ninety days, its signing key's certificate for 825; two days have gone by. */
const afterDays =
  (days: number) =>
  ({ store }: World): void =>
    store.clock.advance(days * DAY_MS);

/** The callers still come, with keys that end later. */
function afterYears(world: World): void {
  world.store.db.raw.run("UPDATE api_keys SET expires_at = expires_at + ?", [900 * DAY_MS]);
  afterDays(800)(world);
}

/** Its checks run at once, and nobody submits it. */
async function uploadDraft(world: World): Promise<void> {
  const bytes = () => world.pack(99, { version: "1.0.99" });
  const request = `POST /api/v1/apps/${world.app}/versions?submit=false`;
  expect((await send(world, { as: "developer", request, bytes })).status).toBe(201);
  await world.drain();
}

const needs: readonly Scenario[] = [
  {
    name: "a key that may manage devices and not read them is told nothing of them",
    as: "administrator",
    request: `GET ${NEEDS}`,
    before: ({ store, tokens }) => {
      const id = `key-${tokens.administrator.split("_")[2]}`;
      store.db.raw.run(`UPDATE api_keys SET actions = '["device.manage"]' WHERE id = ?`, [id]);
    },
    status: 200,
    also: ({ json }) => expect(kinds(json)).toEqual([]),
  },
  { name: "without a key", request: `GET ${NEEDS}`, status: 401, code: "auth.required" },
  {
    name: "an owner: the version that waits for them, and no key yet",
    as: "owner",
    request: `GET ${NEEDS}`,
    before: uploadDraft,
    status: 200,
    also: ({ json }, { app }) => {
      expect(items(json).map(({ kind, what, count }) => ({ kind, what, count }))).toEqual([
        { kind: "version_draft", what: "Sample 1.0.99", count: null },
      ]);
      expect(items(json)[0]?.path).toMatch(`/apps/${app}/versions/ver-`);
    },
  },
  {
    name: "a reviewer: the queue",
    as: "reviewer",
    request: `GET ${NEEDS}`,
    status: 200,
    also: ({ json }) =>
      expect(items(json)).toMatchObject([{ kind: "review_waiting", count: 1, path: "/review" }]),
  },
  {
    name: "somebody who is in no organisation: nothing",
    as: "nowhere",
    request: `GET ${NEEDS}`,
    status: 200,
    body: { items: [] },
  },
  {
    name: "a key for another app: nothing of the versions",
    as: "ownerForEmptyApp",
    request: `GET ${NEEDS}`,
    before: uploadDraft,
    status: 200,
    body: { items: [] },
  },
  {
    name: "an owner, days before API keys end: their own and the organisation's, not those that are revoked",
    as: "owner",
    request: `GET ${NEEDS}`,
    before: afterDays(85),
    status: 200,
    also: ({ json }, { store, organisationId }) => {
      const ending = items(json).filter(({ kind }) => kind === "api_key_ending");
      const live = store.db.raw
        .query<{ n: number }, [string]>(
          "SELECT count(*) AS n FROM api_keys WHERE organisation_id = ? AND revoked_at IS NULL AND expires_at > 0 AND name != ''",
        )
        .get(organisationId)?.n;
      expect(ending.filter(({ path }) => path.startsWith("/account/keys/"))).not.toEqual([]);
      const ofOrganisation = ending.filter(({ path }) =>
        path.startsWith(`/organisations/${organisationId}/`),
      );
      // One of those ended long before, and is no more in use.
      expect(ofOrganisation.length).toBe((live ?? 0) - 1);
    },
  },
  {
    name: "a developer, days before API keys end: their own alone",
    as: "developer",
    request: `GET ${NEEDS}`,
    before: afterDays(85),
    status: 200,
    also: ({ json }) => {
      const ending = items(json).filter(({ kind }) => kind === "api_key_ending");
      expect(ending.map(({ path }) => path.split("/key-")[0])).toEqual(["/account/keys"]);
    },
  },
  {
    name: "a developer, weeks before the certificate ends: the organisation's signing key, and no other's",
    as: "developer",
    request: `GET ${NEEDS}`,
    before: afterYears,
    status: 200,
    also: ({ json }, { store, organisationId }) => {
      const own = store.db.raw
        .query<{ keyid: string; not_after: number }, [string]>(
          "SELECT keyid, not_after FROM developer_keys JOIN developer_certificates USING (keyid) WHERE organisation_id = ?",
        )
        .all(organisationId);
      expect(items(json).filter(({ kind }) => kind === "signing_key_ending")).toEqual(
        own.map(({ keyid, not_after }) => ({
          kind: "signing_key_ending",
          what: `${keyid.slice(0, 4)} ${keyid.slice(4, 8)}`,
          count: null,
          at: new Date(not_after).toISOString(),
          path: `/keys/${keyid}`,
        })),
      );
      expect(own).toHaveLength(1);
    },
  },
  {
    name: "a viewer, who enrols nothing: no key",
    as: "viewer",
    request: `GET ${NEEDS}`,
    before: afterYears,
    status: 200,
    also: ({ json }) => expect(kinds(json)).not.toContain("signing_key_ending"),
  },
];

scenarios(NEEDS, needs);
