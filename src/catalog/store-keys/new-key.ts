/** A key for a place where it is to sign: made here, held by a command, or brought from another machine. */
import { createPublicKey, randomBytes } from "node:crypto";
import type { Store } from "../../context.ts";
import type { Tx } from "../../db/database.ts";
import { Problem } from "../../errors.ts";
import type { KeyId } from "../../ids.ts";
import { CERTIFICATE_KEY_ALGORITHMS, type CertificateKind } from "../../keys/authority.ts";
import { TUF_KEY_ALGORITHM, type TufRole } from "../../keys/key-sets.ts";
import { findSigningKeyById, type SigningKeyRow } from "../../keys/records.ts";
import {
  type KeyStore,
  newSigningKey,
  openKeyRow,
  publicSigningKey,
  withCommandSealed,
} from "../../keys/signing-keys.ts";
import { isTufAlgorithm } from "../../keys/tuf-signers.ts";
import { algorithmOf, type KeyAlgorithm, keyidOf } from "../../signing/algorithms.ts";
import { spkiOf } from "../../signing/keys.ts";
import { OFFLINE_PURPOSES, type OfflineKey, type OfflinePurpose } from "./offline-keys.ts";
import { freeCertificateKeyName, freeKeyName } from "./state.ts";

/** Who signs with a new key: this store, unless a command is named; then its public half is given too. */
export type NewKeyBy = {
  readonly command?: string | undefined;
  /** PEM, SubjectPublicKeyInfo. */
  readonly publicKey?: string | undefined;
  /** For a key that is made here. */
  readonly algorithm?: KeyAlgorithm | undefined;
  /** Keys that another machine has made and holds. */
  readonly offlineKeys?: readonly OfflineKey[] | undefined;
  /** That a key of this machine may stand where another machine's did. */
  readonly online?: boolean | undefined;
};

/** Where a key stands: a role of the catalogue, or a certificate. */
export type Place = { readonly role: TufRole } | { readonly kind: CertificateKind };

/** Whoever takes this machine over must not gain a place that is held elsewhere, unless that is meant. */
function mustStayOffline(keys: readonly SigningKeyRow[], place: Place, by: NewKeyBy): void {
  const elsewhere = keys.find(({ holder }) => holder === "offline");
  if (!elsewhere || by.command !== undefined || by.online === true) return;
  const purpose = purposeOf(place);
  throw new Problem(
    "conflict",
    "keys.offline_place",
    `${elsewhere.name} is held on another machine, and a new key here would be in the hands of whoever has this one. ${
      purpose === null
        ? ""
        : `Make the key there with “mosis admin keys init --offline DIR --only ${purpose}${purpose === "root" ? " --root-keys 1" : ""}”, and give its public-keys.json with --offline-keys. `
    }If it is to be on this machine, add --online.`,
  );
}

function purposeOf(place: Place): OfflinePurpose | null {
  if ("kind" in place) return place.kind === "root" ? "ca-root" : null;
  return OFFLINE_PURPOSES.find((purpose) => purpose === place.role) ?? null;
}

/** A key for a place: one of those that another machine brought, which is taken from `given`, or a new one. */
export async function keyFor(
  store: Store,
  place: Place,
  asked: {
    /** What is given a key, in words. */
    readonly of: string;
    /** The keys that are there. */
    readonly held: readonly SigningKeyRow[];
    readonly by: NewKeyBy;
    readonly given: OfflineKey[];
    readonly made: readonly SigningKeyRow[];
  },
): Promise<SigningKeyRow> {
  const { by, given, made } = asked;
  if (by.offlineKeys !== undefined) return offlineRow(store, place, takeKey(given, place, asked.of), made);
  mustStayOffline(asked.held, place, by);
  return newKey(store, place, by, made);
}

/** The first of the given keys that is for this place. */
function takeKey(given: OfflineKey[], place: Place, what: string): OfflineKey {
  const at = given.findIndex(({ purpose }) => purpose === purposeOf(place));
  const [key] = at === -1 ? [] : given.splice(at, 1);
  if (key === undefined) throw invalid(`the file of offline keys brings no key for ${what}`);
  return key;
}

export function mustAllBeTaken(given: readonly OfflineKey[]): void {
  if (given.length > 0)
    throw invalid(
      `the file of offline keys brings ${given.map(({ purpose }) => purpose).join(", ")} besides what is to be replaced`,
    );
}

function offlineRow(
  store: Store,
  place: Place,
  key: OfflineKey,
  made: readonly SigningKeyRow[],
): SigningKeyRow {
  const { orm } = store.db;
  const known = findSigningKeyById(orm, key.keyid) ?? made.find(({ keyid }) => keyid === key.keyid);
  if (known) throw invalid(`the ${key.purpose} key ${key.keyid} is ${known.name} already`);
  const name = nameFor(orm, place, made);
  return publicSigningKey(name, key, "offline", store.clock.now());
}

function nameFor(db: Tx, place: Place, made: readonly SigningKeyRow[]): string {
  const taken = made.map((row) => row.name);
  return "role" in place ? freeKeyName(db, place.role, taken) : freeCertificateKeyName(db, place.kind, taken);
}

async function newKey(
  store: Store,
  place: Place,
  by: NewKeyBy,
  made: readonly SigningKeyRow[],
): Promise<SigningKeyRow> {
  const { orm } = store.db;
  const name = nameFor(orm, place, made);
  const now = store.clock.now();
  if (by.command === undefined && by.publicKey === undefined) {
    const usual = "role" in place ? TUF_KEY_ALGORITHM : CERTIFICATE_KEY_ALGORITHMS[place.kind];
    const algorithm = by.algorithm ?? usual;
    if ("role" in place && !isTufAlgorithm(algorithm))
      throw new Problem("invalid", "keys.algorithm", "The catalogue is signed with Ed25519 or P-256.");
    return newSigningKey(store.vault, name, algorithm, now).row;
  }
  if (by.command === undefined || by.publicKey === undefined)
    throw invalid("a command and the public half of its key go together");
  const key = publicKeyOf(by.publicKey);
  const other = findSigningKeyById(orm, key.keyid);
  if (other) throw invalid(`this key is ${other.name} already`);
  const row = publicSigningKey(name, key, { command: by.command }, now);
  // It must be able to sign before anything depends on it.
  await mustSign(store, row);
  return withCommandSealed(store.vault, row);
}

/** @throws Problem `keys.command_…` when the key's command does not sign with it */
export async function mustSign(store: KeyStore, row: SigningKeyRow): Promise<void> {
  await openKeyRow(store, row).sign(Buffer.from(`mosis key check v1\n${randomBytes(32).toString("hex")}\n`));
}

/** @throws Problem `keys.public_key_invalid` */
export function publicKeyOf(pem: string): {
  algorithm: KeyAlgorithm;
  spki: Uint8Array;
  keyid: KeyId;
} {
  try {
    if (/PRIVATE/.test(pem)) throw new Error("private");
    const spki = spkiOf(createPublicKey(pem));
    const algorithm = algorithmOf(spki);
    if (algorithm !== undefined) return { algorithm, spki, keyid: keyidOf(spki) as KeyId };
  } catch {
    // Said below.
  }
  throw new Problem(
    "invalid",
    "keys.public_key_invalid",
    "A public key is expected: -----BEGIN PUBLIC KEY-----, of P-256, P-384 or Ed25519. A private key stays where it is.",
  );
}

export function invalid(words: string): Problem {
  return new Problem("conflict", "keys.change_invalid", `The change is not possible: ${words}.`);
}
