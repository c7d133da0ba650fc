/** Access tokens over HTTP: the key set that others read, and what the guard says of a token. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { issueAccessToken } from "../accounts/access-tokens/issue.ts";
import { audienceOf, issuerOf } from "../accounts/access-tokens/kinds.ts";
import { makeTemplate, openWorld, type Template, type World } from "../testing/http/world.ts";

const KEY_SET = "/.well-known/jwks.json";
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
