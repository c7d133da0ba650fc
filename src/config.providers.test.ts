import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { providers } from "./config.providers.ts";
import { loadConfig } from "./config.ts";
import { isProblem } from "./errors.ts";
import { problemOfSync } from "./testing/problems.ts";

const OIDC = { kind: "oidc", issuer: "https://id.example.com/realms/staff", client_id: "mosis" };
const ORG = `org-${"0".repeat(32)}`;

const one = (settings: unknown, id = "sso") => providers(JSON.stringify({ [id]: settings }));

test("what is left out is as the guide says", () => {
  expect(one(OIDC)).toEqual([
    {
      id: "sso",
      kind: "oidc",
      name: "Single sign-on",
      issuer: "https://id.example.com/realms/staff",
      clientId: "mosis",
      clientSecretFile: null,
      scopes: "openid email profile",
      prompt: null,
      accounts: true,
      domains: [],
      groupsClaim: "groups",
      groups: [],
      secondFactor: [],
      caFile: null,
    },
  ]);
  const secret = { client_id: "c", client_secret_file: "/s" };
  expect(one({ kind: "google", ...secret })[0]).toMatchObject({
    name: "Google",
    issuer: "https://accounts.google.com",
  });
  expect(one({ kind: "github", ...secret })[0]).toMatchObject({
    issuer: "https://github.com",
    scopes: "user:email",
  });
  const enterprise = {
    kind: "github",
    issuer: "https://GitHub.example.com/",
    ...secret,
    groups: [{ group: "Acme/Devs", store_role: "reviewer" }],
  };
  expect(one(enterprise)[0]).toMatchObject({
    issuer: "https://github.example.com",
    scopes: "user:email read:org",
    groups: [{ group: "acme/devs", storeRole: "reviewer" }],
  });
  expect(providers("{}")).toEqual([]);
});

const REFUSED: readonly (readonly [what: string, settings: unknown, words: RegExp])[] = [
  ["no table", 5, /^providers\.sso: a table of settings is expected; found 5\.$/],
  ["a list", [], /a table of settings/],
  [
    "no kind",
    { ...OIDC, kind: undefined },
    /^providers\.sso\.kind: oidc, google or github is expected; found nothing\.$/,
  ],
  ["another kind", { ...OIDC, kind: "saml" }, /found "saml"/],
  [
    "a slip",
    { ...OIDC, clientid: "x" },
    /^providers\.sso\."clientid": there is no such setting; known are kind, name/,
  ],
  ["no issuer", { ...OIDC, issuer: undefined }, /\.issuer: /],
  ["http elsewhere", { ...OIDC, issuer: "http://id.example.com" }, /\.issuer: .*https/],
  ["http to what looks like this machine", { ...OIDC, issuer: "http://127.0.0.1.example.com" }, /\.issuer: /],
  ["a file", { ...OIDC, issuer: "file:///etc/passwd" }, /\.issuer: /],
  ["an issuer with a query", { ...OIDC, issuer: "https://id.example.com/?a=b" }, /\.issuer: /],
  ["an issuer with an empty query", { ...OIDC, issuer: "https://id.example.com/?" }, /\.issuer: /],
  ["an issuer with a user", { ...OIDC, issuer: "https://a:b@id.example.com" }, /\.issuer: /],
  ["an issuer with space", { ...OIDC, issuer: " https://id.example.com" }, /\.issuer: /],
  [
    "another issuer for Google",
    { kind: "google", issuer: "https://g.example", client_id: "c", client_secret_file: "/s" },
    /\.issuer: https:\/\/accounts\.google\.com/,
  ],
  [
    "groups of Google",
    {
      kind: "google",
      client_id: "c",
      client_secret_file: "/s",
      groups: [{ group: "g", store_role: "auditor" }],
    },
    /Google tells no groups/,
  ],
  [
    "a path at GitHub",
    { kind: "github", issuer: "https://g.example/api", client_id: "c", client_secret_file: "/s" },
    /GitHub Enterprise/,
  ],
  ["GitHub without a secret", { kind: "github", client_id: "c" }, /client_secret_file/],
  ["no client", { ...OIDC, client_id: undefined }, /\.client_id: /],
  ["an empty client", { ...OIDC, client_id: " " }, /\.client_id: .*1 to 500/],
  ["a client that is a number", { ...OIDC, client_id: 7 }, /found 7/],
  ["a name with a line feed", { ...OIDC, name: "a\nb" }, /\.name: /],
  ["a name that turns text around", { ...OIDC, name: "a\u202eb" }, /\.name: /],
  ["scopes without openid", { ...OIDC, scopes: "email" }, /\.scopes: .*openid/],
  ["scopes with commas", { ...OIDC, scopes: "openid,email" }, /\.scopes: /],
  ["a truth in words", { ...OIDC, accounts: "yes" }, /true or false/],
  ["domains as a text", { ...OIDC, domains: "example.com" }, /\.domains: a list/],
  ["an empty list of domains", { ...OIDC, domains: [] }, /\.domains: a list/],
  ["a domain with an @", { ...OIDC, domains: ["@example.com"] }, /\.domains: /],
  ["groups as a table", { ...OIDC, groups: { a: "b" } }, /\.groups: a list/],
  ["a group that is a text", { ...OIDC, groups: ["a"] }, /groups\[0\]: a table/],
  ["a group without a role", { ...OIDC, groups: [{ group: "a" }] }, /groups\[0\]\.organisation/],
  ["a role without a group", { ...OIDC, groups: [{ store_role: "auditor" }] }, /groups\[0\]\.group/],
  [
    "another role",
    { ...OIDC, groups: [{ group: "a", store_role: "root" }] },
    /groups\[0\]\.store_role: administrator/,
  ],
  [
    "both at once",
    { ...OIDC, groups: [{ group: "a", store_role: "auditor", organisation: ORG, role: "owner" }] },
    /groups\[0\]\.store_role/,
  ],
  [
    "an organisation's name",
    { ...OIDC, groups: [{ group: "a", organisation: "Acme", role: "owner" }] },
    /org-…/,
  ],
  [
    "an organisation without a role",
    { ...OIDC, groups: [{ group: "a", organisation: ORG }] },
    /groups\[0\]\.role/,
  ],
  [
    "a slip in a group",
    { ...OIDC, groups: [{ group: "a", storeRole: "auditor" }] },
    /groups\[0\]\."storeRole"/,
  ],
];

test.each(REFUSED)("refused: %s", (_, settings, words) => {
  const problem = problemOfSync(() => one(settings));
  expect([problem.kind, problem.code]).toEqual(["usage", "config.provider"]);
  expect(problem.message).toMatch(words);
});

test.each(["", "a b", "A", "-a", "a-", "../x", "__proto__x", "a".repeat(33)])("refused: the id %j", (id) => {
  expect(problemOfSync(() => one(OIDC, id)).code).toBe("config.provider");
});

test("refused: what is no JSON table, and too many", () => {
  for (const text of ["", "null", "[]", "5", "{", '"x"'])
    expect(problemOfSync(() => providers(text)).code).toBe("config.provider");
  const many = Object.fromEntries(Array.from({ length: 17 }, (_, at) => [`p${at}`, OIDC]));
  expect(problemOfSync(() => providers(JSON.stringify(many))).message).toContain("at most 16");
});

test("whatever stands there, it is taken or refused in words", () => {
  const settings = fc.record(
    Object.fromEntries(
      [
        "kind",
        "name",
        "issuer",
        "client_id",
        "client_secret_file",
        "scopes",
        "prompt",
        "accounts",
        "domains",
        "groups",
      ].map((key) => [
        key,
        fc.oneof(
          fc.json().map((text) => JSON.parse(text) as unknown),
          fc.webUrl(),
          fc.constantFrom("oidc", "github", true),
        ),
      ]),
    ),
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(settings, (value) => {
      try {
        one(value);
      } catch (error) {
        expect(isProblem(error) && error.code).toBe("config.provider");
      }
    }),
  );
});

test("in mosis.toml each is a table, and its files lie where that one does", () => {
  const folder = mkdtempSync(join(tmpdir(), "mosis-config-"));
  try {
    const configFile = join(folder, "mosis.toml");
    writeFileSync(
      configFile,
      `[providers.sso]
kind = "oidc"
name = "Example SSO"
issuer = "https://id.example.com"
client_id = "mosis"
client_secret_file = "secret"
ca = "/etc/ca.pem"
groups = [{ group = "admins", store_role = "administrator" }, { group = "devs", organisation = "${ORG}", role = "developer" }]
`,
    );
    expect(loadConfig({ configFile }, {}).providers).toMatchObject([
      {
        name: "Example SSO",
        clientSecretFile: join(folder, "secret"),
        caFile: "/etc/ca.pem",
        groups: [
          { group: "admins", storeRole: "administrator" },
          { group: "devs", organisation: ORG, role: "developer" },
        ],
      },
    ]);
    writeFileSync(configFile, '[providers.sso]\nkind = "saml"\n');
    expect(problemOfSync(() => loadConfig({ configFile }, {})).code).toBe("config.provider");
    writeFileSync(configFile, "providers = 5\n");
    expect(problemOfSync(() => loadConfig({ configFile }, {})).code).toBe("config.invalid");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
