import { expect } from "bun:test";
import { type Scenario, scenarios, send } from "../../testing/http/scenarios.ts";
import type { World } from "../../testing/http/world.ts";

const VERSIONS = "/api/v1/apps/org.example.sample/versions";
const ANY = { "If-Match": "*" };
const stateOf = (world: World, code: number): string | undefined =>
  world.store.db.raw
    .query<{ state: string }, [number]>("SELECT state FROM versions WHERE version_code = ? ORDER BY id DESC")
    .get(code)?.state;

const reading: readonly Scenario[] = [
  { name: "list: without a key", request: `GET ${VERSIONS}`, status: 401, code: "auth.required" },
  {
    name: "list: the newest first",
    as: "viewer",
    request: `GET ${VERSIONS}?limit=3`,
    status: 200,
    body: {
      items: [
        { versionCode: 7, state: "in_review", queuePosition: 1 },
        { versionCode: 6, state: "draft" },
        { versionCode: 5, state: "held" },
      ],
    },
    also: async ({ json }, world) => {
      const { nextCursor } = json as { nextCursor: string };
      const next = await send(world, { as: "viewer", request: `GET ${VERSIONS}?cursor=${nextCursor}` });
      expect(next.json).toMatchObject({
        items: [{ versionCode: 4 }, { versionCode: 3 }, { versionCode: 2 }, { versionCode: 1 }],
        nextCursor: null,
      });
    },
  },
  { name: "list: of others", as: "stranger", request: `GET ${VERSIONS}`, status: 404, code: "app.not_found" },
  {
    name: "read: a published one",
    as: "reviewer",
    request: `GET ${VERSIONS}/1`,
    status: 200,
    body: { versionCode: 1, state: "published", notes: "Notes of 1.", review: { decision: "approved" } },
  },
  {
    name: "read: one that is not there",
    as: "viewer",
    request: `GET ${VERSIONS}/99`,
    status: 404,
    code: "version.not_found",
  },
  { name: "read: no code", as: "viewer", request: `GET ${VERSIONS}/007`, status: 404, code: "not_found" },
  {
    name: "read: a code past the largest",
    as: "viewer",
    request: `GET ${VERSIONS}/2147483648`,
    status: 404,
    code: "not_found",
  },
  {
    name: "read: of others",
    as: "stranger",
    request: `GET ${VERSIONS}/1`,
    status: 404,
    code: "app.not_found",
  },
  {
    name: "findings: of one that failed",
    as: "developer",
    request: `GET ${VERSIONS}/3/findings`,
    status: 200,
    also: ({ json }) => expect((json as { items: unknown[] }).items.length).toBeGreaterThan(0),
  },
  {
    name: "findings: of one that passed",
    as: "developer",
    request: `GET ${VERSIONS}/1/findings`,
    status: 200,
    body: { items: [] },
  },
  {
    name: "findings: of others",
    as: "stranger",
    request: `GET ${VERSIONS}/3/findings`,
    status: 404,
    code: "app.not_found",
  },
  {
    name: "package: whole, and in parts",
    as: "viewer",
    request: `GET ${VERSIONS}/1/package`,
    status: 200,
    also: async (answer, world) => {
      expect(answer.headers.get("content-disposition")).toBe(
        'attachment; filename="org.example.sample-1.mosis"',
      );
      const get = (headers: Record<string, string>) =>
        fetch(`${world.url}${VERSIONS}/1/package`, {
          headers: { Authorization: `Bearer ${world.tokens.viewer}`, ...headers },
        });
      const whole = new Uint8Array(await (await get({})).arrayBuffer());
      const sha256 = new Bun.CryptoHasher("sha256").update(whole).digest("hex");
      expect(answer.headers.get("etag")).toBe(`"${sha256}"`);
      expect(answer.headers.get("content-length")).toBe(String(whole.byteLength));
      const part = await get({ Range: "bytes=4-9" });
      expect([part.status, part.headers.get("content-range")]).toEqual([
        206,
        `bytes 4-9/${whole.byteLength}`,
      ]);
      expect(new Uint8Array(await part.arrayBuffer())).toEqual(whole.slice(4, 10));
      expect((await get({ "If-None-Match": `"${sha256}"` })).status).toBe(304);
      expect((await fetch(`${world.url}${VERSIONS}/1/package`)).status).toBe(401);
    },
  },
  {
    name: "package: a range past its end",
    as: "viewer",
    request: `GET ${VERSIONS}/1/package`,
    headers: { Range: "bytes=99999999-" },
    status: 416,
    code: "range.unsatisfiable",
    also: ({ headers }) => expect(headers.get("content-range")).toMatch(/^bytes \*\/\d+$/),
  },
  {
    name: "package: of others",
    as: "stranger",
    request: `GET ${VERSIONS}/1/package`,
    status: 404,
    code: "app.not_found",
  },
];

const changing: readonly Scenario[] = [
  {
    name: "submit: a draft",
    as: "organisation",
    request: `POST ${VERSIONS}/6/submit`,
    headers: ANY,
    status: 200,
    body: { state: "in_review", queuePosition: 2 },
    rows: { version_events: 1 },
  },
  {
    name: "submit: one in review",
    as: "organisation",
    request: `POST ${VERSIONS}/7/submit`,
    headers: ANY,
    status: 409,
    code: "version.wrong_state",
  },
  {
    name: "submit: without If-Match",
    as: "organisation",
    request: `POST ${VERSIONS}/6/submit`,
    status: 428,
    code: "precondition.required",
  },
  {
    name: "submit: changed since",
    as: "organisation",
    request: `POST ${VERSIONS}/6/submit`,
    headers: { "If-Match": '"99"' },
    status: 412,
    code: "precondition.failed",
    effect: (world) => expect(stateOf(world, 6)).toBe("draft"),
  },
  {
    name: "submit: a viewer may not",
    as: "viewer",
    request: `POST ${VERSIONS}/6/submit`,
    headers: ANY,
    status: 403,
    code: "rights.forbidden",
  },
  {
    name: "submit: of others",
    as: "stranger",
    request: `POST ${VERSIONS}/6/submit`,
    headers: ANY,
    status: 404,
    code: "app.not_found",
  },
  {
    name: "withdraw: one in review",
    as: "developer",
    request: `POST ${VERSIONS}/7/withdraw`,
    headers: ANY,
    status: 200,
    body: { state: "withdrawn", queuePosition: null },
    // A leaf of the log, whose head is signed by a job.
    rows: { version_events: 1, jobs: 1 },
  },
  {
    name: "withdraw: a published one",
    as: "developer",
    request: `POST ${VERSIONS}/1/withdraw`,
    headers: ANY,
    status: 409,
    code: "version.wrong_state",
  },
  {
    name: "withdraw: of others",
    as: "stranger",
    request: `POST ${VERSIONS}/7/withdraw`,
    headers: ANY,
    status: 404,
    code: "app.not_found",
  },
  {
    name: "publish: a held one, which devices then see",
    as: "developer",
    request: `POST ${VERSIONS}/5/publish`,
    headers: ANY,
    status: 200,
    body: { state: "publishing" },
    rows: { version_events: 1, jobs: 1 },
    effect: async (world) => {
      await world.drain();
      const read = await send(world, { as: "viewer", request: `GET ${VERSIONS}/5` });
      expect(read.json).toMatchObject({ state: "published" });
      const { releasedSha256 } = read.json as { releasedSha256: string };
      expect((await fetch(`${world.url}/store/v1/packages/${releasedSha256}.mosis`)).status).toBe(200);
    },
  },
  {
    name: "publish: a draft",
    as: "developer",
    request: `POST ${VERSIONS}/6/publish`,
    headers: ANY,
    status: 409,
    code: "version.wrong_state",
  },
  {
    name: "publish: by a reviewer",
    as: "reviewer",
    request: `POST ${VERSIONS}/5/publish`,
    headers: ANY,
    status: 403,
    code: "rights.forbidden",
  },
  {
    name: "publish: of others",
    as: "stranger",
    request: `POST ${VERSIONS}/5/publish`,
    headers: ANY,
    status: 404,
    code: "app.not_found",
  },
];

const patch = (code: number, json: Record<string, unknown>) => ({
  request: `PATCH ${VERSIONS}/${code}/notes`,
  headers: ANY,
  json,
});

const noting: readonly Scenario[] = [
  {
    name: "notes: one in review, in its own language and in others",
    as: "developer",
    ...patch(7, { notes: "New.", translatedNotes: { de: "Neu." } }),
    status: 200,
    body: { versionCode: 7, notes: "New.", translatedNotes: { de: "Neu." } },
  },
  {
    name: "notes: a published one, in other languages alone",
    as: "organisation",
    ...patch(1, { translatedNotes: { de: "Neu.", ar: "جديد" } }),
    status: 200,
    body: { notes: "Notes of 1.", translatedNotes: { ar: "جديد", de: "Neu." } },
    also: async (_, world) => {
      const away = { as: "developer" as const, ...patch(1, { translatedNotes: { ar: "" } }) };
      expect((await send(world, away)).json).toMatchObject({ translatedNotes: { de: "Neu." } });
      const texts = { notes: "Notes of 1.", defaultLocale: "en", translatedNotes: { de: "Neu." } };
      const shown = (path: string) =>
        send(world, { as: "viewer", request: `GET /api/v1/catalog/org.example.sample${path}` });
      expect((await shown("")).json).toMatchObject(texts);
      expect((await shown("/versions")).json).toMatchObject({ items: [texts] });
    },
  },
  {
    name: "notes: a published one, in its own language",
    as: "developer",
    ...patch(1, { notes: "Other." }),
    status: 409,
    code: "version.notes_fixed",
  },
  {
    name: "notes: one that failed",
    as: "developer",
    ...patch(3, { translatedNotes: { de: "Neu." } }),
    status: 409,
    code: "version.wrong_state",
  },
  {
    name: "notes: in no language",
    as: "developer",
    ...patch(7, { translatedNotes: { German: "Neu." } }),
    status: 400,
    code: "upload.notes_invalid",
  },
  {
    name: "notes: by a reviewer",
    as: "reviewer",
    ...patch(7, { notes: "x" }),
    status: 403,
    code: "rights.forbidden",
  },
  {
    name: "notes: of others",
    as: "stranger",
    ...patch(7, { notes: "x" }),
    status: 404,
    code: "app.not_found",
  },
];

scenarios("/api/v1/apps/{appId}/versions", [...reading, ...changing, ...noting]);
