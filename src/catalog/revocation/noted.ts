/** What is revoked in the tables and in no list and no log: no act signs it, and somebody wrote it beside the store. /readyz says so. */
import type { Store } from "../../context.ts";
import type { Audience } from "../../ids.ts";
import { selectLeavesAbout } from "../log/records.ts";
import type { RevocationDifference } from "./compare.ts";
import { inForce } from "./in-force.ts";
import { nameOf, signedRevocations } from "./signed.ts";

/** Names, as the last look found them. */
const unsigned = new WeakMap<Store["db"], readonly string[]>();

type NoteStore = Pick<Store, "db" | "log">;

/** After a comparison of all of them. */
export function noteDiffering(store: NoteStore, differing: readonly RevocationDifference[]): void {
  note(
    store,
    differing.filter(({ isSigned }) => !isSigned).map(({ subject }) => `revocation of ${subject}`),
  );
}

function note(store: NoteStore, names: readonly string[]): void {
  unsigned.set(store.db, names);
  if (names[0] !== undefined) store.log.error("revocations.differ", { count: names.length, first: names[0] });
}

export function notedRevocations(db: Store["db"]): readonly string[] {
  return unsigned.get(db) ?? [];
}

/** As many leaves as one question may ask for. */
const STEP = 500;

/** Before an act, or what it would concern is shown: a whole comparison would take too long for that. */
export function noteAdded(store: NoteStore, lists: readonly Audience[]): void {
  const { orm } = store.db;
  const signed = lists.map((audience) => signedRevocations(store.db, audience));
  const listed = new Set(signed.flatMap((list) => (list?.entries ?? []).map(nameOf)));
  const others = inForce(orm).entries.filter((entry) => !listed.has(nameOf(entry)));
  const revoked = newestSaid(
    store,
    others.map(({ id }) => id),
  );
  const added = others
    .filter((entry) => revoked.get(nameOf(entry)) !== entry.action)
    .map((entry) => `revocation of ${nameOf(entry)}`);
  const known = notedRevocations(store.db);
  if (added.some((name) => !known.includes(name))) note(store, [...new Set([...known, ...added])]);
}

/** What the log says last of each, by name. */
function newestSaid({ db }: NoteStore, ids: readonly string[]): ReadonlyMap<string, string> {
  const said = new Map<string, string>();
  for (let from = 0; from < ids.length; from += STEP)
    for (const { entry } of selectLeavesAbout(db.orm, ids.slice(from, from + STEP), "revocation"))
      if (entry.type === "revocation") said.set(nameOf(entry), entry.action);
  return said;
}
