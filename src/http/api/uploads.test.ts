import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { rowCounts, type Scenario, scenarios, send } from "../../testing/http/scenarios.ts";
import { makeTemplate, openWorld, type Template, type World } from "../../testing/http/world.ts";

const VERSIONS = "/api/v1/apps/org.example.sample/versions";
const KEY = { "Idempotency-Key": "up-1" };
const NEW_ROWS = { versions: 1, version_events: 1, blobs: 1, jobs: 1 };
/** Packed once a world: signatures differ from one time to the next. */
const packed = new WeakMap<World, Promise<Uint8Array>>();
function eight(world: World): Promise<Uint8Array> {
  const known = packed.get(world) ?? world.pack(8);
  packed.set(world, known);
  return known;
}
const other = (world: World) => world.pack(8, { version: "8.0.1" });
const fresh = (world: World) => world.pack(1, { id: "org.example.fresh" });
const upload = (world: World) =>
  send(world, { as: "organisation", request: `POST ${VERSIONS}`, bytes: eight });

const table: readonly Scenario[] = [
  {
    name: "upload: without a key",
    request: `POST ${VERSIONS}`,
    bytes: eight,
    status: 401,
    code: "auth.required",
  },
  {
    name: "upload: a new version, which is checked and goes to review",
    as: "organisation",
    request: `POST ${VERSIONS}?notes=Faster.`,
    bytes: eight,
    status: 201,
    body: { versionCode: 8, state: "checking", notes: "Faster.", hold: false, revision: 1 },
    rows: NEW_ROWS,
    also: ({ headers }) => expect(headers.get("location")).toBe(`${VERSIONS}/8`),
    effect: async (world) => {
      await world.drain();
      const read = await send(world, { as: "viewer", request: `GET ${VERSIONS}/8` });
      expect(read.json).toMatchObject({ state: "in_review", queuePosition: 2 });
    },
  },
  {
    name: "upload: kept as a draft",
    as: "developer",
    request: `POST ${VERSIONS}?submit=false&hold=true`,
    bytes: eight,
    status: 201,
    body: { hold: true, submittedAt: null },
    rows: NEW_ROWS,
    effect: async (world) => {
      await world.drain();
      expect((await send(world, { as: "viewer", request: `GET ${VERSIONS}/8` })).json).toMatchObject({
        state: "draft",
      });
    },
  },
  {
    name: "upload: the same bytes again, with hold and notes while the checks run",
    as: "organisation",
    request: `POST ${VERSIONS}?hold=true&notes=Wait.&submit=false`,
    bytes: eight,
    before: upload,
    status: 200,
    body: { versionCode: 8, state: "checking", hold: true, notes: "Wait.", submittedAt: null, revision: 2 },
  },
  {
    name: "upload: the same bytes again, with hold while it is in review: approval does not publish",
    as: "organisation",
    request: `POST ${VERSIONS}?hold=true&notes=Wait.`,
    bytes: eight,
    before: async (world) => {
      await upload(world);
      await world.drain();
    },
    status: 200,
    body: { versionCode: 8, state: "in_review", hold: true, notes: "Wait." },
    effect: async (world) => {
      const read = await send(world, { as: "viewer", request: `GET ${VERSIONS}/8` });
      expect(read.json).toMatchObject({ state: "in_review", hold: true, notes: "Wait." });
      const { id } = read.json as { id: string };
      const approved = await send(world, {
        as: "reviewer",
        request: `POST /api/v1/review/versions/${id}/approve`,
        headers: { "If-Match": "*" },
        json: {},
      });
      expect(approved.status).toBe(200);
      await world.drain();
      expect((await send(world, { as: "viewer", request: `GET ${VERSIONS}/8` })).json).toMatchObject({
        state: "held",
      });
    },
  },
  {
    name: "upload: the same bytes again, of a draft, go to review",
    as: "organisation",
    request: `POST ${VERSIONS}?submit=true`,
    bytes: eight,
    before: async (world) => {
      await send(world, { as: "organisation", request: `POST ${VERSIONS}?submit=false`, bytes: eight });
      await world.drain();
    },
    status: 200,
    body: { state: "in_review", submittedAt: expect.any(String) },
    rows: { version_events: 1 },
  },
  {
    name: "upload: what the same bytes leave unsaid stays, and raises no revision",
    as: "organisation",
    request: `POST ${VERSIONS}`,
    bytes: eight,
    before: (world) =>
      send(world, {
        as: "organisation",
        request: `POST ${VERSIONS}?hold=true&notes=Wait.&submit=false`,
        bytes: eight,
      }),
    status: 200,
    body: { hold: true, notes: "Wait.", submittedAt: null, revision: 1 },
  },
  {
    name: "upload: the same bytes, not to be reviewed, once they are in review",
    as: "organisation",
    request: `POST ${VERSIONS}?submit=false&hold=true`,
    bytes: eight,
    before: async (world) => {
      await upload(world);
      await world.drain();
    },
    status: 409,
    code: "version.differs",
    also: ({ json }) =>
      expect((json as { errors: object[] }).errors).toMatchObject([
        { pointer: "/hold", found: "true", expected: "false" },
        { pointer: "/submit", found: "false", expected: "true" },
      ]),
    effect: async (world) =>
      expect((await send(world, { as: "viewer", request: `GET ${VERSIONS}/8` })).json).toMatchObject({
        hold: false,
      }),
  },
  {
    name: "upload: the same bytes with other notes once they are published",
    as: "organisation",
    request: `POST ${VERSIONS}?hold=true&notes=Late.`,
    bytes: eight,
    before: async (world) => {
      await upload(world);
      await world.drain();
      const read = await send(world, { as: "viewer", request: `GET ${VERSIONS}/8` });
      await send(world, {
        as: "reviewer",
        request: `POST /api/v1/review/versions/${(read.json as { id: string }).id}/approve`,
        headers: { "If-Match": "*" },
        json: {},
      });
      await world.drain();
    },
    status: 409,
    code: "version.differs",
    also: ({ json }) => expect((json as { detail: string }).detail).toContain("which is published"),
  },
  {
    name: "upload: the same bytes again give the same version",
    as: "organisation",
    request: `POST ${VERSIONS}`,
    bytes: eight,
    before: upload,
    status: 200,
    body: { versionCode: 8 },
  },
  {
    name: "upload: other bytes with the same code",
    as: "organisation",
    request: `POST ${VERSIONS}`,
    bytes: other,
    before: upload,
    status: 409,
    code: "version.code_taken",
    effect: (world) => expect(leftOf(world)).toEqual([]),
  },
  {
    name: "upload: a package of another app",
    as: "organisation",
    request: `POST ${VERSIONS}`,
    bytes: fresh,
    status: 422,
    code: "version.wrong_app",
  },
  {
    name: "upload: no package",
    as: "organisation",
    request: `POST ${VERSIONS}`,
    bytes: () => Buffer.from("nothing of that kind"),
    status: 422,
    code: "MPK-C002",
  },
  {
    name: "upload: nothing at all",
    as: "organisation",
    request: `POST ${VERSIONS}`,
    headers: { "Content-Type": "application/octet-stream" },
    status: 422,
    code: "MPK-C002",
  },
  {
    name: "upload: another media type",
    as: "organisation",
    request: `POST ${VERSIONS}`,
    headers: { "Content-Type": "text/plain" },
    bytes: eight,
    status: 415,
    code: "request.media_type",
  },
  {
    name: "upload: encoded",
    as: "organisation",
    request: `POST ${VERSIONS}`,
    headers: { "Content-Encoding": "gzip" },
    bytes: eight,
    status: 415,
    code: "request.media_type",
  },
  {
    name: "upload: a viewer may not",
    as: "viewer",
    request: `POST ${VERSIONS}`,
    bytes: eight,
    status: 403,
    code: "rights.forbidden",
  },
  {
    name: "upload: to an app of others",
    as: "stranger",
    request: `POST ${VERSIONS}`,
    bytes: eight,
    status: 404,
    code: "app.not_found",
  },
  {
    name: "upload: hold is true or false",
    as: "organisation",
    request: `POST ${VERSIONS}?hold=maybe`,
    bytes: eight,
    status: 400,
    code: "request.invalid",
    also: ({ json }) =>
      expect(json).toMatchObject({
        detail: 'The request is not as documented: ?hold is true or false, found "maybe".',
        errors: [{ pointer: "?hold", found: '"maybe"', expected: "true or false" }],
      }),
  },
  {
    name: "upload: notes that are too long",
    as: "organisation",
    request: `POST ${VERSIONS}?notes=${"n".repeat(10_001)}`,
    bytes: eight,
    status: 400,
    code: "upload.notes_too_long",
  },
  {
    name: "upload: again with the same key",
    as: "organisation",
    request: `POST ${VERSIONS}`,
    headers: KEY,
    bytes: eight,
    before: (world) =>
      send(world, { as: "organisation", request: `POST ${VERSIONS}`, headers: KEY, bytes: eight }),
    status: 201,
    body: { versionCode: 8 },
    also: ({ headers }) => expect(headers.get("idempotency-replayed")).toBe("true"),
  },
  {
    name: "upload: the key was used for other bytes",
    as: "organisation",
    request: `POST ${VERSIONS}`,
    headers: KEY,
    bytes: other,
    before: (world) =>
      send(world, { as: "organisation", request: `POST ${VERSIONS}`, headers: KEY, bytes: eight }),
    status: 422,
    code: "idempotency.key_reused",
  },
  {
    name: "upload: the key of a call that found its bytes there was used for other bytes",
    as: "organisation",
    request: `POST ${VERSIONS}`,
    headers: KEY,
    bytes: other,
    before: async (world) => {
      await upload(world);
      world.store.clock.advance(1000);
      const keyed = { as: "organisation", request: `POST ${VERSIONS}`, headers: KEY, bytes: eight } as const;
      expect((await send(world, keyed)).status).toBe(200);
      const again = await send(world, keyed);
      expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([200, "true"]);
    },
    status: 422,
    code: "idempotency.key_reused",
  },
  {
    name: "upload: the key of a call that found its bytes there was used with another hold",
    as: "organisation",
    request: `POST ${VERSIONS}?hold=true`,
    headers: KEY,
    bytes: eight,
    before: async (world) => {
      await upload(world);
      await send(world, { as: "organisation", request: `POST ${VERSIONS}`, headers: KEY, bytes: eight });
    },
    status: 422,
    code: "idempotency.key_reused",
  },
  ...["%00", "%1b", "%c2%85", "%e2%80%ae", "%e2%81%a6", "%e2%80%a8"].map(
    (character): Scenario => ({
      name: `upload: notes with ${character}`,
      as: "organisation",
      request: `POST ${VERSIONS}?notes=a${character}b`,
      bytes: eight,
      status: 400,
      code: "upload.notes_invalid",
    }),
  ),
  ...["notes=%ff", "notes=%ed%a0%80", "notes=100%", "%ff=x"].map(
    (query): Scenario => ({
      name: `upload: a query that is not UTF-8: ${query}`,
      as: "organisation",
      request: `POST ${VERSIONS}?${query}`,
      bytes: eight,
      status: 400,
      code: "request.invalid",
    }),
  ),
  {
    name: "upload: notes are kept with line feeds, and composed",
    as: "organisation",
    request: `POST ${VERSIONS}?notes=a%0d%0ab%0dc%09d+e%cc%81`,
    bytes: eight,
    status: 201,
    body: { notes: "a\nb\nc\td \u00e9" },
    rows: NEW_ROWS,
  },
  {
    name: "upload: the same key four times at once makes one version",
    as: "organisation",
    request: `POST ${VERSIONS}`,
    headers: KEY,
    bytes: eight,
    before: async (world) => {
      const before = rowCounts(world);
      const once = () =>
        send(world, { as: "organisation", request: `POST ${VERSIONS}`, headers: KEY, bytes: eight });
      const answers = await Promise.all([once(), once(), once(), once()]);
      expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
      expect(new Set(answers.map(({ json }) => (json as { id: string }).id)).size).toBe(1);
      expect((rowCounts(world).versions ?? 0) - (before.versions ?? 0)).toBe(1);
    },
    status: 201,
  },
  {
    name: "upload: the same bytes four times at once make one version",
    as: "organisation",
    request: `POST ${VERSIONS}`,
    bytes: eight,
    before: async (world) => {
      const answers = await Promise.all([upload(world), upload(world), upload(world), upload(world)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 201]);
    },
    status: 200,
    effect: (world) => expect(leftOf(world)).toEqual([]),
  },
  {
    name: "any app: makes the app when it may",
    as: "organisation",
    request: "POST /api/v1/versions?createApp=true",
    bytes: fresh,
    status: 201,
    body: { appId: "org.example.fresh" },
    rows: { ...NEW_ROWS, apps: 1 },
  },
  {
    name: "any app: makes none unasked",
    as: "organisation",
    request: "POST /api/v1/versions",
    bytes: fresh,
    status: 404,
    code: "app.not_found",
    effect: (world) => expect(leftOf(world)).toEqual([]),
  },
  {
    name: "any app: an id of others",
    as: "stranger",
    request: "POST /api/v1/versions?createApp=true",
    bytes: eight,
    status: 409,
    code: "app.id_taken",
  },
  {
    name: "any app: the very bytes of others are nothing special",
    as: "stranger",
    request: "POST /api/v1/versions?createApp=true",
    bytes: eight,
    before: upload,
    status: 409,
    code: "app.id_taken",
  },
];

scenarios("uploads", table);

const BOUNDARY = "between-parts";
const FORM = { "Content-Type": `multipart/form-data; boundary=${BOUNDARY}` };
type Parts = readonly (readonly [name: string, value: string | Uint8Array])[];

/** A form as curl -F sends it: what is bytes is a file. */
function formOf(parts: Parts, closed = true): Uint8Array {
  return Buffer.concat([
    ...parts.flatMap(([name, value]) => {
      const file = typeof value === "string" ? "" : '; filename="a.mosis"';
      return [
        Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n`),
        Buffer.from(value),
        Buffer.from("\r\n"),
      ];
    }),
    Buffer.from(closed ? `--${BOUNDARY}--\r\n` : ""),
  ]);
}
const withPackage =
  (...fields: Parts) =>
  async (world: World) =>
    formOf([...fields, ["package", await eight(world)]]);

/** As many characters as notes may have, each of four bytes in UTF-8 and twelve in an address. */
const FULL_NOTES = "\u{1F4E6}".repeat(10_000);

const taken: readonly Scenario[] = (
  [
    ["Latin letters", "n".repeat(10_000)],
    ["Chinese", "\u6f22".repeat(10_000)],
    ["Devanagari, of several characters a sign", "\u0928\u093f".repeat(5000)],
    ["characters beyond the basic plane", FULL_NOTES],
    ["lines, and almost the boundary", `\ufeffa\r\n--${BOUNDARY.slice(1)}\r\n--\n`.repeat(100)],
  ] as const
).map(([script, notes]) => ({
  name: `form: notes of ${script} come whole`,
  as: "organisation",
  request: `POST ${VERSIONS}`,
  headers: FORM,
  bytes: withPackage(["notes", notes]),
  status: 201,
  body: { versionCode: 8, notes: notes.replaceAll("\r\n", "\n"), hold: false },
  rows: NEW_ROWS,
  effect: (world: World) => expect(leftOf(world)).toEqual([]),
}));

const inLanguages: readonly Scenario[] = [
  {
    name: "form: notes in the app's own language and in others",
    as: "organisation",
    request: `POST ${VERSIONS}`,
    headers: FORM,
    bytes: withPackage(
      ["notes", "New."],
      ["translatedNotes", JSON.stringify({ de: FULL_NOTES, en: "New." })],
    ),
    status: 201,
    body: { notes: "New.", translatedNotes: { de: FULL_NOTES } },
    rows: NEW_ROWS,
  },
];

const refused: readonly Scenario[] = (
  [
    [
      "notes in other languages that are no JSON",
      [["translatedNotes", "{de:1}"]],
      400,
      "upload.notes_invalid",
    ],
    [
      "notes in other languages that are no texts",
      [["translatedNotes", '{"de":1}']],
      400,
      "upload.notes_invalid",
    ],
    ["notes in no language", [["translatedNotes", '{"German":"x"}']], 400, "upload.notes_invalid"],
    ["notes that are too long", [["notes", `${FULL_NOTES}x`]], 400, "upload.notes_too_long"],
    ["a field that is too large", [["notes", "n".repeat(200_000)]], 413, "request.too_large"],
    ["a field that is not known", [["note", "x"]], 400, "request.invalid"],
    ["a field that this address has not", [["createApp", "true"]], 400, "request.invalid"],
    [
      "a field twice",
      [
        ["hold", "true"],
        ["hold", "false"],
      ],
      400,
      "request.invalid",
    ],
    ["a value of another kind", [["hold", "maybe"]], 400, "request.invalid"],
    ["another file before the package", [["file", Buffer.from("x")]], 400, "multipart.unexpected"],
  ] as const
).map(([name, fields, status, code]) => ({
  name: `form: ${name}`,
  as: "organisation",
  request: `POST ${VERSIONS}`,
  headers: FORM,
  bytes: withPackage(...fields),
  status,
  code,
  effect: (world: World) => expect(leftOf(world)).toEqual([]),
}));

const broken: readonly Scenario[] = (
  [
    ["no package", async () => formOf([["notes", "x"]]), 400, "multipart.unexpected"],
    [
      "a field after the package",
      async (world: World) =>
        formOf([
          ["package", await eight(world)],
          ["notes", "x"],
        ]),
      400,
      "multipart.unexpected",
    ],
    [
      "no closing boundary",
      async (world: World) => formOf([["package", await eight(world)]], false),
      400,
      "multipart.malformed",
    ],
    ["no form at all", async () => Buffer.from("{}"), 400, "multipart.malformed"],
    [
      "a field that is not UTF-8",
      async (world: World) => {
        const form = Buffer.from(
          formOf([
            ["notes", "@@"],
            ["package", await eight(world)],
          ]),
        );
        form.set([0xff, 0xfe], form.indexOf("@@"));
        return form;
      },
      400,
      "multipart.unexpected",
    ],
  ] as const
).map(([name, bytes, status, code]) => ({
  name: `form: ${name}`,
  as: "organisation",
  request: `POST ${VERSIONS}`,
  headers: FORM,
  bytes,
  status,
  code,
  effect: (world: World) => expect(leftOf(world)).toEqual([]),
}));

const keyed: Pick<Scenario, "as" | "headers"> = { as: "organisation", headers: { ...FORM, ...KEY } };
scenarios("uploads in a form", [
  ...taken,
  ...inLanguages,
  ...refused,
  ...broken,
  {
    name: "form: without a boundary",
    as: "organisation",
    request: `POST ${VERSIONS}`,
    headers: { "Content-Type": "multipart/form-data" },
    bytes: withPackage(),
    status: 400,
    code: "multipart.malformed",
  },
  {
    name: "form: what the query says already",
    as: "organisation",
    request: `POST ${VERSIONS}?hold=true`,
    headers: FORM,
    bytes: withPackage(["hold", "true"]),
    status: 400,
    code: "request.invalid",
    body: { errors: [{ code: "field.repeated", pointer: "/hold" }] },
  },
  {
    name: "form: one thing in the query and another in the form",
    as: "organisation",
    request: `POST ${VERSIONS}?hold=true`,
    headers: FORM,
    bytes: withPackage(["submit", "false"]),
    status: 201,
    body: { hold: true, submittedAt: null, notes: "" },
    rows: NEW_ROWS,
  },
  {
    name: "form: any app, which it makes",
    as: "organisation",
    request: "POST /api/v1/versions",
    headers: FORM,
    bytes: async (world) =>
      formOf([
        ["createApp", "true"],
        ["organisationId", world.organisationId],
        ["package", await fresh(world)],
      ]),
    status: 201,
    body: { appId: "org.example.fresh" },
    rows: { ...NEW_ROWS, apps: 1 },
  },
  {
    name: "form: an app for an organisation of others",
    as: "organisation",
    request: "POST /api/v1/versions",
    headers: FORM,
    bytes: async (world) =>
      formOf([
        ["createApp", "true"],
        ["organisationId", world.strangerId],
        ["package", await fresh(world)],
      ]),
    status: 404,
    code: "organisation.not_found",
  },
  {
    name: "form: again with the same key",
    ...keyed,
    request: `POST ${VERSIONS}`,
    bytes: withPackage(["notes", FULL_NOTES]),
    before: (world) =>
      send(world, { ...keyed, request: `POST ${VERSIONS}`, bytes: withPackage(["notes", FULL_NOTES]) }),
    status: 201,
    body: { versionCode: 8 },
    also: ({ headers }) => expect(headers.get("idempotency-replayed")).toBe("true"),
  },
  {
    name: "form: the same key with other notes",
    ...keyed,
    request: `POST ${VERSIONS}`,
    bytes: withPackage(["notes", "Another."]),
    before: (world) =>
      send(world, { ...keyed, request: `POST ${VERSIONS}`, bytes: withPackage(["notes", "One."]) }),
    status: 422,
    code: "idempotency.key_reused",
  },
]);

/** What lies in staging, and uploads without a row. */
function leftOf(world: World): string[] {
  const staged = readdirSync(join(world.store.dataDir, "staging"));
  const known = new Set(
    world.store.db.raw
      .query<{ key: string }, []>("SELECT key FROM blobs")
      .all()
      .map(({ key }) => key),
  );
  const uploads = readdirSync(join(world.store.dataDir, "blobs/uploads")).map((name) => `uploads/${name}`);
  return [...staged, ...uploads.filter((key) => !known.has(key))];
}

describe("uploads on a bad line", () => {
  let template: Template;
  let world: World;
  beforeAll(async () => {
    template = await makeTemplate();
    world = await openWorld(template);
  });
  afterAll(async () => {
    await world.close();
    template.remove();
  });

  /** Sends text and bytes over a socket of its own; gives what came back until the end or `waitMs`. */
  async function raw(
    pieces: readonly (string | Uint8Array)[],
    waitMs = 2000,
    hangUp = false,
  ): Promise<string> {
    const { hostname, port } = new URL(world.url);
    return new Promise((resolve, reject) => {
      let received = "";
      const socket = connect(Number(port), hostname, () => {
        for (const piece of pieces) socket.write(piece);
        if (hangUp) setTimeout(() => socket.destroy(), 20);
      });
      const timer = setTimeout(() => socket.destroy(), waitMs);
      socket.on("data", (chunk) => {
        received += chunk.toString("latin1");
      });
      socket.on("error", (error: NodeJS.ErrnoException) =>
        error.code === "ECONNRESET" || error.code === "EPIPE" ? undefined : reject(error),
      );
      socket.on("close", () => {
        clearTimeout(timer);
        resolve(received);
      });
    });
  }
  const head = (lines: readonly string[]) =>
    [
      `POST ${VERSIONS} HTTP/1.1`,
      "Host: localhost",
      `Authorization: Bearer ${world.tokens.organisation}`,
      "Content-Type: application/vnd.mosis.package",
      ...lines,
      "",
      "",
    ].join("\r\n");
  const untilStaged = async () => {
    for (let tries = 0; tries < 200 && readdirSync(join(world.store.dataDir, "staging")).length > 0; tries++)
      await Bun.sleep(10);
  };

  test("one that is cut off anywhere leaves nothing", async () => {
    const bytes = await eight(world);
    const before = rowCounts(world);
    for (let round = 0; round < 24; round++) {
      const cut =
        round === 0 ? 0 : round === 1 ? bytes.byteLength - 1 : Math.floor(Math.random() * bytes.byteLength);
      const whole =
        round % 2 === 0
          ? head([`Content-Length: ${bytes.byteLength}`])
          : `${head(["Transfer-Encoding: chunked"])}${bytes.byteLength.toString(16)}\r\n`;
      await raw([whole, bytes.subarray(0, cut)], 2000, true);
      await untilStaged();
      expect([round, cut, leftOf(world)]).toEqual([round, cut, []]);
    }
    expect(rowCounts(world)).toEqual(before);
    expect((await upload(world)).status).toBe(201);
  });

  test("one that says it is too large is refused before its bytes", async () => {
    const answer = await raw([head([`Content-Length: ${600 * 2 ** 20}`, "Connection: close"])]);
    expect(answer).toStartWith("HTTP/1.1 413");
    expect(answer).toContain("upload.too_large");
  });

  const garbage: readonly (readonly [string, readonly string[], string])[] = [
    ["a chunk size that is none", ["Transfer-Encoding: chunked"], "zz\r\nabc\r\n0\r\n\r\n"],
    ["a negative chunk size", ["Transfer-Encoding: chunked"], "-5\r\nabc\r\n0\r\n\r\n"],
    ["a chunk size past all bounds", ["Transfer-Encoding: chunked"], "fffffffffffffffff\r\nabc"],
    ["two lengths that differ", ["Content-Length: 3", "Content-Length: 5"], "abcde"],
    ["a length and chunks", ["Content-Length: 3", "Transfer-Encoding: chunked"], "3\r\nabc\r\n0\r\n\r\n"],
    ["a length that is none", ["Content-Length: 3x"], "abc"],
    ["two keys", ["Authorization: Bearer x", "Content-Length: 3"], "abc"],
  ];
  for (const [name, lines, body] of garbage) {
    test(`${name}: refused, and the server goes on`, async () => {
      const before = rowCounts(world);
      const answer = await raw([head([...lines, "Connection: close"]), body], 1500);
      expect(answer).not.toMatch(/^HTTP\/1\.1 (?:2|5)/);
      await untilStaged();
      expect(leftOf(world)).toEqual([]);
      expect(rowCounts(world)).toEqual(before);
      expect(world.log.filter(({ event }) => event === "http.failed")).toEqual([]);
      expect((await fetch(`${world.url}/healthz`)).status).toBe(200);
    });
  }

  for (const [name, path] of [
    ["a path that climbs", "/store/v1/../../mosis.db"],
    ["one that climbs in disguise", "/store/v1/..%2f..%2fmosis.db"],
    ["one that climbs twice in disguise", "/store/v1/%252e%252e/mosis.db"],
    ["a backslash", "/store/v1/..\\..\\mosis.db"],
    ["a null", "/store/v1/metadata/%00timestamp.json"],
    ["another scheme", "http://evil.example/store/v1/none.json"],
    ["a long one", `/store/v1/${"a".repeat(12_000)}`],
    ["one that is not UTF-8", "/api/v1/apps/%ff%fe"],
  ] as const) {
    test(`${name}: nothing there`, async () => {
      const answer = await raw([`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`]);
      expect(answer).toMatch(/^HTTP\/1\.1 4\d\d|^$/);
      expect(answer).not.toContain("SQLite format");
    });
  }
});
