/** What a provider, or whoever stands in its place, may say, and what comes of it. Everything goes over real HTTP. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Provider, providers } from "../../config.providers.ts";
import { type Liar, type Lies, startLiar } from "../../testing/liar.ts";
import { problemOf } from "../../testing/problems.ts";
import { openTestStore, type TestStore } from "../../testing/store.ts";
import { askProviderFor, hearProvider, redirectUriOf, type Told } from "./ask.ts";
import type { Shown } from "./claims.ts";
import { beginFlow, endOffer, keepOffer, seeOffer } from "./flows.ts";

const ORIGIN = "https://apps.example.com";
const folder = mkdtempSync(join(tmpdir(), "mosis-liar-"));
const secret = join(folder, "secret");
writeFileSync(secret, "s");

let base: TestStore;
let liar: Liar;
beforeAll(async () => {
  base = await openTestStore();
  liar = startLiar("mosis");
});
afterAll(async () => {
  await liar.stop();
  base.close();
  rmSync(folder, { recursive: true });
});

/** A store of its own as far as what is kept of providers goes. */
function storeWith(settings: object = {}) {
  const text = JSON.stringify({
    liar: { kind: "oidc", issuer: liar.issuer, client_id: "mosis", client_secret_file: secret, ...settings },
  });
  return { ...base, db: { ...base.db }, config: { ...base.config, providers: providers(text) } };
}

type Store = ReturnType<typeof storeWith>;

async function signIn(store: Store, lies: Lies = {}): Promise<Told> {
  liar.lies = lies;
  const { url, cookie } = await askProviderFor(store, "liar", { origin: ORIGIN, next: null });
  const back = new URL(liar.back(url));
  return hearProvider(store, "liar", { cookie, query: back.searchParams });
}

const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;

test("what is right is taken: the neighbour of everything below", async () => {
  const { shown } = await signIn(storeWith());
  expect(shown).toMatchObject({
    subject: "liar",
    email: "liar@example.org",
    emailVerified: true,
    name: "Lia",
  });
  await signIn(storeWith(), { claims: { exp: inSeconds(-20), iat: inSeconds(-60) } });
  await signIn(storeWith(), { claims: { iat: inSeconds(20), exp: inSeconds(400), azp: "mosis" } });
  await signIn(storeWith(), { claims: { aud: ["mosis", "other"], azp: "mosis" } });
});

const TOKENS: readonly (readonly [what: string, lies: Lies, code: string])[] = [
  ["for another client", { claims: { aud: "other" } }, "provider.token"],
  [
    "for several, and another one asked",
    { claims: { aud: ["mosis", "other"], azp: "other" } },
    "provider.token",
  ],
  ["for several, and nobody asked", { claims: { aud: ["mosis", "other"] } }, "provider.token"],
  ["for this client, and another one asked", { claims: { azp: "other" } }, "provider.token"],
  ["of a time to come", { claims: { iat: inSeconds(60), exp: inSeconds(400) } }, "provider.token"],
  ["of another issuer", { claims: { iss: "https://evil.example" } }, "provider.token"],
  ["of another sign-in", { claims: { nonce: "another" } }, "provider.token"],
  ["of no sign-in", { claims: { nonce: undefined } }, "provider.answer"],
  ["that has expired", { claims: { exp: inSeconds(-60), iat: inSeconds(-400) } }, "provider.token"],
  ["without an end", { claims: { exp: undefined } }, "provider.answer"],
  ["that is not valid yet", { claims: { nbf: inSeconds(600) } }, "provider.token"],
  ["without a subject", { claims: { sub: undefined } }, "provider.answer"],
  ["whose subject is no text", { claims: { sub: 7 } }, "provider.answer"],
  ["signed by another key", { signature: "other key" }, "provider.answer"],
  ["signed by nobody", { signature: "none" }, "provider.answer"],
  ["signed with what everybody knows", { signature: "public key as secret" }, "provider.answer"],
  ["with an unknown critical header", { header: { crit: ["x"], x: 1 } }, "provider.token"],
  ["of a key that is not published", { header: { kid: "2" } }, "provider.token"],
];

test.each(TOKENS)("refused: an identity token %s", async (_, lies, code) => {
  expect((await problemOf(signIn(storeWith(), lies))).code).toBe(code);
});

test("refused: an identity token of an earlier sign-in, replayed in a new one", async () => {
  const store = storeWith();
  await signIn(store);
  const old = liar.given.at(-1) ?? "";
  const problem = await problemOf(signIn(store, { tokens: (right) => ({ ...right, id_token: old }) }));
  expect(problem.code).toBe("provider.token");
});

test("an address of the identity token is not verified by userinfo, which vouches for another one", async () => {
  const claims = { email: "boss@example.org", email_verified: undefined, name: undefined };
  const told = async (email: string) => {
    const userInfo = { sub: "liar", email, email_verified: true, name: "Lia" };
    return (await signIn(storeWith(), { claims, answers: { "/userinfo": json(userInfo) } })).shown;
  };
  const boss = { email: "boss@example.org", name: "Lia" };
  expect(await told("real@evil.example")).toMatchObject({ ...boss, emailVerified: false });
  expect(await told("boss@example.org")).toMatchObject({ ...boss, emailVerified: true });
});

const huge = () => new Response("x".repeat(2 ** 20 + 1), { headers: { "Content-Type": "application/json" } });
const json =
  (value: unknown, status = 200) =>
  () =>
    Response.json(value, { status });

const ANSWERS: readonly (readonly [what: string, lies: Lies, code: string])[] = [
  ["no token", { tokens: ({ id_token: _, ...rest }) => rest }, "provider.answer"],
  ["a token that is none", { tokens: (right) => ({ ...right, id_token: "a.b.c" }) }, "provider.answer"],
  [
    "a token type that is unknown",
    { tokens: (right) => ({ ...right, token_type: "mac" }) },
    "provider.token",
  ],
  [
    "JSON that is none",
    { answers: { "/token": () => new Response("{", { headers: { "Content-Type": "application/json" } }) } },
    "provider.answer",
  ],
  [
    "a page",
    { answers: { "/token": () => new Response("<html>", { headers: { "Content-Type": "text/html" } }) } },
    "provider.answer",
  ],
  ["its own fault", { answers: { "/token": () => new Response("", { status: 500 }) } }, "provider.answer"],
  ["more than anybody needs", { answers: { "/token": huge } }, "provider.answer"],
  [
    "an address elsewhere",
    { answers: { "/token": () => Response.redirect(`${ORIGIN}/`, 307) } },
    "provider.answer",
  ],
  [
    "that it does not know the store",
    { answers: { "/token": json({ error: "invalid_client" }, 401) } },
    "provider.client",
  ],
  [
    "that the redirect address is another",
    { answers: { "/token": json({ error: "redirect_uri_mismatch" }, 400) } },
    "provider.client",
  ],
  [
    "a fault of its own in words",
    { answers: { "/token": json({ error: "temporarily_unavailable" }, 400) } },
    "provider.failed",
  ],
  ["keys that are none", { answers: { "/jwks": json({ keys: "none" }) } }, "provider.answer"],
  ["keys without end", { answers: { "/jwks": huge } }, "provider.answer"],
  ["a key that is no number", { key: { x: "!!!" } }, "provider.answer"],
  ["a key that is no point of its curve", { key: { x: "AAAA" } }, "provider.answer"],
  ["half a key", { key: { y: undefined } }, "provider.answer"],
  ["a private key", { key: { d: "AQAB" } }, "provider.answer"],
];

test.each(ANSWERS)("refused: an answer with %s", async (_, lies, code) => {
  expect((await problemOf(signIn(storeWith(), lies))).code).toBe(code);
});

const METADATA: readonly (readonly [what: string, lies: Lies, code: string])[] = [
  ["another issuer", { metadata: { issuer: "https://evil.example" } }, "provider.answer"],
  ["the issuer with a slash more", { metadata: { issuer: "http://127.0.0.1/" } }, "provider.answer"],
  ["no place for tokens", { metadata: { token_endpoint: undefined } }, "provider.answer"],
  ["no place to ask people", { metadata: { authorization_endpoint: undefined } }, "provider.answer"],
  [
    "tokens over http elsewhere",
    { metadata: { token_endpoint: "http://192.0.2.1/token" } },
    "provider.answer",
  ],
  ["tokens in a file", { metadata: { token_endpoint: "file:///etc/passwd" } }, "provider.answer"],
  [
    "people asked by a script",
    { metadata: { authorization_endpoint: "javascript:alert(1)" } },
    "provider.answer",
  ],
  [
    "people asked over http elsewhere",
    { metadata: { authorization_endpoint: "http://192.0.2.1/" } },
    "provider.answer",
  ],
  [
    "credentials taken in no list of ways",
    { metadata: { token_endpoint_auth_methods_supported: 5 } },
    "provider.answer",
  ],
  [
    "credentials taken in a text",
    { metadata: { token_endpoint_auth_methods_supported: "x" } },
    "provider.answer",
  ],
  [
    "a redirect",
    { answers: { "/.well-known/openid-configuration": () => Response.redirect("http://127.0.0.1:1/", 302) } },
    "provider.answer",
  ],
  ["no end", { answers: { "/.well-known/openid-configuration": huge } }, "provider.answer"],
  [
    "nothing",
    { answers: { "/.well-known/openid-configuration": () => new Response("", { status: 404 }) } },
    "provider.answer",
  ],
];

test.each(METADATA)("refused: a provider that says of itself %s", async (_, lies, code) => {
  expect((await problemOf(signIn(storeWith(), lies))).code).toBe(code);
});

test("a provider that is down is told so at once, asked again a little later, and then works", async () => {
  const store = storeWith();
  liar.lies = { answers: { "/.well-known/openid-configuration": () => new Response("", { status: 503 }) } };
  const from = liar.asked.length;
  for (let clicks = 0; clicks < 3; clicks += 1)
    expect((await problemOf(signIn(store, liar.lies))).code).toBe("provider.answer");
  expect(liar.asked.length - from).toBe(1);
  base.clock.advance(6000);
  expect((await signIn(store)).shown.subject).toBe("liar");
  const asked = liar.asked.length;
  await signIn(store);
  expect(liar.asked.slice(asked)).toEqual(["/token"]);

  const nowhere = {
    ...store,
    db: { ...base.db },
    config: { ...store.config, providers: [off(store.config.providers[0])] },
  };
  const problem = await problemOf(askProviderFor(nowhere, "liar", { origin: ORIGIN, next: null }));
  expect(problem.code).toBe("provider.unreachable");
});

function off(provider: Provider | undefined): Provider {
  if (provider === undefined) throw new Error("it is there");
  return { ...provider, issuer: "http://127.0.0.1:1" };
}

test("a secret that is not there, empty or of two lines signs nobody in", async () => {
  for (const [name, content] of [
    ["none", null],
    ["empty", "\n"],
    ["lines", "a\nb"],
  ] as const) {
    const file = join(folder, name);
    if (content !== null) writeFileSync(file, content);
    const problem = await problemOf(signIn(storeWith({ client_secret_file: file })));
    expect([problem.code, problem.message.includes(file)]).toEqual(["provider.file", true]);
  }
});

test("a way back is good for fifteen minutes", async () => {
  const store = storeWith();
  liar.lies = {};
  const { url, cookie } = await askProviderFor(store, "liar", { origin: ORIGIN, next: null });
  const { searchParams: query } = new URL(liar.back(url));
  base.clock.advance(15 * 60_000);
  expect((await problemOf(hearProvider(store, "liar", { cookie, query }))).code).toBe("provider.flow");
  base.clock.set(new Date(Math.floor(Date.now() / 1000) * 1000));
});

test("of two browsers with one way back, one comes in", async () => {
  const store = storeWith();
  liar.lies = {};
  const { url, cookie } = await askProviderFor(store, "liar", { origin: ORIGIN, next: null });
  const { searchParams: query } = new URL(liar.back(url));
  const both = await Promise.allSettled([1, 2].map(() => hearProvider(store, "liar", { cookie, query })));
  expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
});

test("however many set out, nobody who is on their way is forgotten", async () => {
  const store = storeWith();
  liar.lies = {};
  const { url, cookie } = await askProviderFor(store, "liar", { origin: ORIGIN, next: "/apps" });
  const redirectUri = redirectUriOf(ORIGIN, "liar");
  for (let crowd = 0; crowd < 25_000; crowd++)
    beginFlow(store, { provider: "liar", redirectUri, next: null });
  const { searchParams: query } = new URL(liar.back(url));
  expect(await hearProvider(store, "liar", { cookie, query })).toMatchObject({ next: "/apps" });
});

test("a cookie that was changed, put together, or given by another process leads nowhere", async () => {
  const store = storeWith();
  liar.lies = {};
  const { url, cookie } = await askProviderFor(store, "liar", { origin: ORIGIN, next: null });
  const { searchParams: query } = new URL(liar.back(url));
  const [secret = "", about = "", mac = ""] = cookie.split(".");
  const elsewhere = { provider: "liar", redirectUri: "https://evil.example/", next: null, until: 4e12 };
  const other = (await askProviderFor(storeWith(), "liar", { origin: ORIGIN, next: null })).cookie;
  for (const forged of [
    "",
    secret,
    `${secret}.${about}`,
    `${secret}.${about}.`,
    `${secret}.${about}.${mac}.`,
    `${secret}.${Buffer.from(JSON.stringify(elsewhere)).toString("base64url")}.${mac}`,
    `${secret}..${mac}`,
    `${secret}.${other.split(".").slice(1).join(".")}`,
    `${other.split(".")[0]}.${about}.${mac}`,
  ])
    expect((await problemOf(hearProvider(store, "liar", { cookie: forged, query }))).code).toBe(
      "provider.flow",
    );
  await hearProvider(store, "liar", { cookie, query });
});

test("a person has one offer at a time, and an address too long for a cookie is left out", () => {
  const store = storeWith();
  const shown = { subject: "lia" } as Shown;
  const offer = { provider: "liar", shown, token: null, askedAt: new Date(), next: null };
  const first = keepOffer(store, offer);
  const others = [
    keepOffer(store, { ...offer, shown: { ...shown, subject: "leo" } }),
    keepOffer(store, { ...offer, provider: "other" }),
  ];
  const second = keepOffer(store, offer);
  expect(seeOffer(store, first)).toBeNull();
  for (const secret of [...others, second]) expect(seeOffer(store, secret)).not.toBeNull();
  endOffer(store, second);
  expect(seeOffer(store, second)).toBeNull();
  const { cookie } = beginFlow(store, {
    provider: "liar",
    redirectUri: ORIGIN,
    next: `/${"ä".repeat(2000)}`,
  });
  expect(cookie.length).toBeLessThan(3900);
});
