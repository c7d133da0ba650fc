import { afterAll, beforeAll, expect, test } from "bun:test";
import { chmodSync, existsSync, mkdirSync, statSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import type { ExitCode } from "../../errors.ts";
import { sampleFiles } from "../../format/testing.ts";
import { type Scratch, scratch } from "../../testing/scratch.ts";
import { type ServeProcess, startServe } from "../../testing/scratch-server.ts";

const MAIN = join(import.meta.dir, "../../main.ts");
let here: Scratch;
const running = new Set<ServeProcess>();

beforeAll(() => {
  here = scratch();
});
afterAll(async () => {
  for (const server of running) await server.stop("SIGKILL");
  here.remove();
});

async function serve(data: string): Promise<ServeProcess> {
  const server = await startServe(here, ["--data", here.path(data), "--port", "0"]);
  running.add(server);
  return { ...server, stop: async (signal) => server.stop(signal).finally(() => running.delete(server)) };
}

const admin = (data: string, ...argv: readonly string[]) =>
  here.run(["admin", ...argv, "--data", data, "--json"], {
    environment: { MOSIS_TOKEN: "", MOSIS_STORE: "" },
  });

/** What differs from run to run. */
function withoutChance(json: unknown): unknown {
  return JSON.parse(
    JSON.stringify(json)
      .replaceAll(/"[a-z]{3}-[0-9a-f]{32}"/g, '"ID"')
      .replaceAll(/"\d{4}-\d\d-\d\dT[\d:.]+Z"/g, '"TIME"')
      .replaceAll(/mosis_(org|usr)_[\w-]+/g, "TOKEN")
      .replaceAll(/[0-9a-f]{64}/g, "DIGEST")
      .replaceAll(/http:\/\/127\.0\.0\.1:\d+\/[\w-]+\?token=[\w-]+/g, "LINK")
      .replaceAll(/\bkey:key-[0-9a-f]{32}/g, "key:ID")
      .replaceAll(/"job-[0-9a-f-]+"/g, '"ID"')
      .replaceAll(/"(revision|uploadSizeBytes|releasedSizeBytes|position|size)":\d+/g, '"$1":0'),
  );
}

type Step = readonly [argv: readonly string[], exitCode: ExitCode, shape: unknown];
const user = (role: string | null, disabled = false) => ({
  email: expect.any(String),
  storeRole: role,
  disabledAt: disabled ? expect.any(String) : null,
});
const refused = (code: string) => ({ error: { code } });

/** Every command of `admin` in an order that makes sense, but for those on a submitted version. */
const STEPS: readonly Step[] = [
  [["setup-link"], 0, { url: expect.stringMatching(/\/setup\?token=/), expiresAt: expect.any(String) }],
  [["user", "list"], 0, { items: [] }],
  [
    ["user", "add", "ada@example.com", "--name", "Ada", "--role", "administrator", "--password-file", "pass"],
    0,
    user("administrator"),
  ],
  [
    ["user", "add", "ada@example.com", "--name", "Ada", "--password-file", "pass"],
    1,
    refused("account.exists"),
  ],
  [["user", "add", "bob@example.com", "--name", "Bob", "--password-file", "pass"], 0, user(null)],
  [["user", "add", "nonsense", "--name", "", "--password-file", "pass"], 1, refused("account.invalid")],
  [["user", "role", "bob@example.com", "reviewer"], 0, user("reviewer")],
  [["user", "role", "bob@example.com", "auditor"], 0, user("auditor")],
  [["user", "role", "bob@example.com", "support"], 0, user("support")],
  [["user", "role", "bob@example.com", "reviewer"], 0, user("reviewer")],
  [["user", "role", "bob@example.com", "king"], 2, refused("usage.invalid_value")],
  [["user", "role", "nobody@example.com", "none"], 1, refused("account.not_found")],
  [["user", "role", "ada@example.com", "none"], 1, refused("account.last_administrator")],
  [["user", "password", "bob@example.com", "--password-file", "pass"], 0, user("reviewer")],
  [["user", "password", "bob@example.com", "--password-file", "short"], 1, refused("account.invalid")],
  [["user", "disable", "bob@example.com"], 2, refused("usage.not_confirmed")],
  [["user", "disable", "bob@example.com", "--yes"], 0, user("reviewer", true)],
  [["user", "disable", "ada@example.com", "--yes"], 1, refused("account.last_administrator")],
  [["setup-link"], 1, refused("setup.done")],
  [["organisation", "add", "Example"], 0, { id: expect.stringMatching(/^org-/), name: "Example" }],
  [["organisation", "add", ""], 1, refused("organisation.invalid")],
  [["organisation", "member", "Example", "ada@example.com", "owner"], 0, { role: "owner" }],
  [["organisation", "member", "Nobody", "ada@example.com", "owner"], 1, refused("organisation.not_found")],
  [["organisation", "list"], 0, { items: [{ name: "Example", members: 1 }] }],
  [["organisation", "rename", "Example", "Exemplary"], 0, { name: "Exemplary" }],
  [["organisation", "rename", "Example", "Other"], 1, refused("organisation.not_found")],
  [["organisation", "rename", "Exemplary", " "], 1, refused("organisation.invalid")],
  [["organisation", "rename", "Exemplary", "Example"], 0, { name: "Example" }],
  [["organisation", "ownerless"], 0, { items: [] }],
  [["organisation", "add", "Left alone"], 0, { name: "Left alone" }],
  [["organisation", "ownerless"], 0, { items: [{ name: "Left alone", members: 0 }] }],
  [
    ["organisation", "take-over", "Left alone", "ada@example.com"],
    2,
    refused("usage.missing_mandatory_option_value"),
  ],
  [
    ["organisation", "take-over", "Left alone", "bob@example.com", "--reason", "x"],
    1,
    refused("organisation.owner_unknown"),
  ],
  [
    ["organisation", "take-over", "Example", "ada@example.com", "--reason", "x"],
    1,
    refused("organisation.owned"),
  ],
  [
    ["organisation", "take-over", "Left alone", "ada@example.com", "--reason", "Nobody is there."],
    0,
    { name: "Left alone" },
  ],
  [["organisation", "ownerless"], 0, { items: [] }],
  [["invitation", "list"], 0, { items: [] }],
  [
    ["invitation", "add", "cy@example.com", "--store-role", "support"],
    0,
    {
      email: "cy@example.com",
      organisationId: null,
      storeRole: "support",
      mailed: false,
      link: {
        url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/.*\?token=/),
        until: expect.any(String),
      },
    },
  ],
  [["invitation", "add", "cy@example.com"], 0, { storeRole: null }],
  [["invitation", "list"], 0, { items: [{ email: "cy@example.com", storeRole: null }] }],
  [["invitation", "add", "nonsense"], 1, refused("invitation.invalid")],
  [["invitation", "add", "ada@example.com"], 1, refused("invitation.member")],
  [["invitation", "add", "cy@example.com", "--store-role", "king"], 2, refused("usage.invalid_value")],
  [["invitation", "add", "dee@example.com", "--organisation", "Example"], 2, refused("usage.invalid_value")],
  [["invitation", "add", "dee@example.com", "--role", "developer"], 2, refused("usage.invalid_value")],
  [["invitation", "add", "dee@example.com", "--apps", "org.example.a"], 2, refused("usage.invalid_value")],
  [
    ["invitation", "add", "dee@example.com", "--organisation", "Nobody", "--role", "viewer"],
    1,
    refused("organisation.not_found"),
  ],
  [
    ["invitation", "add", "dee@example.com", "--organisation", "Example", "--role", "owner"],
    0,
    { role: "owner", link: { url: expect.any(String) } },
  ],
  [
    ["invitation", "list", "--organisation", "Example"],
    0,
    { items: [{ email: "dee@example.com", role: "owner" }] },
  ],
  [["invitation", "link", "inv-1"], 1, refused("invitation.not_found")],
  [["invitation", "revoke", `inv-${"0".repeat(32)}`], 1, refused("invitation.not_found")],
  [["session", "list", "ada@example.com"], 0, { items: [] }],
  [["session", "list", "nobody@example.com"], 1, refused("account.not_found")],
  [["session", "end", "ada@example.com", "0".repeat(64)], 0, { ended: false }],
  [["session", "end", "nobody@example.com", "0".repeat(64)], 1, refused("account.not_found")],
  [["session", "end-all", "ada@example.com"], 0, { ended: 0 }],
  [["session", "end-all", "nobody@example.com"], 1, refused("account.not_found")],
  [["apikey", "add", "--name", "ci"], 2, refused("apikey.owner")],
  [
    ["apikey", "add", "--name", "ci", "--organisation", "Example", "--user", "ada@example.com"],
    2,
    refused("apikey.owner"),
  ],
  [
    ["apikey", "add", "--name", "ci", "--organisation", "Example", "--days", "0"],
    2,
    refused("usage.invalid_value"),
  ],
  [
    ["apikey", "add", "--name", "ci", "--organisation", "Example"],
    0,
    { token: expect.stringMatching(/^mosis_org_/) },
  ],
  [
    ["apikey", "add", "--name", "me", "--user", "ada@example.com", "--days", "1"],
    0,
    { token: expect.stringMatching(/^mosis_/) },
  ],
  [["apikey", "list"], 0, { items: [expect.any(Object), expect.any(Object)] }],
  [
    ["apikey", "add", "--name", "n", "--organisation", "Example", "--actions", "app.read,app.fly"],
    1,
    refused("apikey.invalid"),
  ],
  [
    ["apikey", "add", "--name", "n", "--organisation", "Example", "--apps", "org.example.absent"],
    1,
    refused("apikey.invalid"),
  ],
  [
    ["apikey", "add", "--name", "n", "--organisation", "Example", "--actions", "app.read,,"],
    2,
    refused("usage.invalid_value"),
  ],
  [
    ["apikey", "add", "--name", "n", "--organisation", "Example", "--actions", "version.read,app.read"],
    0,
    { actions: ["app.read", "version.read"], apps: null },
  ],
  [["apikey", "revoke", "key-1"], 1, refused("apikey.not_found")],
  [["review", "list"], 0, { items: [] }],
  [["review", "show", "com.example.none", "1"], 1, refused("app.not_found")],
  [["review", "show", "none", "1"], 1, refused("operator.input")],
  [["review", "show", "com.example.none", "0"], 2, refused("usage.invalid_value")],
  [["review", "approve", "com.example.none", "1"], 1, refused("app.not_found")],
  [["review", "reject", "com.example.none", "1"], 2, refused("usage.missing_mandatory_option_value")],
  [["review", "reject", "com.example.none", "1", "--reason", "No."], 1, refused("app.not_found")],
  [["jobs", "list", "--state", "dead"], 0, { items: [] }],
  [["jobs", "list", "--state", "lost"], 2, refused("usage.invalid_value")],
  [["jobs", "replay", "job-1"], 1, refused("job.not_found")],
  [["log", "--limit", "2"], 0, { items: [{ position: expect.any(Number) }, { entry: expect.any(Object) }] }],
  [["log", "--limit", "0"], 2, refused("usage.invalid_value")],
  [["audit", "list", "--limit", "0"], 2, refused("usage.invalid_value")],
  [["audit", "list", "--action", "account.gone"], 2, refused("usage.invalid_value")],
  [["audit", "list", "--cursor", "x"], 1, refused("cursor.invalid")],
  [
    ["audit", "list", "--action", "account.disabled", "--search", "bob", "--organisation", "Example"],
    0,
    { items: [], nextCursor: null },
  ],
  [
    ["audit", "list", "--action", "account.disabled", "--search", "bob", "--since", "2026-01-01"],
    0,
    { items: [{ actor: "operator", subjectName: "Bob" }], nextCursor: null },
  ],
  [["audit", "list", "--request", "req-1"], 0, { items: [], nextCursor: null }],
  [["audit", "list", "--request", "%"], 1, refused("request.invalid")],
  [["audit", "list", "--actor", "A B"], 1, refused("request.invalid")],
  [
    ["audit", "list", "--subject", "bob@example.com", "--action", "account.disabled"],
    0,
    { items: [{ subjectName: "Bob" }] },
  ],
  [["audit", "export"], 2, refused("usage.invalid_value")],
  [["audit", "export", "--format", "xml", "--out", "audit.xml"], 2, refused("usage.invalid_value")],
  [["audit", "export", "--out", "no/such/folder/audit.jsonl"], 3, refused("file.enoent")],
  [
    ["audit", "export", "--organisation", "Nobody", "--out", "none.jsonl"],
    1,
    refused("organisation.not_found"),
  ],
  [
    ["audit", "export", "--action", "account.disabled", "--format", "csv", "--out", "audit.csv"],
    0,
    { file: expect.stringMatching(/audit\.csv$/), format: "csv", entries: 1 },
  ],
  [
    ["audit", "export", "--action", "app.created", "--out", "audit.jsonl"],
    0,
    { format: "jsonl", entries: 0 },
  ],
  [["audit", "verify"], 0, { head: { size: expect.any(Number) }, fault: null }],
  [["audit", "verify", "--head", "x"], 2, refused("usage.invalid_value")],
  [["audit", "verify", "--head", `1:${"1".repeat(64)}`], 1, { fault: { position: 0, fault: "head" } }],
  [["audit", "verify", "--head", `9999:${"1".repeat(64)}`], 1, { fault: { fault: "missing" } }],
  [["user", "enable", "nobody@example.com"], 1, refused("account.not_found")],
  [["user", "enable", "bob@example.com"], 0, user("reviewer")],
  [["user", "enable", "bob@example.com"], 0, user("reviewer")],
  [
    ["audit", "list", "--action", "account.enabled"],
    0,
    { items: [{ actor: "operator", subjectName: "Bob" }] },
  ],
  [["reconcile"], 0, { discrepancies: [] }],
];

test("each command gives the same with a server and without, and only its document on stdout", async () => {
  here.write("pass", "copper otter meadow lantern\n", 0o600);
  here.write("short", "short\n", 0o600);
  for (const name of ["served", "alone"]) await (await serve(name)).stop();
  const server = await serve("served");
  for (const [argv, exitCode, shape] of STEPS) {
    const served = await admin("served", ...argv);
    const alone = await admin("alone", ...argv);
    expect(withoutChance(alone.json)).toEqual(withoutChance(served.json));
    expect([argv, served.exitCode, served.json]).toMatchObject([argv, exitCode, shape as object]);
    expect([alone.exitCode, alone.stderr, served.stderr]).toEqual([exitCode, "", ""]);
  }
  expect((await server.stop()).exitCode).toBe(0);
}, 60_000);

test("with a server and without it: a version goes through the review, and its jobs run", async () => {
  const first = await serve("path");
  await admin("path", "organisation", "add", "Example");
  const key = await admin("path", "apikey", "add", "--name", "ci", "--organisation", "Example");
  const environment = { MOSIS_STORE: first.url, MOSIS_TOKEN: (key.json as { token: string }).token };
  const run = (...argv: string[]) => here.run([...argv, "--json"], { environment });
  await run("keys", "new", "-o", "path.pem");
  expect((await run("keys", "enroll", "--key", "path.pem")).exitCode).toBe(0);
  for (const versionCode of [1, 2, 3]) {
    const files = sampleFiles({ id: "org.example.path", version: `${versionCode}.0.0`, versionCode });
    for (const [name, bytes] of files) here.write(`path-app/${name}`, bytes);
    await run("pack", "path-app", "-o", "path.mosis");
    await run("sign", "path.mosis", "--key", "path.pem");
    const hold = versionCode === 3 ? ["--hold"] : [];
    const submitted = await run("submit", "path.mosis", "--notes", `Version ${versionCode}`, ...hold);
    expect([submitted.exitCode, submitted.json]).toMatchObject([
      0,
      { version: { state: "in_review" }, uploaded: true },
    ]);
    if (versionCode === 1) {
      const approved = await admin("path", "review", "approve", "org.example.path", "1");
      expect(approved.json).toMatchObject({ state: "published", versionCode: 1 });
    }
  }
  expect((await admin("path", "review", "list")).json).toMatchObject({
    items: [{ version: { versionCode: 2 } }, { version: { versionCode: 3 } }],
  });
  await first.stop();

  // Without a server: what the decision causes is done when the command ends.
  expect((await admin("path", "review", "show", "org.example.path", "2")).json).toMatchObject({
    version: { state: "in_review" },
    published: { versionCode: 1 },
  });
  const rejected = await admin(
    "path",
    "review",
    "reject",
    "org.example.path",
    "2",
    "--reason",
    "It crashes.",
  );
  expect(rejected.json).toMatchObject({ state: "rejected" });
  const held = await admin("path", "review", "approve", "org.example.path", "3");
  expect(held.json).toMatchObject({ state: "held" });
  for (const state of ["queued", "running", "dead"]) {
    expect((await admin("path", "jobs", "list", "--state", state)).json).toEqual({ items: [] });
  }
  expect((await admin("path", "reconcile")).json).toEqual({ discrepancies: [] });

  const second = await serve("path");
  environment.MOSIS_STORE = second.url;
  expect((await run("publish", "org.example.path", "2")).json).toMatchObject({
    error: { code: "version.wrong_state" },
  });
  expect((await run("publish", "org.example.path", "3")).json).toMatchObject({
    version: { state: "published" },
    changed: true,
  });
  expect((await run("publish", "org.example.path", "3")).json).toMatchObject({
    version: { state: "published" },
    changed: false,
  });
  const status = await run("status", "org.example.path");
  expect((status.json as { versions: { state: string }[] }).versions.map(({ state }) => state)).toEqual([
    "published",
    "rejected",
    "published",
  ]);
  await second.stop();
}, 60_000);

test("the socket is its user's alone, goes with the server, and one that a kill left is no obstacle", async () => {
  const server = await serve("socket");
  const path = here.path("socket/admin.sock");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  await server.stop("SIGKILL");
  expect(existsSync(path)).toBe(true);
  expect((await admin("socket", "user", "list")).json).toEqual({ items: [] });
  const next = await serve("socket");
  expect((await admin("socket", "user", "list")).json).toEqual({ items: [] });
  expect((await next.stop()).exitCode).toBe(0);
  expect(existsSync(path)).toBe(false);
}, 30_000);

test("another user is told so, with a server and without", async () => {
  if (process.getuid?.() !== 0) return;
  chmodSync(here.folder, 0o755);
  const server = await serve("mine");
  const asNobody = (data: string) =>
    Bun.spawnSync(
      [
        "setpriv",
        "--reuid=65534",
        "--clear-groups",
        process.execPath,
        MAIN,
        "admin",
        "user",
        "list",
        "--data",
        data,
        "--json",
      ],
      { cwd: here.folder, env: { PATH: process.env.PATH, HOME: "/nonexistent" } },
    );
  const closed = asNobody("mine");
  expect([closed.exitCode, JSON.parse(closed.stdout.toString())]).toMatchObject([
    1,
    refused("operator.forbidden"),
  ]);
  // Also where the folder lets others in.
  chmodSync(here.path("mine"), 0o777);
  const open = asNobody("mine");
  expect(JSON.parse(open.stdout.toString())).toMatchObject(refused("operator.forbidden"));
  await server.stop();
  const alone = asNobody("mine");
  expect([alone.exitCode, JSON.parse(alone.stdout.toString())]).toMatchObject([
    1,
    refused("store.wrong_user"),
  ]);
}, 30_000);

test("commands at once, and beside a server that starts, all get through; a second server does not", async () => {
  await (await serve("crowd")).stop();
  const add = (index: number) => admin("crowd", "organisation", "add", `Organisation ${index}`);
  const [server, ...added] = await Promise.all([serve("crowd"), ...[1, 2, 3, 4, 5].map(add)]);
  expect(added.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0, 0]);
  const { items } = (await admin("crowd", "organisation", "list")).json as { items: unknown[] };
  expect(items.length).toBe(5);
  const second = await here.run(["serve", "--data", "crowd", "--port", "0", "--json"]);
  expect([second.exitCode, second.json]).toMatchObject([
    1,
    { error: { code: "store.locked", message: expect.stringContaining(`serving ${server.url}`) } },
  ]);
  await server.stop();
}, 60_000);

test("what is no call of a command is refused, and the server goes on", async () => {
  const server = await serve("hostile");
  const path = here.path("hostile/admin.sock");
  const call = (name: string, body: string, method = "POST") =>
    fetch(`http://operator/${name}`, { unix: path, method, ...(method === "GET" ? {} : { body }) });
  const cases: readonly [name: string, body: string, method: string, status: number, code: string][] = [
    ["", "{}", "POST", 404, "operator.unknown"],
    ["nothing", "{}", "POST", 404, "operator.unknown"],
    ["__proto__", "{}", "POST", 404, "operator.unknown"],
    ["constructor", "{}", "POST", 404, "operator.unknown"],
    ["user.list", "", "GET", 400, "operator.input"],
    ["user.list", "", "POST", 400, "operator.input"],
    ["user.list", "{", "POST", 400, "operator.input"],
    ["user.list", "null", "POST", 400, "operator.input"],
    ["user.list", "[]", "POST", 400, "operator.input"],
    ["user.add", '{"email":1}', "POST", 400, "operator.input"],
    ["user.role", '{"user":"a","storeRole":"king"}', "POST", 400, "operator.input"],
    ["review.show", '{"appId":"com.example.a","versionCode":1.5}', "POST", 400, "operator.input"],
    ["review.show", '{"appId":"../../x","versionCode":1}', "POST", 400, "operator.input"],
    ["organisation.add", '{"name":"\\u0000"}', "POST", 422, "organisation.invalid"],
    ["organisation.add", `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`, "POST", 400, "operator.input"],
  ];
  for (const [name, body, method, status, code] of cases) {
    const response = await call(name, body, method);
    expect([name, body.slice(0, 40), response.status, await response.json()]).toMatchObject([
      name,
      body.slice(0, 40),
      status,
      { error: { code } },
    ]);
  }
  expect((await call("organisation.add", JSON.stringify({ name: "x".repeat(2_000_000) }))).status).toBe(413);
  for (const bytes of [
    "\u0000\u0001\u0002\r\n\r\n",
    "GET",
    `POST /user.list HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\n{`,
  ]) {
    const socket = connect(path);
    socket.on("error", () => {});
    socket.write(bytes);
    await Bun.sleep(20);
    if (bytes.startsWith("\u0000")) socket.destroy();
    // The others stay open, and hold up neither the commands nor the end.
  }
  expect((await admin("hostile", "user", "list")).json).toEqual({ items: [] });
  const started = Bun.nanoseconds();
  const { exitCode, log } = await server.stop();
  expect(exitCode).toBe(0);
  // Far from the ten seconds that something that works would be given.
  expect((Bun.nanoseconds() - started) / 1e9).toBeLessThan(5);
  expect(log).not.toContain('"level":"error"');
}, 60_000);

test("a folder without a store, and one that cannot be", async () => {
  mkdirSync(here.path("nothing"));
  here.write("plain", "");
  const cases: readonly [data: string, exitCode: ExitCode, code: string][] = [
    ["nothing", 3, "store.not_initialised"],
    ["absent", 3, "store.not_initialised"],
    ["plain", 3, "store.not_initialised"],
    ["", 2, "usage.empty_path"],
  ];
  for (const [data, exitCode, code] of cases) {
    const ran = await admin(data, "user", "list");
    expect([data, ran.exitCode, ran.json]).toMatchObject([data, exitCode, refused(code)]);
  }
  expect(here.list("nothing")).toEqual([]);
  expect(here.list()).not.toContain("absent");
});
