/** What a process keeps in memory beside a database, for as long as that one is open. */
import type { Db } from "./database.ts";

/** Gives what `make` made for this database when it was asked for first. */
export function perDb<T extends object>(make: () => T): (store: { readonly db: Db }) => T {
  const made = new WeakMap<Db, T>();
  return ({ db }) => {
    const before = made.get(db);
    if (before !== undefined) return before;
    const fresh = make();
    made.set(db, fresh);
    return fresh;
  };
}
