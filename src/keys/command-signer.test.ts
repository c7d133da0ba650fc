/** Keys that Debian's openssl signs with, and commands that do not do what they are there for. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { createPublicKey } from "node:crypto";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isProblem } from "../errors.ts";
import type { KeyAlgorithm } from "../signing/algorithms.ts";
import { keySignatureFault } from "../signing/key-signer.ts";
import { commandSigner } from "./command-signer.ts";
import { publicSigningKey } from "./signing-keys.ts";

setDefaultTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), "mosis-command-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const GENERATE: Readonly<Record<KeyAlgorithm, readonly string[]>> = {
  "ecdsa-p256": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
  "ecdsa-p384": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
  ed25519: ["-algorithm", "ED25519"],
};

/** openssl pkeyutl reads what Ed25519 signs from a file alone. */
const ED25519_SCRIPT = `#!/bin/sh
set -e
input=$(mktemp)
trap 'rm -f "$input"' EXIT
cat > "$input"
openssl pkeyutl -sign -rawin -inkey "$1" -in "$input"
`;

function run(...argv: string[]): void {
  const { exitCode, stderr } = Bun.spawnSync(argv, { stdout: "ignore", stderr: "pipe" });
  if (exitCode !== 0) throw new Error(`${argv.join(" ")}: ${stderr.toString()}`);
}

function script(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, 0o700);
  return path;
}

function keyFile(algorithm: KeyAlgorithm): string {
  return join(folder, `${algorithm}.pem`);
}

function keyOf(algorithm: KeyAlgorithm) {
  const publicKey = createPublicKey(readFileSync(`${keyFile(algorithm)}.pub`, "utf8"));
  const spki = new Uint8Array(publicKey.export({ type: "spki", format: "der" }));
  return publicSigningKey("release-2", { algorithm, spki }, { command: "hsm" }, new Date());
}

beforeAll(() => {
  for (const algorithm of ["ecdsa-p256", "ecdsa-p384", "ed25519"] as const) {
    run("openssl", "genpkey", ...GENERATE[algorithm], "-out", keyFile(algorithm));
    run("openssl", "pkey", "-in", keyFile(algorithm), "-pubout", "-out", `${keyFile(algorithm)}.pub`);
  }
  script("ed25519.sh", ED25519_SCRIPT);
});

const environment = { PATH: process.env.PATH ?? "" };
const signerOf = (algorithm: KeyAlgorithm, argv: readonly string[], timeoutMs?: number) =>
  commandSigner(keyOf(algorithm), {
    name: "hsm",
    argv,
    environment,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });

describe("openssl signs", () => {
  test.each([
    ["ecdsa-p256", () => ["openssl", "dgst", "-sha256", "-sign", keyFile("ecdsa-p256")]],
    ["ecdsa-p384", () => ["openssl", "dgst", "-sha384", "-sign", keyFile("ecdsa-p384")]],
    ["ed25519", () => [join(folder, "ed25519.sh"), keyFile("ed25519")]],
  ] as const)("with %s", async (algorithm, argv) => {
    const signer = signerOf(algorithm, argv());
    for (const size of [1, 300_000]) {
      const bytes = crypto.getRandomValues(new Uint8Array(Math.min(size, 65_536)));
      const signature = await signer.sign(bytes);
      expect(keySignatureFault(signer, bytes, signature)).toBeUndefined();
    }
  });
});

describe("a command that", () => {
  const BYTES = Buffer.from("what is to be signed");
  const P256 = () => ["openssl", "dgst", "-sha256", "-sign", keyFile("ecdsa-p256")];

  async function refused(
    argv: readonly string[],
    timeoutMs?: number,
    algorithm: KeyAlgorithm = "ecdsa-p256",
  ) {
    try {
      await signerOf(algorithm, argv, timeoutMs).sign(BYTES);
    } catch (error) {
      if (isProblem(error)) return error;
      throw error;
    }
    throw new Error("it signed");
  }

  test("has ended counts, though what it started holds its output open", async () => {
    for (const more of ["sleep 30 &", "setsid sleep 2 &"]) {
      const signer = signerOf("ecdsa-p256", ["sh", "-c", `${more} exec "$@"`, "x", ...P256()]);
      const began = performance.now();
      const signature = await signer.sign(BYTES);
      expect(keySignatureFault(signer, BYTES, signature)).toBeUndefined();
      expect(performance.now() - began).toBeLessThan(10_000);
    }
    // What it wrote after the signature counts, too.
    const { code } = await refused(["sh", "-c", `sleep 30 & "$@"; echo`, "x", ...P256()]);
    expect(code).toBe("keys.command_signature");
  });

  const CASES: readonly (readonly [
    what: string,
    argv: () => readonly string[],
    code: string,
    words: RegExp,
  ])[] = [
    ["is not there", () => [join(folder, "none")], "keys.command_failed", /cannot be started \(ENOENT\)/],
    [
      "fails",
      () => ["sh", "-c", "cat >/dev/null; echo secret >&2; exit 7"],
      "keys.command_failed",
      /status 7/,
    ],
    [
      "signs and fails",
      () => ["sh", "-c", `"$@"; exit 1`, "x", ...P256()],
      "keys.command_failed",
      /status 1/,
    ],
    ["dies", () => ["sh", "-c", "kill -9 $$"], "keys.command_failed", /ended by SIGKILL/],
    ["writes nothing", () => ["true"], "keys.command_output", /wrote nothing/],
    ["never stops writing", () => ["yes"], "keys.command_output", /more than 1024 bytes/],
    ["writes something else", () => ["cat"], "keys.command_signature", /not a signature: /],
    [
      "adds a byte",
      () => ["sh", "-c", `"$@"; echo`, "x", ...P256()],
      "keys.command_signature",
      /DER SEQUENCE/,
    ],
    [
      "signs with another hash",
      () => ["openssl", "dgst", "-sha512", "-sign", keyFile("ecdsa-p256")],
      "keys.command_signature",
      /did not make/,
    ],
    [
      "signs with another key",
      () => ["openssl", "dgst", "-sha256", "-sign", keyFile("ecdsa-p384")],
      "keys.command_signature",
      /./,
    ],
    [
      "signs something else",
      () => ["sh", "-c", `cat >/dev/null; echo other | "$@"`, "x", ...P256()],
      "keys.command_signature",
      /did not make/,
    ],
  ];
  test.each(CASES)("%s is refused", async (_what, argv, code, words) => {
    const problem = await refused(argv());
    expect(problem.code).toBe(code);
    expect(problem.message).toMatch(words);
    expect(problem.message).not.toContain("secret");
    expect(problem.message).not.toContain(folder);
  });

  test("never ends is ended, with all that it started", async () => {
    const mark = join(folder, "still-here");
    const problem = await refused(["sh", "-c", `(sleep 2; touch ${mark}) & sleep 60`], 300);
    expect(problem.code).toBe("keys.command_timeout");
    await Bun.sleep(2500);
    expect(existsSync(mark)).toBe(false);
  });

  test("does not read its input is judged by what it writes", async () => {
    const problem = await refused(["sh", "-c", "echo hello"]);
    expect(problem.code).toBe("keys.command_signature");
  });

  test("is told which key, and sees no variable of the store's own", async () => {
    const signer = commandSigner(keyOf("ecdsa-p256"), {
      name: "hsm",
      argv: [
        "sh",
        "-c",
        `test "$MOSIS_KEY_NAME" = release-2 -a -z "$MOSIS_MASTER_KEY_FILE" && "$@"`,
        "x",
        ...P256(),
      ],
      environment,
    });
    expect(keySignatureFault(signer, BYTES, await signer.sign(BYTES))).toBeUndefined();
  });
});
