/** Access tokens over HTTP: the key set that others read, and what the guard says of a token. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import { createLocalJWKSet, createRemoteJWKSet, type JSONWebKeySet, jwtVerify } from "jose";
import { issueAccessToken } from "../accounts/access-tokens/issue.ts";
import { keepTokenKeys } from "../accounts/access-tokens/keys.ts";
import { audienceOf, issuerOf } from "../accounts/access-tokens/kinds.ts";
import { AHEAD_MS, KEY_DAYS, LONGEST_TOKEN_SECONDS } from "../accounts/access-tokens/plan.ts";
import { SESSION_COOKIE } from "../accounts/sessions.ts";
import { makeTemplate, openWorld, type Template, type World } from "../testing/http/world.ts";

const DAY_MS = 86_400_000;
const KEY_SET = "/.well-known/jwks.json";
let template: Template;
let world: World;
beforeAll(async () => {
  template = await makeTemplate();
});
beforeEach(async () => {
  world = await openWorld(template);
});
afterEach(() => world.close());
afterAll(() => template.remove());

const api = (token: string, path = "/api/v1/me", method = "GET") =>
  fetch(`${world.url}${path}`, { method, headers: { Authorization: `Bearer ${token}` } });
const codeIn = async (answer: Response) => ((await answer.json()) as { code: string }).code;

test("the key set is for everybody, and may be kept for some minutes", async () => {
  const { token } = await issueAccessToken(world.store, {
    kind: "device",
    subject: "dev-1",
    audience: "files",
  });
  const answer = await fetch(`${world.url}${KEY_SET}`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toBe("application/jwk-set+json");
  expect(answer.headers.get("cache-control")).toBe("public, max-age=300");
  expect(await answer.json()).toEqual({
    keys: [
      {
        kty: "OKP",
        crv: "Ed25519",
        x: expect.any(String),
        kid: expect.any(String),
        alg: "EdDSA",
        use: "sig",
      },
    ],
  });
  const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(KEY_SET, world.url)), {
    issuer: issuerOf(world.store),
    audience: audienceOf(world.store, "files"),
    currentDate: world.store.clock.now(),
  });
  expect(payload.sub).toBe("device:dev-1");
});

test("a token of nobody, of another place, or of no store is refused alike by each route", async () => {
  const ofNobody = await issueAccessToken(world.store, { kind: "device", subject: "dev-1", audience: "api" });
  const ofFiles = await issueAccessToken(world.store, {
    kind: "device",
    subject: "dev-1",
    audience: "files",
  });
  for (const [token, code] of [
    [ofNobody.token, "auth.token_revoked"],
    [ofFiles.token, "auth.token_invalid"],
    ["a.b.c", "auth.token_invalid"],
    [`${ofNobody.token}x`, "auth.token_invalid"],
  ] as const) {
    const answer = await api(token);
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toContain('error="invalid_token"');
    expect(await codeIn(answer)).toBe(code);
  }
  // What is no such token is looked for among the API keys, as ever.
  expect(await codeIn(await api("mosis_org_x"))).toBe("auth.token_invalid");
  expect((await api(world.tokens.owner)).status).toBe(200);
});

test("an administrator ends all tokens; nobody else does", async () => {
  const { token } = await issueAccessToken(world.store, {
    kind: "device",
    subject: "dev-1",
    audience: "api",
  });
  const before = await (await fetch(`${world.url}${KEY_SET}`)).text();
  for (const who of ["owner", "auditor", "organisation"] as const)
    expect((await api(world.tokens[who], "/api/v1/token-keys/rotate", "POST")).status).toBe(403);
  expect(await (await fetch(`${world.url}${KEY_SET}`)).text()).toBe(before);
  const rotated = await api(world.tokens.administrator, "/api/v1/token-keys/rotate", "POST");
  expect(rotated.status).toBe(200);
  const { items } = (await rotated.json()) as { items: { state: string }[] };
  expect(items.map(({ state }) => state).sort()).toEqual(["ended", "signs"]);
  expect(JSON.stringify(items)).not.toContain("private");
  const answer = await api(token);
  expect([answer.status, await codeIn(answer)]).toEqual([401, "auth.token_revoked"]);
  expect((await api(world.tokens.auditor, "/api/v1/token-keys")).status).toBe(200);
});

test("whoever verifies beside the store keeps up with the rotation by copies of the key set that are a day old", async () => {
  const { store } = world;
  const issue = async () =>
    (await issueAccessToken(store, { kind: "device", subject: "dev-1", audience: "files" })).token;
  const keySet = async () => (await (await fetch(`${world.url}${KEY_SET}`)).json()) as JSONWebKeySet;
  const isGood = (token: string, keys: JSONWebKeySet) =>
    jwtVerify(token, createLocalJWKSet(keys), {
      issuer: issuerOf(store),
      audience: audienceOf(store, "files"),
      currentDate: store.clock.now(),
    }).then(
      () => true,
      () => false,
    );
  await issue();
  store.clock.advance(KEY_DAYS * DAY_MS);
  for (const wait of [0, AHEAD_MS]) {
    store.clock.advance(wait);
    keepTokenKeys(store);
  }
  const kidOf = (token: string) => JSON.parse(atob(token.split(".")[0] ?? "")).kid as string;
  const first = kidOf(await issue());
  // The one that comes next is there a day before.
  store.clock.advance(KEY_DAYS * DAY_MS - AHEAD_MS);
  keepTokenKeys(store);
  const dayOld = await keySet();
  expect(dayOld.keys.map(({ kid }) => kid)).toContain(first);
  store.clock.advance(AHEAD_MS - 1000);
  const last = await issue();
  store.clock.advance(1000);
  const next = await issue();
  expect([kidOf(last), kidOf(next) === first]).toEqual([first, false]);
  keepTokenKeys(store);
  for (const keys of [dayOld, await keySet()])
    expect([await isGood(last, keys), await isGood(next, keys)]).toEqual([true, true]);
  // The old one goes when no token of it can be good any more.
  store.clock.advance(LONGEST_TOKEN_SECONDS * 1000 - 1);
  expect((await keySet()).keys.map(({ kid }) => kid)).toContain(first);
  store.clock.advance(1);
  expect((await keySet()).keys.map(({ kid }) => kid)).toEqual([kidOf(next)]);
  expect(await isGood(last, await keySet())).toBe(false);
  // One that was ended is in no key set from then on, and its newest token is refused at once.
  const stolen = await issue();
  await api(world.tokens.administrator, "/api/v1/token-keys/rotate", "POST");
  expect(await isGood(stolen, await keySet())).toBe(false);
  expect(await isGood(await issue(), await keySet())).toBe(true);
});

test("no access token opens a page, in whatever header it comes", async () => {
  const { token } = await issueAccessToken(world.store, {
    kind: "device",
    subject: "dev-1",
    audience: "api",
  });
  for (const headers of [
    { Authorization: `Bearer ${token}` },
    { Authorization: `Bearer ${world.tokens.administrator}` },
    { Cookie: `${SESSION_COOKIE}=${token}` },
    { Cookie: `${SESSION_COOKIE}=${world.tokens.administrator}` },
  ]) {
    const answer = await fetch(`${world.url}/account`, { headers, redirect: "manual" });
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/sign-in?next=%2Faccount"]);
  }
});
