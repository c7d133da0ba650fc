/** Changes of keys that wait for another machine, and keys that were made for them. */
import type { Actor } from "../../accounts/actor.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { forgetOverwritten } from "../../db/wal.ts";
import { isProblem, Problem } from "../../errors.ts";
import { TUF_ROLES } from "../../keys/key-sets.ts";
import {
  deleteKeyChanges,
  deleteKeyRequest,
  deleteSigningKey,
  findSigningKey,
  insertKeyChange,
  insertSigningKey,
  lastKeyChange,
  listKeyChanges,
  listSigningKeys,
  type SigningKeyRow,
} from "../../keys/records.ts";
import { tellOfAwaited } from "./audited.ts";
import { type KeyChange, type KeyState, planChanges } from "./changes.ts";
import { invalid, keyFor, mustAllBeTaken, type NewKeyBy, type Place } from "./new-key.ts";
import type { ChangeOutcome } from "./operations.ts";
import { readKeyState } from "./state.ts";

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

/** Where a key is to stand by changes that wait. */
export function placesIn(waiting: readonly KeyChange[], name: string): readonly Place[] {
  return waiting.flatMap((one): Place[] => {
    if ((one.type === "add" || one.type === "replace") && one.key === name) return [{ role: one.role }];
    return one.type === "certificate-key" && one.key === name ? [{ kind: one.kind }] : [];
  });
}

/** @throws Problem `keys.change_invalid` for a key that is to go by a change that waits */
export function mustNotWait(state: KeyState, waiting: readonly KeyChange[], name: string): void {
  const kinds = placesOf(state, name).flatMap((place) => ("kind" in place ? place.kind : []));
  const going = waiting.find(
    (one) =>
      (one.type === "replace" && one.old === name) ||
      (one.type === "remove" && one.key === name) ||
      (one.type === "certificate-key" && kinds.includes(one.kind)),
  );
  if (going === undefined) return;
  const next = going.type === "replace" || going.type === "certificate-key" ? going.key : null;
  throw invalid(
    next === null
      ? `${name} is to be removed already, which waits for another machine: “mosis admin keys export-request” takes it along, and “mosis admin keys cancel” forgets all that waits`
      : `${name} is to be replaced by ${next} already, which waits for another machine: “mosis admin keys export-request” takes it along. “mosis admin keys replace ${next}” puts another in the place of the one that waits, and “mosis admin keys cancel” forgets all that waits`,
  );
}

/**
 * Makes other keys in the place of some that wait, as when one of those is known to somebody else before it ever signed.
 * A request that was exported has the old one in it, and cannot be imported any more.
 */
export async function replaceAwaited(
  store: Store,
  actor: Actor,
  names: readonly string[],
  by: NewKeyBy,
): Promise<ChangeOutcome> {
  const { orm } = store.db;
  const waiting = waitingChanges(orm);
  const given = [...(by.offlineKeys ?? [])];
  const made: SigningKeyRow[] = [];
  const taken = new Map<string, string>();
  for (const name of names) {
    const [place] = placesIn(waiting, name);
    if (!place) throw notFound(name);
    const held = listSigningKeys(orm).filter((row) => row.name === name);
    const key = await keyFor(store, place, { of: name, held, by, given, made });
    made.push(key);
    taken.set(name, key.name);
  }
  mustAllBeTaken(given);
  const changes = waiting.map((one) => ("key" in one ? { ...one, key: taken.get(one.key) ?? one.key } : one));
  const now = store.clock.now();
  write(store.db, (tx) => {
    const state = readKeyState(tx);
    planChanges(state, changes, (name) => findRow(tx, made, name));
    deleteKeyRequest(tx);
    deleteKeyChanges(tx, lastKeyChange(tx));
    for (const row of made) insertSigningKey(tx, row);
    for (const one of changes) insertKeyChange(tx, one, now);
    forgetUnusedKeys(tx, state);
    tellOfAwaited(tx, actor, taken, now);
  });
  forgetOverwritten(store, "keys.log_not_emptied");
  return { applied: false, added: made.map(({ name }) => name), removed: names };
}

export function notFound(name: string): Problem {
  return new Problem(
    "not_found",
    "keys.not_found",
    `No key ${JSON.stringify(name)} signs for this store: “mosis admin keys” lists those that do.`,
  );
}
