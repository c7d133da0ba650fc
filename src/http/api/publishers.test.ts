/** Trusted publishing over the API: an app's owners say whom it trusts, and a CI server's jobs come with its identity tokens. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { generateKeyPairSync } from "node:crypto";
import { generateKeyPair, type JWK } from "jose";
import { OPERATOR } from "../../accounts/actor.ts";
import { createApiKey } from "../../accounts/api-keys/make.ts";
import { removeMember } from "../../accounts/members.ts";
import { listMessages } from "../../accounts/messages/outbox.ts";
import { addMember } from "../../accounts/organisations.ts";
import { createAccount, disableAccount, enableAccount } from "../../accounts/people.ts";
import { forgetUsedTokens } from "../../accounts/trusted-publishing/records.ts";
import type { TrustedIssuer } from "../../config.issuers.ts";
import { write } from "../../db/database.ts";
import { type CiClaims, type CiServer, type SignOptions, startCiServer } from "../../testing/ci-server.ts";
import { read, routeOf, undocumented } from "../../testing/http/conformance.ts";
import { type Caller, makeTemplate, openWorld, type Template, type World } from "../../testing/http/world.ts";

/** As the configuration of tests has it. */
const AUDIENCE = "http://127.0.0.1:8470";
const APP = "org.example.sample";
const OWN = { repository: "example/notes", workflow_file: "release.yml", environment: "release" };
const DAY_MS = 86_400_000;

let template: Template;
let ci: CiServer;
let other: CiServer;
let world: World;
let clock: () => Date;
beforeAll(async () => {
  template = await makeTemplate();
  const now = () => clock();
  ci = await startCiServer(now, AUDIENCE);
  other = await startCiServer(now, AUDIENCE);
});
afterAll(async () => {
  await Promise.all([ci.stop(), other.stop()]);
  template.remove();
});
const issuer = (id: string, { issuer }: CiServer, more: Partial<TrustedIssuer> = {}): TrustedIssuer => ({
  id,
  kind: "github",
  name: id === "ci" ? "GitHub" : "Other",
  issuer,
  require: {},
  caFile: null,
  ...more,
});
/** Of tables of what changes nothing: one world for all rows. */
let isShared = false;
function shareWorld(): void {
  beforeAll(async () => {
    await open([issuer("ci", ci), issuer("other", other)]);
    isShared = true;
  });
  afterAll(async () => {
    isShared = false;
    await world.close();
  });
}
beforeEach(async () => {
  ci.reset();
  if (isShared) return;
  await open([issuer("ci", ci), issuer("other", other)]);
});
afterEach(async () => {
  if (!isShared) await world.close();
});

async function open(trustedIssuers: readonly TrustedIssuer[], settings = {}): Promise<void> {
  world = await openWorld(template, {}, { trustedIssuers, ...settings });
  clock = () => world.store.clock.now();
}

async function call(
  method: string,
  path: string,
  init: { as?: Caller; token?: string; json?: unknown; bytes?: Uint8Array } = {},
) {
  const token = init.as === undefined ? init.token : world.tokens[init.as];
  const answer = await read(
    await fetch(`${world.url}/api/v1${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...(init.json === undefined ? {} : { "Content-Type": "application/json" }),
        ...(init.bytes === undefined ? {} : { "Content-Type": "application/vnd.mosis.package" }),
        "If-Match": "*",
      },
      ...(init.json === undefined ? {} : { body: JSON.stringify(init.json) }),
      ...(init.bytes === undefined ? {} : { body: init.bytes as Uint8Array<ArrayBuffer> }),
    }),
  );
  expect(undocumented(routeOf(method, `/api/v1${path.replace(/\?.*/, "")}`), answer)).toEqual([]);
  return answer;
}
type Answer = Awaited<ReturnType<typeof call>>;
const codeIn = ({ json }: Answer) => (json as { code?: string }).code ?? "no problem";

const trust = async (claims: Readonly<Record<string, string>> = OWN, app = APP, issuerId = "ci") =>
  (await call("POST", `/apps/${app}/publishers`, { as: "owner", json: { issuer: issuerId, claims } }))
    .json as {
    id: string;
  };
const exchange = (identityToken: string, appId = APP) =>
  call("POST", "/trusted-publishing/token", { json: { appId, identityToken } });
const signed = async (claims: CiClaims = {}, options: SignOptions = {}, appId = APP) =>
  exchange(await ci.sign(claims, options), appId);
const tokenOf = async (claims: CiClaims = {}) => {
  const answer = await signed(claims);
  expect([answer.status, codeIn(answer)]).toEqual([200, "no problem"]);
  return (answer.json as { token: string }).token;
};
const upload = async (token: string, code: number, app = APP) =>
  call("POST", `/apps/${app}/versions`, { token, bytes: await world.pack(code) });
const audit = (action: string) =>
  world.store.db.raw
    .query<{ actor: string; via: string | null; subject: string; after: string | null }, [string]>(
      "SELECT actor, via, subject, after FROM audit_entries WHERE action = ? ORDER BY position",
    )
    .all(action);

describe("a build job", () => {
  test("uploads, submits and reads a version, and the version says where it is from", async () => {
    const { id } = await trust();
    const answer = await signed();
    expect(answer.status).toBe(200);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const { token, expiresIn, publisherId } = answer.json as Record<string, unknown>;
    expect([expiresIn, publisherId]).toEqual([900, id]);
    const made = await call("POST", `/versions?notes=New.`, {
      token: String(token),
      bytes: await world.pack(8),
    });
    expect(made.status).toBe(201);
    const from = {
      issuerName: "GitHub",
      issuer: ci.issuer,
      repository: "example/notes",
      commit: ci.job.sha,
      run: ci.job.run_id,
      workflow: "release.yml",
      environment: "release",
    };
    expect(made.json).toMatchObject({ uploadedBy: `publisher:${id}`, publishedFrom: from });
    await world.drain();
    const mine = await call("GET", `/apps/${APP}/versions/8`, { token: String(token) });
    expect(mine.json).toMatchObject({ state: "in_review", publishedFrom: from });
    expect((await call("GET", `/apps/${APP}/versions/8/findings`, { token: String(token) })).status).toBe(
      200,
    );
    expect((await call("GET", "/me", { token: String(token) })).json).toEqual({
      kind: "publisher",
      publisherId: id,
      actions: ["self.read", "version.upload", "version.read", "version.submit"],
      apps: [APP],
      storeRole: null,
      organisations: [],
    });
    // Of what people upload nothing of the kind is said.
    const before = await call("GET", `/apps/${APP}/versions/1`, { as: "owner" });
    expect(before.json).toMatchObject({ publishedFrom: null });

    const [used] = audit("publisher.used");
    expect(used).toMatchObject({ actor: "anonymous", subject: id });
    expect(JSON.parse(used?.after ?? "{}")).toMatchObject({
      appId: APP,
      commit: ci.job.sha,
      run: ci.job.run_id,
    });
    const [uploaded] = audit("version.uploaded").slice(-1);
    expect(uploaded).toMatchObject({
      actor: `publisher:${id}`,
      via: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(JSON.stringify(world.log)).not.toContain(String(token));
    const listed = (await call("GET", `/apps/${APP}/publishers`, { as: "viewer" })).json;
    expect(listed).toMatchObject({
      trustedOnly: false,
      audience: AUDIENCE,
      issuers: [{ id: "ci", name: "GitHub", kind: "github" }, { id: "other" }],
      items: [{ id, claims: OWN, pinned: { repository_id: "74", repository_owner_id: "65" } }],
    });
  });

  test("does nothing else, to its app or to any other", async () => {
    await trust();
    const token = await tokenOf();
    expect((await upload(token, 8)).status).toBe(201);
    await world.drain();
    for (const [method, path, json] of [
      ["GET", `/apps/${APP}`],
      ["GET", "/apps"],
      ["GET", `/apps/${APP}/publishers`],
      ["POST", `/apps/${APP}/publishers`, { issuer: "ci", claims: OWN }],
      ["POST", `/apps/${APP}/trusted-only`, { trustedOnly: true }],
      ["PATCH", `/apps/${APP}`, { name: "x" }],
      ["DELETE", `/apps/${APP}`],
      ["POST", `/apps/${APP}/versions/5/publish`],
      ["POST", `/apps/${APP}/versions/8/withdraw`],
      ["GET", `/organisations/${world.organisationId}`],
      ["GET", `/organisations/${world.organisationId}/api-keys`],
      ["POST", "/me/api-keys", { name: "x", actions: null, apps: null }],
      ["GET", "/jobs"],
      ["GET", "/review/queue"],
      ["GET", "/developer-keys"],
      ["GET", "/audit"],
      ["POST", "/token-keys/rotate"],
    ] as const) {
      const answer = await call(method, path, { token, ...(json === undefined ? {} : { json }) });
      expect([method, path, answer.status]).toEqual([method, path, 403]);
    }
    // Another app of the same organisation, and one of others.
    for (const app of [world.emptyApp, world.strangerApp, "org.example.absent"]) {
      expect((await call("GET", `/apps/${app}/versions`, { token })).status).toBe(404);
      const refused = await call("POST", `/apps/${app}/versions`, { token, bytes: await world.pack(9) });
      expect([app, refused.status]).toEqual([app, 404]);
    }
    const fresh = await world.pack(1, { id: "org.example.fresh" });
    const created = await call("POST", "/versions?createApp=true", { token, bytes: fresh });
    expect([created.status, codeIn(created)]).toEqual([404, "app.not_found"]);
  });

  test("has its token for a quarter of an hour", async () => {
    await trust();
    const token = await tokenOf();
    world.store.clock.advance(899_000);
    expect((await call("GET", "/me", { token })).status).toBe(200);
    world.store.clock.advance(1000);
    expect(codeIn(await call("GET", "/me", { token }))).toBe("auth.token_expired");
  });

  test("asks for its identity token where GitHub has it", async () => {
    await trust();
    const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: secret } = ci.environment;
    const given = await fetch(`${url}&audience=${encodeURIComponent(AUDIENCE)}`, {
      headers: { Authorization: `Bearer ${secret}` },
    });
    const { value } = (await given.json()) as { value: string };
    expect((await exchange(value)).status).toBe(200);
  });
});

describe("an identity token is refused", () => {
  const JOBS: readonly [what: string, code: string, claims: CiClaims, options?: SignOptions][] = [
    ["of another repository", "trusted.no_publisher", { repository: "example/other" }],
    ["of a fork", "trusted.no_publisher", { repository: "eve/notes", repository_id: "99" }],
    ["of a pull request", "trusted.no_publisher", { event_name: "pull_request", ref: "refs/pull/1/merge" }],
    [
      "of a pull request from a fork, with the base’s rights",
      "trusted.no_publisher",
      { event_name: "pull_request_target" },
    ],
    ["of another environment", "trusted.no_publisher", { environment: "test" }],
    [
      "of another workflow",
      "trusted.no_publisher",
      { workflow_ref: "example/notes/.github/workflows/x.yml@refs/heads/main" },
    ],
    ["for GitHub’s own audience", "trusted.audience", { aud: "https://github.com/example" }],
    ["for another store", "trusted.audience", { aud: "https://apps.example.org" }],
    ["for this store and another", "trusted.audience", { aud: [AUDIENCE, "https://apps.example.org"] }],
    ["for nobody", "trusted.audience", { aud: undefined }],
    ["for the store’s API", "trusted.audience", { aud: `${AUDIENCE}/api/v1` }],
    [
      "of an issuer whom nobody trusts",
      "trusted.issuer_unknown",
      { iss: "https://token.actions.githubusercontent.com" },
    ],
    ["of an issuer with a slash", "trusted.issuer_unknown", { iss: "http://localhost/" }],
    ["of no issuer", "trusted.issuer_unknown", { iss: undefined }],
    ["without an end", "trusted.token_invalid", { exp: undefined }],
    ["without a beginning", "trusted.token_invalid", { iat: undefined }],
    ["without a subject", "trusted.token_invalid", { sub: undefined }],
    ["with a key that is not published", "trusted.token_invalid", {}, { withUnknownKey: true }],
    ["with a key under another’s name", "trusted.token_invalid", {}, { alg: "ES256", kid: "unknown" }],
    ["that is a log-out token", "trusted.token_invalid", {}, { typ: "logout+jwt" }],
    ["that is an access token", "trusted.token_invalid", {}, { typ: "at+jwt" }],
    ["with what has to be understood", "trusted.token_invalid", {}, { header: { crit: ["b64"], b64: true } }],
  ];
  describe("in a job", () => {
    shareWorld();
    for (const [what, code, claims, options = {}] of JOBS)
      test(what, async () => {
        await trust();
        const answer = await signed(claims, options);
        expect([answer.status, codeIn(answer)]).toEqual([403, code]);
        expect(audit("publisher.used")).toEqual([]);
      });
  });

  test("the neighbour of all of these is taken, with each kind of key", async () => {
    await trust();
    for (const alg of ["RS256", "ES256", "EdDSA"] as const)
      expect((await signed({}, { alg })).status).toBe(200);
  });

  test("when it is not signed, or by a secret", async () => {
    await trust();
    const [, body] = (await ci.sign()).split(".");
    const head = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const { privateKey } = await generateKeyPair("RS256");
    expect(privateKey.type).toBe("private");
    const kid = ci.keys[0]?.kid;
    const hs = head({ alg: "HS256", typ: "JWT", kid });
    const secret = JSON.stringify(ci.keys[0]);
    const mac = new Bun.CryptoHasher("sha256", secret).update(`${hs}.${body}`).digest("base64url");
    for (const token of [
      `${head({ alg: "none", typ: "JWT" })}.${body}.`,
      `${head({ alg: "None", typ: "JWT", kid })}.${body}.AA`,
      `${head({ typ: "JWT", kid })}.${body}.AA`,
      `${hs}.${body}.${mac}`,
      `${body}`,
      "",
      "a.b.c",
      "x".repeat(16_000),
    ]) {
      const answer = await exchange(token);
      expect([answer.status, codeIn(answer)]).toEqual([403, "trusted.token_invalid"]);
    }
  });

  test("when its time is over or has not come, give or take half a minute", async () => {
    await trust();
    const now = () => Math.floor(clock().getTime() / 1000);
    for (const [claims, code] of [
      [{ exp: now() - 31 }, "trusted.token_expired"],
      [{ exp: now() - 20 }, "no problem"],
      [{ nbf: now() + 20, iat: now() + 20 }, "no problem"],
      [{ nbf: now() + 40 }, "trusted.token_invalid"],
      [{ iat: now() + 40 }, "trusted.token_invalid"],
      [{ iat: now() - 3500, exp: now() + 3600 }, "no problem"],
      [{ iat: now() - 3700, exp: now() + 3600 }, "trusted.token_expired"],
      [{ exp: "soon" }, "trusted.token_invalid"],
    ] as const)
      expect([claims, codeIn(await signed(claims))]).toEqual([claims, code]);
  });

  test("when it was taken before, by its name or by what is signed", async () => {
    await trust();
    const named = await ci.sign();
    expect((await exchange(named)).status).toBe(200);
    expect(codeIn(await exchange(named))).toBe("trusted.replayed");
    // The same name on another token is the same token.
    const jti = JSON.parse(Buffer.from(named.split(".")[1] ?? "", "base64url").toString()).jti;
    expect(codeIn(await signed({ jti, run_attempt: "2" }))).toBe("trusted.replayed");

    const nameless = await ci.sign({ jti: undefined }, { alg: "ES256" });
    expect((await exchange(nameless)).status).toBe(200);
    expect(codeIn(await exchange(nameless))).toBe("trusted.replayed");
    // Of an ECDSA signature (r, s) there is another for the same bytes: (r, n − s).
    expect(codeIn(await exchange(otherSignature(nameless)))).toBe("trusted.replayed");
    expect((await signed({ jti: undefined, run_attempt: "2" }, { alg: "ES256" })).status).toBe(200);
  });

  test("when it is sent many times at once, but for one of them", async () => {
    await trust();
    const token = await ci.sign();
    const codes = (await Promise.all([...Array(8)].map(() => exchange(token)))).map(codeIn).sort();
    expect(codes).toEqual(["no problem", ...Array(7).fill("trusted.replayed")]);
    // And nothing is remembered for longer than it could be used.
    world.store.clock.advance(3_700_000);
    write(world.store.db, (tx) => forgetUsedTokens(tx, clock()));
    expect(world.store.db.raw.query("SELECT * FROM used_identity_tokens").all()).toEqual([]);
    expect(codeIn(await exchange(token))).toBe("trusted.token_expired");
  });

  test("alike for an app that trusts others, that trusts nobody, that is another’s, and that is not there", async () => {
    await trust();
    const refusal = async (claims: CiClaims, app: string) => {
      const { status, json } = await signed(claims, {}, app);
      const { detail, code, errors } = json as Record<string, string>;
      return { status, code, errors, detail: detail?.replaceAll(app, "APP") };
    };
    const strange = { repository: "eve/x", jti: "j" };
    const first = await refusal(strange, APP);
    expect(first.code).toBe("trusted.no_publisher");
    for (const app of [world.emptyApp, world.strangerApp, "org.example.absent"])
      expect(await refusal(strange, app)).toEqual(first);
    // What the token says comes back, so that a slip can be found; nothing of what the app asks for does.
    expect(JSON.stringify(first)).toContain("repository = eve/x");
    expect(JSON.stringify(first)).not.toContain("= release.yml");
  });

  test("of a store whose address nobody has said", async () => {
    await world.close();
    await open([issuer("ci", ci)], { port: 0 });
    const answer = await signed();
    expect([answer.status, codeIn(answer)]).toEqual([503, "trusted.no_address"]);
  });

  test("when too many come from one address", async () => {
    await world.close();
    await open([issuer("ci", ci)], { addressRequests: 12 });
    const token = await ci.sign();
    expect([(await exchange(token)).status, (await exchange("x")).status]).toEqual([403, 403]);
    const refused = await exchange(token);
    expect([refused.status, codeIn(refused)]).toEqual([429, "rate.limited"]);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  });

  test("by what the administrator asks of every job", async () => {
    await world.close();
    await open([
      issuer("ci", ci, { require: { repository_owner: "Example", runner_environment: "self-hosted" } }),
    ]);
    await trust();
    const refused = await signed();
    expect(codeIn(refused)).toBe("trusted.no_publisher");
    // Which, so that a slip is found, and not what each has to be.
    expect(refused.json).toMatchObject({
      detail: expect.stringContaining("unless runner_environment is as"),
    });
    expect(codeIn(await signed({ runner_environment: "self-hosted" }))).toBe("no problem");
  });
});

describe("two apps", () => {
  test("that trust the same job are told apart by what the job asks for", async () => {
    const first = await trust();
    const second = await trust(OWN, world.emptyApp);
    expect(first.id).not.toBe(second.id);
    const answer = await signed({}, {}, world.emptyApp);
    expect(answer.json).toMatchObject({ publisherId: second.id });
    const { token } = answer.json as { token: string };
    expect((await call("GET", `/apps/${world.emptyApp}/versions`, { token })).status).toBe(200);
    expect((await upload(token, 8)).status).toBe(404);
  });

  test("of two CI servers: what one says counts for nothing at the other", async () => {
    await trust(OWN, APP, "other");
    expect(codeIn(await signed())).toBe("trusted.no_publisher");
    // Its own key under the other's name.
    const forged = await ci.sign({ iss: other.issuer });
    expect(codeIn(await exchange(forged))).toBe("trusted.token_invalid");
    expect(
      codeIn(await exchange(await ci.sign({ iss: other.issuer }, { kid: other.keys[0]?.kid ?? "" }))),
    ).toBe("trusted.token_invalid");
    expect((await exchange(await other.sign())).status).toBe(200);
  });
});

describe("a CI server", () => {
  test("rotates its keys: a new one is asked for once, and an unknown one not again and again", async () => {
    await trust();
    expect((await signed()).status).toBe(200);
    world.store.clock.advance(61_000);
    await ci.rotate();
    const before = ci.asked.length;
    expect((await signed()).status).toBe(200);
    expect(ci.asked.length - before).toBe(2);
    for (let n = 0; n < 5; n++)
      expect(codeIn(await signed({}, { withUnknownKey: true }))).toBe("trusted.token_invalid");
    expect(ci.asked.length - before).toBe(2);
  });

  test("that rotates right after it was asked is no lost release: the job may come again", async () => {
    await trust();
    expect((await signed()).status).toBe(200);
    world.store.clock.advance(5000);
    await ci.rotate();
    const early = await signed();
    expect([early.status, codeIn(early), early.headers.get("retry-after")]).toEqual([
      503,
      "trusted.issuer_unreachable",
      "60",
    ]);
    world.store.clock.advance(60_000);
    expect((await signed()).status).toBe(200);
  });

  test("is asked once for many jobs at a time", async () => {
    await trust();
    const tokens = await Promise.all([...Array(10)].map(() => ci.sign()));
    const before = ci.asked.length;
    for (const { status } of await Promise.all(tokens.map((token) => exchange(token))))
      expect(status).toBe(200);
    expect(ci.asked.length - before).toBe(2);
  });

  test("whose keys are known is not waited for when a stranger's token names another, and it is slow or down", async () => {
    await trust();
    expect((await signed()).status).toBe(200);
    world.store.clock.advance(61_000);
    const { promise: slow, resolve: answers } = Promise.withResolvers<void>();
    ci.instead.set("/jwks", () => slow.then(() => new Response("down", { status: 503 })));
    const waits = signed({}, { withUnknownKey: true });
    expect((await signed()).status).toBe(200);
    answers();
    expect(codeIn(await waits)).toBe("trusted.issuer_unreachable");
    expect((await signed()).status).toBe(200);
    // What is known is no older for that: ten minutes after it was asked for it is over.
    world.store.clock.advance(10 * 60_000 - 61_000);
    expect(codeIn(await signed())).toBe("trusted.issuer_unreachable");
  });

  test.each<[string, string, () => Response | Promise<Response>]>([
    ["that is down", "/jwks", () => new Response("down", { status: 503 })],
    ["that has no discovery", "/.well-known/openid-configuration", () => new Response("", { status: 404 })],
    [
      "that calls itself otherwise",
      "/.well-known/openid-configuration",
      () => Response.json({ issuer: "https://evil.example", jwks_uri: `${ci.issuer}/jwks` }),
    ],
    ["that sends elsewhere", "/jwks", () => Response.redirect(`${other.issuer}/jwks`, 302)],
    [
      "whose keys are at an address that is not https",
      "/.well-known/openid-configuration",
      () => Response.json({ issuer: ci.issuer, jwks_uri: "http://203.0.113.1/jwks" }),
    ],
    [
      "whose keys are a file",
      "/.well-known/openid-configuration",
      () => Response.json({ issuer: ci.issuer, jwks_uri: "file:///etc/passwd" }),
    ],
    ["with ten megabytes of keys", "/jwks", () => new Response(`{"keys":[${" ".repeat(10 * 1024 * 1024)}]}`)],
    ["with too many keys", "/jwks", () => Response.json({ keys: Array(101).fill(ci.keys[0]) })],
    ["without keys", "/jwks", () => Response.json({ keys: [] })],
    ["with no JSON", "/jwks", () => new Response("<html>")],
    ["with a list", "/jwks", () => Response.json([1])],
  ])("%s is told of, and is asked again a little later", async (_, path, instead) => {
    await trust();
    ci.instead.set(path, instead);
    const answer = await signed();
    expect([answer.status, codeIn(answer)]).toEqual([503, "trusted.issuer_unreachable"]);
    expect(answer.headers.get("retry-after")).toBe("5");
    expect(world.log.some(({ event }) => event === "trusted.issuer_unreachable")).toBe(true);
    const asked = ci.asked.length;
    expect((await signed()).status).toBe(503);
    expect(ci.asked.length).toBe(asked);
    ci.instead.clear();
    world.store.clock.advance(5000);
    expect((await signed()).status).toBe(200);
  });

  test("with two keys of one name, or with keys of other kinds, confuses nobody", async () => {
    await trust();
    const [rsa, ec] = ci.keys;
    const own = ci.keys.map((key) => ({ ...key }));
    // Each under the name of the other, and one that is meant for encryption.
    ci.keys.splice(0, ci.keys.length, { ...rsa, kid: ec?.kid ?? "" }, { ...ec, kid: rsa?.kid ?? "" });
    expect(codeIn(await signed())).toBe("trusted.token_invalid");
    world.store.clock.advance(11 * 60_000);
    ci.keys.splice(0, ci.keys.length, { ...rsa, use: "enc" });
    expect(codeIn(await signed())).toBe("trusted.token_invalid");
    world.store.clock.advance(11 * 60_000);
    ci.keys.splice(0, ci.keys.length, { ...rsa }, { ...rsa });
    expect(codeIn(await signed())).toBe("trusted.token_invalid");
    world.store.clock.advance(11 * 60_000);
    ci.keys.splice(0, ci.keys.length, ...own, { kty: "oct", k: "AAAA", kid: "x" });
    expect((await signed()).status).toBe(200);
  });

  test.each<[string, "RS256" | "ES256" | "EdDSA", (jwk: JWK) => object]>([
    ["a malformed modulus", "RS256", (jwk) => ({ ...jwk, n: "!!!!" })],
    ["an empty modulus", "RS256", (jwk) => ({ ...jwk, n: "" })],
    ["a modulus that is a number", "RS256", (jwk) => ({ ...jwk, n: 5 })],
    ["no modulus", "RS256", ({ n: _, ...jwk }) => jwk],
    ["half a private key", "RS256", (jwk) => ({ ...jwk, d: "AQAB" })],
    ["a private key", "RS256", ({ kid }) => ({ ...newRsa(2048).privateKey, kid })],
    ["a key of 1024 bits", "RS256", ({ kid }) => ({ ...newRsa(1024).publicKey, kid })],
    ["a short coordinate", "ES256", (jwk) => ({ ...jwk, x: "AAAA" })],
    ["no coordinate", "ES256", (jwk) => ({ ...jwk, x: null })],
    ["a point beside the curve", "ES256", (jwk) => ({ ...jwk, x: "A".repeat(43), y: "A".repeat(43) })],
    ["a short point", "EdDSA", (jwk) => ({ ...jwk, x: "AA" })],
  ])("with %s is told to be at fault, once in the log, until it is mended", async (_, alg, spoil) => {
    await trust();
    const at = ["RS256", "ES256", "EdDSA"].indexOf(alg);
    const good = ci.keys[at] as JWK;
    ci.keys[at] = spoil(good) as JWK;
    for (let n = 0; n < 2; n++) {
      const answer = await signed({}, { alg });
      expect([answer.status, codeIn(answer)]).toEqual([403, "trusted.key_unusable"]);
      const { detail } = answer.json as { detail: string };
      expect(detail).toContain(JSON.stringify(good.kid));
      expect(detail).toContain(`GitHub (${ci.issuer})`);
    }
    const logged = world.log.filter(({ event }) => event === "trusted.key_unusable");
    expect(logged).toMatchObject([{ level: "warn", issuer: "ci", kid: good.kid }]);
    expect(world.log.filter(({ event, stack }) => event === "http.failed" || stack !== undefined)).toEqual(
      [],
    );
    expect(audit("publisher.used")).toEqual([]);
    // The others of the set serve as before, and the key itself once it is mended.
    const neighbour = alg === "RS256" ? "ES256" : "RS256";
    expect((await signed({}, { alg: neighbour })).status).toBe(200);
    ci.keys[at] = good;
    world.store.clock.advance(61_000);
    expect((await signed({}, { alg })).status).toBe(200);
  });

  test("that the administrator trusts no more ends its tokens, and trusts nobody", async () => {
    const { id } = await trust();
    const token = await tokenOf();
    const { config } = world.store;
    (config as { trustedIssuers: readonly TrustedIssuer[] }).trustedIssuers = [issuer("other", other)];
    expect(codeIn(await call("GET", "/me", { token }))).toBe("auth.token_revoked");
    expect(codeIn(await signed())).toBe("trusted.issuer_unknown");
    const listed = (await call("GET", `/apps/${APP}/publishers`, { as: "owner" })).json;
    expect(listed).toMatchObject({ items: [{ id, issuerName: null }] });
    // The same id for another server is not the same issuer.
    (config as { trustedIssuers: readonly TrustedIssuer[] }).trustedIssuers = [issuer("ci", other)];
    expect(codeIn(await exchange(await other.sign()))).toBe("trusted.no_publisher");
    expect(codeIn(await call("GET", "/me", { token }))).toBe("auth.token_revoked");
  });
});

describe("names that came back", () => {
  const stranger = { repository_id: "999", repository_owner_id: "888" };

  test("are refused, told to the owners once a day, and stand in the audit log", async () => {
    const { id } = await trust();
    expect((await signed()).status).toBe(200);
    for (let n = 0; n < 3; n++) expect(codeIn(await signed(stranger))).toBe("trusted.no_publisher");
    const messages = () =>
      listMessages(world.store, OPERATOR, { limit: 100 }).items.filter(
        ({ kind }) => kind === "publisher.stranger",
      );
    expect(messages()).toHaveLength(1);
    expect(messages()[0]).toMatchObject({ address: "owner@example.com", path: `/apps/${APP}/publishers` });
    expect(messages()[0]?.body).toContain("repository_id = 74");
    expect(messages()[0]?.body).toContain("repository_id = 999");
    expect(audit("publisher.stranger")).toMatchObject([{ actor: "anonymous", subject: id }]);
    world.store.clock.advance(DAY_MS);
    expect(codeIn(await signed({ ...stranger, repository_id: "1000" }))).toBe("trusted.no_publisher");
    expect(messages()).toHaveLength(2);
    // The true one goes on.
    expect((await signed()).status).toBe(200);
    // An owner who has moved it says so, by removing and adding.
    await call("POST", `/apps/${APP}/publishers/${id}/remove`, { as: "owner" });
    await trust();
    expect((await signed(stranger)).status).toBe(200);
  });
});

describe("tokens end at once", () => {
  let token = "";
  let id = "";
  beforeEach(async () => {
    ({ id } = await trust());
    token = await tokenOf();
    expect((await call("GET", "/me", { token })).status).toBe(200);
  });
  const expectEnded = async () => {
    const answer = await call("GET", "/me", { token });
    expect([answer.status, codeIn(answer)]).toEqual([401, "auth.token_revoked"]);
    expect((await upload(token, 8)).status).toBe(401);
  };

  test("when the publisher is removed, and with it nobody’s else", async () => {
    const second = await trust({ repository_id: "75" });
    const otherToken = await tokenOf({ repository_id: "75", repository: "example/second" });
    for (let n = 0; n < 2; n++) {
      const removed = await call("POST", `/apps/${APP}/publishers/${id}/remove`, { as: "owner" });
      expect(removed.status).toBe(200);
    }
    await expectEnded();
    expect((await call("GET", "/me", { token: otherToken })).status).toBe(200);
    expect(audit("publisher.removed")).toHaveLength(1);
    expect(second.id).not.toBe(id);
    expect(codeIn(await signed())).toBe("trusted.no_publisher");
  });

  test("when the switch is turned off, and not when it is turned on", async () => {
    const only = (trustedOnly: boolean) =>
      call("POST", `/apps/${APP}/trusted-only`, { as: "owner", json: { trustedOnly } });
    expect((await only(true)).status).toBe(200);
    expect((await call("GET", "/me", { token })).status).toBe(200);
    expect((await only(false)).status).toBe(200);
    await expectEnded();
    expect((await signed()).status).toBe(200);
  });

  test("when the app goes to another organisation", async () => {
    await call("POST", `/apps/${APP}/trusted-only`, { as: "owner", json: { trustedOnly: true } });
    addMember(world.store, OPERATOR, world.strangerId, world.nowhereId, "owner");
    const to = world.strangerId;
    const made = await call("POST", `/apps/${APP}/transfers`, { as: "owner", json: { to } });
    const { id: transfer } = made.json as { id: string };
    expect((await call("GET", "/me", { token })).status).toBe(200);
    await call("POST", `/organisations/${to}/transfers/${transfer}/accept`, { as: "nowhere" });
    await expectEnded();
    expect(audit("publisher.removed").map(({ subject }) => subject)).toEqual([id]);
    expect(audit("publisher.only").map(({ after }) => after)).toEqual([
      '{"trustedOnly":true}',
      '{"trustedOnly":false}',
    ]);
    expect(codeIn(await signed())).toBe("trusted.no_publisher");
    // Its new owners see nothing of it, and may trust the same job by themselves.
    const listed = await call("GET", `/apps/${APP}/publishers`, { as: "nowhere" });
    expect(listed.json).toMatchObject({ items: [] });
    const again = await call("POST", `/apps/${APP}/publishers/${id}/remove`, { as: "nowhere" });
    expect(codeIn(again)).toBe("publisher.not_found");
    const asked = { as: "nowhere", json: { issuer: "ci", claims: OWN } } as const;
    expect((await call("POST", `/apps/${APP}/publishers`, asked)).status).toBe(201);
    expect((await signed({ repository_id: "75" })).status).toBe(200);
    await expectEnded();
  });

  test("when the app is deleted, also when its id is somebody’s again", async () => {
    const empty = "org.example.empty";
    await trust(OWN, empty);
    const answer = await signed({}, {}, empty);
    const { token: ofEmpty } = answer.json as { token: string };
    expect((await call("GET", "/me", { token: ofEmpty })).status).toBe(200);
    expect((await call("DELETE", `/apps/${empty}`, { as: "owner" })).status).toBe(204);
    const ended = async () => codeIn(await call("GET", "/me", { token: ofEmpty }));
    expect(await ended()).toBe("auth.token_revoked");
    expect(codeIn(await signed({}, {}, empty))).toBe("trusted.no_publisher");
    const again = { as: "owner", json: { id: empty, name: "Again" } } as const;
    expect((await call("POST", "/apps", again)).status).toBe(201);
    expect(await ended()).toBe("auth.token_revoked");
    expect(codeIn(await signed({}, {}, empty))).toBe("trusted.no_publisher");
  });

  test("while its upload is under way", async () => {
    const bytes = await world.pack(8);
    const { port } = new URL(world.url);
    const removed = Promise.withResolvers<void>();
    const body = new ReadableStream<Uint8Array>({
      async start(controller) {
        controller.enqueue(bytes.subarray(0, 100));
        await Bun.sleep(100);
        await call("POST", `/apps/${APP}/publishers/${id}/remove`, { as: "owner" });
        removed.resolve();
        controller.enqueue(bytes.subarray(100));
        controller.close();
      },
    });
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/apps/${APP}/versions`, {
      method: "POST",
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/vnd.mosis.package" },
      body,
    });
    await removed.promise;
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
      401,
      "auth.token_revoked",
    ]);
    expect(audit("version.uploaded").some(({ actor }) => actor === `publisher:${id}`)).toBe(false);
  });
});

describe("whose owner goes", () => {
  const told = () =>
    listMessages(world.store, OPERATOR, { limit: 50 }).items.filter(({ kind }) => kind === "publisher.left");
  const leftBehind = async () => {
    const { json } = await call("GET", `/apps/${APP}/publishers`, { as: "owner" });
    const { items } = json as { items: { id: string; leftBehind: boolean }[] };
    return items.map((item) => [item.id, item.leftBehind]);
  };

  test("works on, and the owners who stay are told of it once, and see it as long as it is so", async () => {
    const { store, organisationId } = world;
    const { id: stays } = await trust();
    const { id: accountId } = await createAccount(store, OPERATOR, {
      email: "olga@example.org",
      name: "Olga",
    });
    addMember(store, OPERATOR, organisationId, accountId, "owner");
    const { token: own } = createApiKey(store, OPERATOR, { owner: { accountId }, name: "x" });
    const claims = { repository: "olga/notes" };
    const made = await call("POST", `/apps/${APP}/publishers`, {
      token: own,
      json: { issuer: "ci", claims },
    });
    expect(made.json).toMatchObject({ leftBehind: false });
    const { id } = made.json as { id: string };
    const job = { repository: "olga/notes", repository_id: "76" };
    const token = await tokenOf(job);
    addMember(store, OPERATOR, organisationId, accountId, "maintainer");
    for (const { address, body, path } of told()) {
      expect(address).not.toBe("olga@example.org");
      expect(body).toContain(`- olga/notes, for ${APP}`);
      expect(body).not.toContain("example/notes");
      expect(path).toBe(`/apps/${APP}/publishers`);
    }
    expect(told()).toHaveLength(1);
    expect(await leftBehind()).toEqual([
      [stays, false],
      [id, true],
    ]);
    expect((await call("GET", "/me", { token })).status).toBe(200);
    expect((await signed(job)).status).toBe(200);
    removeMember(store, OPERATOR, { organisationId, accountId });
    expect(told()).toHaveLength(1);
    addMember(store, OPERATOR, organisationId, accountId, "owner");
    expect(await leftBehind()).toContainEqual([id, false]);
    disableAccount(store, OPERATOR, accountId);
    expect(told()).toHaveLength(2);
    expect(await leftBehind()).toContainEqual([id, true]);
    // Of what is removed nobody is told.
    await call("POST", `/apps/${APP}/publishers/${id}/remove`, { as: "owner" });
    enableAccount(store, OPERATOR, accountId);
    disableAccount(store, OPERATOR, accountId);
    expect(told()).toHaveLength(2);
  });
});

describe("the switch", () => {
  const only = (trustedOnly: boolean, as: Caller = "owner", app = APP) =>
    call("POST", `/apps/${app}/trusted-only`, { as, json: { trustedOnly } });

  test("refuses every person and every key, and lets the publisher go on", async () => {
    await trust();
    expect((await only(true)).json).toMatchObject({ trustedOnly: true });
    expect((await call("GET", `/apps/${APP}`, { as: "viewer" })).json).toMatchObject({ trustedOnly: true });
    const bytes = await world.pack(8);
    for (const as of ["owner", "developer", "organisation"] as const)
      for (const path of [`/apps/${APP}/versions`, "/versions"]) {
        const refused = await call("POST", path, { as, bytes });
        expect([as, refused.status, codeIn(refused)]).toEqual([as, 403, "version.trusted_only"]);
      }
    // Who may not see the app is told nothing of it.
    expect(codeIn(await call("POST", `/apps/${APP}/versions`, { as: "stranger", bytes }))).toBe(
      "app.not_found",
    );
    expect(codeIn(await call("POST", "/versions", { as: "stranger", bytes }))).toBe("app.id_taken");
    const token = await tokenOf();
    expect((await call("POST", `/apps/${APP}/versions`, { token, bytes })).status).toBe(201);
    // Nor may somebody say something of what the job has uploaded, by sending the same bytes.
    const again = await call("POST", `/apps/${APP}/versions?notes=x`, { as: "owner", bytes });
    expect(codeIn(again)).toBe("version.trusted_only");
    expect((await only(false)).json).toMatchObject({ trustedOnly: false });
    expect(
      (await call("POST", `/apps/${APP}/versions`, { as: "owner", bytes: await world.pack(9) })).status,
    ).toBe(201);
    expect(audit("publisher.only")).toHaveLength(2);
  });

  test("is for owners, and not for an app that trusts nobody", async () => {
    expect(codeIn(await only(true))).toBe("publisher.none");
    await trust();
    for (const as of ["developer", "viewer", "organisation", "administrator", "reviewer"] as const)
      expect([as, (await only(true, as)).status]).toEqual([as, 403]);
    expect((await only(true, "stranger")).status).toBe(403);
    expect((await only(true, "owner", world.strangerApp)).status).toBe(404);
    // Again is no change.
    await only(true);
    await only(true);
    expect(audit("publisher.only")).toHaveLength(1);
  });

  test("stays on when the last publisher goes: then nobody uploads", async () => {
    const { id } = await trust();
    await only(true);
    expect((await call("POST", `/apps/${APP}/publishers/${id}/remove`, { as: "owner" })).status).toBe(200);
    expect(codeIn(await upload(world.tokens.owner, 8))).toBe("version.trusted_only");
  });
});

describe("whom an app trusts", () => {
  const add = (json: unknown, as: Caller = "owner", app = APP) =>
    call("POST", `/apps/${app}/publishers`, { as, json });

  describe("is not", () => {
    shareWorld();
    test.each<[string, unknown]>([
      ["an issuer that there is not", { issuer: "nobody", claims: OWN }],
      ["an issuer of the prototype", { issuer: "constructor", claims: OWN }],
      ["no claims", { issuer: "ci", claims: {} }],
      [
        "claims that do not say whose",
        { issuer: "ci", claims: { environment: "release", ref: "refs/heads/main" } },
      ],
      ["the issuer as a claim", { issuer: "ci", claims: { ...OWN, iss: "x" } }],
      ["the audience as a claim", { issuer: "ci", claims: { ...OWN, aud: "x" } }],
      ["an empty claim", { issuer: "ci", claims: { repository: "  " } }],
      ["a claim of two lines", { issuer: "ci", claims: { repository: "a\nb" } }],
      ["a claim that reads backwards", { issuer: "ci", claims: { repository: "a\u202eb" } }],
      ["a claim without a name", { issuer: "ci", claims: { ...OWN, "": "x" } }],
      ["a claim with a name that is none", { issuer: "ci", claims: { ...OWN, "a b": "x" } }],
      // As it comes over the wire: written here as a literal it would be no member.
      [
        "a claim that is the prototype",
        JSON.parse('{"issuer":"ci","claims":{"repository":"a/b","__proto__":"x"}}'),
      ],
      ["a claim twice", { issuer: "ci", claims: { repository: "a/b", " repository": "c/d" } }],
      ["a long claim", { issuer: "ci", claims: { repository: "x".repeat(301) } }],
      [
        "too many claims",
        { issuer: "ci", claims: { ...OWN, ...Object.fromEntries([..."abcdefgh"].map((c) => [c, "x"])) } },
      ],
    ])("%s", async (_, json) => {
      const answer = await add(json);
      expect([answer.status, codeIn(answer)]).toEqual([422, "publisher.invalid"]);
      expect(audit("publisher.added")).toEqual([]);
    });
  });

  test("may be said by names of the language's own, which a job must have like any other", async () => {
    const claims = { ...OWN, constructor: "a", toString: "b" };
    const added = await add({ issuer: "ci", claims });
    expect([added.status, (added.json as { claims: object }).claims]).toEqual([201, claims]);
    expect(codeIn(await signed())).toBe("trusted.no_publisher");
    expect(codeIn(await signed({ constructor: "a" }))).toBe("trusted.no_publisher");
    expect((await signed({ constructor: "a", toString: "b" })).status).toBe(200);
  });

  test("is said once, and by owners", async () => {
    const first = await add({ issuer: "ci", claims: OWN });
    expect(first.status).toBe(201);
    // In another order they are the same.
    const { repository, ...rest } = OWN;
    expect(codeIn(await add({ issuer: "ci", claims: { ...rest, repository } }))).toBe("publisher.exists");
    for (const as of ["developer", "viewer", "organisation", "administrator"] as const)
      expect([as, (await add({ issuer: "ci", claims: { repository: "a/b" } }, as)).status]).toEqual([
        as,
        403,
      ]);
    const { id } = first.json as { id: string };
    // One of another app is not there.
    const elsewhere = await call("POST", `/apps/${world.emptyApp}/publishers/${id}/remove`, { as: "owner" });
    expect(codeIn(elsewhere)).toBe("publisher.not_found");
    for (let n = 0; n < 19; n++)
      expect((await add({ issuer: "ci", claims: { repository: `a/${n}` } })).status).toBe(201);
    expect(codeIn(await add({ issuer: "ci", claims: { repository: "a/b" } }))).toBe("publisher.too_many");
  });
});

function newRsa(modulusLength: number) {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength });
  return { publicKey: publicKey.export({ format: "jwk" }), privateKey: privateKey.export({ format: "jwk" }) };
}

/** (r, s) → (r, n − s) of P-256, which verifies as well. */
function otherSignature(token: string): string {
  const [head, body, signature = ""] = token.split(".");
  const bytes = Buffer.from(signature, "base64url");
  const n = BigInt("0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
  const s = BigInt(`0x${bytes.subarray(32).toString("hex")}`);
  const flipped = (n - s).toString(16).padStart(64, "0");
  return `${head}.${body}.${Buffer.concat([bytes.subarray(0, 32), Buffer.from(flipped, "hex")]).toString("base64url")}`;
}
