/** The store's own keys: made, sealed into a row, and opened again by whoever holds each. */
import { createHash } from "node:crypto";
import type { Store } from "../context.ts";
import { isProblem, Problem } from "../errors.ts";
import type { KeyId } from "../ids.ts";
import { type KeySigner, keyPairSigner } from "../signing/key-signer.ts";
import { generateKeyPair, type KeyAlgorithm, type KeyPair } from "../signing/keys.ts";
import { commandSigner, type SignCommand } from "./command-signer.ts";
import { noted } from "./command-trouble.ts";
import { openHolder, sealCommand } from "./holders.ts";
import { findSigningKey, type SigningKeyRow } from "./records.ts";
import type { Vault } from "./vault.ts";

/** What opening a key needs: its row, the master key, and the commands of the configuration. */
export type KeyStore = Pick<Store, "db" | "vault" | "config">;

export type NewSigningKey = { readonly row: SigningKeyRow; readonly keys: KeyPair };

/** A fresh key pair with the row that holds it: SPKI in the clear, PKCS #8 sealed under the key's own name. */
export function newSigningKey(vault: Vault, name: string, algorithm: KeyAlgorithm, now: Date): NewSigningKey {
  const keys = generateKeyPair(algorithm);
  const publicKey = keys.publicKey.export({ format: "der", type: "spki" });
  const privateKey = keys.privateKey.export({ format: "der", type: "pkcs8" });
  const sealedPrivateKey = Buffer.from(vault.seal(name, privateKey));
  privateKey.fill(0);
  return { keys, row: { ...publicRow(name, algorithm, publicKey, now), holder: "here", sealedPrivateKey } };
}

/** The row of a key whose private half is elsewhere; of one with a command, which that is is still to be sealed. */
export function publicSigningKey(
  name: string,
  key: { readonly algorithm: KeyAlgorithm; readonly spki: Uint8Array },
  held: { readonly command: string } | "offline",
  now: Date,
): SigningKeyRow {
  const row = publicRow(name, key.algorithm, Buffer.from(key.spki), now);
  return held === "offline"
    ? { ...row, holder: "offline" }
    : { ...row, holder: "command", command: held.command };
}

function publicRow(
  name: string,
  algorithm: KeyAlgorithm,
  publicKey: Buffer,
  now: Date,
): Omit<SigningKeyRow, "holder"> {
  return {
    name,
    keyid: createHash("sha256").update(publicKey).digest("hex") as KeyId,
    algorithm,
    publicKey,
    command: null,
    sealedPrivateKey: null,
    createdAt: now,
    retiredAt: null,
  };
}

/** That it is this command's, for a key that it has signed with. */
export function withCommandSealed(vault: Vault, row: SigningKeyRow): SigningKeyRow {
  return { ...row, sealedPrivateKey: sealCommand(vault, row.name, row.command ?? "") };
}

/** A key's row. @throws Problem `keys.missing` */
export function requireSigningKey(store: Pick<Store, "db">, name: string): SigningKeyRow {
  const row = findSigningKey(store.db.orm, name);
  if (row) return row;
  throw new Problem(
    "unavailable",
    "keys.missing",
    `The store's key ${name} is not in the database: this is not the data folder of an initialised store.`,
  );
}

/**
 * Whoever signs with a key.
 * @throws Problem `keys.missing` when there is no such key, `keys.offline` when another machine holds it,
 *   `keys.command_unknown`, `keys.unsealable` from the vault
 */
export function openSigningKey(store: KeyStore, name: string): KeySigner {
  return openKeyRow(store, requireSigningKey(store, name));
}

/** The same for a row that may not be in the database yet. What is sealed counts before what the columns say. */
export function openKeyRow(store: KeyStore, row: SigningKeyRow): KeySigner {
  if (row.retiredAt !== null) throw offline(row);
  const sealed = openHolder(store.vault, row);
  if (sealed.holder === "here") return keyPairSigner(sealed.keys);
  if (sealed.holder === "command") return askCommand(store, { ...row, ...sealed });
  if (row.holder === "offline") throw offline(row);
  if (row.holder === "command") return askCommand(store, row);
  throw sealed.holder === "unreadable" && isProblem(sealed.why) ? sealed.why : unsealable(row);
}

/**
 * Who signs the lists of revoked certificates of an authority's key: the key itself and, where another has its place, the
 * half that was kept for that alone. Null for a key that is elsewhere or destroyed.
 * @throws Problem as openKeyRow, for a key that is in use
 */
export function openListSigner(store: KeyStore, row: SigningKeyRow): KeySigner | null {
  if (row.holder === "offline") return null;
  if (row.retiredAt === null) return openKeyRow(store, row);
  if (row.holder === "here" && row.sealedPrivateKey === null) return null;
  try {
    return openKeyRow(store, { ...row, retiredAt: null });
  } catch (error) {
    // A lost half, or a command that is gone: that list ends, and the others go on.
    if (isProblem(error)) return null;
    throw error;
  }
}

/** Whether this store can ask for the key's signature, though it may fail: not when another machine holds it. */
export function isHeldHere(row: Pick<SigningKeyRow, "holder" | "retiredAt">): boolean {
  return row.holder !== "offline" && row.retiredAt === null;
}

/** @throws Problem `keys.command_unknown` */
function askCommand(store: KeyStore, row: SigningKeyRow): KeySigner {
  return noted(store, row, commandSigner(row, commandOf(store, row)));
}

/** @throws Problem `keys.command_unknown` */
function commandOf(store: Pick<Store, "config">, row: Pick<SigningKeyRow, "name" | "command">): SignCommand {
  const name = row.command ?? "";
  const argv = Object.hasOwn(store.config.signers, name) ? store.config.signers[name] : undefined;
  if (argv) return { name, argv, environment: store.config.commandEnvironment };
  throw new Problem(
    "unavailable",
    "keys.command_unknown",
    `The command ${JSON.stringify(name)} signs with the key ${row.name}, and the configuration names no such command: add it to the setting signers.`,
  );
}

function offline(row: SigningKeyRow): Problem {
  return new Problem(
    "conflict",
    "keys.offline",
    row.retiredAt === null
      ? `The key ${row.name} is held on another machine: “mosis admin keys export-request” writes what it has to sign.`
      : `The key ${row.name} was replaced and does not sign any more.`,
  );
}

function unsealable(row: SigningKeyRow): Problem {
  return new Problem(
    "unavailable",
    "keys.unsealable",
    `The key ${row.name} has no private half in the database any more: “mosis admin keys replace ${row.name}” puts another in its place.`,
  );
}
