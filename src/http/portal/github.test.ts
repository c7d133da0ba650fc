/** Signing in with a server of GitHub's shape, at an Enterprise server's addresses. */
import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readAccount } from "../../accounts/people.ts";
import { githubApi } from "../../accounts/providers/github.ts";
import { providers } from "../../config.providers.ts";
import {
  GITHUB_CLIENT,
  type GithubPerson,
  type GithubServer,
  startGithubServer,
} from "../../testing/github-server.ts";
import { newVisitor, type Visitor } from "../../testing/http/visitor.ts";
import { type Portal, startPortal } from "../../testing/portal.ts";

const folder = mkdtempSync(join(tmpdir(), "mosis-github-"));
const secretFile = join(folder, "secret");
writeFileSync(secretFile, `${GITHUB_CLIENT.secret}\n`);
const wrongFile = join(folder, "wrong");
writeFileSync(wrongFile, "wrong");

let github: GithubServer;
let portal: Portal;
let visitor: Visitor;
beforeAll(async () => {
  github = startGithubServer();
  const common = { kind: "github", issuer: github.issuer, client_id: GITHUB_CLIENT.id };
  portal = await startPortal({
    signUp: "open",
    providers: JSON.stringify({
      ghe: { ...common, name: "Company GitHub", client_secret_file: secretFile },
      wrong: { ...common, client_secret_file: wrongFile },
    }),
  });
});
beforeEach(() => {
  visitor = newVisitor();
  github.instead.clear();
});
afterAll(async () => {
  await portal.close();
  await github.stop();
  rmSync(folder, { recursive: true });
});

const octocat = (changes: Partial<GithubPerson> = {}): GithubPerson => ({
  id: 583_231,
  login: "octocat",
  name: "The Octocat",
  emails: [
    { email: "octocat@users.noreply.github.example", primary: false, verified: true },
    { email: "octocat@example.org", primary: true, verified: true },
  ],
  ...changes,
});

const start = (id = "ghe") => `${portal.url}/sign-in/with/${id}`;
const codeOn = (body: string): string | null => /\/docs\/errors#([a-z._]+)/.exec(body)?.[1] ?? null;

test("a person comes in by the number of their account, whatever it is called, with the primary address", async () => {
  github.signedIn = octocat();
  const out = await visitor.ask(start());
  const { searchParams: query, pathname } = new URL(out.location ?? "");
  expect([pathname, query.get("scope"), query.get("code_challenge_method")]).toEqual([
    "/login/oauth/authorize",
    "user:email",
    "S256",
  ]);
  expect((await visitor.go(start())).url).toBe(`${portal.url}/dashboard`);
  const { id, name } = readAccount(portal.store, "octocat@example.org");
  expect(name).toBe("The Octocat");
  github.signedIn = octocat({
    login: "renamed",
    name: null,
    emails: [{ email: "new@example.org", primary: true, verified: true }],
  });
  expect((await newVisitor().go(start())).url).toBe(`${portal.url}/dashboard`);
  expect(
    portal.store.db.raw
      .query("SELECT account_id, subject, email FROM identities WHERE subject NOT IN ('1', '130')")
      .all(),
  ).toEqual([{ account_id: id, subject: "583231", email: "new@example.org" }]);
  expect(github.asked).not.toContain("/api/v3/user/teams");
});

test("somebody who takes over the name of an account that is gone is somebody else", async () => {
  github.signedIn = octocat({
    id: 1,
    login: "reused",
    emails: [{ email: "first@example.org", primary: true, verified: true }],
  });
  await visitor.go(start());
  github.signedIn = octocat({
    id: 2,
    login: "reused",
    emails: [{ email: "first@example.org", primary: true, verified: true }],
  });
  const other = await newVisitor().go(start());
  expect(other.url).toBe(`${portal.url}/sign-in/link`);
});

const REFUSED: readonly (readonly [what: string, person: Partial<GithubPerson>, code: string])[] = [
  [
    "no verified primary address",
    { emails: [{ email: "x@example.org", primary: true, verified: false }] },
    "provider.address",
  ],
  [
    "only another address that is verified",
    { emails: [{ email: "x@example.org", primary: false, verified: true }] },
    "provider.address",
  ],
  ["no address", { emails: [] }, "provider.address"],
  ["no number", { id: 0 }, "provider.answer"],
];
test.each(REFUSED)("refused: %s", async (_, changes, code) => {
  github.signedIn = octocat({ id: 99, ...changes });
  expect(codeOn((await visitor.go(start())).body)).toBe(code);
});

const ANSWERS: readonly (readonly [what: string, path: string, answer: () => Response, code: string])[] = [
  ["a token that is not taken", "/api/v3/user", () => Response.json({}, { status: 401 }), "provider.code"],
  ["a page for the person", "/api/v3/user", () => new Response("<html>"), "provider.answer"],
  ["a number as a text", "/api/v3/user", () => Response.json({ id: "7" }), "provider.answer"],
  ["too many calls", "/api/v3/user/emails", () => Response.json({}, { status: 429 }), "provider.answer"],
  [
    "addresses that are no list",
    "/api/v3/user/emails",
    () => Response.json({ email: "x@example.org" }),
    "provider.answer",
  ],
  ["another place", "/api/v3/user", () => Response.redirect("http://127.0.0.1:1/", 301), "provider.answer"],
  ["no token", "/login/oauth/access_token", () => Response.json({ token_type: "bearer" }), "provider.answer"],
  [
    "a fault of its own",
    "/login/oauth/access_token",
    () => new Response("", { status: 502 }),
    "provider.answer",
  ],
];
test.each(ANSWERS)("an answer with %s", async (_, path, answer, code) => {
  github.signedIn = octocat({ id: 98 });
  github.instead.set(path, answer);
  const seen = await visitor.go(start());
  expect([codeOn(seen.body), seen.status >= 400]).toEqual([code, true]);
});

test("who cancels is told so; a wrong secret and a replayed code open nothing", async () => {
  github.signedIn = null;
  expect(codeOn((await visitor.go(start())).body)).toBe("provider.refused");
  github.signedIn = octocat();
  expect(codeOn((await newVisitor().go(start("wrong"))).body)).toBe("provider.client");
  const isBack = (url: string) => url.includes("/back?");
  const back = await visitor.go(start(), isBack);
  expect((await visitor.go(back.url)).url).toBe(`${portal.url}/dashboard`);
  const other = newVisitor();
  const fresh = new URL((await other.go(start(), isBack)).url);
  fresh.searchParams.set("code", new URL(back.url).searchParams.get("code") ?? "");
  expect(codeOn((await other.go(fresh.href)).body)).toBe("provider.code");
});

test("the primary address is found among however many there are", async () => {
  const others = [...Array(130).keys()].map((n) => ({
    email: `n${n}@example.net`,
    primary: false,
    verified: true,
  }));
  github.signedIn = octocat({
    id: 130,
    emails: [...others, { email: "last@example.org", primary: true, verified: true }],
  });
  expect((await visitor.go(start())).url).toBe(`${portal.url}/dashboard`);
  expect(readAccount(portal.store, "last@example.org").name).toBe("The Octocat");
});

test("github.com and a company's place at ghe.com have their API at a host of its own, an Enterprise server below its address", () => {
  const api = (issuer?: string) =>
    providers(
      JSON.stringify({
        g: { kind: "github", client_id: "c", client_secret_file: "/s", ...(issuer ? { issuer } : {}) },
      }),
    ).map(githubApi);
  expect(api()).toEqual(["https://api.github.com"]);
  expect(api("https://github.example.com")).toEqual(["https://github.example.com/api/v3"]);
  expect(api("https://octocorp.ghe.com/")).toEqual(["https://api.octocorp.ghe.com"]);
  expect(api("https://octocorp.not-ghe.com")).toEqual(["https://octocorp.not-ghe.com/api/v3"]);
});
