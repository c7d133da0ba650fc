/**
 * Before anything is said or done about what is revoked: the signed list as it was signed, and in the tables what it says.
 * A list that somebody emptied beside the store would otherwise be the one that the next act goes on from.
 */
import { recordChange, SYSTEM_AUTHOR } from "../../audit/record.ts";
import { type Tx, write } from "../../db/database.ts";
import type { Audience } from "../../ids.ts";
import { isWhole } from "../log/hold.ts";
import { rebuildFrom } from "../rebuilt.ts";
import { mustBeAsSigned } from "../tuf/mend.ts";
import type { MendStore } from "../tuf/mend-files.ts";
import { listCatalogues } from "../tuf/records.ts";
import type { Revocations } from "../tuf/revocations.ts";
import { REVOCATIONS_PATH } from "../tuf/roles.ts";
import { inForce } from "./in-force.ts";
import { bringBack, isEmpty, lostRevocations, namesOfLost } from "./signed.ts";

/** @throws Problem `catalog.damaged` when one of the lists as it was signed is nowhere any more */
export async function restoreLost(
  store: MendStore,
  lists: readonly Audience[] = listCatalogues(store.db.orm),
): Promise<void> {
  await mustBeAsSigned(
    store,
    { roles: [], bodies: lists.map((audience) => ({ audience, path: REVOCATIONS_PATH })) },
    rebuildFrom(store),
  );
  // An older database is put right by the one that belongs to the files.
  if (!isWhole(store) || isEmpty(lostRevocations(store.db, inForce(store.db.orm), lists))) return;
  write(store.db, (tx) =>
    restore(store, tx, lostRevocations(store.db, inForce(tx), lists), store.clock.now()),
  );
}

/** What rows were lost of, devices go by still: an act about something else must not lift it. */
export function restore(store: Pick<MendStore, "log">, tx: Tx, lost: Revocations, now: Date): void {
  if (isEmpty(lost)) return;
  bringBack(tx, lost, now);
  const names = namesOfLost(lost);
  const after = { discrepancies: names.length };
  recordChange(
    tx,
    SYSTEM_AUTHOR,
    { action: "store.reconciled", subject: { type: "store", id: "revocations" }, after },
    now,
  );
  store.log.error("revocations.brought_back", { count: names.length, first: names[0] ?? "" });
}
