/**
 * The end of a deleted group's catalogue. No app is for the group, nobody is in it, and no device reads the catalogue: it
 * would only be renewed for ever.
 */
import { write } from "../../db/database.ts";
import { isWhole } from "../log/hold.ts";
import type { ExportStore } from "../tuf/compare.ts";
import { cataloguePrefix } from "../tuf/roles.ts";
import { inTurn } from "../tuf/turn.ts";
import { forgetCatalogue, selectRetired } from "./retire.records.ts";

/** With the cron `catalog.prune`. Gives how many are gone. Runs again after a kill. */
export async function retireCatalogues(store: ExportStore): Promise<number> {
  const work = async () => {
    // In an older database a group is not there yet whose catalogue is.
    if (!isWhole(store)) return 0;
    const retired = selectRetired(store.db.orm);
    for (const audience of retired) {
      // The files first: after a kill the rows lead to what is left of them.
      for await (const { key } of store.blobs.list(cataloguePrefix(audience))) await store.blobs.remove(key);
      write(store.db, (tx) => {
        // Two groups never have the same id, and what is not for a group that is gone cannot be for it again.
        if (selectRetired(tx).includes(audience)) forgetCatalogue(tx, audience);
      });
    }
    return retired.length;
  };
  // An act about what is revoked may be signing a list of it, an export writing its files.
  return inTurn(store.db, () => inTurn(store.db, work), "act");
}
