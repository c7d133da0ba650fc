import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isHandedOver } from "./config.files.ts";
import { SETTINGS, type Settings } from "./config.settings.ts";
import { environmentSecret, type Flags, loadConfig, requireDataDir } from "./config.ts";
import { makePipe } from "./testing/other-things.ts";
import { problemOfSync } from "./testing/problems.ts";

const folder = mkdtempSync(join(tmpdir(), "mosis-config-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const tomlFile = join(folder, "mosis.toml");

function fromToml(toml: string, flags: Flags = {}, environment: Record<string, string> = {}) {
  writeFileSync(tomlFile, toml);
  return loadConfig({ configFile: tomlFile, ...flags }, environment);
}

function providerText(id: string): string {
  return JSON.stringify({ [id]: { kind: "oidc", issuer: `https://${id}.example`, client_id: id } });
}

function issuerText(id: string): string {
  return JSON.stringify({ [id]: { kind: "oidc", issuer: `https://${id}.example` } });
}

/** For each setting: what a flag, the environment and the file say, and what each of them comes to. */
const SAID: { readonly [K in keyof Settings]: readonly [flag: string, environment: string, toml: string] } = {
  dataDir: ["/flag", "/environment", '"/file"'],
  host: ["0.0.0.0", "::1", '"10.0.0.1"'],
  port: ["1", "2", "3"],
  tlsCert: ["/flag", "/environment", '"/file"'],
  tlsKey: ["/flag", "/environment", '"/file"'],
  publicUrl: ["https://flag.example", "https://environment.example", '"https://file.example"'],
  trustedProxies: ["10.0.0.1", "fd00::/8", '"10.0.0.0/8"'],
  logLevel: ["debug", "warn", '"error"'],
  maxUploadBytes: ["1", "2", "3"],
  addressRequests: ["1", "2", "3"],
  accountRequests: ["1", "2", "3"],
  keyRequests: ["1", "2", "1000000"],
  masterKeyFile: ["/flag", "/environment", '"/file"'],
  recoveryWaitingDays: ["1", "30", "90"],
  signUp: ["closed", "open", '"example.com,example.org"'],
  signUpMessages: ["1", "200", "100000"],
  organisationMakers: ["everyone", "administrators", '"everyone"'],
  secondFactor: ["administrator", "administrator,reviewer", '"auditor,support"'],
  smtp: ["smtp://flag.example", "smtps://environment.example:4650", '"smtp://[::1]:25"'],
  smtpPasswordFile: ["/flag", "/environment", '"/file"'],
  smtpCa: ["/flag", "/environment", '"/file"'],
  mailFrom: ["flag@example.com", "Ä <environment@example.com>", '"file@example.com"'],
  // The whole of what one takes is in config.providers.test.ts.
  providers: [providerText("flag"), providerText("environment"), JSON.stringify(providerText("file"))],
  trustedIssuers: [issuerText("flag"), issuerText("environment"), JSON.stringify(issuerText("file"))],
  restricted: ["true", "false", "true"],
  ratings: ["true", "false", "true"],
  accountDeletionDays: ["0", "7", "30"],
  appDeletionDays: ["1", "14", "90"],
  groupPauseHours: ["1", "48", "720"],
  timeZone: ["Europe/Berlin", "Asia/Kolkata", '"America/New_York"'],
  deviceUnseenDays: ["0", "30", "3650"],
  signers: ['{"a":["/flag"]}', '{"a":["/environment","-x"]}', String.raw`"{\"a\":[\"/file\"]}"`],
};

/** What else must be said with a setting. */
const PARTNERS: Readonly<Partial<Record<keyof Settings, Flags>>> = {
  tlsCert: { tlsKey: "/partner" },
  tlsKey: { tlsCert: "/partner" },
  smtp: { mailFrom: "partner@example.com" },
  smtpPasswordFile: { smtp: "smtp://me@partner.example", mailFrom: "partner@example.com" },
  smtpCa: { smtp: "smtp://partner.example", mailFrom: "partner@example.com" },
  mailFrom: { smtp: "smtp://partner.example" },
};

/** A value of a setting as it would be said. */
function said(value: unknown): string {
  type Entry = { id: string; kind: string; issuer: string; clientId?: string };
  const [first] = Array.isArray(value) ? (value as Entry[]) : [];
  if (typeof first === "object")
    return JSON.stringify({
      [first.id]: { kind: first.kind, issuer: first.issuer, client_id: first.clientId },
    });
  const isTable = typeof value === "object" && value !== null && !Array.isArray(value);
  return isTable ? JSON.stringify(value) : String(value);
}

for (const setting of SETTINGS) {
  test(`${setting.key}: flag, then environment, then file, then default`, () => {
    const [flag, environment, toml] = SAID[setting.key];
    const partner = PARTNERS[setting.key] ?? {};
    const file = `${setting.file} = ${toml}`;
    const variables = { [setting.environment]: environment };
    const say = (key: keyof Settings, loaded: ReturnType<typeof loadConfig>) => [
      said(loaded[key]),
      loaded.origins.get(key),
    ];
    expect(say(setting.key, fromToml(file, { [setting.key]: flag, ...partner }, variables))).toEqual([
      flag,
      "flag",
    ]);
    expect(say(setting.key, fromToml(file, partner, variables))).toEqual([environment, "environment"]);
    expect(say(setting.key, fromToml(file, partner))).toEqual([JSON.parse(toml).toString(), "file"]);
    expect(say(setting.key, fromToml("", {}, { [setting.environment]: "" }))).toEqual([
      said(setting.fallback),
      "default",
    ]);
  });
}

const REFUSED: readonly [what: string, act: () => unknown, kind: string, code: string, words: RegExp][] = [
  ...["", "-1", "65536", "8470 ", "0x1F", "1e3", "٣"].map(
    (port) =>
      [
        `--port ${JSON.stringify(port)}`,
        () => loadConfig({ port }, {}),
        "usage",
        "config.invalid",
        /^--port: .*found /,
      ] as [string, () => unknown, string, string, RegExp],
  ),
  ...["", "0", "-1", "1.5", "100001", "none", "1e3"].map(
    (signUpMessages) =>
      [
        `--sign-up-messages ${JSON.stringify(signUpMessages)}`,
        () => loadConfig({ signUpMessages }, {}),
        "usage",
        "config.invalid",
        /^--sign-up-messages: .*found /,
      ] as [string, () => unknown, string, string, RegExp],
  ),
  ...["", "0", "-1", "1.5", "1000001", "none", "1e3"].map(
    (keyRequests) =>
      [
        `--key-requests ${JSON.stringify(keyRequests)}`,
        () => loadConfig({ keyRequests }, {}),
        "usage",
        "config.invalid",
        /^--key-requests: .*found /,
      ] as [string, () => unknown, string, string, RegExp],
  ),
  ...["", "all", "example", "example.com,", "@example.com", "exa mple.com", "https://example.com"].map(
    (signUp) =>
      [
        `--sign-up ${JSON.stringify(signUp)}`,
        () => loadConfig({ signUp }, {}),
        "usage",
        "config.invalid",
        /^--sign-up: .*found /,
      ] as [string, () => unknown, string, string, RegExp],
  ),
  ...["0", "-5", "513MiB", "1GiB", "1mib", "9".repeat(30), "1.5MiB"].map(
    (maxUploadBytes) =>
      [
        `--max-upload ${maxUploadBytes}`,
        () => loadConfig({ maxUploadBytes }, {}),
        "usage",
        "config.invalid",
        /^--max-upload: .*512MiB/,
      ] as [string, () => unknown, string, string, RegExp],
  ),
  ...[
    "store.example",
    "ftp://store.example",
    "https://store.example/path",
    "https://store.example/?a",
    "https://store.example/#a",
    "https://ada:secret@store.example",
    "https://ada@store.example",
    "https://",
    "https:store.example",
    "https://store.example:99999",
    " https://store.example",
  ].map(
    (publicUrl) =>
      [
        `--public-url ${publicUrl}`,
        () => loadConfig({ publicUrl }, {}),
        "usage",
        "config.invalid",
        /^--public-url: a public URL is https/,
      ] as [string, () => unknown, string, string, RegExp],
  ),
  [
    "--log-level loud",
    () => loadConfig({ logLevel: "loud" }, {}),
    "usage",
    "config.invalid",
    /^--log-level: /,
  ],
  ["--host with a port", () => loadConfig({ host: "[::1]:80" }, {}), "usage", "config.invalid", /^--host: /],
  [
    "an empty host",
    () => loadConfig({ host: "" }, {}),
    "usage",
    "config.invalid",
    /^--host: a value is expected/,
  ],
  ["MOSIS_PORT=x", () => loadConfig({}, { MOSIS_PORT: "x" }), "usage", "config.invalid", /^MOSIS_PORT: /],
  [
    "one half of a TLS pair",
    () => loadConfig({ tlsCert: "/c" }, {}),
    "usage",
    "config.tls_pair",
    /--tls-key/,
  ],
  ["the other half", () => loadConfig({}, { MOSIS_TLS_KEY: "/k" }), "usage", "config.tls_pair", /--tls-cert/],
  [
    "no data folder",
    () => requireDataDir(loadConfig({}, {})),
    "usage",
    "config.data_missing",
    /--data DIR, or MOSIS_DATA/,
  ],
  [
    "a file that is not there",
    () => loadConfig({ configFile: join(folder, "none.toml") }, {}),
    "unreachable",
    "config.unreadable",
    /none\.toml cannot be read/,
  ],
  [
    "no TOML",
    () => fromToml('host = "a"\nport = = 1'),
    "usage",
    "config.invalid",
    /mosis\.toml, line 2, is not TOML: /,
  ],
  ["a key twice", () => fromToml("port = 1\nport = 2"), "usage", "config.invalid", /line 2, is not TOML: /],
  [
    "a table",
    () => fromToml("[server]\nport = 1"),
    "usage",
    "config.invalid",
    /no setting "server".*Known are data, host/,
  ],
  ["a slip", () => fromToml("prot = 1"), "usage", "config.invalid", /no setting "prot". Do you mean port\?/],
  ["a letter too many", () => fromToml('hosts = ""'), "usage", "config.invalid", /Do you mean host\?/],
  [
    "as flags write it",
    () => fromToml('public-url = ""'),
    "usage",
    "config.invalid",
    /Do you mean public_url\?/,
  ],
  [
    "as the code writes it",
    () => fromToml('tlsCert = ""'),
    "usage",
    "config.invalid",
    /Do you mean tls_cert\?/,
  ],
  ["__proto__", () => fromToml('"__proto__" = 1'), "usage", "config.invalid", /no setting "__proto__"/],
  [
    "a boolean",
    () => fromToml("port = true"),
    "usage",
    "config.invalid",
    /port is a number; found a boolean/,
  ],
  [
    "a list",
    () => fromToml('host = ["a"]'),
    "usage",
    "config.invalid",
    /host is a text in quotes; found a list/,
  ],
  [
    "a number for a table",
    () => fromToml("signers = 5"),
    "usage",
    "config.invalid",
    /signers is a table; found a number/,
  ],
  ["a date", () => fromToml("host = 2026-01-01"), "usage", "config.invalid", /found a date/],
  ["a number for a text", () => fromToml("host = 127"), "usage", "config.invalid", /found a number/],
  [
    "a fraction",
    () => fromToml("port = 84.5"),
    "usage",
    "config.invalid",
    /^port in mosis\.toml: .*found "84\.5"/,
  ],
  [
    "a number too large",
    () => fromToml("port = 99999999999999999999"),
    "usage",
    "config.invalid",
    /mosis\.toml/,
  ],
  [
    "an empty text",
    () => fromToml('data = ""'),
    "usage",
    "config.invalid",
    /^data in mosis\.toml: a value is expected/,
  ],
  [
    "a secret twice",
    () => environmentSecret("MOSIS_X", { MOSIS_X: "a", MOSIS_X_FILE: "/b" }),
    "usage",
    "config.secret_twice",
    /Both MOSIS_X and MOSIS_X_FILE/,
  ],
  [
    "a secret's file that is not there",
    () => environmentSecret("MOSIS_X", { MOSIS_X_FILE: join(folder, "none") }),
    "unreachable",
    "config.unreadable",
    /MOSIS_X_FILE names .*none, which cannot be read/,
  ],
  [
    "a secret's file that is a pipe without a writer",
    () => {
      const pipe = join(folder, "pipe");
      makePipe(pipe);
      return environmentSecret("MOSIS_X", { MOSIS_X_FILE: pipe });
    },
    "unreachable",
    "config.unreadable",
    /MOSIS_X_FILE names .*pipe, which cannot be read/,
  ],
  [
    "a secret's file without end",
    () => environmentSecret("MOSIS_X", { MOSIS_X_FILE: "/dev/zero" }),
    "unreachable",
    "config.unreadable",
    /MOSIS_X_FILE names \/dev\/zero, which has more than 65536 bytes/,
  ],
];

for (const [what, act, kind, code, words] of REFUSED) {
  test(`refused: ${what}`, () => {
    const problem = problemOfSync(act);
    expect([problem.kind, problem.code]).toEqual([kind, code]);
    expect(problem.message).toMatch(words);
  });
}

test("sizes, addresses and paths come out in one form", () => {
  expect(loadConfig({ maxUploadBytes: "2MiB" }, {}).maxUploadBytes).toBe(2_097_152);
  expect(loadConfig({ maxUploadBytes: "512 MiB" }, {}).maxUploadBytes).toBe(536_870_912);
  expect(loadConfig({ publicUrl: "HTTPS://Store.Example:443/" }, {}).publicUrl).toBe("https://store.example");
  expect(loadConfig({ publicUrl: "http://[::1]:8470" }, {}).publicUrl).toBe("http://[::1]:8470");
  expect(loadConfig({ host: "fe80::1%eth0" }, {}).host).toBe("fe80::1%eth0");
  const config = fromToml('data = "store"\nmaster_key_file = "../key"\nport = "8471"');
  expect(config).toMatchObject({
    dataDir: join(folder, "store"),
    masterKeyFile: join(folder, "../key"),
    port: 8471,
  });
});

test("MOSIS_CONFIG names the file, and a flag another one", () => {
  writeFileSync(tomlFile, "port = 1");
  const other = join(folder, "other.toml");
  writeFileSync(other, "port = 2");
  expect(loadConfig({}, { MOSIS_CONFIG: tomlFile }).port).toBe(1);
  expect(loadConfig({ configFile: other }, { MOSIS_CONFIG: tomlFile }).port).toBe(2);
  expect(loadConfig({}, { MOSIS_CONFIG: "" }).port).toBe(8470);
});

test("a secret comes from its variable, or from the file, as it stands there but for the last line feed", () => {
  const file = join(folder, "secret");
  for (const [written, read] of [
    ["a b \n", "a b "],
    ["a\r\n", "a"],
    ["a\n\n", "a\n"],
    ["", ""],
  ] as const) {
    writeFileSync(file, written);
    expect(environmentSecret("MOSIS_X", { MOSIS_X_FILE: file })).toBe(read);
  }
  expect(environmentSecret("MOSIS_X", { MOSIS_X: "a", MOSIS_X_FILE: "" })).toBe("a");
  expect(environmentSecret("MOSIS_X", { MOSIS_X: "" })).toBeNull();
});

test("what the caller has open is known by its name alone", () => {
  for (const name of ["/dev/stdin", "/dev/fd/63", "/proc/self/fd/0", "/proc/12/fd/3"])
    expect(isHandedOver(name)).toBe(true);
  for (const name of [
    "/dev/zero",
    "/dev/fd/",
    "/dev/fd/../zero",
    "/tmp/dev/fd/3",
    "dev/stdin",
    "/dev/stdin/",
  ])
    expect(isHandedOver(name)).toBe(false);
});

test("a limit of requests or messages is off by that word", () => {
  expect(loadConfig({ keyRequests: "off" }, {}).keyRequests).toBe(0);
  expect(loadConfig({ signUpMessages: "off" }, {}).signUpMessages).toBe(0);
  expect(fromToml('address_requests = "off"').addressRequests).toBe(0);
});
