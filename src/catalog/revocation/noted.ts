/** What is revoked in the tables and in no list and no log: no act signs it, and somebody wrote it beside the store. /readyz says so. */
import type { Store } from "../../context.ts";
import type { LogEntry } from "../../format/log/entries.ts";
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
  const listedLowest = new Set(signed.flatMap((list) => [...(list?.lowestVersionCodes.keys() ?? [])]));
  const { entries, lowestVersionCodes } = inForce(orm);
  const others = entries.filter((entry) => !listed.has(nameOf(entry)));
  const lowest = [...lowestVersionCodes].filter(([appId]) => !listedLowest.has(appId));
  const said = (ids: readonly string[], type: LogEntry["type"]) => newestSaid(store, ids, type);
  const revoked = said(
    others.map(({ id }) => id),
    "revocation",
  );
  const allowed = said(
    lowest.map(([appId]) => appId),
    "lowest-version",
  );
  const added = [
    ...others.filter((entry) => revoked.get(nameOf(entry)) !== entry.action).map(nameOf),
    ...lowest
      .filter(([appId, code]) => allowed.get(`lowest version of ${appId}`) !== String(code))
      .map(([appId]) => `lowest version of ${appId}`),
  ].map((name) => `revocation of ${name}`);
  const known = notedRevocations(store.db);
  if (added.some((name) => !known.includes(name))) note(store, [...new Set([...known, ...added])]);
}

/** What the log says last of each, by name. */
function newestSaid(
  { db }: NoteStore,
  ids: readonly string[],
  type: LogEntry["type"],
): ReadonlyMap<string, string> {
  const said = new Map<string, string>();
  for (let from = 0; from < ids.length; from += STEP)
    for (const { entry } of selectLeavesAbout(db.orm, ids.slice(from, from + STEP), type)) {
      if (entry.type === "revocation") said.set(nameOf(entry), entry.action);
      if (entry.type === "lowest-version")
        said.set(`lowest version of ${entry.appId}`, String(entry.versionCode));
    }
  return said;
}
