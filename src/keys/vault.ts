/**
 * The store's own private keys, encrypted at rest. AES-256-GCM under a master key that lies outside of the database;
 * the key's name is authenticated with it, so that one sealed key cannot be put in another's place.
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { isProblem, Problem } from "../errors.ts";
import type { Log } from "../log.ts";
import { otherThing } from "../storage/outside-file.ts";

export type Vault = {
  /** nonce (12 bytes) ‖ tag (16 bytes) ‖ ciphertext */
  seal(name: string, plain: Uint8Array): Uint8Array;
  /** @throws Problem `keys.unsealable` when the master key is not the one that sealed it, or the bytes were changed. */
  unseal(name: string, sealed: Uint8Array): Uint8Array;
  /**
   * The key is in memory, but without its file the next start would have none: so long as it can still be saved,
   * somebody should hear of it.
   * @throws Problem `keys.master_missing`, `keys.master_malformed`, `keys.master_open`, `keys.unsealable` for another key
   */
  checkFile(): void;
};

const MASTER_KEY_BYTES = 32;
/** More than a key in base64 with any white space around it. */
const MASTER_FILE_MOST_BYTES = 1024;

/**
 * Reads the master key from `file`, or makes one in the data folder (0600) with a warning in the log.
 * @throws Problem `keys.master_missing`, `keys.master_malformed`, `keys.master_open`
 */
export function openVault(options: {
  file: string | null;
  dataDir: string;
  mayCreate: boolean;
  log: Log;
}): Vault {
  const path = options.file ?? join(options.dataDir, "master.key");
  const existing = readMasterKey(path);
  if (existing !== null) {
    warnOfGroup(path, options.log);
    return vaultWith(existing, path);
  }
  if (options.file !== null || !options.mayCreate) throw masterMissing(path);
  const key = makeMasterKey(path);
  options.log.warn("keys.master_made", {
    path,
    advice: "it lies beside what it protects; move it and name it with MOSIS_MASTER_KEY_FILE",
  });
  return vaultWith(key, path);
}

/** Writes a new master key, for its owner alone, and gives it. */
export function makeMasterKey(path: string): Uint8Array {
  const key = randomBytes(MASTER_KEY_BYTES);
  writeDurably(path, `${key.toString("base64")}\n`);
  return key;
}

/** null when there is no file. */
function readMasterKey(path: string): Uint8Array | null {
  const text = readIfThere(path);
  if (text === null) return null;
  refuseOpenPermissions(path);
  return decode(text, path);
}

function masterMissing(path: string): Problem {
  return new Problem(
    "unavailable",
    "keys.master_missing",
    `The master key ${path} is not there. Without it the store's signing keys cannot be opened: put it back from your backup. The guide to the store's keys says what to do when it is lost.`,
  );
}

/**
 * Beside its place first: a kill in between would otherwise leave a file that is no key and that no start replaces.
 * The folder is synced too, since what the database seals afterwards is lost without this file.
 */
function writeDurably(path: string, text: string): void {
  const staged = `${path}.new`;
  rmSync(staged, { force: true });
  const file = openSync(staged, "wx", 0o600);
  writeSync(file, text);
  fsyncSync(file);
  closeSync(file);
  renameSync(staged, path);
  if (process.platform === "win32") return;
  const folder = openSync(dirname(path), "r");
  fsyncSync(folder);
  closeSync(folder);
}

/** A pipe that nobody writes to is not waited for, and nothing but a plain file is read: it is looked at again later. */
function readIfThere(path: string): string | null {
  let file: number | null = null;
  try {
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const facts = fstatSync(file);
    const found = otherThing(facts) ?? (facts.size > MASTER_FILE_MOST_BYTES ? "a longer one" : null);
    if (found === null) return readFileSync(file, "utf8");
    throw new Problem(
      "unavailable",
      "keys.master_malformed",
      `${path} is not a master key: a plain file with 32 bytes in base64 is expected, and ${found} is there.`,
    );
  } catch (error) {
    if (isProblem(error)) throw error;
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw new Problem("unavailable", "keys.master_missing", `The master key ${path} cannot be read.`, [], {
      cause: error,
    });
  } finally {
    if (file !== null) closeSync(file);
  }
}

function refuseOpenPermissions(path: string): void {
  const mode = modeOf(path);
  // Group-readable is how secret mounts of container runtimes come; others never.
  if (mode & 0o007) {
    throw new Problem(
      "unavailable",
      "keys.master_open",
      `The master key ${path} can be read by everyone on this machine (mode ${mode.toString(8)}): chmod 600 it.`,
    );
  }
}

/** That may be wanted, and may be a slip: whoever runs the store should know. */
function warnOfGroup(path: string, log: Log): void {
  const mode = modeOf(path);
  if ((mode & 0o040) === 0) return;
  log.warn("keys.master_group_readable", {
    path,
    mode: mode.toString(8),
    advice: "whoever is in the file's group can read it; chmod 600 it unless that is meant",
  });
}

/** Who may do what; where modes say nothing, nobody but the owner. */
function modeOf(path: string): number {
  return process.platform === "win32" ? 0o600 : statSync(path).mode & 0o777;
}

function decode(text: string, path: string): Uint8Array {
  const key = Buffer.from(text.trim(), "base64");
  if (key.byteLength !== MASTER_KEY_BYTES || key.toString("base64") !== text.trim()) {
    throw new Problem(
      "unavailable",
      "keys.master_malformed",
      `${path} is not a master key: 32 bytes in base64 are expected.`,
    );
  }
  return key;
}

function vaultWith(key: Uint8Array, path: string): Vault {
  return {
    seal(name, plain) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(name));
      const body = Buffer.concat([cipher.update(plain), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]);
    },
    unseal(name, sealed) {
      try {
        const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, 12)).setAAD(
          Buffer.from(name),
        );
        decipher.setAuthTag(sealed.subarray(12, 28));
        return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]);
      } catch {
        throw new Problem(
          "unavailable",
          "keys.unsealable",
          `The key ${name} cannot be opened: the master key is not the one that it was sealed with, or its row was changed.`,
        );
      }
    },
    checkFile() {
      const found = readMasterKey(path);
      if (found === null) throw masterMissing(path);
      if (Buffer.from(found).equals(key)) return;
      throw new Problem(
        "unavailable",
        "keys.unsealable",
        `${path} holds another master key than the one that the store's signing keys were sealed with: put the right one back before the next start.`,
      );
    },
  };
}
