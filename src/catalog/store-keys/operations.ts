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
  findKeyRequest,
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
import { OFFLINE_PURPOSES, type OfflineKey, type OfflinePurpose } from "./offline-keys.ts";
import { freeCertificateKeyName, freeKeyName, readKeyState } from "./state.ts";

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

export type ChangeOutcome = {
  /** False: it waits for a signature from another machine. */
  readonly applied: boolean;
  /** Names of the keys that came and went. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
};

/** How many changes waited, and whether a request was open. */
export type Cancelled = { readonly changes: number; readonly request: boolean };

/** Where a key stands: a role of the catalogue, or a certificate. */
type Place = { readonly role: TufRole } | { readonly kind: CertificateKind };

/**
 * Puts new keys in the place of others, whose private halves are destroyed: what to do when one is lost, known to
 * somebody else, or to be held elsewhere.
 * @throws Problem `keys.not_found`, `keys.change_invalid`, `keys.algorithm`, `keys.offline_place`, `keys.command_…`, those
 *   of signing
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
  const given = [...(by.offlineKeys ?? [])];
  for (const name of names) {
    const places = placesOf(state, name);
    const [first] = places;
    if (!first) throw notFound(name);
    const key = await keyFor(store, first, { of: name, held: keysAt(state, [name]), by, given, made });
    made.push(key);
    for (const place of places)
      changes.push(
        "role" in place
          ? { type: "replace", role: place.role, old: name, key: key.name }
          : { type: "certificate-key", kind: place.kind, key: key.name },
      );
  }
  mustAllBeTaken(given);
  return change(store, state, changes, made);
}

/** Gives a role of the catalogue one more key. @throws as replaceKeys */
export async function addKey(store: Store, role: TufRole, by: NewKeyBy = {}): Promise<ChangeOutcome> {
  const state = readKeyState(store.db.orm);
  const given = [...(by.offlineKeys ?? [])];
  const names = state.sets.get(role)?.keys.map((key) => key.name) ?? [];
  const key = await keyFor(store, { role }, { of: role, held: keysAt(state, names), by, given, made: [] });
  mustAllBeTaken(given);
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
export function cancelChanges(store: Store): Cancelled {
  const cancelled = write(store.db, (tx) => {
    const found = { changes: waitingChanges(tx).length, request: findKeyRequest(tx) !== null };
    deleteKeyChanges(tx, lastKeyChange(tx));
    deleteKeyRequest(tx);
    forgetUnusedKeys(tx, readKeyState(tx));
    return found;
  });
  emptyLog(store.db);
  return cancelled;
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

function keysAt(state: KeyState, names: readonly string[]): readonly SigningKeyRow[] {
  const all = [
    ...Object.values(state.certificateKeys),
    ...[...state.sets.values()].flatMap(({ keys }) => keys),
  ];
  return all.filter((key) => names.includes(key.name));
}

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
async function keyFor(
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

function mustAllBeTaken(given: readonly OfflineKey[]): void {
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
