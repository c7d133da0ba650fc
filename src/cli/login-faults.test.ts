/** `login`, `whoami` and `logout` where something is wrong: with the store, with what stands before it, with the login's file. */
import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { ERROR_CODES } from "../errors.codes.ts";
import { freePort } from "../testing/free-port.ts";
import { CLI_CODES } from "./codes.ts";
import { runCommand } from "./test-io.ts";

const folder = mkdtempSync(join(tmpdir(), "mosis-login-faults-"));
const logins = join(folder, "mosis", "logins");
const TOKEN = `mosis_usr_${"a".repeat(40)}`;
const TIME = "2026-12-01T00:00:00.000Z";

type Handler = (request: Request) => Response | Promise<Response>;
let server: ReturnType<typeof Bun.serve>;
let answer: Handler;
let store: string;
beforeAll(() => {
  server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: (request: Request) => answer(request) });
  store = `http://127.0.0.1:${server.port}`;
});
beforeEach(() => {
  rmSync(join(folder, "mosis"), { recursive: true, force: true });
  mkdirSync(logins, { recursive: true, mode: 0o700 });
});
afterAll(async () => {
  await server.stop(true);
  rmSync(folder, { recursive: true, force: true });
});

const login = (more: object = {}, at = store) =>
  JSON.stringify({
    store: at,
    token: TOKEN,
    name: "Lia",
    email: "lia@example.org",
    expiresAt: TIME,
    ...more,
  });

function keep(content: string | Uint8Array, mode = 0o600, at = store): string {
  const path = join(logins, `${at.replace("://", "_").replace(/[^a-z0-9.-]/g, "_")}.json`);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

async function mosis(...argv: string[]) {
  const environment = { XDG_CONFIG_HOME: folder, HOME: folder };
  const ran = await runCommand([...argv, "--json"], { cwd: folder, environment });
  const { error } = (ran.json ?? {}) as { error?: { code: string; message: string } };
  return { ...ran, code: error?.code ?? null, message: error?.message ?? "" };
}

/** Each is documented, says what to do, and neither shows the token nor how the program is made. */
function expectPlain({ code, message, stdout, stderr }: Awaited<ReturnType<typeof mosis>>) {
  expect(code).not.toBe("internal");
  expect(Object.hasOwn({ ...ERROR_CODES, ...CLI_CODES }, code ?? "")).toBe(true);
  expect(message).toMatch(/[.:] \S|\.$/);
  expect(stdout + stderr).not.toMatch(/TypeError|RangeError|\n\s+at /);
  expect(stdout + stderr).not.toContain(TOKEN);
}

const html =
  (status: number, more: Record<string, string> = {}) =>
  () =>
    new Response("<html><h1>Sign in to the company's proxy</h1>", {
      status,
      headers: { "Content-Type": "text/html", ...more },
    });
const json =
  (value: unknown, status = 200) =>
  () =>
    Response.json(value, { status });

const ANSWERS: readonly (readonly [what: string, answer: Handler, code: string])[] = [
  ["a page", html(200), "client.not_a_store"],
  ["a page that asks for a password", html(401, { "WWW-Authenticate": "Basic" }), "client.not_a_store"],
  ["a page that forbids", html(403), "client.not_a_store"],
  ["a page of nothing", html(404), "client.not_a_store"],
  ["a page of a fault", html(500), "client.not_a_store"],
  ["another address", html(302, { Location: "https://proxy.example.com/sign-in" }), "client.redirected"],
  ["nothing", () => new Response(""), "client.not_a_store"],
  [
    "JSON that breaks off",
    () => new Response('{"kind":', { headers: { "Content-Type": "application/json" } }),
    "client.not_a_store",
  ],
  ["a list", json([]), "client.unexpected_answer"],
  ["a text", json("hello"), "client.unexpected_answer"],
];

for (const command of ["whoami", "logout"] as const)
  test.each(ANSWERS)(`${command}: %s in place of a store`, async (_, said, code) => {
    keep(login());
    answer = said;
    const ran = await mosis(command);
    expect([ran.code, ran.exitCode]).toEqual([code, 3]);
    expectPlain(ran);
    // The key still works, so it is not forgotten.
    expect(readdirSync(logins)).toHaveLength(1);
  });

test.each(ANSWERS)("login: %s in place of a store", async (_, said, code) => {
  answer = said;
  const ran = await mosis("login", store);
  expect([ran.code, ran.exitCode]).toEqual([code, 3]);
  expectPlain(ran);
  expect(readdirSync(logins)).toEqual([]);
});

test("a store that is down is told so by each, and logout can forget it here", async () => {
  const down = `http://127.0.0.1:${freePort()}`;
  keep(login({}, down), 0o600, down);
  const ran = await Promise.all([mosis("whoami"), mosis("logout"), mosis("login", down)]);
  expect(ran.map(({ code, exitCode }) => [code, exitCode])).toEqual(Array(3).fill(["client.refused", 3]));
  ran.forEach(expectPlain);
  expect(readdirSync(logins)).toHaveLength(1);
  expect((await mosis("logout", "--here")).exitCode).toBe(0);
  expect(readdirSync(logins)).toEqual([]);
}, 60_000);

test("of several stores, whoami asks the one that is named, and guesses none of two", async () => {
  const down = `http://127.0.0.1:${freePort()}`;
  keep(login());
  keep(login({}, down), 0o600, down);
  answer = () =>
    new Response('{"kind":"apikey","organisations":[]}', { headers: { "Content-Type": "application/json" } });
  const named = await Promise.all([
    mosis("whoami", store),
    mosis("whoami", "--store", store),
    mosis("whoami", store, "--store", store),
  ]);
  expect(named.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
  expect(await mosis("whoami", down)).toMatchObject({ code: "client.refused", exitCode: 3 });
  expect(await mosis("whoami")).toMatchObject({ code: "client.store_missing", exitCode: 2 });
  expect(await mosis("whoami", store, "--store", down)).toMatchObject({
    code: "usage.excess_arguments",
    exitCode: 2,
  });
}, 60_000);

const FILES: readonly (readonly [what: string, content: string | Uint8Array, mode: number, code: string])[] =
  [
    ["that others can read", "", 0o644, "login.file_open"],
    ["that a group can write", "", 0o620, "login.file_open"],
    ["that is empty", "", 0o600, "login.file_damaged"],
    ["that breaks off", login().slice(0, -20), 0o600, "login.file_damaged"],
    ["of null", "null", 0o600, "login.file_damaged"],
    ["of a list", "[]", 0o600, "login.file_damaged"],
    ["without a token", login({ token: undefined }), 0o600, "login.file_damaged"],
    ["with an empty token", login({ token: "" }), 0o600, "login.file_damaged"],
    ["with a token of two lines", login({ token: "mosis_usr_a\nX: y" }), 0o600, "login.file_damaged"],
    ["with a token that no header holds", login({ token: "ж" }), 0o600, "login.file_damaged"],
    ["with a number as its token", login({ token: 5 }), 0o600, "login.file_damaged"],
    ["of no store", login({ store: "somewhere" }), 0o600, "login.file_damaged"],
    ["of a file as its store", login({ store: "file:///etc/passwd" }), 0o600, "login.file_damaged"],
    ["that ends at no time", login({ expiresAt: "soon" }), 0o600, "login.file_damaged"],
    ["that is no text", new Uint8Array([0xff, 0xfe, 0, 1]), 0o600, "login.file_damaged"],
    ["that is too large", " ".repeat(2 ** 20 + 1), 0o600, "login.file_damaged"],
  ];

for (const command of ["whoami", "logout"] as const)
  test.each(FILES)(`${command} with a file %s`, async (_, content, mode, code) => {
    const path = keep(content, mode);
    answer = () => {
      throw new Error("nothing is asked");
    };
    const ran = await mosis(command);
    expect(ran.code).toBe(code);
    expect(ran.message).toContain(path);
    expectPlain(ran);
  });

for (const mode of [0o755, 0o700])
  test(`a folder of mode ${mode.toString(8)} in a login's place is told as one, by each before anybody is asked`, async () => {
    const path = keep("");
    rmSync(path);
    mkdirSync(path, { mode });
    let asked = 0;
    answer = () => {
      asked += 1;
      return Response.json({}, { status: 500 });
    };
    for (const argv of [["whoami"], ["logout"], ["logout", store], ["logout", "--here"], ["login", store]]) {
      const ran = await mosis(...argv);
      expect([argv, ran.code]).toEqual([argv, "login.file_damaged"]);
      expect(ran.message).toContain(`${path} is a folder`);
      expect(ran.message).not.toContain("chmod");
      expectPlain(ran);
    }
    expect(asked).toBe(0);
    // Neither is it taken away, with what is in it, nor is anything left beside it.
    expect(readdirSync(logins)).toEqual([basename(path)]);
  });

test("a pipe in a login's place is waited for by nobody", async () => {
  const path = keep("");
  rmSync(path);
  expect(Bun.spawnSync(["mkfifo", "-m", "644", path]).exitCode).toBe(0);
  for (const argv of [["whoami"], ["logout"]]) {
    const ran = await mosis(...argv);
    expect([ran.code, ran.message]).toEqual(["login.file_damaged", expect.stringContaining("is a pipe")]);
    expectPlain(ran);
  }
});

test("a folder, a loop and a file in the folder's place are told as what they are", async () => {
  const path = keep("{}");
  rmSync(path);
  mkdirSync(path);
  const asFolder = await mosis("whoami");
  expect((await mosis("logout", store)).exitCode).not.toBe(0);
  rmSync(path, { recursive: true });
  symlinkSync(path, path);
  const asLoop = await mosis("whoami");
  rmSync(logins, { recursive: true });
  writeFileSync(logins, "");
  const inPlace = [await mosis("whoami"), await mosis("logout", store), await mosis("login", store)];
  for (const ran of [asFolder, asLoop, ...inPlace]) expectPlain(ran);
  expect(inPlace.map(({ exitCode }) => exitCode)).not.toContain(0);
});

test.each([
  ["an interval below nothing", { interval: -1 }],
  ["no interval", { interval: undefined }],
  ["an interval of years", { interval: 1e12 }],
  ["an end that is no number", { expires_in: "soon" }],
])(
  "login: a store that answers with %s is not asked again and again",
  async (_, lie) => {
    let asked = 0;
    answer = ({ url }) => {
      asked += 1;
      if (!url.endsWith("/device-authorization"))
        return Response.json({ error: "authorization_pending" }, { status: 400 });
      return Response.json({
        ...{ device_code: "d", user_code: "AAAA-AAAA", verification_uri_complete: `${store}/activate` },
        ...{ expires_in: 1, interval: 1, ...lie },
      });
    };
    const ran = await mosis("login", store);
    expect(ran.code).toMatch(/^(?:client.unexpected_answer|login.expired_token)$/);
    expect(asked).toBeLessThan(4);
    expectPlain(ran);
  },
  20_000,
);

test.each([
  ["a token of two lines", { access_token: "a\nb" }],
  ["an empty token", { access_token: "" }],
  ["an end beyond all time", { expires_in: 1e300 }],
  ["an end before the beginning", { expires_in: -5 }],
])(
  "login: a store that gives %s signs nobody in",
  async (_, lie) => {
    answer = ({ url }) => {
      if (url.endsWith("/device-authorization"))
        return Response.json({
          ...{ device_code: "d", user_code: "AAAA-AAAA", verification_uri_complete: `${store}/activate` },
          ...{ expires_in: 60, interval: 1 },
        });
      if (url.endsWith("/token"))
        return Response.json({ access_token: TOKEN, token_type: "Bearer", expires_in: 60, ...lie });
      return Response.json({ kind: "account", name: "Lia", email: "lia@example.org", keyId: "key-1" });
    };
    const ran = await mosis("login", store);
    expect(ran.code).toBe("client.unexpected_answer");
    expectPlain(ran);
    expect(readdirSync(logins)).toEqual([]);
  },
  20_000,
);
