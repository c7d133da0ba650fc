import { type Actor, auditAuthor } from "../../accounts/actor.ts";
import { recordChange } from "../../audit/record.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { forgetOverwritten } from "../../db/wal.ts";
import { isProblem, Problem } from "../../errors.ts";
import { isTufRole, TUF_ROLES, type TufRole } from "../../keys/key-sets.ts";
import {
  deleteKeyChanges,
  deleteKeyRequest,
  findKeyRequest,
  insertKeyChange,
  insertSigningKey,
  lastKeyChange,
  listSigningKeys,
  type SigningKeyRow,
} from "../../keys/records.ts";
import { applyPlan, isSignableHere } from "./apply.ts";
import { keysAsSigned } from "./as-signed.ts";
import { tellOfChanges } from "./audited.ts";
import { mustFit } from "./authority-places.ts";
import { type KeyChange, type KeyPlan, type KeyState, planChanges, type Renewable } from "./changes.ts";
import { invalid, keyFor, mustAllBeTaken, type NewKeyBy } from "./new-key.ts";
import { readKeyState } from "./state.ts";
import {
  findRow,
  forgetUnusedKeys,
  mustNotWait,
  mustStayPossible,
  notFound,
  placesIn,
  placesOf,
  replaceAwaited,
  waitingChanges,
} from "./waiting.ts";

export type ChangeOutcome = {
  /** False: it waits for a signature from another machine. */
  readonly applied: boolean;
  /** Names of the keys that came and went. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
};

/** How many changes waited, and whether a request was open. */
export type Cancelled = { readonly changes: number; readonly request: boolean };

/**
 * Puts new keys in the place of others, whose private halves are destroyed: what to do when one is lost, known to
 * somebody else, or to be held elsewhere.
 * @throws Problem `keys.not_found`, `keys.change_invalid`, `keys.algorithm`, `keys.offline_place`, `keys.authorities_full`,
 *   `keys.command_…`, those of signing
 */
export async function replaceKeys(
  store: Store,
  actor: Actor,
  names: readonly string[],
  by: NewKeyBy = {},
): Promise<ChangeOutcome> {
  if (names.length === 0 || new Set(names).size !== names.length) throw invalid("name each key once");
  if (by.command !== undefined && names.length > 1) throw invalid("a command takes over one key at a time");
  await keysAsSigned(store);
  const state = readKeyState(store.db.orm);
  const waiting = waitingChanges(store.db.orm);
  const awaited = names.filter(
    (name) => placesOf(state, name).length === 0 && placesIn(waiting, name).length > 0,
  );
  if (awaited.length > 0) {
    if (awaited.length < names.length)
      throw invalid(`${awaited.join(", ")} still wait: replace them apart from keys that are in use`);
    return replaceAwaited(store, actor, awaited, by);
  }
  const made: SigningKeyRow[] = [];
  const changes: KeyChange[] = [];
  const given = [...(by.offlineKeys ?? [])];
  for (const name of names) {
    mustNotWait(state, waiting, name);
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
  return change(store, actor, state, changes, made);
}

/** Names of the keys in use that this machine holds: those that are lost with the master key. */
export function keysHeldHere(store: Pick<Store, "db">): readonly string[] {
  const state = readKeyState(store.db.orm);
  return listSigningKeys(store.db.orm)
    .filter(({ name, holder }) => holder === "here" && placesOf(state, name).length > 0)
    .map(({ name }) => name);
}

/** Gives a role of the catalogue one more key. @throws as replaceKeys */
export async function addKey(
  store: Store,
  actor: Actor,
  role: TufRole,
  by: NewKeyBy = {},
): Promise<ChangeOutcome> {
  await keysAsSigned(store);
  const state = readKeyState(store.db.orm);
  const given = [...(by.offlineKeys ?? [])];
  const names = state.sets.get(role)?.keys.map((key) => key.name) ?? [];
  const key = await keyFor(store, { role }, { of: role, held: keysAt(state, names), by, given, made: [] });
  mustAllBeTaken(given);
  return change(store, actor, state, [{ type: "add", role, key: key.name }], [key]);
}

/** Takes a key from the role that it signs. @throws as replaceKeys */
export async function removeKey(store: Store, actor: Actor, name: string): Promise<ChangeOutcome> {
  await keysAsSigned(store);
  const state = readKeyState(store.db.orm);
  mustNotWait(state, waitingChanges(store.db.orm), name);
  const places = placesOf(state, name);
  if (places.length === 0) throw notFound(name);
  const changes = places.map((place): KeyChange => {
    if ("role" in place) return { type: "remove", role: place.role, key: name };
    throw invalid(`${name} can be replaced, and not removed`);
  });
  return change(store, actor, state, changes, []);
}

/** @throws as replaceKeys */
export async function setThreshold(
  store: Store,
  actor: Actor,
  role: TufRole,
  threshold: number,
): Promise<ChangeOutcome> {
  await keysAsSigned(store);
  const state = readKeyState(store.db.orm);
  return change(store, actor, state, [{ type: "threshold", role, threshold }], []);
}

/** Signs metadata or a certificate anew, with the same keys. @throws as replaceKeys */
export async function renew(store: Store, actor: Actor, what: Renewable): Promise<ChangeOutcome> {
  await keysAsSigned(store);
  return change(store, actor, readKeyState(store.db.orm), [{ type: "renew", what }], []);
}

/** Forgets what waits, with the keys that were made for it. */
export function cancelChanges(store: Store, actor: Actor): Cancelled {
  const cancelled = write(store.db, (tx) => {
    const found = { changes: waitingChanges(tx).length, request: findKeyRequest(tx) !== null };
    deleteKeyChanges(tx, lastKeyChange(tx));
    deleteKeyRequest(tx);
    forgetUnusedKeys(tx, readKeyState(tx));
    if (found.changes === 0 && !found.request) return found;
    const subject = { type: "store", id: "keys" };
    const told = { action: "storekey.cancelled", subject, before: found } as const;
    recordChange(tx, auditAuthor(actor), told, store.clock.now());
    return found;
  });
  forgetOverwritten(store, "keys.log_not_emptied");
  return cancelled;
}

/** Makes a change at once when the keys here can sign it, and has it wait otherwise. */
export async function change(
  store: Store,
  actor: Actor,
  state: KeyState,
  changes: readonly KeyChange[],
  made: readonly SigningKeyRow[],
): Promise<ChangeOutcome> {
  const now = store.clock.now();
  const plan = planChanges(state, changes, (name) => findRow(store.db.orm, made, name));
  const outcome = {
    added: plan.added.map((key) => key.name),
    removed: plan.removed.map((key) => key.name),
  };
  if (isSignableHere(plan)) {
    mustStayPossible(store.db.orm, plan.after, waitingChanges(store.db.orm));
    const tell = (tx: Tx) => tellOfChanges(tx, actor, changes, { state, waits: false, now });
    if (await applied(store, plan, tell)) return { applied: true, ...outcome };
  }
  write(store.db, (tx) => {
    const waiting = [...waitingChanges(tx), ...changes];
    // Together with what waits already, too.
    mustFit(
      tx,
      planChanges(readKeyState(tx), waiting, (name) => findRow(tx, made, name)),
    );
    for (const row of made) insertSigningKey(tx, row);
    for (const one of changes) insertKeyChange(tx, one, now);
    tellOfChanges(tx, actor, changes, { state, waits: true, now });
  });
  return { applied: false, ...outcome };
}

/** False when a key that is lost has to be stood for by keys of another machine. */
async function applied(store: Store, plan: KeyPlan, also: (tx: Tx) => void): Promise<boolean> {
  try {
    await applyPlan(store, plan, also);
    return true;
  } catch (error) {
    if (isProblem(error) && error.code === "keys.offline") return false;
    throw error;
  }
}

function keysAt(state: KeyState, names: readonly string[]): readonly SigningKeyRow[] {
  const all = [
    ...Object.values(state.certificateKeys),
    ...[...state.sets.values()].flatMap(({ keys }) => keys),
  ];
  return all.filter((key) => names.includes(key.name));
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
