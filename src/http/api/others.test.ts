/** Store, caller, signing keys and jobs. */
import { expect } from "bun:test";
import { SETTINGS } from "../../config.settings.ts";
import { createCsr, generateKeyPair } from "../../signing/keys.ts";
import { type Scenario, scenarios, send } from "../../testing/http/scenarios.ts";

const KEYS = "/api/v1/developer-keys";
const JOBS = "/api/v1/jobs";
const csr = await createCsr(generateKeyPair());
const REPEAT = { "Idempotency-Key": "enrol-1" };

type LogPage = {
  size: number;
  head: { rootHash: string } | null;
  items: { position: number }[];
  nextCursor: string | null;
};

const settings: readonly Scenario[] = [
  { name: "settings: without a key", request: "GET /api/v1/settings", status: 401, code: "auth.required" },
  {
    name: "settings: a reviewer",
    as: "reviewer",
    request: "GET /api/v1/settings",
    status: 403,
    code: "rights.forbidden",
  },
  {
    name: "settings: all of them, with where each was said",
    as: "administrator",
    request: "GET /api/v1/settings",
    status: 200,
    also: ({ json }, { store }) => {
      const { items } = json as { items: { name: string; value: string; origin: string; flag: string }[] };
      expect(items).toHaveLength(SETTINGS.length);
      expect(items.find(({ name }) => name === "data")).toMatchObject({
        value: store.config.dataDir,
        origin: store.config.origins.get("dataDir"),
        flag: "--data",
      });
    },
  },
];

const log: readonly Scenario[] = [
  { name: "log: without a key", request: "GET /api/v1/log", status: 401, code: "auth.required" },
  {
    name: "log: a developer",
    as: "owner",
    request: "GET /api/v1/log",
    status: 403,
    code: "rights.forbidden",
  },
  {
    name: "log: a reviewer",
    as: "reviewer",
    request: "GET /api/v1/log",
    status: 403,
    code: "rights.forbidden",
  },
  {
    name: "log: whole, in full, and by pages",
    as: "administrator",
    request: "GET /api/v1/log?limit=2",
    status: 200,
    body: { damage: null },
    also: async ({ json }, world) => {
      const first = json as LogPage;
      expect(first.items.map(({ position }) => position)).toEqual([first.size - 1, first.size - 2]);
      expect(first.head?.rootHash).toMatch(/^[0-9a-f]{64}$/);
      const found = [...first.items];
      for (let cursor = first.nextCursor; cursor !== null; ) {
        const page = (await send(world, { as: "administrator", request: `GET /api/v1/log?cursor=${cursor}` }))
          .json as LogPage;
        found.push(...page.items);
        cursor = page.nextCursor;
      }
      expect(found.map(({ position }) => position)).toEqual(
        Array.from(found, (_, at) => first.size - 1 - at),
      );
      expect(found).toHaveLength(first.size);
    },
  },
  {
    name: "log: another list's cursor",
    as: "administrator",
    request: `GET /api/v1/log?cursor=${Buffer.from("jobs:1").toString("base64url")}`,
    status: 400,
    code: "cursor.invalid",
  },
  {
    name: "log: a cursor that names no position",
    as: "administrator",
    request: `GET /api/v1/log?cursor=${Buffer.from("log:abc").toString("base64url")}`,
    status: 400,
    code: "cursor.invalid",
  },
];

const store: readonly Scenario[] = [
  {
    name: "store: for everyone",
    request: "GET /api/v1/store",
    status: 200,
    body: (world) => ({ publicUrl: world.url, maxUploadBytes: 536_870_912 }),
  },
  {
    name: "store: an unknown parameter",
    request: "GET /api/v1/store?x=1",
    status: 400,
    code: "request.invalid",
  },
  {
    name: "openapi: for everyone",
    request: "GET /api/v1/openapi.json",
    status: 200,
    body: { openapi: "3.1.0" },
  },
  { name: "me: without a key", request: "GET /api/v1/me", status: 401, code: "auth.required" },
  {
    name: "me: a person",
    as: "owner",
    request: "GET /api/v1/me",
    status: 200,
    body: {
      kind: "account",
      email: "owner@example.com",
      storeRole: null,
      organisations: [{ name: "Example", role: "owner" }],
    },
  },
  {
    name: "me: an organisation",
    as: "organisation",
    request: "GET /api/v1/me",
    status: 200,
    body: {
      kind: "organisation-key",
      storeRole: null,
      organisations: [{ name: "Example", role: "developer" }],
    },
  },
];

const keys: readonly Scenario[] = [
  {
    name: "enrol: without a key",
    request: `POST ${KEYS}`,
    json: { csr },
    status: 401,
    code: "auth.required",
  },
  {
    name: "enrol: a new key",
    as: "organisation",
    request: `POST ${KEYS}`,
    json: { csr },
    status: 201,
    body: (world) => ({ developerId: world.organisationId }),
    // Its place in the log is signed by a job.
    rows: { developer_keys: 1, developer_certificates: 1, jobs: 1 },
  },
  {
    name: "enrol: again gives a new certificate",
    as: "organisation",
    request: `POST ${KEYS}`,
    json: { csr },
    before: (world) => send(world, { as: "organisation", request: `POST ${KEYS}`, json: { csr } }),
    status: 201,
    rows: { developer_certificates: 1 },
  },
  {
    name: "enrol: again with the same Idempotency-Key gives the same certificate",
    as: "organisation",
    request: `POST ${KEYS}`,
    headers: REPEAT,
    json: { csr },
    before: async (world) => {
      const once = () =>
        send(world, { as: "organisation", request: `POST ${KEYS}`, headers: REPEAT, json: { csr } });
      const answers = await Promise.all([once(), once()]);
      expect(answers.map(({ status }) => status)).toEqual([201, 201]);
      expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    },
    status: 201,
    also: ({ headers }) => expect(headers.get("idempotency-replayed")).toBe("true"),
  },
  {
    name: "enrol: no request",
    as: "organisation",
    request: `POST ${KEYS}`,
    json: { csr: "-----BEGIN NOTHING-----" },
    status: 422,
    code: "MPK-X010",
  },
  {
    name: "enrol: a key of others",
    as: "stranger",
    request: `POST ${KEYS}`,
    json: { csr },
    before: (world) => send(world, { as: "organisation", request: `POST ${KEYS}`, json: { csr } }),
    status: 409,
    code: "key.other_organisation",
  },
  {
    name: "enrol: for an organisation of others",
    as: "organisation",
    request: `POST ${KEYS}`,
    json: ({ strangerId }: { strangerId: string }) => ({ csr, organisationId: strangerId }),
    status: 404,
    code: "organisation.not_found",
  },
  {
    name: "enrol: a viewer may not",
    as: "viewer",
    request: `POST ${KEYS}`,
    json: { csr },
    status: 403,
    code: "rights.forbidden",
  },
  {
    name: "keys: one's own",
    as: "viewer",
    request: `GET ${KEYS}`,
    status: 200,
    also: ({ json }, world) => {
      const { items } = json as { items: { developerId: string }[] };
      expect(items.map(({ developerId }) => developerId)).toEqual([world.organisationId]);
    },
  },
  {
    name: "keys: an administrator sees all",
    as: "administrator",
    request: `GET ${KEYS}`,
    status: 200,
    also: ({ json }) => expect((json as { items: unknown[] }).items.length).toBe(2),
  },
  {
    name: "keys: page by page",
    as: "administrator",
    request: `GET ${KEYS}?limit=1`,
    status: 200,
    also: async ({ json }, world) => {
      type Keys = { items: { keyid: string }[]; nextCursor: string | null };
      const first = json as Keys;
      const get = async (query: string) =>
        (await send(world, { as: "administrator", request: `GET ${KEYS}?${query}` })).json as Keys;
      const second = await get(`limit=1&cursor=${first.nextCursor}`);
      const all = await get("limit=100");
      expect([all.items.length, all.nextCursor, second.nextCursor]).toEqual([2, null, null]);
      expect([...first.items, ...second.items]).toEqual(all.items);
    },
  },
  {
    name: "keys: a cursor of another list",
    as: "administrator",
    request: `GET ${KEYS}?cursor=${Buffer.from("apps:org.example.empty").toString("base64url")}`,
    status: 400,
    code: "cursor.invalid",
  },
  {
    name: "keys: a reviewer may not",
    as: "reviewer",
    request: `GET ${KEYS}`,
    status: 403,
    code: "rights.forbidden",
  },
];

const jobs: readonly Scenario[] = [
  { name: "jobs: without a key", request: `GET ${JOBS}`, status: 401, code: "auth.required" },
  {
    name: "jobs: a reviewer may not",
    as: "reviewer",
    request: `GET ${JOBS}`,
    status: 403,
    code: "rights.forbidden",
  },
  {
    name: "jobs: the dead ones",
    as: "administrator",
    request: `GET ${JOBS}?state=dead`,
    status: 200,
    body: ({ deadJob }) => ({
      items: [{ id: deadJob, state: "dead", lastError: "Error: it cannot" }],
      nextCursor: null,
    }),
    also: ({ text }) => expect(text).not.toContain("payload"),
  },
  {
    name: "jobs: a state that is none",
    as: "administrator",
    request: `GET ${JOBS}?state=odd`,
    status: 400,
    code: "request.invalid",
  },
  {
    name: "jobs: page by page",
    as: "administrator",
    request: `GET ${JOBS}?limit=3`,
    status: 200,
    also: async ({ json }, world) => {
      type Answer = { items: { id: string }[]; nextCursor: string | null };
      const seen = (json as Answer).items.map(({ id }) => id);
      for (let cursor = (json as Answer).nextCursor; cursor !== null; ) {
        const next = (
          await send(world, { as: "administrator", request: `GET ${JOBS}?limit=3&cursor=${cursor}` })
        ).json as Answer;
        seen.push(...next.items.map(({ id }) => id));
        cursor = next.nextCursor;
      }
      const count = world.store.db.raw.query<{ n: number }, []>("SELECT count(*) AS n FROM jobs").get()?.n;
      expect([seen.length, new Set(seen).size]).toEqual([count ?? -1, count ?? -1]);
      expect(seen).toEqual([...seen].sort().reverse());
    },
  },
  {
    name: "replay: a dead one",
    as: "administrator",
    request: ({ deadJob }) => `POST ${JOBS}/${deadJob}/replay`,
    status: 200,
    body: { state: "queued", attempts: 0 },
  },
  {
    name: "replay: again, while it is queued, changes nothing",
    as: "administrator",
    request: ({ deadJob }) => `POST ${JOBS}/${deadJob}/replay`,
    before: async (world) => {
      await send(world, { as: "administrator", request: `POST ${JOBS}/${world.deadJob}/replay` });
      world.store.clock.advance(60_000);
    },
    status: 200,
    body: { state: "queued", attempts: 0 },
    also: ({ json }, world) => {
      const { runAt } = json as { runAt: string };
      expect(world.store.clock.now().getTime() - new Date(runAt).getTime()).toBe(60_000);
    },
  },
  {
    name: "replay: one that is done",
    as: "administrator",
    request: ({ doneJob }) => `POST ${JOBS}/${doneJob}/replay`,
    status: 409,
    code: "job.not_dead",
  },
  {
    name: "replay: one that is not there",
    as: "administrator",
    request: `POST ${JOBS}/job-${"0".repeat(32)}/replay`,
    status: 404,
    code: "job.not_found",
  },
  {
    name: "replay: an owner may not",
    as: "owner",
    request: ({ deadJob }) => `POST ${JOBS}/${deadJob}/replay`,
    status: 403,
    code: "rights.forbidden",
  },
];

scenarios("/api/v1/store, me, developer-keys, jobs, settings, log", [
  ...store,
  ...keys,
  ...jobs,
  ...settings,
  ...log,
]);
