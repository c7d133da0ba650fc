/**
 * What an administrator does with the store's keys. A change that the keys here can sign is made at once; another one
 * waits, and `export-request` carries it to where the keys are.
 */
import { createPublicKey, randomBytes } from "node:crypto";
import type { Store } from "../../context.ts";
import { emptyLog, type Tx, write } from "../../db/database.ts";
import { isProblem, Problem } from "../../errors.ts";
import type { KeyId } from "../../ids.ts";
import { CERTIFICATE_KEY_ALGORITHMS, type CertificateKind } from "../../keys/authority.ts";
import { isTufRole, TUF_KEY_ALGORITHM, TUF_ROLES, type TufRole } from "../../keys/key-sets.ts";
import {
  deleteKeyChanges,
  deleteKeyRequest,
  deleteSigningKey,
  findSigningKey,
  findSigningKeyById,
  insertKeyChange,
  insertSigningKey,
  lastKeyChange,
  listKeyChanges,
  listSigningKeys,
  type SigningKeyRow,
} from "../../keys/records.ts";
import { newSigningKey, openKeyRow, publicSigningKey } from "../../keys/signing-keys.ts";
import { isTufAlgorithm } from "../../keys/tuf-signers.ts";
import { algorithmOf, type KeyAlgorithm, keyidOf } from "../../signing/algorithms.ts";
import { spkiOf } from "../../signing/keys.ts";
import { applyPlan, isSignableHere } from "./apply.ts";
import { type KeyChange, type KeyPlan, type KeyState, planChanges, type Renewable } from "./changes.ts";
import { freeCertificateKeyName, freeKeyName, readKeyState } from "./state.ts";

/** Who signs with a new key: this store, unless a command is named; then its public half is given too. */
export type NewKeyBy = {
  readonly command?: string | undefined;
  /** PEM, SubjectPublicKeyInfo. */
  readonly publicKey?: string | undefined;
  /** For a key that is made here. */
  readonly algorithm?: KeyAlgorithm | undefined;
};

export type ChangeOutcome = {
  /** False: it waits for a signature from another machine. */
  readonly applied: boolean;
  /** Names of the keys that came and went. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
};

/** Where a key stands: a role of the catalogue, or a certificate. */
type Place = { readonly role: TufRole } | { readonly kind: CertificateKind };

/**
 * Puts new keys in the place of others, whose private halves are destroyed: what to do when one is lost, known to
 * somebody else, or to be held elsewhere.
 * @throws Problem `keys.not_found`, `keys.change_invalid`, `keys.algorithm`, `keys.command_…`, those of signing
 */
export async function replaceKeys(
  store: Store,
  names: readonly string[],
  by: NewKeyBy = {},
): Promise<ChangeOutcome> {
  if (names.length === 0 || new Set(names).size !== names.length) throw invalid("name each key once");
  if (by.command !== undefined && names.length > 1) throw invalid("a command takes over one key at a time");
  const state = readKeyState(store.db.orm);
  const made: SigningKeyRow[] = [];
  const changes: KeyChange[] = [];
  for (const name of names) {
    const places = placesOf(state, name);
    const [first] = places;
    if (!first) throw notFound(name);
    const key = await newKey(store, first, by, made);
    made.push(key);
    for (const place of places)
      changes.push(
        "role" in place
          ? { type: "replace", role: place.role, old: name, key: key.name }
          : { type: "certificate-key", kind: place.kind, key: key.name },
      );
  }
  return change(store, state, changes, made);
}

/** Gives a role of the catalogue one more key. @throws as replaceKeys */
export async function addKey(store: Store, role: TufRole, by: NewKeyBy = {}): Promise<ChangeOutcome> {
  const state = readKeyState(store.db.orm);
  const key = await newKey(store, { role }, by, []);
  return change(store, state, [{ type: "add", role, key: key.name }], [key]);
}

/** Takes a key from the role that it signs. @throws as replaceKeys */
export async function removeKey(store: Store, name: string): Promise<ChangeOutcome> {
  const state = readKeyState(store.db.orm);
  const places = placesOf(state, name);
  if (places.length === 0) throw notFound(name);
  const changes = places.map((place): KeyChange => {
    if ("role" in place) return { type: "remove", role: place.role, key: name };
    throw invalid(`${name} can be replaced, and not removed`);
  });
  return change(store, state, changes, []);
}

/** @throws as replaceKeys */
export async function setThreshold(store: Store, role: TufRole, threshold: number): Promise<ChangeOutcome> {
  const state = readKeyState(store.db.orm);
  return change(store, state, [{ type: "threshold", role, threshold }], []);
}

/** Signs metadata or a certificate anew, with the same keys. @throws as replaceKeys */
export async function renew(store: Store, what: Renewable): Promise<ChangeOutcome> {
  return change(store, readKeyState(store.db.orm), [{ type: "renew", what }], []);
}

/** Forgets what waits, with the keys that were made for it. */
export function cancelChanges(store: Store): void {
  write(store.db, (tx) => {
    deleteKeyChanges(tx, lastKeyChange(tx));
    deleteKeyRequest(tx);
    forgetUnusedKeys(tx, readKeyState(tx));
  });
  emptyLog(store.db);
}

/** Keys that were made for a change that came to nothing: none that signs, signed, or that a change waits for. */
export function forgetUnusedKeys(tx: Tx, state: KeyState): void {
  const awaited = new Set(waitingChanges(tx).flatMap((one) => ("key" in one ? one.key : [])));
  for (const { name, retiredAt } of listSigningKeys(tx))
    if (retiredAt === null && !awaited.has(name) && placesOf(state, name).length === 0)
      deleteSigningKey(tx, name);
}

/** Changes that wait, as the database has them; with `after` those that were asked for behind that place. */
export function waitingChanges(db: Tx, after = 0): readonly KeyChange[] {
  return listKeyChanges(db, after) as KeyChange[];
}

/**
 * Holds what goes on waiting to the keys as a change would leave them: it is planned anew from there.
 * @throws Problem `keys.change_overtaken`
 */
export function mustStayPossible(db: Tx, after: KeyState, waiting: readonly KeyChange[]): void {
  try {
    planChanges(after, waiting, (name) => findRow(db, [], name));
  } catch (error) {
    if (!isProblem(error)) throw error;
    throw new Problem(
      "conflict",
      "keys.change_overtaken",
      `Changes that wait would not be possible afterwards, and nothing was changed. ${error.message} “mosis admin keys export-request” takes along what waits; “mosis admin keys cancel” forgets it.`,
      [],
      { cause: error },
    );
  }
}

/** Makes a change at once when the keys here can sign it, and has it wait otherwise. */
export async function change(
  store: Store,
  state: KeyState,
  changes: readonly KeyChange[],
  made: readonly SigningKeyRow[],
): Promise<ChangeOutcome> {
  const plan = planChanges(state, changes, (name) => findRow(store.db.orm, made, name));
  const outcome = {
    added: plan.added.map((key) => key.name),
    removed: plan.removed.map((key) => key.name),
  };
  if (isSignableHere(plan)) {
    mustStayPossible(store.db.orm, plan.after, waitingChanges(store.db.orm));
    if (await applied(store, plan)) return { applied: true, ...outcome };
  }
  const now = store.clock.now();
  write(store.db, (tx) => {
    const waiting = [...waitingChanges(tx), ...changes];
    // Together with what waits already, too.
    planChanges(readKeyState(tx), waiting, (name) => findRow(tx, made, name));
    for (const row of made) insertSigningKey(tx, row);
    for (const one of changes) insertKeyChange(tx, one, now);
  });
  return { applied: false, ...outcome };
}

/** False when a key that is lost has to be stood for by keys of another machine. */
async function applied(store: Store, plan: KeyPlan): Promise<boolean> {
  try {
    await applyPlan(store, plan);
    return true;
  } catch (error) {
    if (isProblem(error) && error.code === "keys.offline") return false;
    throw error;
  }
}

export function findRow(db: Tx, made: readonly SigningKeyRow[], name: string): SigningKeyRow | undefined {
  return made.find((row) => row.name === name) ?? findSigningKey(db, name) ?? undefined;
}

export function placesOf(state: KeyState, name: string): readonly Place[] {
  const kinds = (["root", "developer-ca", "release"] as const).filter(
    (kind) => state.certificateKeys[kind].name === name,
  );
  const roles = TUF_ROLES.filter((role) => state.sets.get(role)?.keys.some((key) => key.name === name));
  return [...kinds.map((kind) => ({ kind })), ...roles.map((role) => ({ role }))];
}

async function newKey(
  store: Store,
  place: Place,
  by: NewKeyBy,
  made: readonly SigningKeyRow[],
): Promise<SigningKeyRow> {
  const { orm } = store.db;
  const taken = made.map((row) => row.name);
  const name =
    "role" in place ? freeKeyName(orm, place.role, taken) : freeCertificateKeyName(orm, place.kind, taken);
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
  await openKeyRow(store, row).sign(Buffer.from(`mosis key check v1\n${randomBytes(32).toString("hex")}\n`));
  return row;
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

/** @throws Problem `keys.not_found` */
export function roleNamed(text: string): TufRole {
  if (isTufRole(text)) return text;
  throw new Problem(
    "not_found",
    "keys.not_found",
    `There is no role ${JSON.stringify(text)}: the roles of the catalogue are ${TUF_ROLES.join(", ")}.`,
  );
}

function notFound(name: string): Problem {
  return new Problem(
    "not_found",
    "keys.not_found",
    `No key ${JSON.stringify(name)} signs for this store: “mosis admin keys” lists those that do.`,
  );
}

function invalid(words: string): Problem {
  return new Problem("conflict", "keys.change_invalid", `The change is not possible: ${words}.`);
}
