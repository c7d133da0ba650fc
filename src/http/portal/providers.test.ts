/** Signing in with a real OpenID Connect provider: who comes in, who does not, and what it never does by itself. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OPERATOR } from "../../accounts/actor.ts";
import { createApiKey } from "../../accounts/api-keys/make.ts";
import { beginSecondStep, findPendingSignIn } from "../../accounts/factors/pending.ts";
import { stillLinked } from "../../accounts/identities/link.ts";
import { invite } from "../../accounts/invitations/invite.ts";
import { makeLink } from "../../accounts/links/links.ts";
import { createAccount, disableAccount, readAccount } from "../../accounts/people.ts";
import { createSession, listSessions, sessionInUse } from "../../accounts/sessions.ts";
import { write } from "../../db/database.ts";
import type { IdentityId } from "../../ids.ts";
import { freePort } from "../../testing/free-port.ts";
import { newVisitor, type Visitor } from "../../testing/http/visitor.ts";
import { type Liar, startLiar } from "../../testing/liar.ts";
import { OIDC_CLIENT, type OidcServer, startOidcServer } from "../../testing/oidc-server.ts";
import { newOrganisation, newPerson, PASSWORD, type Portal, startPortal } from "../../testing/portal.ts";
import { codeOf, codeOfSync } from "../../testing/problems.ts";
import { signedInNow } from "../../testing/signed-in.ts";

const folder = mkdtempSync(join(tmpdir(), "mosis-oidc-"));
const secretFile = join(folder, "secret");
writeFileSync(secretFile, `${OIDC_CLIENT.secret}\n`);

let provider: OidcServer;
let liar: Liar;
let portal: Portal;
let visitor: Visitor;
/** The same provider three times over: as it is, with domains, and without a right to make accounts. */
beforeAll(async () => {
  const port = freePort();
  const url = `http://127.0.0.1:${port}`;
  provider = await startOidcServer(
    ["sso", "limited", "strict"].map((id) => `${url}/sign-in/with/${id}/back`),
  );
  liar = startLiar(OIDC_CLIENT.id);
  const common = {
    kind: "oidc",
    issuer: provider.issuer,
    client_id: OIDC_CLIENT.id,
    client_secret_file: secretFile,
  };
  portal = await startPortal(
    {
      signUp: "example.org",
      providers: JSON.stringify({
        sso: { ...common, name: "Example SSO", second_factor: ["mfa"] },
        limited: { ...common, name: "Limited", domains: ["example.com"] },
        liar: { ...common, issuer: liar.issuer },
        strict: { ...common, name: "Strict", accounts: false },
      }),
    },
    undefined,
    port,
  );
});
beforeEach(() => {
  visitor = newVisitor();
});
afterAll(async () => {
  await portal.close();
  await provider.stop();
  await liar.stop();
  rmSync(folder, { recursive: true });
});

const at = (path: string) => portal.url + path;
const someone = (sub: string, more: object = {}) => ({
  sub,
  email: `${sub}@example.org`,
  email_verified: true,
  name: "Ida Berg",
  ...more,
});
const start = (id = "sso", next = "") =>
  at(`/sign-in/with/${id}${next === "" ? "" : `?next=${encodeURIComponent(next)}`}`);
const isBack = (url: string) => url.includes("/back?");

function rows(query: string, ...values: string[]): unknown[] {
  return portal.store.db.raw.query(query).all(...values);
}

const codeOn = (body: string): string | null => /\/docs\/errors#([a-z._]+)/.exec(body)?.[1] ?? null;

describe("coming in", () => {
  test("a new person gets an account where signing up lets them, and the same one the next time", async () => {
    provider.signedIn = someone("ida");
    const seen = await visitor.go(start("sso", "/account"));
    expect([seen.status, seen.url]).toEqual([200, at("/account")]);
    expect(seen.body).toContain("Ida Berg");
    const account = readAccount(portal.store, "ida@example.org");
    expect(account).toMatchObject({ name: "Ida Berg", storeRole: null });
    expect(account.emailProvenAt).not.toBeNull();
    expect(listSessions(portal.store, account.id)).toHaveLength(1);

    provider.signedIn = someone("ida", { email: "ida.berg@example.net", name: "Another Name" });
    const again = newVisitor();
    expect((await again.go(start())).url).toBe(at("/dashboard"));
    expect(readAccount(portal.store, account.id)).toMatchObject({
      email: "ida@example.org",
      name: "Ida Berg",
    });
    expect(rows("SELECT account_id, provider, email FROM identities WHERE subject = 'ida'")).toEqual([
      { account_id: account.id, provider: "sso", email: "ida.berg@example.net" },
    ]);
    expect(rows("SELECT action FROM audit_entries WHERE subject = ? ORDER BY position", account.id)).toEqual([
      { action: "account.created" },
      { action: "identity.linked" },
    ]);
  });

  test("whoever was invited takes it up with the address that the provider has verified", async () => {
    const organisationId = newOrganisation(portal.store, "Invited Works");
    const email = "guest@elsewhere.example";
    invite(portal.store, OPERATOR, {
      email,
      member: { organisationId, role: "developer" },
      storeRole: "support",
    });
    provider.signedIn = someone("guest", { email });
    expect((await visitor.go(start())).url).toBe(at("/dashboard"));
    const account = readAccount(portal.store, email);
    expect(account.storeRole).toBe("support");
    expect(rows("SELECT role FROM memberships WHERE account_id = ?", account.id)).toEqual([
      { role: "developer" },
    ]);
    expect(
      rows("SELECT count(*) AS n FROM invitations WHERE email = ? AND accepted_at IS NULL", email),
    ).toEqual([{ n: 0 }]);
  });

  test.each([
    ["//evil.example/x", "/dashboard"],
    ["https://evil.example/x", "/dashboard"],
    ["/\\evil.example", "/dashboard"],
    ["/sign-out", "/dashboard"],
    ["/docs", "/docs"],
  ])("afterwards %s leads to %s", async (next, path) => {
    provider.signedIn = someone("nia");
    expect((await visitor.go(start("sso", next))).url).toBe(at(path));
  });

  test("the provider is asked with PKCE, state and nonce, and its cookie is the host's own", async () => {
    const out = await visitor.ask(start());
    const { searchParams: query, origin } = new URL(out.location ?? "");
    expect(origin).toBe(provider.issuer);
    expect(query.get("code_challenge_method")).toBe("S256");
    for (const name of ["state", "nonce", "code_challenge"]) expect(query.get(name)).toMatch(/^[\w-]{43}$/);
    expect(query.get("response_type")).toBe("code");
    expect(out.headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^__Host-mosis_provider=[\w-]{43}\.[\w-]+\.[\w-]{43}; Path=\/; Max-Age=900; HttpOnly; Secure; SameSite=Lax$/,
      ),
    ]);
    const secret = visitor.cookies.get(new URL(portal.url).host)?.get("__Host-mosis_provider");
    for (const name of ["state", "nonce"]) expect(query.get(name)).not.toBe(secret as string);
    expect(out.headers.get("cache-control")).toBe("no-store");
  });
});

const REFUSED: readonly (readonly [
  what: string,
  id: string,
  person: object,
  status: number,
  code: string,
])[] = [
  ["an address that was not verified", "sso", { email_verified: false }, 403, "provider.address"],
  ["an address of which nothing is said", "sso", { email_verified: undefined }, 403, "provider.address"],
  ["no address", "sso", { email: undefined, email_verified: undefined }, 403, "provider.address"],
  ["what is no address", "sso", { email: "nobody" }, 403, "provider.address"],
  ["a domain that may not sign up", "sso", { email: "x@elsewhere.example" }, 403, "provider.no_account"],
  ["a provider that makes no accounts", "strict", {}, 403, "provider.no_account"],
  ["a domain that the provider is not limited to", "limited", {}, 403, "provider.domain"],
  ["a domain that only ends so", "limited", { email: "x@not-example.com" }, 403, "provider.domain"],
  [
    "its domain, not verified",
    "limited",
    { email: "x@example.com", email_verified: false },
    403,
    "provider.domain",
  ],
];

describe("staying out", () => {
  test.each(REFUSED)("%s", async (_, id, person, status, code) => {
    const before = JSON.stringify([
      rows("SELECT * FROM accounts"),
      rows("SELECT * FROM identities"),
      rows("SELECT id FROM sessions"),
    ]);
    provider.signedIn = someone(`refused-${Bun.randomUUIDv7()}`, person);
    const seen = await visitor.go(start(id));
    expect([seen.status, codeOn(seen.body)]).toEqual([status, code]);
    expect(
      JSON.stringify([
        rows("SELECT * FROM accounts"),
        rows("SELECT * FROM identities"),
        rows("SELECT id FROM sessions"),
      ]),
    ).toBe(before);
  });

  test("who cancels there can try again here, and reads none of the provider's words", async () => {
    provider.signedIn = null;
    const seen = await visitor.go(start());
    expect([seen.status, codeOn(seen.body)]).toEqual([403, "provider.refused"]);
    expect(seen.body).not.toContain("<b>no</b>");
    expect(seen.body).toContain("Sign in with Example SSO");
  });

  test("a disabled account stays closed", async () => {
    provider.signedIn = someone("leaver");
    await visitor.go(start());
    const { id } = readAccount(portal.store, "leaver@example.org");
    disableAccount(portal.store, OPERATOR, id);
    const seen = await newVisitor().go(start());
    expect([seen.status, codeOn(seen.body)]).toEqual([403, "provider.disabled"]);
    expect(listSessions(portal.store, id)).toEqual([]);
  });

  test("a provider that is not set up is not found", async () => {
    expect((await visitor.go(start("none"))).status).toBe(404);
    expect((await visitor.go(at("/sign-in/with/none/back?state=x&code=x"))).status).toBe(404);
  });
});

describe("the way back", () => {
  test("works once: the same address again, and its code in a new sign-in, open nothing", async () => {
    provider.signedIn = someone("once");
    const back = await visitor.go(start(), isBack);
    const jar = structuredClone(visitor.cookies.get(new URL(portal.url).host));
    expect((await visitor.go(back.url)).url).toBe(at("/dashboard"));
    const replayed = newVisitor();
    if (jar) replayed.cookies.set(new URL(portal.url).host, jar);
    const again = await replayed.go(back.url);
    expect([again.status, codeOn(again.body)]).toEqual([403, "provider.flow"]);

    const other = newVisitor();
    const fresh = new URL((await other.go(start(), isBack)).url);
    fresh.searchParams.set("code", new URL(back.url).searchParams.get("code") ?? "");
    const stolen = await other.go(fresh.href);
    expect([stolen.status, codeOn(stolen.body)]).toEqual([403, "provider.code"]);
    expect(listSessions(portal.store, readAccount(portal.store, "once@example.org").id)).toHaveLength(1);
  });

  const CHANGED: readonly (readonly [
    what: string,
    change: (url: URL) => void,
    status: number,
    code: string,
  ])[] = [
    ["another state", (url) => url.searchParams.set("state", "x".repeat(43)), 403, "provider.flow"],
    ["no state", (url) => url.searchParams.delete("state"), 403, "provider.flow"],
    ["two states", (url) => url.searchParams.append("state", "x"), 403, "provider.flow"],
    ["another issuer", (url) => url.searchParams.set("iss", "https://evil.example"), 502, "provider.answer"],
    [
      "no issuer, where the provider says one",
      (url) => url.searchParams.delete("iss"),
      502,
      "provider.answer",
    ],
    ["another code", (url) => url.searchParams.set("code", "made-up"), 403, "provider.code"],
    ["no code", (url) => url.searchParams.delete("code"), 502, "provider.answer"],
    ["two codes", (url) => url.searchParams.append("code", "x"), 502, "provider.answer"],
    [
      "an error of the provider",
      (url) => url.searchParams.set("error", "server_error"),
      502,
      "provider.failed",
    ],
    ["an error that is markup", (url) => url.searchParams.set("error", "<script>"), 502, "provider.failed"],
    [
      "the way back of another provider",
      (url) => {
        url.pathname = "/sign-in/with/strict/back";
      },
      403,
      "provider.flow",
    ],
  ];
  test.each(CHANGED)("with %s it leads nowhere", async (_, change, status, code) => {
    provider.signedIn = someone("way");
    const back = new URL((await visitor.go(start(), isBack)).url);
    change(back);
    const seen = await visitor.go(back.href);
    expect([seen.status, codeOn(seen.body)]).toEqual([status, code]);
    expect(visitor.cookies.get(new URL(portal.url).host)?.has("__Host-mosis_session") ?? false).toBe(false);
  });

  test("in another browser, or without its cookie, it leads nowhere, and stays good for its own", async () => {
    provider.signedIn = someone("own");
    const back = await visitor.go(start(), isBack);
    const other = newVisitor();
    const none = await other.go(back.url);
    expect([none.status, codeOn(none.body)]).toEqual([403, "provider.flow"]);
    await other.ask(start());
    const another = await other.go(back.url);
    expect([another.status, codeOn(another.body)]).toEqual([403, "provider.flow"]);
    expect((await visitor.go(back.url)).url).toBe(at("/dashboard"));
  });
});

describe("linking", () => {
  test("an address that has an account opens nothing before the person signs in there and says so", async () => {
    const { store } = portal;
    await createAccount(store, OPERATOR, { email: "mara@example.org", name: "Mara", password: PASSWORD });
    const { id } = readAccount(store, "mara@example.org");
    provider.signedIn = someone("mara-at-sso", { email: "Mara@Example.org" });
    const offer = await visitor.go(start("sso", "/docs"));
    expect([offer.status, offer.url]).toEqual([200, at("/sign-in/link")]);
    expect(offer.body).toContain("Sign in first");
    expect(listSessions(store, id)).toEqual([]);
    expect(rows("SELECT 1 FROM identities WHERE account_id = ?", id)).toEqual([]);

    const refused = await visitor.send(at("/sign-in/link"), {});
    expect(refused.status).toBe(401);
    const form = await visitor.send(at("/sign-in"), {
      email: "mara@example.org",
      password: PASSWORD,
      next: "/sign-in/link",
    });
    expect([form.url, form.status]).toEqual([at("/sign-in/link"), 200]);
    expect(rows("SELECT 1 FROM identities WHERE account_id = ?", id)).toEqual([]);
    expect((await visitor.send(at("/sign-in/link"), {})).url).toBe(at("/docs"));
    expect(rows("SELECT provider, subject FROM identities WHERE account_id = ?", id)).toEqual([
      { provider: "sso", subject: "mara-at-sso" },
    ]);
    expect(readAccount(store, id).emailProvenAt).not.toBeNull();
    expect((await newVisitor().go(start())).url).toBe(at("/dashboard"));
    const spent = await visitor.send(at("/sign-in/link"), {});
    expect(spent.status).toBe(403);
  });

  test("a session that is not fresh must show its password, and a second account is not taken over", async () => {
    const { store } = portal;
    const person = await newPerson(store, "Olga Old");
    const host = new URL(portal.url).host;
    store.db.raw.run("UPDATE sessions SET proved_at = proved_at - 3600000 WHERE account_id = ?", [
      person.accountId,
    ]);
    const [name = "", value = ""] = person.cookie.split("=");
    visitor.cookies.set(host, new Map([[name, value]]));
    provider.signedIn = someone("olga-private", { email: "olga@private.example" });
    const form = await visitor.go(start("sso", "/account"));
    expect(form.url).toBe(at("/sign-in/link"));
    expect(form.body).toContain("olga@private.example");
    expect((await visitor.send(at("/sign-in/link"), {})).status).toBe(403);
    expect((await visitor.send(at("/sign-in/link"), { "proof.password": "not mine" })).status).toBe(422);
    expect(rows("SELECT 1 FROM identities WHERE account_id = ?", person.accountId)).toEqual([]);
    expect((await visitor.send(at("/sign-in/link"), { "proof.password": PASSWORD })).url).toBe(
      at("/account"),
    );

    const thief = await newPerson(store, "Theo Thief");
    const [, theirs = ""] = thief.cookie.split("=");
    const other = newVisitor();
    other.cookies.set(host, new Map([[name, theirs]]));
    const taken = await other.go(start("sso", "/account"));
    expect(taken.status).toBe(409);
    expect(taken.body).toContain("signs in to another account of this store");
    provider.signedIn = someone("olga-second", { email: "olga2@private.example" });
    visitor.cookies.delete(new URL(provider.issuer).host);
    await visitor.go(start("sso", "/account"));
    const second = await visitor.send(at("/sign-in/link"), {});
    expect(second.status).toBe(409);
    expect(
      rows("SELECT subject FROM identities WHERE account_id IN (?, ?)", person.accountId, thief.accountId),
    ).toEqual([{ subject: "olga-private" }]);
  });

  test("the last way in stays; with a password it can go", async () => {
    provider.signedIn = someone("last");
    await visitor.go(start());
    const [row] = rows("SELECT id FROM identities WHERE subject = 'last'") as { id: string }[];
    const identity = row?.id ?? "";
    const stays = await visitor.send(at("/account/identities/unlink"), { identity });
    expect(stays.status).toBe(409);
    expect(stays.body).toContain("the only way in which you can sign in");
    const stranger = await newPerson(portal.store, "Una Unlinker");
    const theirs = newVisitor();
    const [name = "", value = ""] = stranger.cookie.split("=");
    theirs.cookies.set(new URL(portal.url).host, new Map([[name, value]]));
    expect((await theirs.send(at("/account/identities/unlink"), { identity })).status).toBe(404);
    portal.store.db.raw.run("UPDATE accounts SET password_hash = 'x' WHERE email = 'last@example.org'");
    // Asked for by whoever came in with it, whose session is over by now.
    const { id: accountId } = readAccount(portal.store, "last@example.org");
    const now = portal.store.clock.now();
    const of = { purpose: "password", email: "last@example.org", accountId, invitationId: null } as const;
    const { path } = write(portal.store.db, (tx) => makeLink(tx, of, { mailed: true }, now));
    const opened = () => newVisitor().go(at(path));
    expect((await opened()).status).toBe(200);
    expect((await visitor.send(at("/account/identities/unlink"), { identity })).url).toBe(at("/account"));
    expect((await opened()).status).toBe(403);
    expect(rows("SELECT 1 FROM identities WHERE subject = 'last'")).toEqual([]);
    const again = await newVisitor().go(start());
    expect(again.url).toBe(at("/sign-in/link"));
  });

  test("what is unlinked ends the other sessions that it began, and no sign-in that it has begun goes on", async () => {
    const { store } = portal;
    provider.signedIn = someone("many");
    await visitor.go(start());
    const { id: accountId } = readAccount(store, "many@example.org");
    const present = newVisitor();
    await present.go(start());
    store.db.raw.run("UPDATE accounts SET password_hash = 'x' WHERE id = ?", [accountId]);
    const elsewhere = await signedInNow(store, accountId, { address: "192.0.2.7", userAgent: "Firefox" });
    const [row] = rows("SELECT id FROM identities WHERE subject = 'many'") as { id: IdentityId }[];
    const identityId = row?.id ?? ("" as IdentityId);
    const pending = (by: "provider" | "password") =>
      beginSecondStep(store, {
        ...{ accountId, by, next: null, flash: null },
        ...(by === "provider" ? { identityId } : {}),
      });
    const [theirs, own] = [pending("provider"), pending("password")];
    // Renewed, it is still one that the provider began.
    store.db.raw.run("UPDATE sessions SET renew = 1 WHERE account_id = ?", [accountId]);
    expect((await visitor.go(at("/account"))).url).toBe(at("/account"));
    expect((await present.go(at("/account"))).url).toBe(at("/account"));

    expect((await present.send(at("/account/identities/unlink"), { identity: identityId })).url).toBe(
      at("/account"),
    );
    expect((await present.go(at("/account"))).url).toBe(at("/account"));
    expect((await visitor.go(at("/account"))).url).toStartWith(at("/sign-in"));
    expect(listSessions(store, accountId)).toHaveLength(2);
    expect(
      sessionInUse(store, elsewhere.via.type === "session" ? elsewhere.via.sessionId : ""),
    ).not.toBeNull();
    expect(codeOfSync(() => findPendingSignIn(store, theirs))).toBe("factor.sign_in_over");
    expect(findPendingSignIn(store, own).by).toBe("password");
    expect(
      rows(
        "SELECT action FROM audit_entries WHERE actor = ? AND action LIKE '%.ended'",
        `account:${accountId}`,
      ),
    ).toEqual([{ action: "session.ended" }]);
    // Who was on their way meanwhile is not let in.
    const from = { address: "192.0.2.8", userAgent: "Firefox" };
    const late = () =>
      createSession(
        store,
        accountId,
        from,
        { by: "provider", identityId },
        stillLinked({ accountId, identityId }),
      );
    expect(await codeOf(late)).toBe("auth.required");
    expect(listSessions(store, accountId)).toHaveLength(2);
  });

  test("who the provider has known for long must show here that it is them, where they can", async () => {
    const { store } = portal;
    const host = new URL(portal.url).host;
    const person = await newPerson(store, "Lia Long");
    const [name = "", value = ""] = person.cookie.split("=");
    visitor.cookies.set(host, new Map([[name, value]]));
    const hourAgo = Math.floor(Date.now() / 1000) - 3600;
    liar.lies = { claims: { sub: "long", email: person.email, auth_time: hourAgo } };
    const through = async (who: Visitor) => who.go(liar.back((await who.ask(start("liar"))).location ?? ""));
    expect((await through(visitor)).url).toBe(at("/sign-in/link"));
    expect((await visitor.send(at("/sign-in/link"), {})).url).toBe(at("/account"));

    const silent = newVisitor();
    expect((await through(silent)).url).toBe(at("/dashboard"));
    const [row] = rows("SELECT id FROM identities WHERE subject = 'long'") as { id: string }[];
    const form = { identity: row?.id ?? "" };
    expect((await silent.send(at("/account/identities/unlink"), form)).status).toBe(403);
    liar.lies = { claims: { sub: "long", email: person.email, auth_time: Math.floor(Date.now() / 1000) } };
    const fresh = newVisitor();
    await through(fresh);
    // One that does not say it may have known them for as long.
    liar.lies = { claims: { sub: "long", email: person.email } };
    const unsaid = newVisitor();
    expect((await through(unsaid)).url).toBe(at("/dashboard"));
    expect((await unsaid.send(at("/account/identities/unlink"), form)).status).toBe(403);
    expect((await fresh.send(at("/account/identities/unlink"), form)).url).toBe(at("/account"));
  });

  test("the API lists one's own, for administrators everybody's, and unlinks", async () => {
    const { store } = portal;
    provider.signedIn = someone("api");
    await visitor.go(start());
    const { id: accountId } = readAccount(store, "api@example.org");
    const administrator = await newPerson(store, "Abe Admin", { storeRole: "administrator" });
    const key = (of: string) =>
      createApiKey(store, OPERATOR, { owner: { accountId: of as typeof accountId }, name: "k" }).token;
    const call = async (token: string, method: string, path: string) => {
      const response = await fetch(at(`/api/v1${path}`), {
        method,
        headers: { Authorization: `Bearer ${token}` },
      });
      const text = await response.text();
      return {
        status: response.status,
        json: text === "" ? null : (JSON.parse(text) as Record<string, unknown>),
      };
    };
    const [mine, theirs] = [key(accountId), key(administrator.accountId)];
    const listed = await call(mine, "GET", "/me/identities");
    expect(listed).toMatchObject({
      status: 200,
      json: { items: [{ provider: "sso", providerName: "Example SSO", email: "api@example.org" }] },
    });
    expect(JSON.stringify(listed)).not.toContain("subject");
    expect((await call(theirs, "GET", "/me/identities")).json).toEqual({ items: [] });
    expect(await call(theirs, "GET", `/accounts/${accountId}`)).toMatchObject({
      json: { identities: [{ provider: "sso" }] },
    });
    const [{ id } = { id: "" }] = (listed.json as { items: { id: string }[] }).items;
    expect(await call(theirs, "POST", `/me/identities/${id}/unlink`)).toMatchObject({
      status: 404,
      json: { code: "identity.not_found" },
    });
    expect(await call(mine, "POST", `/me/identities/${id}/unlink`)).toMatchObject({
      status: 409,
      json: { code: "identity.last" },
    });
    store.db.raw.run("UPDATE accounts SET password_hash = 'x' WHERE id = ?", [accountId]);
    expect((await call(mine, "POST", `/me/identities/${id}/unlink`)).status).toBe(204);
    expect((await call(mine, "GET", "/me/identities")).json).toEqual({ items: [] });
  });
});
