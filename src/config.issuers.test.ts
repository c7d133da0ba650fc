import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { trustedIssuers } from "./config.issuers.ts";
import { loadConfig } from "./config.ts";
import { problemOfSync } from "./testing/problems.ts";

const one = (settings: unknown, id = "ci") => trustedIssuers(JSON.stringify({ [id]: settings }));
const OIDC = { kind: "oidc", issuer: "https://ci.example.com" };

test("those that everybody can use need no address; the others say their own", () => {
  expect(one({ kind: "github" })).toEqual([
    {
      id: "ci",
      kind: "github",
      name: "GitHub",
      issuer: "https://token.actions.githubusercontent.com",
      require: {},
      caFile: null,
    },
  ]);
  expect(one({ kind: "gitlab" })[0]?.issuer).toBe("https://gitlab.com");
  const own = { kind: "gitea", issuer: "https://git.example.com/api/actions", name: "Forge", ca: "/ca.pem" };
  expect(one({ ...own, require: { repository_owner: "example" } })).toEqual([
    {
      id: "ci",
      kind: "gitea",
      name: "Forge",
      issuer: "https://git.example.com/api/actions",
      require: { repository_owner: "example" },
      caFile: "/ca.pem",
    },
  ]);
  expect(trustedIssuers("{}")).toEqual([]);
});

const REFUSED: readonly (readonly [what: string, settings: unknown, words: RegExp])[] = [
  ["no table", 5, /^trusted_issuers\.ci: a table of settings is expected; found 5\.$/],
  ["no kind", {}, /^trusted_issuers\.ci\.kind: github, gitlab, gitea or oidc is expected; found nothing\.$/],
  ["another kind", { ...OIDC, kind: "jenkins" }, /found "jenkins"/],
  ["a slip", { ...OIDC, url: "x" }, /^trusted_issuers\.ci\."url": there is no such setting; known are kind/],
  ["no address where there is no known one", { kind: "gitea" }, /\.issuer: /],
  ["http elsewhere", { ...OIDC, issuer: "http://ci.example.com" }, /\.issuer: .*https/],
  ["http to what looks like this machine", { ...OIDC, issuer: "http://localhost.example.com" }, /\.issuer: /],
  ["a file", { ...OIDC, issuer: "file:///etc/passwd" }, /\.issuer: /],
  ["a query", { ...OIDC, issuer: "https://ci.example.com/?a=b" }, /\.issuer: /],
  ["a user", { ...OIDC, issuer: "https://a:b@ci.example.com" }, /\.issuer: /],
  ["a name of two lines", { ...OIDC, name: "a\nb" }, /\.name: /],
  ["an empty file", { ...OIDC, ca: "" }, /\.ca: /],
  ["a claim that is a list", { ...OIDC, require: { a: ["b"] } }, /\.require: /],
  ["a claim without a value", { ...OIDC, require: { a: "" } }, /\.require: /],
  ["a claim with a name that is none", { ...OIDC, require: { "a b": "c" } }, /\.require: /],
  [
    "too many claims",
    { ...OIDC, require: Object.fromEntries([...Array(11).keys()].map((n) => [`c${n}`, "x"])) },
    /at most 10/,
  ],
];
test.each(REFUSED)("%s is refused", (_, settings, words) => {
  const problem = problemOfSync(() => one(settings));
  expect(problem.code).toBe("config.issuer");
  expect(problem.message).toMatch(words);
});

test("an id is a word, texts are JSON, and no issuer stands twice", () => {
  for (const id of ["", "A", "a_b", "-a", "a-", "a".repeat(33), "__proto__ "])
    expect(problemOfSync(() => one(OIDC, id)).code).toBe("config.issuer");
  for (const text of ["", "x", "[]", "5", "null", '{"a"}'])
    expect(problemOfSync(() => trustedIssuers(text)).code).toBe("config.issuer");
  expect(problemOfSync(() => trustedIssuers(JSON.stringify({ a: OIDC, b: OIDC }))).message).toContain(
    "stands in another table already",
  );
  const many = Object.fromEntries(
    [...Array(17).keys()].map((n) => [`i${n}`, { ...OIDC, issuer: `https://ci${n}.example.com` }]),
  );
  expect(problemOfSync(() => trustedIssuers(JSON.stringify(many))).message).toContain("at most 16");
});

test("in mosis.toml each is a table, and its file lies where that one does", () => {
  const folder = mkdtempSync(join(tmpdir(), "mosis-config-"));
  try {
    const configFile = join(folder, "mosis.toml");
    writeFileSync(
      configFile,
      '[trusted_issuers.github]\nkind = "github"\nrequire = { repository_owner = "example" }\n\n[trusted_issuers.forge]\nkind = "gitea"\nissuer = "https://git.example.com/api/actions"\nca = "ca.pem"\n',
    );
    expect(loadConfig({ configFile }, {}).trustedIssuers).toMatchObject([
      { id: "github", require: { repository_owner: "example" } },
      { id: "forge", caFile: join(folder, "ca.pem") },
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
