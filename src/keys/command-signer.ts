/**
 * A key that an external command signs with, for an HSM or KMS. The command gets the bytes on stdin and writes the
 * signature to stdout: for ECDSA in DER over the curve's own hash of them, for Ed25519 the 64 bytes. Nothing that it
 * writes counts before it verifies with the key's public half.
 */
import { spawn } from "node:child_process";
import { createPublicKey } from "node:crypto";
import { Problem } from "../errors.ts";
import { type KeySigner, keySignatureFault } from "../signing/key-signer.ts";
import type { SigningKeyRow } from "./records.ts";

export type SignCommand = {
  /** Its name in the configuration. */
  readonly name: string;
  /** The program and its arguments; no shell reads them. */
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
};

const TIMEOUT_MS = 20_000;
/** So long after its end something that it started may hold its output open: what it wrote itself is there by then. */
const AFTER_END_MS = 500;
/** The longest signature of our keys, P-384's, has 104 bytes. */
const OUTPUT_MAX_BYTES = 1024;

type CommandKey = Pick<SigningKeyRow, "name" | "keyid" | "algorithm" | "publicKey">;

/**
 * @throws (from `sign`) Problem `keys.command_failed`, `keys.command_timeout`, `keys.command_output`,
 *   `keys.command_signature`
 */
export function commandSigner(key: CommandKey, command: SignCommand): KeySigner {
  const publicKey = createPublicKey({ key: key.publicKey, format: "der", type: "spki" });
  const { algorithm } = key;
  return {
    algorithm,
    publicKey,
    async sign(bytes) {
      const signature = await ask(key, command, bytes);
      const fault = keySignatureFault({ algorithm, publicKey }, bytes, signature);
      if (fault === undefined) return signature;
      throw failure("keys.command_signature", key, command, `what it wrote is not a signature: ${fault}`);
    },
  };
}

function ask(key: CommandKey, command: SignCommand, bytes: Uint8Array): Promise<Uint8Array> {
  const [program = "", ...args] = command.argv;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      // Its errors may name what it works with: they are for whoever runs it by hand, not for this store's log.
      stdio: ["pipe", "pipe", "ignore"],
      // A group of its own, so that what it started ends with it.
      detached: true,
      env: {
        ...command.environment,
        MOSIS_KEY_NAME: key.name,
        MOSIS_KEY_ID: key.keyid,
        MOSIS_KEY_ALGORITHM: key.algorithm,
      },
    });
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    let settled = false;
    let afterEnd: ReturnType<typeof setTimeout> | undefined;
    const settle = (end: () => void) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      clearTimeout(afterEnd);
      killGroup(child.pid);
      // What left the group may hold the other end for as long as it likes.
      child.stdout.destroy();
      end();
    };
    const refuse = (code: FailureCode, words: string) =>
      settle(() => reject(failure(code, key, command, words)));
    const timeoutMs = command.timeoutMs ?? TIMEOUT_MS;
    const timer = setTimeout(
      () => refuse("keys.command_timeout", `it gave no signature within ${timeoutMs / 1000} s`),
      timeoutMs,
    );
    child.on("error", (error) => {
      const code = "code" in error ? String(error.code) : "unknown";
      refuse("keys.command_failed", `it cannot be started (${code})`);
    });
    // A command that does not read its input to the end is judged by what it writes.
    child.stdin.on("error", () => {});
    child.stdin.end(bytes);
    child.stdout.on("data", (chunk: Buffer) => {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > OUTPUT_MAX_BYTES)
        refuse("keys.command_output", `it wrote more than ${OUTPUT_MAX_BYTES} bytes`);
      else chunks.push(chunk);
    });
    const ended = (status: number | null, signal: NodeJS.Signals | null) => {
      if (status !== 0) {
        refuse(
          "keys.command_failed",
          signal ? `it was ended by ${signal}` : `it ended with status ${status}`,
        );
      } else if (sizeBytes === 0) refuse("keys.command_output", "it wrote nothing");
      else settle(() => resolve(new Uint8Array(Buffer.concat(chunks))));
    };
    child.on("close", ended);
    child.on("exit", (status, signal) => {
      // After a stall both may be due at once: what can be read is read first.
      afterEnd = setTimeout(() => setImmediate(ended, status, signal), AFTER_END_MS);
    });
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended, and nothing of it is left.
  }
}

type FailureCode =
  | "keys.command_failed"
  | "keys.command_output"
  | "keys.command_signature"
  | "keys.command_timeout";

function failure(code: FailureCode, key: CommandKey, command: SignCommand, words: string): Problem {
  return new Problem(
    "unavailable",
    code,
    `The command ${command.name} was to sign with ${key.name}, and ${words}. Run it by hand to see its own words, and look at the setting signers.`,
  );
}
