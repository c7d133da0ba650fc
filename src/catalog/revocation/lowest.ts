/**
 * The lowest version of an app by the signed list that names it, and otherwise by the log, which has every act that set one:
 * what the tables say of it counts nowhere that something is signed.
 */
import { SYSTEM_LABEL } from "../../accounts/actor.ts";
import { recordChange, SYSTEM_AUTHOR } from "../../audit/record.ts";
import type { Store } from "../../context.ts";
import { type Db, type Tx, write } from "../../db/database.ts";
import { whileUnchanged } from "../../db/unchanged.ts";
import { type AppId, type Audience, EVERYBODY, type VersionCode } from "../../ids.ts";
import { damaged } from "../log/hold.ts";
import { isProved } from "../log/proved.ts";
import { findNewestLeaf, selectLeavesAbout } from "../log/records.ts";
import { type Difference, tellMended } from "../tuf/differences.ts";
import { hasCatalogue } from "../tuf/records.ts";
import { selectAppAudiences } from "../visibility/records.ts";
import * as records from "./records.ts";
import { signedRevocations } from "./signed.ts";

type Codes = ReadonlyMap<AppId, VersionCode>;

/** As many leaves as one question may ask for. */
const STEP = 500;

/** 1: any version is allowed. */
export function rightLowest(db: Db, appId: AppId): number {
  const audiences = new Set<Audience>([
    EVERYBODY,
    ...selectAppAudiences(db.orm, appId).map(({ audience }) => audience),
  ]);
  const listed = [...audiences].flatMap((audience) => listedCodes(db, audience).get(appId) ?? []);
  return listed.length > 0 ? Math.max(...listed) : loggedLowest(db, appId);
}

/** Of one audience's list; nothing while that is not as it was signed, which is told elsewhere. */
function listedCodes(db: Db, audience: Audience): Codes {
  return whileUnchanged<Codes>(db, `lowest versions for ${audience}`, 0, () => {
    const list = hasCatalogue(db.orm, audience) ? signedRevocations(db, audience) : null;
    return list?.lowestVersionCodes ?? new Map();
  });
}

/** By the newest act about it. */
export function loggedLowest(db: Db, appId: AppId): number {
  const row = findNewestLeaf(db.orm, appId, "lowest-version");
  if (row?.entry.type !== "lowest-version") return 1;
  if (!isProved(db, row)) throw damaged(`leaf ${row.position} is not in the head that is signed`);
  return row.entry.versionCode;
}

/** Before something of the app is planned: also what is offered of it goes by the row. */
export function mendLowest(store: Pick<Store, "db" | "log" | "clock">, appId: AppId): boolean {
  const isRight = (tx: Tx) =>
    (records.findLowest(tx, appId)?.versionCode ?? 1) === rightLowest(store.db, appId);
  if (isRight(store.db.orm)) return false;
  const now = store.clock.now();
  write(store.db, (tx) => {
    saveRight(tx, appId, rightLowest(store.db, appId), now);
    const subject = { type: "store", id: "revocations" };
    recordChange(
      tx,
      SYSTEM_AUTHOR,
      { action: "store.reconciled", subject, after: { discrepancies: 1 } },
      now,
    );
  });
  tellMended(store, differenceOf(appId));
  return true;
}

/** Of what a comparison of all of them found otherwise, what does not come back with the signed lists. Gives the rest of it. */
export function bringBackLowest<T extends { readonly lowestOf: AppId | null }>(
  store: Pick<Store, "db" | "log" | "clock">,
  found: readonly T[],
): readonly T[] {
  return found.filter(({ lowestOf }) => lowestOf === null || !mendLowest(store, lowestOf));
}

function saveRight(tx: Tx, appId: AppId, code: number, now: Date): void {
  const reason = "Brought back from the signed list and the log.";
  const row = { appId, versionCode: code as VersionCode, reason, setAt: now, setBy: SYSTEM_LABEL };
  if (code === 1) records.deleteLowest(tx, appId);
  else records.saveLowest(tx, row);
}

const differenceOf = (appId: AppId): Difference => ({ of: "app", appId, what: "lowest version" });

/** For /readyz: rows that say otherwise than the public list, or that no list bears out and the log has otherwise. */
export function lowestDifferences(db: Db): readonly Difference[] {
  return whileUnchanged(db, "lowest versions", 0, () => {
    const rows: Codes = new Map(
      records.allLowest(db.orm).map(({ appId, versionCode }) => [appId, versionCode]),
    );
    const listed = listedCodes(db, EVERYBODY);
    const others = [...rows.keys()].filter((appId) => !listed.has(appId));
    const logged = newestLogged(db.orm, others);
    return [
      ...[...listed].filter(([appId, code]) => rows.get(appId) !== code).map(([appId]) => appId),
      ...others.filter((appId) => rows.get(appId) !== logged.get(appId)),
    ].map(differenceOf);
  });
}

function newestLogged(tx: Tx, appIds: readonly AppId[]): Codes {
  const codes = new Map<AppId, VersionCode>();
  for (let from = 0; from < appIds.length; from += STEP)
    for (const { entry } of selectLeavesAbout(tx, appIds.slice(from, from + STEP), "lowest-version"))
      if (entry.type === "lowest-version") codes.set(entry.appId, entry.versionCode);
  return codes;
}
