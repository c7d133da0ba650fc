/** Whether the tables of what is in force, the signed list and the store's log say the same: each act writes all three. */
import type { Store } from "../../context.ts";
import type { Db } from "../../db/database.ts";
import type { AppId } from "../../ids.ts";
import { formatTime } from "../../signing/times.ts";
import * as log from "../log/records.ts";
import { listCatalogues } from "../tuf/records.ts";
import { NO_REVOCATIONS, type Revocation, type Revocations } from "../tuf/revocations.ts";
import { inForce } from "./in-force.ts";
import { hiddenNames } from "./listed.ts";
import * as records from "./records.ts";
import { isAsMade } from "./sealed.ts";
import { isSame, nameOf, signedRevocations } from "./signed.ts";

export type RevocationDifference = {
  readonly subject: string;
  readonly detail: string;
  readonly isSigned: boolean;
  /** Of a lowest version: of which app it is. */
  readonly lowestOf: AppId | null;
};

/** Leaves of one step, between which requests are answered. */
const STEP = 4096;
const PAUSE_MS = 1;
const NOTHING = "nothing";

/** One for each name about which the three do not say the same. */
export async function compareRevocations(
  store: Pick<Store, "db" | "vault">,
): Promise<readonly RevocationDifference[]> {
  const tx = store.db.orm;
  const logged = new Map<string, string>();
  for (let from = 0; ; ) {
    for (const { entry } of log.selectRevocationLeaves(tx, from, from + STEP)) {
      if (entry.type === "revocation")
        logged.set(nameOf(entry), entry.action === "lift" ? NOTHING : words(entry));
      if (entry.type === "lowest-version")
        logged.set(lowestName(entry.appId), entry.versionCode === 1 ? NOTHING : String(entry.versionCode));
    }
    from += STEP;
    // After the last step nothing waits: the tables are read at the same moment.
    if (from >= log.logSize(tx)) break;
    await Bun.sleep(PAUSE_MS);
  }
  const [table, signed] = [inForce(tx), signedByAll(store.db)];
  // Without the list there are still two that can say the same.
  const [inTable, inList] = [saysOf(table), saysOf(signed ?? NO_REVOCATIONS)];
  const hidden = new Set<string>([
    ...hiddenNames(tx, "anyone").revocations,
    // One that was set before anybody was told of the app comes into the list with the next act.
    ...records.lowestBeforeTold(tx).map(lowestName),
  ]);
  const rows = new Map(table.entries.map((entry) => [nameOf(entry), entry]));
  const otherwise = new Set(
    (signed?.entries ?? []).filter((entry) => !isSame(entry, rows.get(nameOf(entry)))).map(nameOf),
  );
  const changed = new Set(
    table.entries.filter((entry) => !inList.has(nameOf(entry)) && !isAsMade(store, entry)).map(nameOf),
  );
  const names = [...new Set([...inTable.keys(), ...inList.keys(), ...logged.keys()])].sort();
  return names.flatMap((name) => {
    const here = inTable.get(name) ?? NOTHING;
    const isHidden = signed === null || (hidden.has(name) && !inList.has(name));
    const there = isHidden ? here : (inList.get(name) ?? NOTHING);
    const inLog = logged.get(name) ?? NOTHING;
    const isChanged = here === inLog && changed.has(name);
    if (here === there && here === inLog && !otherwise.has(name) && !isChanged) return [];
    const list = isHidden
      ? ""
      : `, the signed list ${there}${otherwise.has(name) ? " with its reason and time" : ""}`;
    return [
      {
        subject: name,
        detail: `the tables of what is in force say ${here}${list}, the log ${inLog}${isChanged ? ", and its reason and time are not those with which it was made" : ""}`,
        isSigned: inList.has(name) && (here !== there || otherwise.has(name)),
        lowestOf: appOfLowest(name),
      },
    ];
  });
}

/** What all lists together say; null when one of them is not there as it was signed. */
function signedByAll(db: Db): Revocations | null {
  const lists = listCatalogues(db.orm).map((audience) => signedRevocations(db, audience));
  if (lists.includes(null)) return null;
  return {
    entries: lists.flatMap((list) => list?.entries ?? []),
    lowestVersionCodes: new Map(lists.flatMap((list) => [...(list?.lowestVersionCodes ?? [])])),
  };
}

const LOWEST_OF = "lowest version of ";
const lowestName = (appId: AppId): string => `${LOWEST_OF}${appId}`;
const appOfLowest = (name: string): AppId | null =>
  name.startsWith(LOWEST_OF) ? (name.slice(LOWEST_OF.length) as AppId) : null;

function words({
  action,
  approvalsUntil,
}: Pick<Revocation, "approvalsUntil"> & { readonly action: string }): string {
  return approvalsUntil === null
    ? action
    : `${action}, approvals until ${formatTime(new Date(approvalsUntil))}`;
}

function saysOf({ entries, lowestVersionCodes }: Revocations): ReadonlyMap<string, string> {
  return new Map([
    ...entries.map((entry) => [nameOf(entry), words(entry)] as const),
    ...[...lowestVersionCodes].map(([appId, code]) => [lowestName(appId), String(code)] as const),
  ]);
}
