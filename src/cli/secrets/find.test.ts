import { describe, expect, test } from "bun:test";
import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { createTestAuthorities } from "../../format/testing.ts";
import { findSecret } from "./find.ts";

const text = (content: string) => new TextEncoder().encode(content);
const whatOf = async (name: string, ...bytes: readonly Uint8Array[]) =>
  (await findSecret(name, bytes))?.message ?? null;
const der = (type: "rsa" | "ec" | "ed25519", more: object = {}): Uint8Array => {
  const privateKeyEncoding = { type: "pkcs8", format: "der", ...more } as const;
  const publicKeyEncoding = { type: "spki", format: "der" } as const;
  const common = { privateKeyEncoding, publicKeyEncoding };
  if (type === "rsa") return generateKeyPairSync("rsa", { modulusLength: 2048, ...common }).privateKey;
  if (type === "ec") return generateKeyPairSync("ec", { namedCurve: "P-256", ...common }).privateKey;
  return generateKeyPairSync("ed25519", common).privateKey;
};
/** Put together here, so that no scanner takes this file for a leak. */
const long = (head: string, length: number) => head + "Ab1".repeat(length).slice(0, length);

describe("a private key in a file of any name", () => {
  test.each(["rsa", "ec", "ed25519"] as const)("PKCS #8 in DER: %s", async (type) => {
    expect(await whatOf("data/blob.bin", der(type))).toBe("It looks like a private key (PKCS #8).");
  });
  test("encrypted", async () => {
    const bytes = der("ec", { cipher: "aes-256-cbc", passphrase: "secret" });
    expect(await whatOf("data/blob.bin", bytes)).toBe("It looks like an encrypted private key (PKCS #8).");
  });
  test("a public key and a picture are none", async () => {
    const { publicKey } = generateKeyPairSync("ec", {
      namedCurve: "P-256",
      publicKeyEncoding: { type: "spki", format: "der" },
      privateKeyEncoding: { type: "pkcs8", format: "der" },
    });
    expect(await whatOf("keys/public.der", publicKey)).toBeNull();
    expect(await whatOf("a.png", Uint8Array.of(0x89, 0x50, 0x4e, 0x47))).toBeNull();
    expect(await whatOf("empty", new Uint8Array(0))).toBeNull();
  });
  test("a Java key store, by its first bytes", async () => {
    expect(await whatOf("store.dat", Uint8Array.of(0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2))).toContain(
      "Java key store",
    );
  });
});

test.each([
  [".aws/credentials", ""],
  ["home/.docker/config.json", "{}"],
  [".kube/config", ""],
  [".config/gcloud/legacy/x.json", ""],
  [".ssh/config", ""],
  ["application_default_credentials.json", "{}"],
  ["terraform.tfstate", "{}"],
  ["notes.txt", `${long("AKIA", 0)}${"ABCDEFGH12345678"}\nsecret = ${long("", 40)}\n`],
  ["build.ini", `//registry.example.org/:${"_auth"}Token=${long("", 30)}`],
  ["ci.txt", long("npm" + "_", 36)],
  ["ci.txt", long("ghp" + "_", 36)],
  ["ci.txt", long("glpat" + "-", 20)],
])("%s is refused (%#)", async (name, content) => {
  expect(await whatOf(name, text(content))).toStartWith("It looks like ");
});

test.each([
  ["lib/config", ""],
  ["docker/config.json", "{}"],
  ["main.lua", `-- set _authToken=${"$"}{TOKEN} in your .npmrc`],
  ["main.lua", 'local prefix = "AKIA"'],
  ["main.lua", "-- a key begins with -----BEGIN PRIVATE KEY-----"],
])("%s is packed (%#)", async (name, content) => {
  expect(await whatOf(name, text(content))).toBeNull();
});

test.each(["prod.env", "config/Production.ENV", ".env.local"])("%s is refused by its name", async (name) => {
  expect(await whatOf(name, text(""))).toContain("environment variables");
});

describe("names that hold secrets as a rule, whatever is in the file", () => {
  test.each([
    "env.production",
    "config/env.local",
    "env.staging.local",
    "credentials",
    "Credentials.json",
    "config/credentials.yml",
    "credentials-prod.json",
    "staging.secrets.yaml",
    "service-account_production.json",
    "client_secret.json",
    "client_secret_123.apps.json",
    "service-account.json",
    "serviceAccountKey.json",
    "secrets.yaml",
    "secret",
    "token",
    ".token",
    "api_token.txt",
    "access-token",
    "service.key",
    "certs/key.pem",
    "server-key.pem",
    "privkey.pem",
  ])("%s is refused", async (name) => {
    expect(await whatOf(name, text("0123"))).toStartWith("It looks like ");
    expect(await whatOf(`deep/${name.toUpperCase()}`, text(""))).toStartWith("It looks like ");
  });

  test.each([
    "env.lua",
    "env.production.lua",
    "credentials.lua",
    "ui/credentials.rml",
    "token.lua",
    "tokens.json",
    "credentials-screen.json",
    "test.secrets.lua",
    "token.png",
    "secret-level.json",
    "secrets/map.json",
    "public.key",
    "server.pub.key",
    "public-key.pem",
    "ca.pem",
    "fullchain.pem",
    "cert.pem",
    "monkey.pem",
    "key.png",
    "keys/a",
  ])("%s is packed", async (name) => {
    expect(await whatOf(name, text("0123"))).toBeNull();
  });
});

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
const p256 = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
const p521 = generateKeyPairSync("ec", { namedCurve: "P-521" }).privateKey;
const ed25519 = createPrivateKey({ key: Buffer.from(der("ed25519")), format: "der", type: "pkcs8" });
const pkcs8 = (key: KeyObject) => key.export({ type: "pkcs8", format: "der" });
const passphrase = "secret";
const DER_KEYS: readonly (readonly [what: string, found: string, bytes: Buffer])[] = [
  ["PKCS #1", "a private key (PKCS #1)", rsa.export({ type: "pkcs1", format: "der" })],
  ["SEC 1 of P-256", "a private key (SEC 1)", p256.export({ type: "sec1", format: "der" })],
  ["SEC 1 of P-521", "a private key (SEC 1)", p521.export({ type: "sec1", format: "der" })],
  ["PKCS #8 of RSA", "a private key (PKCS #8)", pkcs8(rsa)],
  ["PKCS #8 of P-521", "a private key (PKCS #8)", pkcs8(p521)],
  ["PKCS #8 of Ed25519", "a private key (PKCS #8)", pkcs8(ed25519)],
  [
    "PKCS #8 with a passphrase",
    "an encrypted private key (PKCS #8)",
    rsa.export({ type: "pkcs8", format: "der", cipher: "aes-256-cbc", passphrase }),
  ],
];
const NOISE = Buffer.concat(
  Array.from({ length: 40_000 }, (_, at) => createHash("sha256").update(`noise ${at}`).digest()),
);
/** Bytes that hold nothing, the same in each run. */
const noise = (count: number): Buffer => NOISE.subarray(0, count);

describe.each(DER_KEYS)("%s", (_name, found, bytes) => {
  const said = `It looks like ${found}`;
  const wrapped = bytes.toString("base64").replaceAll(/(.{64})/g, "$1\n");

  test("in DER, at the start and after other bytes", async () => {
    expect(await whatOf("server.key", bytes)).toBe(`${said}.`);
    expect(await findSecret("blob", [Buffer.concat([noise(7), bytes, noise(9)])])).toMatchObject({
      offset: 7,
    });
  });
  test("where one window ends and the next begins", async () => {
    for (const at of [2 ** 20 - 65_536, 2 ** 20 - bytes.length + 1, 2 ** 20 - 1, 2 ** 20]) {
      const padded = Buffer.concat([Buffer.alloc(at), bytes, Buffer.alloc(100)]);
      const chunks = [padded.subarray(0, 70_001), padded.subarray(70_001)];
      expect(await findSecret("blob", chunks)).toMatchObject({ offset: at, message: `${said}.` });
    }
  });
  test("as Base64: in one line, in lines, in JSON, in a program, for URLs", async () => {
    const base64 = `${said}, in Base64.`;
    for (const content of [
      bytes.toString("base64"),
      `key: |\n${wrapped}\n`,
      wrapped.replaceAll("\n", "\r\n"),
      JSON.stringify({ key: wrapped }),
      `local key = "${bytes.toString("base64url")}"`,
    ])
      expect(await whatOf("main.lua", text(content))).toBe(base64);
  });
  test("as hexadecimal digits", async () => {
    const hex = `${said}, in hexadecimal digits.`;
    expect(await whatOf("main.lua", text(`local key = "${bytes.toString("hex")}"`))).toBe(hex);
    expect(await whatOf("key.hex", text(bytes.toString("hex").toUpperCase()))).toBe(hex);
  });
  test("in gzip, at its start and far in", async () => {
    const lines = text("0123456789\n".repeat(30_000));
    expect(await whatOf("key.gz", gzipSync(Buffer.concat([bytes, lines])))).toStartWith(said);
    const hex = Buffer.concat([noise(1_200_000), lines, text(bytes.toString("hex")), lines]);
    const far = gzipSync(hex, { level: 1 });
    expect(await whatOf("far.tgz", far.subarray(0, 100), far.subarray(100))).toBe(
      `${said}, in hexadecimal digits, in gzip.`,
    );
  });
  test("is none when its last byte is missing", async () => {
    expect(await whatOf("key", bytes.subarray(0, -1))).toBeNull();
  });
});

test("a PEM block in UTF-16, and in Base64", async () => {
  const pem = rsa.export({ type: "pkcs8", format: "pem" }).toString();
  const little = Buffer.from(`\ufeff${pem}`, "utf16le");
  expect(await findSecret("key.pem", [little])).toMatchObject({
    message: "It looks like a private key.",
    offset: 24,
  });
  expect(await whatOf("key.pem", Buffer.from(little).swap16())).toBe("It looks like a private key.");
  expect(await whatOf("odd", Buffer.concat([Buffer.of(1), little]))).toBe("It looks like a private key.");
  expect(await whatOf("secret.yaml", text(`tls.key: ${Buffer.from(pem).toString("base64")}`))).toBe(
    "It looks like a private key, in Base64.",
  );
});

describe("a JWK with private members", () => {
  test.each([
    ["RSA", rsa],
    ["EC", p256],
    ["OKP", ed25519],
  ] as const)("%s", async (_kind, key) => {
    const jwk = key.export({ format: "jwk" });
    const { d, ...more } = jwk;
    const known = { kty: jwk.kty, n: jwk.n, e: jwk.e, crv: jwk.crv, x: jwk.x, y: jwk.y };
    const turned = { d, ...more };
    for (const shown of [jwk, turned, { keys: [known, turned] }, { text: JSON.stringify(turned) }]) {
      expect(await whatOf("keys.json", text(JSON.stringify(shown, null, 2)))).toBe(
        "It looks like a private key (JWK).",
      );
      expect(await whatOf("keys.json", Buffer.from(JSON.stringify(shown), "utf16le"))).toBe(
        "It looks like a private key (JWK).",
      );
    }
    expect(
      await whatOf("keys.json", text(JSON.stringify({ keys: [known, known], d: "A".repeat(40) }))),
    ).toBeNull();
  });
  test("a symmetric one", async () => {
    expect(await whatOf("k.json", text(`{"kty":"oct","k":"${"A".repeat(43)}"}`))).toContain("(JWK)");
  });
});

describe("a binary OpenPGP key", () => {
  const body = (version: number, created: number) =>
    Buffer.concat([Buffer.of(version), Buffer.from([0, 0, 0, 0]), Buffer.of(22), noise(80)]).fill(
      Buffer.from(created.toString(16).padStart(8, "0"), "hex"),
      1,
      5,
    );
  const user = Buffer.concat([Buffer.of(0xb4, 3), Buffer.from("Ada")]);
  const made = body(4, 1_700_000_000);
  test.each([
    ["in the old form", Buffer.concat([Buffer.of(0x94, made.length), made, user])],
    ["in the old form, two bytes of length", Buffer.concat([Buffer.of(0x95, 0, made.length), made, user])],
    ["in the new form", Buffer.concat([Buffer.of(0xc5, made.length), made, user])],
    ["of a subkey alone", Buffer.concat([Buffer.of(0x9c, made.length), made])],
  ])("%s", async (_what, bytes) => {
    expect(await whatOf("ring", bytes)).toBe("It looks like a private OpenPGP key.");
    expect(await whatOf("ring", bytes.subarray(0, 60))).toBeNull();
  });
  test.each([
    ["a public key", Buffer.concat([Buffer.of(0x98, made.length), made, user])],
    ["another version", Buffer.concat([Buffer.of(0x94, made.length), body(9, 1_700_000_000), user])],
    ["a time before there was any", Buffer.concat([Buffer.of(0x94, made.length), body(4, 5), user])],
    ["no packet after it", Buffer.concat([Buffer.of(0x94, made.length), made, text("hello, all")])],
  ])("%s is none", async (_what, bytes) => {
    expect(await whatOf("ring", bytes)).toBeNull();
  });
  test.skipIf(Bun.which("gpg") === null)("as gpg exports it", async () => {
    const home = mkdtempSync(join(tmpdir(), "mosis-gpg-"));
    const gpg = (...words: readonly string[]) => {
      const ran = Bun.spawnSync([
        "gpg",
        "--homedir",
        home,
        "--batch",
        "--pinentry-mode",
        "loopback",
        "--passphrase",
        "",
        ...words,
      ]);
      expect(ran.exitCode).toBe(0);
      return ran.stdout;
    };
    try {
      gpg("--quick-generate-key", "ada@example.com", "ed25519", "default", "never");
      expect(await whatOf("ring", gpg("--export-secret-keys"))).toBe("It looks like a private OpenPGP key.");
      expect(await whatOf("ring", gpg("--export"))).toBeNull();
    } finally {
      Bun.spawnSync(["gpgconf", "--homedir", home, "--kill", "all"]);
      rmSync(home, { recursive: true, force: true });
    }
  });
});

test("noise, text and public things are none, in any encoding", async () => {
  const publicKey = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey;
  const spki = publicKey.export({ type: "spki", format: "der" });
  const pkcs1 = publicKey.export({ type: "pkcs1", format: "der" });
  const authorities = await createTestAuthorities();
  const certificate = Buffer.from(authorities.root.rawData);
  for (const bytes of [NOISE, spki, pkcs1, certificate]) {
    expect(await whatOf("blob", bytes)).toBeNull();
    expect(await whatOf("blob.txt", text(bytes.toString("base64")))).toBeNull();
    expect(await whatOf("blob.hex", text(bytes.toString("hex")))).toBeNull();
    expect(await whatOf("blob.gz", gzipSync(bytes))).toBeNull();
  }
  expect(
    await whatOf("broken.gz", Buffer.concat([gzipSync(noise(9000)).subarray(0, 500), noise(500)])),
  ).toBeNull();
  expect(await whatOf("zeros.gz", gzipSync(Buffer.alloc(100 * 2 ** 20)))).toBeNull();
}, 30_000);
