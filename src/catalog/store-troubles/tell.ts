/** Job `store.troubles`: administrators are told of what needs them, of each trouble once while it lasts. */
import { tellAdministrators } from "../../accounts/messages/outbox.ts";
import type { Store } from "../../context.ts";
import { write } from "../../db/database.ts";
import { decideTroubles } from "./decide.ts";
import { findTroubles } from "./find.ts";
import { noticesOf } from "./notices.ts";
import * as records from "./records.ts";

export const STORE_TROUBLES_JOB = "store.troubles";

/** What is remembered is written in the transaction in which it is told: a kill leaves it told once, or to be told. */
export async function tellOfTroubles(store: Store): Promise<void> {
  const found = await findTroubles(store);
  const now = store.clock.now();
  write(store.db, (tx) => {
    const { tell, kept } = decideTroubles(found, records.selectTroubles(tx), now);
    const isHeard = noticesOf(tell)
      .map((notice) => tellAdministrators(tx, notice, now))
      .every((people) => people > 0);
    // Where nobody administers the store yet, whoever does first is told.
    records.replaceTroubles(
      tx,
      isHeard ? kept : kept.map((row) => (row.toldAt === now ? { ...row, toldAt: null } : row)),
    );
  });
}
