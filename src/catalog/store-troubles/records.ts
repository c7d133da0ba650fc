/** The SQL of what administrators were told of the store. */
import type { Tx } from "../../db/database.ts";
import { storeTroubles } from "../../db/schema.ts";
import type { KnownTrouble } from "./decide.ts";

export function selectTroubles(tx: Tx): KnownTrouble[] {
  return tx.select().from(storeTroubles).all();
}

export function replaceTroubles(tx: Tx, rows: readonly KnownTrouble[]): void {
  tx.delete(storeTroubles).run();
  if (rows.length > 0)
    tx.insert(storeTroubles)
      .values([...rows])
      .run();
}
