/** Keys under a passphrase, read by openssl and by Node, and those of before. */
import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { codeOfSync } from "../testing/problems.ts";
import { generateKeyPair, keyid, privateKeyFromPem, privateKeyToPem } from "./keys.ts";

const folder = mkdtempSync(join(tmpdir(), "mosis-pbes2-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function openssl(...words: readonly string[]): string {
  const { exitCode, stdout, stderr } = Bun.spawnSync(["openssl", ...words], { cwd: folder });
  return exitCode === 0 ? stdout.toString() : `${exitCode}: ${stderr.toString()}`;
}

const PASSPHRASE = "Grüße, 12 words";

for (const algorithm of ["ecdsa-p256", "ecdsa-p384", "ed25519"] as const) {
  test(`a ${algorithm} key is stretched by 600,000 rounds, and opened by openssl and by us`, () => {
    const keys = generateKeyPair(algorithm);
    const pem = privateKeyToPem(keys.privateKey, PASSPHRASE);
    writeFileSync(join(folder, "k.pem"), pem);
    writeFileSync(join(folder, "pass"), `${PASSPHRASE}\n`);
    const parts = openssl("asn1parse", "-in", "k.pem");
    expect(parts).toMatch(
      /PBES2[\s\S]*PBKDF2[\s\S]*INTEGER {11}:0927C0\n[\s\S]*hmacWithSHA256[\s\S]*aes-256-cbc/,
    );
    expect(openssl("pkey", "-in", "k.pem", "-passin", "file:pass", "-pubout")).toBe(
      keys.publicKey.export({ type: "spki", format: "pem" }).toString(),
    );
    expect(keyid(privateKeyFromPem(pem, PASSPHRASE).publicKey)).toBe(keyid(keys.publicKey));
    expect(codeOfSync(() => privateKeyFromPem(pem, `${PASSPHRASE}.`))).toBe("MPK-K002");
    // No two files of one key and passphrase are alike.
    expect(privateKeyToPem(keys.privateKey, PASSPHRASE)).not.toBe(pem);
  });
}

test("a key of before, of fewer rounds, is opened still", () => {
  const { privateKey, publicKey } = generateKeyPair();
  const pem = privateKey
    .export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "a" })
    .toString();
  writeFileSync(join(folder, "old.pem"), pem);
  expect(openssl("asn1parse", "-in", "old.pem")).toMatch(/INTEGER {11}:0800\n/);
  expect(keyid(privateKeyFromPem(pem, "a").publicKey)).toBe(keyid(publicKey));
});
