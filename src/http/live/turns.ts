/** Those who follow look one after the other: a change that wakes all of them at once keeps nobody else waiting. */
import type { Store } from "../../context.ts";
import { perDb } from "../../db/per-db.ts";
import { unwatched } from "../../db/watch.ts";

/** So many look before whatever else there is to do has its turn. */
const AT_ONCE = 4;

type Looking = () => Promise<void>;
type Turns = { readonly waiting: Set<Looking>; isGoing: boolean };

const turnsOf = perDb((): Turns => ({ waiting: new Set(), isGoing: false }));

/** Looks once those have that wait already; who waits keeps its place. It must not throw. */
export function takeTurn(store: Pick<Store, "db">, look: Looking): void {
  const turns = turnsOf(store);
  turns.waiting.add(look);
  if (!turns.isGoing) void unwatched(() => goThrough(turns));
}

async function goThrough(turns: Turns): Promise<void> {
  turns.isGoing = true;
  let looked = 0;
  // A set is gone through with what comes to it meanwhile.
  for (const look of turns.waiting) {
    turns.waiting.delete(look);
    await look();
    looked += 1;
    if (looked % AT_ONCE === 0) await Bun.sleep(0);
  }
  turns.isGoing = false;
}
