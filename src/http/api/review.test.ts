import { expect } from "bun:test";
import { type Scenario, scenarios, send } from "../../testing/http/scenarios.ts";
import type { World } from "../../testing/http/world.ts";

const REVIEW = "/api/v1/review";
const ANY = { "If-Match": "*" };
const NONE = `ver-${"0".repeat(32)}`;
type State = keyof World["versions"];
const on =
  (method: string, state: State, verb = "") =>
  (world: World) =>
    `${method} ${REVIEW}/versions/${world.versions[state].id}${verb}`;

const table: readonly Scenario[] = [
  { name: "queue: without a key", request: `GET ${REVIEW}/queue`, status: 401, code: "auth.required" },
  {
    name: "queue: a developer may not",
    as: "owner",
    request: `GET ${REVIEW}/queue`,
    status: 403,
    code: "rights.forbidden",
  },
  {
    name: "queue: an organisation's key may not",
    as: "organisation",
    request: `GET ${REVIEW}/queue`,
    status: 403,
    code: "rights.forbidden",
  },
  {
    name: "queue: the longest waiting first",
    as: "reviewer",
    request: `GET ${REVIEW}/queue`,
    status: 200,
    body: {
      items: [{ app: { id: "org.example.sample" }, version: { versionCode: 7, queuePosition: 1 } }],
      nextCursor: null,
    },
  },
  {
    name: "queue: page by page",
    as: "administrator",
    request: `GET ${REVIEW}/queue?limit=1`,
    before: (world) =>
      send(world, {
        as: "organisation",
        request: "POST /api/v1/apps/org.example.sample/versions/6/submit",
        headers: ANY,
      }),
    status: 200,
    also: async ({ json }, world) => {
      const { items, nextCursor } = json as {
        items: { version: { versionCode: number } }[];
        nextCursor: string;
      };
      const next = await send(world, {
        as: "reviewer",
        request: `GET ${REVIEW}/queue?limit=1&cursor=${nextCursor}`,
      });
      const rest = next.json as typeof json & { items: typeof items; nextCursor: null };
      expect([...items, ...rest.items].map(({ version }) => version.versionCode).sort()).toEqual([6, 7]);
      expect(rest.nextCursor).toBeNull();
    },
  },
  {
    name: "queue: a cursor that is none",
    as: "reviewer",
    request: `GET ${REVIEW}/queue?cursor=x`,
    status: 400,
    code: "cursor.invalid",
  },
  {
    name: "read: everything for a decision",
    as: "reviewer",
    request: on("GET", "in_review"),
    status: 200,
    body: {
      app: { id: "org.example.sample" },
      version: { versionCode: 7 },
      published: { versionCode: 1 },
      findings: [],
      manifest: { id: "org.example.sample", versionCode: 7 },
    },
    also: ({ json, headers }) => {
      const review = json as {
        checks: unknown[];
        pictures: unknown[];
        events: unknown[];
        version: { revision: number };
      };
      expect(review.checks.length).toBeGreaterThan(3);
      // However many sizes the package has.
      expect(review.pictures).toMatchObject([{ kind: "icon", state: "ready" }]);
      expect(review.events.length).toBeGreaterThan(1);
      expect(headers.get("etag")).toStartWith(`"${review.version.revision}-`);
    },
  },
  {
    name: "read: a developer may not",
    as: "owner",
    request: on("GET", "in_review"),
    status: 403,
    code: "rights.forbidden",
  },
  {
    name: "read: one that is not there",
    as: "reviewer",
    request: `GET ${REVIEW}/versions/${NONE}`,
    status: 404,
    code: "version.not_found",
  },
  {
    name: "read: no id",
    as: "reviewer",
    request: `GET ${REVIEW}/versions/7`,
    status: 404,
    code: "not_found",
  },
  {
    name: "approve: it is signed and published",
    as: "reviewer",
    request: on("POST", "in_review", "/approve"),
    headers: ANY,
    status: 200,
    body: { state: "signing", review: { decision: "approved", reason: "" } },
    // It countersigns; what signs the log comes with that.
    rows: { reviews: 1, version_events: 1, jobs: 1 },
    effect: async (world) => {
      await world.drain();
      const read = await send(world, {
        as: "viewer",
        request: "GET /api/v1/apps/org.example.sample/versions/7",
      });
      expect(read.json).toMatchObject({ state: "published" });
    },
  },
  {
    name: "approve: with a reason",
    as: "administrator",
    request: on("POST", "in_review", "/approve"),
    headers: ANY,
    json: { reason: "Good." },
    status: 200,
    body: { review: { reason: "Good." } },
    // It countersigns; what signs the log comes with that.
    rows: { reviews: 1, version_events: 1, jobs: 1 },
  },
  {
    name: "approve: without If-Match",
    as: "reviewer",
    request: on("POST", "in_review", "/approve"),
    status: 428,
    code: "precondition.required",
  },
  {
    name: "approve: changed since",
    as: "reviewer",
    request: on("POST", "in_review", "/approve"),
    headers: { "If-Match": '"99"' },
    status: 412,
    code: "precondition.failed",
  },
  {
    name: "approve: a draft",
    as: "reviewer",
    request: on("POST", "draft", "/approve"),
    headers: ANY,
    status: 409,
    code: "version.wrong_state",
  },
  {
    name: "approve: a developer may not",
    as: "owner",
    request: on("POST", "in_review", "/approve"),
    headers: ANY,
    status: 403,
    code: "rights.forbidden",
  },
  {
    name: "approve: an organisation's key may not",
    as: "organisation",
    request: on("POST", "in_review", "/approve"),
    headers: ANY,
    status: 403,
    code: "rights.forbidden",
  },
  {
    name: "approve: without a key",
    request: on("POST", "in_review", "/approve"),
    headers: ANY,
    status: 401,
    code: "auth.required",
  },
  {
    name: "approve: a reason that is too long",
    as: "reviewer",
    request: on("POST", "in_review", "/approve"),
    headers: ANY,
    json: { reason: "r".repeat(4001) },
    status: 400,
    code: "review.reason_too_long",
  },
  ...["turned \u202etxt", "\u0007", "x\u2028y"].map(
    (reason): Scenario => ({
      name: `approve: a reason that is ${JSON.stringify(reason)}`,
      as: "reviewer",
      request: on("POST", "in_review", "/approve"),
      headers: ANY,
      json: { reason },
      status: 400,
      code: "review.reason_invalid",
      rows: {},
    }),
  ),
  {
    name: "approve: an unknown member",
    as: "reviewer",
    request: on("POST", "in_review", "/approve"),
    headers: ANY,
    json: { why: "x" },
    status: 400,
    code: "request.invalid",
  },
  {
    name: "approve: twice at once decides once",
    as: "reviewer",
    request: on("POST", "in_review", "/approve"),
    headers: ANY,
    before: async (world) => {
      const once = () =>
        send(world, { as: "reviewer", request: on("POST", "in_review", "/approve")(world), headers: ANY });
      expect((await Promise.all([once(), once()])).map(({ status }) => status).sort()).toEqual([200, 409]);
    },
    status: 409,
    code: "version.wrong_state",
  },
  {
    name: "reject: the developer reads why",
    as: "reviewer",
    request: on("POST", "in_review", "/reject"),
    headers: ANY,
    json: { reason: "It crashes." },
    status: 200,
    body: { state: "rejected", review: { decision: "rejected", reason: "It crashes." } },
    // A leaf of the log, whose head is signed by a job.
    rows: { reviews: 1, version_events: 1, jobs: 1 },
    effect: async (world) => {
      const read = await send(world, {
        as: "viewer",
        request: "GET /api/v1/apps/org.example.sample/versions/7",
      });
      expect(read.json).toMatchObject({ state: "rejected", review: { reason: "It crashes." } });
    },
  },
  {
    name: "reject: without a reason",
    as: "reviewer",
    request: on("POST", "in_review", "/reject"),
    headers: ANY,
    json: { reason: " " },
    status: 400,
    code: "review.reason_required",
  },
  {
    name: "reject: without a body",
    as: "reviewer",
    request: on("POST", "in_review", "/reject"),
    headers: ANY,
    status: 415,
    code: "request.media_type",
  },
  {
    name: "reject: what is published",
    as: "reviewer",
    request: on("POST", "published", "/reject"),
    headers: ANY,
    json: { reason: "x" },
    status: 409,
    code: "version.wrong_state",
  },
  {
    name: "reject: one that is not there",
    as: "reviewer",
    request: `POST ${REVIEW}/versions/${NONE}/reject`,
    headers: ANY,
    json: { reason: "x" },
    status: 404,
    code: "version.not_found",
  },
];

scenarios(REVIEW, table);
