/** What a server of GitHub's shape, or whoever stands in its place, may answer, and what comes of it. Everything goes over real HTTP. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { providers } from "../../config.providers.ts";
import { GITHUB_CLIENT, type GithubServer, startGithubServer } from "../../testing/github-server.ts";
import { problemOf } from "../../testing/problems.ts";
import { openTestStore, type TestStore } from "../../testing/store.ts";
import { ANONYMOUS } from "../actor.ts";
import { comeIn } from "../identities/come-in.ts";
import { confirmGroups } from "../identities/confirm.ts";
import { keepIssuers } from "../identities/issuers.ts";
import { identityBySubject } from "../identities/records.ts";
import { readToken } from "../identities/tokens.ts";
import { accountById } from "../records.ts";
import { askProviderFor, hearProvider, type Told } from "./ask.ts";

const ORIGIN = "https://apps.example.com";
const HOUR = 3_600_000;
const PERSON = {
  id: 7,
  login: "lia",
  name: "Lia",
  emails: [{ email: "lia@example.org", primary: true, verified: true }],
  orgs: ["acme"],
  teams: ["acme/reviewers"],
};
const folder = mkdtempSync(join(tmpdir(), "mosis-github-"));
const secret = join(folder, "secret");
writeFileSync(secret, GITHUB_CLIENT.secret);

let base: TestStore;
let github: GithubServer;
beforeAll(async () => {
  base = await openTestStore();
  github = startGithubServer();
});
beforeEach(() => {
  github.instead.clear();
  github.signedIn = PERSON;
});
afterAll(async () => {
  await github.stop();
  base.close();
  rmSync(folder, { recursive: true });
});

function storeWith({ issuer }: GithubServer): TestStore {
  const text = JSON.stringify({
    gh: {
      kind: "github",
      issuer,
      client_id: GITHUB_CLIENT.id,
      client_secret_file: secret,
      groups: [{ group: "acme/reviewers", store_role: "reviewer" }],
    },
  });
  const config = { ...base.config, signUp: "open" as const, providers: providers(text) };
  return { ...base, db: { ...base.db }, config };
}

async function signIn(store: TestStore): Promise<Told> {
  const { url, cookie } = await askProviderFor(store, "gh", { origin: ORIGIN, next: null });
  const back = (await fetch(url, { redirect: "manual" })).headers.get("location") ?? "";
  return hearProvider(store, "gh", { cookie, query: new URL(back).searchParams });
}

const TOKEN = "/login/oauth/access_token";
const USER = "/api/v3/user";
const EMAILS = "/api/v3/user/emails";
const ORGS = "/api/v3/user/memberships/orgs";
const TEAMS = "/api/v3/user/teams";
const ALL = [TOKEN, USER, EMAILS, ORGS, TEAMS] as const;

type Answer = () => Response;
const as =
  (type: string, body: string | Uint8Array<ArrayBuffer>, more: Record<string, string> = {}, status = 200) =>
  () =>
    new Response(body, { status, headers: { "Content-Type": type, ...more } });
const text = (body: string, status = 200) => as("application/json", body, {}, status);
const json = (value: unknown, status = 200) => text(JSON.stringify(value), status);
const right = { access_token: "a", token_type: "bearer", scope: "" };

/** No answer of GitHub's to anything that it is asked. */
const ANYWHERE: readonly (readonly [what: string, answer: Answer, code: string])[] = [
  ["nothing", text(""), "provider.answer"],
  ["JSON that breaks off", text('{"access_token":"a","id":7,'), "provider.answer"],
  ["JSON without a bottom", text("[".repeat(500_000)), "provider.answer"],
  ["a page", as("text/html", "<html><h1>Sign in to your proxy</h1>"), "provider.answer"],
  ["a page that calls itself JSON", text("<html>"), "provider.answer"],
  ["null", json(null), "provider.answer"],
  ["a number", json(7), "provider.answer"],
  ["a text", json("lia"), "provider.answer"],
  ["bytes that are no text", as("application/json", new Uint8Array([0xff, 0xfe, 0])), "provider.answer"],
  [
    "what is packed otherwise than it says",
    as("application/json", "{}", { "Content-Encoding": "gzip" }),
    "provider.unreachable",
  ],
  ["more than anybody needs", text(`"${"x".repeat(2 ** 20)}"`), "provider.answer"],
  [
    "more than anybody needs, once it is unpacked",
    as("application/json", Bun.gzipSync(new Uint8Array(2 ** 24).fill(32)), { "Content-Encoding": "gzip" }),
    "provider.answer",
  ],
  ["no content", () => new Response(null, { status: 204 }), "provider.answer"],
  ["an address elsewhere", () => Response.redirect(`${ORIGIN}/`, 307), "provider.answer"],
  ["that there is nothing", json({ message: "Not Found" }, 404), "provider.answer"],
  ["that it was asked too often", json({ message: "rate limit" }, 429), "provider.answer"],
  ["a fault of its own", text("", 500), "provider.answer"],
  ["a fault of its own, as a page", as("text/html", "<html>Unicorn!", {}, 503), "provider.answer"],
];

const AT: readonly (readonly [what: string, path: string, answer: Answer, code: string])[] = [
  [
    "a form",
    TOKEN,
    as("application/x-www-form-urlencoded", "access_token=a&token_type=bearer"),
    "provider.answer",
  ],
  ["no token", TOKEN, json({ ...right, access_token: undefined }), "provider.answer"],
  ["a token that is no text", TOKEN, json({ ...right, access_token: 5 }), "provider.answer"],
  ["an empty token", TOKEN, json({ ...right, access_token: "" }), "provider.answer"],
  ["a token of two lines", TOKEN, json({ ...right, access_token: "a\r\nX: y" }), "provider.answer"],
  ["a token that no header holds", TOKEN, json({ ...right, access_token: "a\u2028ж" }), "provider.answer"],
  ["no kind of token", TOKEN, json({ ...right, token_type: undefined }), "provider.answer"],
  ["a kind of token that is unknown", TOKEN, json({ ...right, token_type: "mac" }), "provider.token"],
  ["an end that is no time", TOKEN, json({ ...right, expires_in: "soon" }), "provider.answer"],
  ["an error that is no word", TOKEN, json({ error: ["x"] }), "provider.answer"],
  ["an error in many words", TOKEN, json({ error: "<script>alert(1)</script>" }), "provider.answer"],
  ["an error of its own", TOKEN, json({ error: "slow_down" }), "provider.failed"],
  ["that the code was used", TOKEN, json({ error: "bad_verification_code" }), "provider.code"],
  ["that the secret is wrong", TOKEN, json({ error: "incorrect_client_credentials" }), "provider.client"],
  ["that nobody is let in", TOKEN, json({ message: "Unauthorized" }, 401), "provider.answer"],
  ...[USER, EMAILS, ORGS, TEAMS].map(
    (path) =>
      ["that the token is over", path, json({ message: "Bad credentials" }, 401), "provider.code"] as const,
  ),
  ["a list", USER, json([]), "provider.answer"],
  ["nobody", USER, json({ login: "lia" }), "provider.answer"],
  ["half a number", USER, json({ id: 7.5 }), "provider.answer"],
  ["a number that is too large to be exact", USER, text('{"id":90071992547409930}'), "provider.answer"],
  ["a number without an end", USER, text('{"id":1e999}'), "provider.answer"],
  ["one address and no list", EMAILS, json({ email: "lia@example.org" }), "provider.answer"],
  ["organisations that are none", ORGS, json([1]), "provider.answer"],
  ["a membership of nothing", ORGS, json([{ state: "active" }]), "provider.answer"],
  ["an organisation without a name", ORGS, json([{ organization: { id: 5 } }]), "provider.answer"],
  ["teams that are none", TEAMS, json(["acme/reviewers"]), "provider.answer"],
  ["a team without a name", TEAMS, json([{ organization: { login: "acme" } }]), "provider.answer"],
  ["a team of nobody", TEAMS, json([{ slug: "reviewers", organization: null }]), "provider.answer"],
];

const TABLE = [
  ...ALL.flatMap((path) => ANYWHERE.map(([what, answer, code]) => [what, path, answer, code] as const)),
  ...AT,
];

const NO_ADDRESS: readonly (readonly [what: string, answer: Answer])[] = [
  ["addresses that are none", json([1, null, "lia@example.org", []])],
  ["an address that is no text", json([{ email: 5, primary: true, verified: true }])],
  ["an address with a line end", json([{ email: "a@b.c\r\nBcc: x@y.z", primary: true, verified: true }])],
  ["what is verified in words alone", json([{ email: "a@b.c", primary: "true", verified: "true" }])],
  ["none", json([])],
];

/** It says what to do, and nothing of what the store is made of or what the token was. */
function expectPlain({ message, details }: { message: string; details: readonly { message: string }[] }) {
  expect(message).toMatch(/Tell the store's administrator|Start it again|Try again/);
  expect(message).not.toMatch(/Error/);
  const said = `${message} ${details.map((each) => each.message).join(" ")}`;
  expect(said).not.toMatch(/\bat \w+ \(|undefined|Bearer|gho_|<script>/);
}

test("what is right is taken: the neighbour of everything below", async () => {
  const { shown } = await signIn(storeWith(github));
  expect(shown).toMatchObject({
    ...{ subject: "7", email: "lia@example.org", emailVerified: true, name: "Lia" },
    groups: ["acme", "acme/reviewers"],
  });
  // What is not asked for may be of any form.
  github.instead.set(USER, json({ id: 8, login: ["x"], name: { first: "Lia" }, email: 5 }));
  expect((await signIn(storeWith(github))).shown).toMatchObject({ subject: "8", name: null });
});

test.each(TABLE)("%s, at %s", async (_, path, answer, code) => {
  github.instead.set(path, answer);
  const problem = await problemOf(signIn(storeWith(github)));
  expect(problem.code).toBe(code);
  expectPlain(problem);
});

test.each(NO_ADDRESS)("told of %s, nobody comes in", async (_, answer) => {
  const store = storeWith(github);
  github.signedIn = { ...PERSON, id: 999 };
  github.instead.set(EMAILS, answer);
  const told = await signIn(store);
  expect(told.shown).toMatchObject({ email: null, emailVerified: false });
  expect((await problemOf(async () => comeIn(store, ANONYMOUS, told))).code).toBe("provider.address");
});

describe("what cannot be taken when the store asks by itself", () => {
  const store = () => asking;
  let asking: TestStore;
  beforeAll(async () => {
    github.instead.clear();
    github.signedIn = PERSON;
    asking = storeWith(github);
    expect(comeIn(asking, ANONYMOUS, await signIn(asking)).step).toBe("in");
  });
  const identity = () => {
    const row = identityBySubject(store().db.orm, "gh", "7");
    if (row === undefined) throw new Error("it is there");
    return row;
  };
  const confirm = () => {
    store().db.raw.run("UPDATE identities SET confirmed_at = ?1, asked_at = NULL", [
      store().clock.now().getTime() - 7 * HOUR,
    ]);
    return confirmGroups(store(), new AbortController().signal);
  };
  const isConfirmed = () => identity().confirmedAt?.getTime() === store().clock.now().getTime();
  const role = () => accountById(store().db.orm, identity().accountId)?.storeRole;

  test("confirms nothing, takes nothing away, and is asked for again", async () => {
    const faults = TABLE.filter(([, path, , code]) => path !== TOKEN && code === "provider.answer");
    for (const [what, path, answer] of faults) {
      github.instead.clear();
      github.instead.set(path, answer);
      await confirm();
      expect([what, path, role(), isConfirmed()]).toEqual([what, path, "reviewer", false]);
    }
    expect(faults.length).toBeGreaterThan(60);
    github.instead.clear();
    await confirm();
    expect([role(), isConfirmed(), readToken(store(), identity()) !== null]).toEqual([
      "reviewer",
      true,
      true,
    ]);
  });
});

test("a GitHub App's tokens end: the store asks by itself with what it is given in their place, each taken once", async () => {
  github.expires = true;
  try {
    github.signedIn = {
      ...PERSON,
      id: 88,
      emails: [{ email: "app@example.org", primary: true, verified: true }],
    };
    const store = storeWith(github);
    const identity = () => {
      const row = identityBySubject(store.db.orm, "gh", "88");
      if (row === undefined) throw new Error("it is there");
      return row;
    };
    expect(comeIn(store, ANONYMOUS, await signIn(store)).step).toBe("in");
    for (let times = 0; times < 2; times += 1) {
      github.expireAll();
      const before = readToken(store, identity());
      store.db.raw.run("UPDATE identities SET confirmed_at = ?1, asked_at = NULL WHERE subject = '88'", [
        store.clock.now().getTime() - 7 * HOUR,
      ]);
      await confirmGroups(store, new AbortController().signal);
      expect(identity().confirmedAt?.getTime()).toBe(store.clock.now().getTime());
      expect(readToken(store, identity())).toMatch(/^ghr_/);
      expect(readToken(store, identity())).not.toBe(before);
    }
    github.revokeAll();
    store.db.raw.run("UPDATE identities SET confirmed_at = 0, asked_at = NULL WHERE subject = '88'");
    await confirmGroups(store, new AbortController().signal);
    expect([identity().confirmedAt?.getTime(), readToken(store, identity())]).toEqual([0, null]);
  } finally {
    github.expires = false;
  }
});

test("organisations and teams are told by their names, and by the numbers that stay theirs", async () => {
  github.instead.set(ORGS, json([{ state: "active", organization: { login: "Acme", id: 9919 } }]));
  github.instead.set(TEAMS, json([{ id: 77, slug: "devs", organization: { login: "Acme", id: 9919 } }]));
  const { shown } = await signIn(storeWith(github));
  expect(shown.groups).toEqual(["acme", "org:9919", "acme/devs", "team:77"]);
});

test("another server under the same id calls somebody else by the number: nobody comes in there for them, and it learns no token", async () => {
  const other = startGithubServer();
  try {
    const person = {
      ...PERSON,
      id: 77,
      emails: [{ email: "one@example.org", primary: true, verified: true }],
    };
    github.signedIn = person;
    const before = storeWith(github);
    const came = comeIn(before, ANONYMOUS, await signIn(before));
    const now = storeWith(other);
    const identity = () => identityBySubject(now.db.orm, "gh", "77");
    other.signedIn = { ...person, emails: [{ email: "two@example.org", primary: true, verified: true }] };
    const theirs = await signIn(now);
    expect((await problemOf(async () => comeIn(now, ANONYMOUS, theirs))).code).toBe("provider.moved");
    expect(identity()).toMatchObject({ email: "one@example.org", issuer: github.issuer });

    now.db.raw.run("UPDATE identities SET confirmed_at = 0, asked_at = NULL WHERE subject = '77'");
    other.asked.length = 0;
    await confirmGroups(now, new AbortController().signal);
    expect(other.asked).toEqual([]);
    expect(readToken(now, identity() as NonNullable<ReturnType<typeof identity>>)).not.toBeNull();

    // The same server at a new address: it vouches for the same person.
    other.signedIn = person;
    expect(comeIn(now, ANONYMOUS, await signIn(now))).toEqual({ ...came, isNew: false } as typeof came);
    expect(identity()?.issuer).toBe(other.issuer);
    // Of before this was kept: it is taken to be the server's that is there at the next start, and no later one's.
    const forget = () => now.db.raw.run("UPDATE identities SET issuer = NULL WHERE subject = '77'");
    forget();
    keepIssuers(before);
    expect(identity()?.issuer).toBe(github.issuer);
    expect((await problemOf(async () => comeIn(now, ANONYMOUS, theirs))).code).toBe("provider.moved");
    keepIssuers(now);
    expect(identity()?.issuer).toBe(github.issuer);
    forget();
    expect(comeIn(before, ANONYMOUS, await signIn(before)).step).toBe("in");
    expect(identity()?.issuer).toBe(github.issuer);
  } finally {
    await other.stop();
  }
});

test("an answer that never comes, or never ends, is waited for ten seconds, at each place", async () => {
  const never = () => new Promise<Response>(() => {});
  const endless = () =>
    new Response(
      new ReadableStream({
        async pull(controller) {
          await Bun.sleep(200);
          controller.enqueue(new Uint8Array([32]));
        },
      }),
      { headers: { "Content-Type": "application/json" } },
    );
  const cases = ALL.flatMap((path) => [never, endless].map((answer) => ({ path, answer })));
  const servers = cases.map(({ path, answer }) => {
    const server = startGithubServer();
    server.signedIn = PERSON;
    server.instead.set(path, answer);
    return server;
  });
  const begun = performance.now();
  const problems = await Promise.all(servers.map((server) => problemOf(signIn(storeWith(server)))));
  expect(performance.now() - begun).toBeLessThan(20_000);
  expect(problems.map(({ code }) => code)).toEqual(cases.map(() => "provider.unreachable"));
  problems.forEach(expectPlain);
  for (const server of servers) await server.stop();
}, 60_000);
