import { describe, expect, test } from "bun:test";
import { generateKeyPairSync } from "node:crypto";
import { findSecret } from "./secrets.ts";

const text = (content: string) => new TextEncoder().encode(content);
const whatOf = (name: string, bytes: Uint8Array) => findSecret(name, bytes)?.message ?? null;
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
  test.each(["rsa", "ec", "ed25519"] as const)("PKCS #8 in DER: %s", (type) => {
    expect(whatOf("data/blob.bin", der(type))).toBe("It looks like a private key (PKCS #8).");
  });
  test("encrypted", () => {
    const bytes = der("ec", { cipher: "aes-256-cbc", passphrase: "secret" });
    expect(whatOf("data/blob.bin", bytes)).toBe("It looks like an encrypted private key (PKCS #8).");
  });
  test("a public key and a picture are none", () => {
    const { publicKey } = generateKeyPairSync("ec", {
      namedCurve: "P-256",
      publicKeyEncoding: { type: "spki", format: "der" },
      privateKeyEncoding: { type: "pkcs8", format: "der" },
    });
    expect(whatOf("keys/public.der", publicKey)).toBeNull();
    expect(whatOf("a.png", Uint8Array.of(0x89, 0x50, 0x4e, 0x47))).toBeNull();
    expect(whatOf("empty", new Uint8Array(0))).toBeNull();
  });
  test("a Java key store, by its first bytes", () => {
    expect(whatOf("store.dat", Uint8Array.of(0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2))).toContain(
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
])("%s is refused (%#)", (name, content) => {
  expect(whatOf(name, text(content))).toStartWith("It looks like ");
});

test.each([
  ["lib/config", ""],
  ["docker/config.json", "{}"],
  ["main.lua", `-- set _authToken=${"$"}{TOKEN} in your .npmrc`],
  ["main.lua", 'local prefix = "AKIA"'],
  ["main.lua", "-- a key begins with -----BEGIN PRIVATE KEY-----"],
])("%s is packed (%#)", (name, content) => {
  expect(whatOf(name, text(content))).toBeNull();
});
