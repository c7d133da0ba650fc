import { expect } from "bun:test";
import { type Scenario, scenarios, send } from "../../testing/http/scenarios.ts";

const APPS = "/api/v1/apps";
const NEW = { id: "org.example.fresh", name: "Fresh" };
const DESCRIBED = {
  id: NEW.id,
  names: { en: "Fresh", de: "Frisch" },
  category: "productivity",
};
const KEY = { "Idempotency-Key": "k-1" };
const ANY = { "If-Match": "*" };

const create: readonly Scenario[] = [
  {
    name: "create: without a key",
    request: `POST ${APPS}`,
    json: NEW,
    status: 401,
    code: "auth.required",
    also: ({ headers }) => expect(headers.get("www-authenticate")).toBe('Bearer realm="mosis"'),
  },
  {
    name: "create: by an organisation's key",
    as: "organisation",
    request: `POST ${APPS}`,
    json: { ...NEW, summary: "Short." },
    status: 201,
    body: ({ organisationId }) => ({
      ...NEW,
      summary: "Short.",
      organisationId,
      organisationName: "Example",
      revision: 1,
      newestVersion: null,
      offeredVersion: null,
      publishedAt: null,
    }),
    rows: { apps: 1 },
    also: ({ headers }) => {
      expect(headers.get("location")).toBe(`${APPS}/org.example.fresh`);
      expect(headers.get("etag")).toMatch(/^"1-[0-9a-f]{16}"$/);
      expect(headers.has("idempotency-replayed")).toBe(false);
    },
  },
  {
    name: "create: by a developer of the organisation",
    as: "developer",
    request: `POST ${APPS}`,
    json: NEW,
    status: 201,
    rows: { apps: 1 },
  },
  {
    name: "create: a viewer may not",
    as: "viewer",
    request: `POST ${APPS}`,
    json: NEW,
    status: 403,
    code: "rights.forbidden",
  },
  {
    name: "create: an administrator belongs to no organisation",
    as: "administrator",
    request: `POST ${APPS}`,
    json: NEW,
    status: 403,
    code: "rights.forbidden",
  },
  {
    name: "create: for an organisation of others",
    as: "organisation",
    request: `POST ${APPS}`,
    json: ({ strangerId }: { strangerId: string }) => ({ ...NEW, organisationId: strangerId }),
    status: 404,
    code: "organisation.not_found",
  },
  {
    name: "create: whoever is in no organisation",
    as: "nowhere",
    request: `POST ${APPS}`,
    json: NEW,
    status: 403,
    code: "rights.forbidden",
  },
  {
    name: "create: the id is taken by oneself",
    as: "organisation",
    request: `POST ${APPS}`,
    json: { ...NEW, id: "org.example.empty" },
    status: 409,
    code: "app.id_taken",
    also: ({ json }) => {
      const { detail } = json as { detail: string };
      expect(detail).toMatch(/^There is an app org\.example\.empty already, of /);
      expect(detail).not.toContain("not available");
    },
  },
  {
    name: "create: the id is taken by others",
    as: "organisation",
    request: `POST ${APPS}`,
    json: { ...NEW, id: "net.stranger.app" },
    status: 409,
    code: "app.id_taken",
    also: ({ text }) => {
      expect(text).toContain("is not available in this store");
      expect(text).not.toContain("secret");
    },
  },
  {
    name: "create: no app id",
    as: "organisation",
    request: `POST ${APPS}`,
    json: { ...NEW, id: "Not An Id" },
    status: 400,
    code: "app.id_invalid",
  },
  {
    name: "create: an id of the platform",
    as: "organisation",
    request: `POST ${APPS}`,
    json: { ...NEW, id: "mosis.core.thing" },
    status: 409,
    code: "app.id_taken",
    also: ({ text }) => expect(text).toContain("is not available in this store"),
  },
  {
    name: "create: an empty name",
    as: "organisation",
    request: `POST ${APPS}`,
    json: { ...NEW, name: " " },
    status: 400,
    code: "app.name_invalid",
  },
  {
    name: "create: a name that is too long",
    as: "organisation",
    request: `POST ${APPS}`,
    json: { ...NEW, name: "n".repeat(51) },
    status: 400,
    code: "app.name_invalid",
  },
  {
    name: "create: a name with what Unicode does not assign",
    as: "organisation",
    request: `POST ${APPS}`,
    json: { ...NEW, name: "a\u0378b" },
    status: 400,
    code: "app.name_invalid",
  },
  {
    name: "create: a summary that is too long",
    as: "organisation",
    request: `POST ${APPS}`,
    json: { ...NEW, summary: "s".repeat(121) },
    status: 400,
    code: "app.summary_invalid",
  },
  {
    name: "create: an unknown member",
    as: "organisation",
    request: `POST ${APPS}`,
    json: { ...NEW, nmae: "x" },
    status: 400,
    code: "request.invalid",
    body: { errors: [{ code: "field.unknown", pointer: "/nmae" }] },
  },
  {
    name: "create: a missing member",
    as: "organisation",
    request: `POST ${APPS}`,
    json: { name: NEW.name },
    status: 400,
    code: "request.invalid",
    body: { errors: [{ code: "field.required", pointer: "/id" }] },
  },
  ...[{}, { name: "Fresh", names: { en: "Fresh" } }, { names: { en: " " } }, { names: { EN: "Fresh" } }].map(
    (called): Scenario => ({
      name: `create: called by ${JSON.stringify(called)}`,
      as: "organisation",
      request: `POST ${APPS}`,
      json: { id: NEW.id, ...called },
      status: 400,
      code: "app.name_invalid",
    }),
  ),
  {
    name: "create: with names, the others of which are its listing's, and a category; again it is the same call",
    as: "organisation",
    request: `POST ${APPS}`,
    headers: KEY,
    json: DESCRIBED,
    before: async (world) => {
      const again = (json: object) =>
        send(world, { as: "organisation", request: `POST ${APPS}`, headers: KEY, json });
      expect((await again(DESCRIBED)).status).toBe(201);
      const others = [
        { ...DESCRIBED, names: { en: "Fresh" } },
        { ...DESCRIBED, category: null },
      ];
      for (const other of others)
        expect((await again(other)).json).toMatchObject({ code: "idempotency.key_reused" });
    },
    status: 201,
    body: { name: "Fresh" },
    also: async ({ headers }, world) => {
      expect(headers.get("idempotency-replayed")).toBe("true");
      const of = async (part: string) =>
        (await send(world, { as: "organisation", request: `GET ${APPS}/${DESCRIBED.id}/${part}` })).json;
      expect(await of("category")).toMatchObject({ chosen: "productivity" });
      expect(await of("store-listing")).toMatchObject({ texts: { de: { name: "Frisch" } } });
    },
    effect: ({ store }) =>
      expect(
        store.db.raw
          .query("SELECT action FROM audit_entries WHERE subject = ? ORDER BY action")
          .values(DESCRIBED.id)
          .flat(),
      ).toEqual(["app.category_chosen", "app.created", "app.listing_changed"]),
  },
  {
    name: "create: in a category that the store has not leaves no app",
    as: "organisation",
    request: `POST ${APPS}`,
    json: { ...NEW, category: "nothing" },
    status: 404,
    code: "category.not_found",
  },
  {
    name: "create: a member of another type",
    as: "organisation",
    request: `POST ${APPS}`,
    json: { ...NEW, name: 7 },
    status: 400,
    code: "request.invalid",
    body: { errors: [{ code: "field.invalid", pointer: "/name", found: "7" }] },
  },
  {
    name: "create: no object",
    as: "organisation",
    request: `POST ${APPS}`,
    json: [NEW],
    status: 400,
    code: "request.invalid",
  },
  {
    name: "create: an unknown parameter",
    as: "organisation",
    request: `POST ${APPS}?dry=1`,
    json: NEW,
    status: 400,
    code: "request.invalid",
    body: { errors: [{ code: "field.unknown", pointer: "?dry" }] },
  },
  {
    name: "create: an Idempotency-Key that is none",
    as: "organisation",
    request: `POST ${APPS}`,
    headers: { "Idempotency-Key": "k".repeat(129) },
    json: NEW,
    status: 400,
    code: "idempotency.key_malformed",
  },
  {
    name: "create: again with the same key",
    as: "organisation",
    request: `POST ${APPS}`,
    headers: KEY,
    json: NEW,
    before: (world) => send(world, { as: "organisation", request: `POST ${APPS}`, headers: KEY, json: NEW }),
    status: 201,
    body: NEW,
    also: ({ headers }) => expect(headers.get("idempotency-replayed")).toBe("true"),
  },
  {
    name: "create: the key was used for something else",
    as: "organisation",
    request: `POST ${APPS}`,
    headers: KEY,
    json: { ...NEW, name: "Other" },
    before: (world) => send(world, { as: "organisation", request: `POST ${APPS}`, headers: KEY, json: NEW }),
    status: 422,
    code: "idempotency.key_reused",
  },
  {
    name: "create: another caller's key is another key",
    as: "developer",
    request: `POST ${APPS}`,
    headers: KEY,
    json: { ...NEW, id: "org.example.other" },
    before: (world) => send(world, { as: "organisation", request: `POST ${APPS}`, headers: KEY, json: NEW }),
    status: 201,
    rows: { apps: 1, idempotency_keys: 1 },
  },
  {
    name: "create: what the key made is gone",
    as: "owner",
    request: `POST ${APPS}`,
    headers: KEY,
    json: NEW,
    before: async (world) => {
      await send(world, { as: "owner", request: `POST ${APPS}`, headers: KEY, json: NEW });
      await send(world, { as: "owner", request: `DELETE ${APPS}/${NEW.id}`, headers: ANY });
    },
    status: 409,
    code: "idempotency.resource_gone",
  },
  {
    name: "create: the same key twice at once makes one app",
    as: "organisation",
    request: `POST ${APPS}`,
    headers: KEY,
    json: NEW,
    before: async (world) => {
      const once = () =>
        send(world, { as: "organisation", request: `POST ${APPS}`, headers: KEY, json: NEW });
      const answers = await Promise.all([once(), once(), once(), once()]);
      expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
      expect(answers.filter(({ headers }) => headers.has("idempotency-replayed")).length).toBe(3);
    },
    status: 201,
    also: ({ headers }) => expect(headers.get("idempotency-replayed")).toBe("true"),
  },
];

const list: readonly Scenario[] = [
  { name: "list: without a key", request: `GET ${APPS}`, status: 401, code: "auth.required" },
  {
    name: "list: one's own",
    as: "organisation",
    request: `GET ${APPS}`,
    status: 200,
    body: {
      items: [{ id: "org.example.empty" }, { id: "org.example.sample", newestVersion: { versionCode: 7 } }],
      nextCursor: null,
    },
    also: ({ text }) => expect(text).not.toContain("tranger"),
  },
  {
    name: "list: others see theirs",
    as: "stranger",
    request: `GET ${APPS}`,
    status: 200,
    body: { items: [{ id: "net.stranger.app" }], nextCursor: null },
    also: ({ text }) => expect(text).not.toContain("org.example"),
  },
  {
    name: "list: a reviewer sees all",
    as: "reviewer",
    request: `GET ${APPS}`,
    status: 200,
    body: { items: [{ id: "net.stranger.app" }, { id: "org.example.empty" }, { id: "org.example.sample" }] },
  },
  {
    name: "list: of one organisation",
    as: "administrator",
    request: ({ strangerId }) => `GET ${APPS}?organisationId=${strangerId}`,
    status: 200,
    body: { items: [{ id: "net.stranger.app" }] },
  },
  {
    name: "list: of an organisation of others",
    as: "organisation",
    request: ({ strangerId }) => `GET ${APPS}?organisationId=${strangerId}`,
    status: 404,
    code: "organisation.not_found",
  },
  {
    name: "list: page by page",
    as: "reviewer",
    request: `GET ${APPS}?limit=2`,
    status: 200,
    body: { items: [{ id: "net.stranger.app" }, { id: "org.example.empty" }] },
    also: async ({ json }, world) => {
      const { nextCursor } = json as { nextCursor: string };
      const next = await send(world, { as: "reviewer", request: `GET ${APPS}?limit=2&cursor=${nextCursor}` });
      expect(next.json).toMatchObject({ items: [{ id: "org.example.sample" }], nextCursor: null });
      const other = await send(world, {
        as: "reviewer",
        request: `GET /api/v1/review/queue?cursor=${nextCursor}`,
      });
      expect(other.json).toMatchObject({ status: 400, code: "cursor.invalid" });
    },
  },
  {
    name: "list: searched, of a state and in an order",
    as: "reviewer",
    request: `GET ${APPS}?search=ORG+exam&sort=newest&limit=1`,
    status: 200,
    also: async ({ json }, world) => {
      const first = json as { items: { id: string }[]; nextCursor: string };
      const goesOn = (query: string) =>
        send(world, { as: "reviewer", request: `GET ${APPS}?${query}&limit=1&cursor=${first.nextCursor}` });
      const second = await goesOn("search=ORG+exam&sort=newest");
      const { items, nextCursor } = second.json as typeof first;
      expect([...first.items, ...items].map(({ id }) => id).sort()).toEqual([
        "org.example.empty",
        "org.example.sample",
      ]);
      expect(nextCursor).toBeNull();
      // What it was given for it goes on in, and in nothing else.
      for (const query of [
        "search=org",
        "search=ORG+exam",
        "sort=newest",
        "search=ORG+exam&sort=newest&state=none",
      ])
        expect([query, (await goesOn(query)).status]).toEqual([query, 400]);
      const empty = await send(world, { as: "reviewer", request: `GET ${APPS}?search=exam&state=none` });
      expect(empty.json).toMatchObject({ items: [{ id: "org.example.empty" }], nextCursor: null });
    },
  },
  {
    name: "list: in an order that there is not",
    as: "reviewer",
    request: `GET ${APPS}?sort=size`,
    status: 400,
    code: "request.invalid",
  },
  {
    name: "list: a cursor that is none",
    as: "reviewer",
    request: `GET ${APPS}?cursor=bm90`,
    status: 400,
    code: "cursor.invalid",
  },
  {
    name: "list: a limit that is too high",
    as: "reviewer",
    request: `GET ${APPS}?limit=101`,
    status: 400,
    code: "request.invalid",
  },
  {
    name: "list: a limit given twice",
    as: "reviewer",
    request: `GET ${APPS}?limit=1&limit=2`,
    status: 400,
    code: "request.invalid",
    body: { errors: [{ code: "field.repeated", pointer: "?limit" }] },
  },
];

const readChangeDelete: readonly Scenario[] = [
  {
    name: "read: one's own",
    as: "viewer",
    request: `GET ${APPS}/org.example.empty`,
    status: 200,
    body: { id: "org.example.empty", name: "Empty", summary: "Nothing yet.", revision: 1 },
    also: async ({ headers }, world) => {
      const etag = headers.get("etag") ?? "";
      expect(headers.get("cache-control")).toBe("private, no-cache");
      const again = await send(world, {
        as: "viewer",
        request: `GET ${APPS}/org.example.empty`,
        headers: { "If-None-Match": etag },
      });
      expect([again.status, again.text, again.headers.get("etag")]).toEqual([304, "", etag]);
      await send(world, {
        as: "owner",
        request: `PATCH ${APPS}/org.example.empty`,
        headers: ANY,
        json: { name: "Other" },
      });
      const changed = await send(world, {
        as: "viewer",
        request: `GET ${APPS}/org.example.empty`,
        headers: { "If-None-Match": etag },
      });
      expect(changed.status).toBe(200);
    },
  },
  {
    name: "read: an app of others does not exist",
    as: "organisation",
    request: `GET ${APPS}/net.stranger.app`,
    status: 404,
    code: "app.not_found",
  },
  {
    name: "read: one that is not there says the same",
    as: "organisation",
    request: `GET ${APPS}/net.stranger.none`,
    status: 404,
    code: "app.not_found",
  },
  {
    name: "read: no id",
    as: "organisation",
    request: `GET ${APPS}/NOT_AN_ID`,
    status: 404,
    code: "not_found",
  },
  {
    name: "change: with the ETag that was seen",
    as: "developer",
    request: `PATCH ${APPS}/org.example.empty`,
    headers: { "If-Match": '"1"' },
    json: { name: "Renamed" },
    status: 200,
    body: { name: "Renamed", summary: "Nothing yet.", revision: 2 },
  },
  {
    name: "change: with the whole ETag",
    as: "developer",
    request: `PATCH ${APPS}/org.example.empty`,
    headers: { "If-Match": '"1-0123456789abcdef"' },
    json: { summary: "" },
    status: 200,
    body: { name: "Empty", summary: "", revision: 2 },
  },
  {
    name: "change: without If-Match",
    as: "developer",
    request: `PATCH ${APPS}/org.example.empty`,
    json: { name: "x" },
    status: 428,
    code: "precondition.required",
  },
  {
    name: "change: it was changed since",
    as: "developer",
    request: `PATCH ${APPS}/org.example.empty`,
    headers: { "If-Match": '"9"' },
    json: { name: "x" },
    status: 412,
    code: "precondition.failed",
  },
  {
    name: "change: a weak ETag never matches",
    as: "developer",
    request: `PATCH ${APPS}/org.example.empty`,
    headers: { "If-Match": 'W/"1"' },
    json: { name: "x" },
    status: 412,
    code: "precondition.failed",
  },
  ...['"7", "1"', '"1-0123456789abcdef" ,"x,y"', ', W/"1",\t"1",,'].map(
    (tags): Scenario => ({
      name: `change: one of several ETags: ${tags}`,
      as: "developer",
      request: `PATCH ${APPS}/org.example.empty`,
      headers: { "If-Match": tags },
      json: { name: "Renamed" },
      status: 200,
      body: { name: "Renamed", revision: 2 },
    }),
  ),
  {
    name: "change: none of several ETags",
    as: "developer",
    request: `PATCH ${APPS}/org.example.empty`,
    headers: { "If-Match": '"7", W/"1", "9"' },
    json: { name: "x" },
    status: 412,
    code: "precondition.failed",
  },
  ...['"1" "2"', '"1", 2', '"1', ",", '"1", *'].map(
    (tags): Scenario => ({
      name: `change: a list of ETags that is none: ${tags}`,
      as: "developer",
      request: `PATCH ${APPS}/org.example.empty`,
      headers: { "If-Match": tags },
      json: { name: "x" },
      status: 400,
      code: "precondition.malformed",
    }),
  ),
  ...[{}, { name: "Empty" }, { name: "Empty", summary: "Nothing yet." }].map(
    (json): Scenario => ({
      name: `change: nothing new raises no revision: ${JSON.stringify(json)}`,
      as: "developer",
      request: `PATCH ${APPS}/org.example.empty`,
      headers: { "If-Match": '"1"' },
      json,
      before: (world) => void world.store.clock.advance(1000),
      status: 200,
      body: { name: "Empty", summary: "Nothing yet.", revision: 1 },
      also: ({ json: app }) => {
        const { createdAt, updatedAt } = app as { createdAt: string; updatedAt: string };
        expect(updatedAt).toBe(createdAt);
      },
    }),
  ),
  {
    name: "change: nothing new, of a state that is past",
    as: "developer",
    request: `PATCH ${APPS}/org.example.empty`,
    headers: { "If-Match": '"9"' },
    json: {},
    status: 412,
    code: "precondition.failed",
  },
  {
    name: "change: an If-Match that is none",
    as: "developer",
    request: `PATCH ${APPS}/org.example.empty`,
    headers: { "If-Match": "1" },
    json: { name: "x" },
    status: 400,
    code: "precondition.malformed",
  },
  {
    name: "change: a viewer may not",
    as: "viewer",
    request: `PATCH ${APPS}/org.example.empty`,
    headers: ANY,
    json: { name: "x" },
    status: 403,
    code: "rights.forbidden",
    also: ({ json }) => {
      const { detail, errors } = json as { detail: string; errors: object[] };
      expect(detail).toStartWith(
        "No role of yours in this store lets you change what the store shows of an app",
      );
      expect(detail).not.toContain("app.change");
      expect(errors).toEqual([{ code: "rights.action", message: "app.change" }]);
    },
  },
  {
    name: "change: of others",
    as: "stranger",
    request: `PATCH ${APPS}/org.example.empty`,
    headers: ANY,
    json: { name: "x" },
    status: 404,
    code: "app.not_found",
  },
  {
    name: "change: a name with a control character",
    as: "developer",
    request: `PATCH ${APPS}/org.example.empty`,
    headers: ANY,
    json: { name: "a\u0007b" },
    status: 400,
    code: "app.name_invalid",
  },
  {
    name: "delete: one that was never published",
    as: "owner",
    request: `DELETE ${APPS}/org.example.empty`,
    headers: { "If-Match": '"1"' },
    status: 204,
    // A leaf of the log, whose head is signed by a job.
    rows: { apps: -1, jobs: 1 },
    also: async (_, world) =>
      expect((await send(world, { as: "owner", request: `GET ${APPS}/org.example.empty` })).status).toBe(404),
  },
  {
    name: "delete: an organisation's key may not",
    as: "organisation",
    request: `DELETE ${APPS}/org.example.empty`,
    headers: ANY,
    status: 403,
    code: "rights.forbidden",
  },
  {
    name: "delete: one that was published",
    as: "owner",
    request: `DELETE ${APPS}/org.example.sample`,
    headers: ANY,
    status: 409,
    code: "app.published",
  },
  {
    name: "delete: without If-Match",
    as: "owner",
    request: `DELETE ${APPS}/org.example.empty`,
    status: 428,
    code: "precondition.required",
  },
  {
    name: "delete: of others",
    as: "stranger",
    request: `DELETE ${APPS}/org.example.empty`,
    headers: ANY,
    status: 403,
    code: "rights.forbidden",
  },
];

/** By the same key as before, once the app's id is another's. */
const repeated: readonly Scenario[] = [
  {
    name: "create: again, when the id was given up and is somebody else's by now",
    as: "owner",
    request: `POST ${APPS}`,
    json: NEW,
    headers: KEY,
    async before(world) {
      await send(world, { as: "owner", request: `POST ${APPS}`, json: NEW, headers: KEY });
      await send(world, { as: "owner", request: `DELETE ${APPS}/${NEW.id}`, headers: ANY });
      world.store.clock.advance(1000);
      const json = { ...NEW, name: "Theirs" };
      const made = await send(world, { as: "stranger", request: `POST ${APPS}`, json });
      expect(made.status).toBe(201);
    },
    status: 409,
    code: "idempotency.resource_gone",
    also: ({ text }) => expect(text).not.toContain("Theirs"),
  },
  {
    name: "create: again, when the app was handed over",
    as: "owner",
    request: `POST ${APPS}`,
    json: NEW,
    headers: KEY,
    async before(world) {
      await send(world, { as: "owner", request: `POST ${APPS}`, json: NEW, headers: KEY });
      world.store.db.raw.run("UPDATE apps SET organisation_id = ? WHERE id = ?", [world.strangerId, NEW.id]);
    },
    status: 409,
    code: "idempotency.resource_gone",
  },
];

const keys: readonly Scenario[] = [
  {
    name: "a key that expired",
    as: "expired",
    request: `GET ${APPS}`,
    status: 401,
    code: "auth.token_expired",
    also: ({ headers }) => expect(headers.get("www-authenticate")).toContain("invalid_token"),
  },
  {
    name: "a key that was revoked",
    as: "revoked",
    request: `GET ${APPS}`,
    status: 401,
    code: "auth.token_revoked",
  },
  {
    name: "a key of a disabled account",
    as: "disabled",
    request: `GET ${APPS}`,
    status: 401,
    code: "auth.account_disabled",
  },
  {
    name: "a key with a character changed",
    request: `GET ${APPS}`,
    headers: { Authorization: "Bearer mosis_org_0" },
    status: 401,
    code: "auth.token_invalid",
  },
  {
    name: "another scheme",
    request: `GET ${APPS}`,
    headers: { Authorization: "Basic YTpi" },
    status: 401,
    code: "auth.scheme",
  },
  {
    name: "a session cookie counts for nothing",
    request: `GET ${APPS}`,
    headers: { Cookie: "__Host-mosis_session=x" },
    status: 401,
    code: "auth.required",
  },
];

scenarios("/api/v1/apps", [...create, ...list, ...readChangeDelete, ...repeated, ...keys]);
