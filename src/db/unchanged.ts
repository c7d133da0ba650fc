/** What is worked out of the database again only after something in it has changed, whoever changed it. */
import { keepNewest } from "../newest.ts";
import type { Db } from "./database.ts";
import { perDb } from "./per-db.ts";

type Kept = { readonly mark: string; readonly value: unknown };

const resultsOf = perDb(() => new Map<string, Kept>());

/**
 * Gives what `work` gave before, unless a row of the database or `also` has changed since. Within a transaction it asks
 * `work` each time: what is undone must not be kept.
 *
 * @param name Of what is worked out; one for each place that calls this.
 * @param also What else the result follows from, such as the minute.
 */
export function whileUnchanged<T>(db: Db, name: string, also: string | number, work: () => T): T {
  if (db.raw.inTransaction) return work();
  const results = resultsOf({ db });
  const mark = `${changesOf(db)} ${also}`;
  const before = results.get(name);
  if (before?.mark === mark) return before.value as T;
  const value = work();
  results.set(name, { mark, value });
  return value;
}

/**
 * The same for one thing of many, such as the key that a request came with: a function that asks `work` for a thing unless it
 * gave it before and nothing has changed since. What is unknown is not kept, so that nobody can fill the place by asking.
 *
 * @param most Of each database; those that were worked out first make room.
 */
export function eachWhileUnchanged<T extends object>(
  most: number,
): (db: Db, id: string, also: number, work: () => T | undefined) => T | undefined {
  type Found = { readonly own: number; readonly others: number; readonly also: number; readonly value: T };
  const foundOf = perDb(() => new Map<string, Found>());
  return (db, id, also, work) => {
    if (db.raw.inTransaction) return work();
    const found = foundOf({ db });
    const own = totalChanges(db);
    const others = dataVersion(db);
    const before = found.get(id);
    if (before?.own === own && before.others === others && before.also === also) return before.value;
    const value = work();
    if (value !== undefined) keepNewest(found, id, { own, others, also, value }, most);
    return value;
  };
}

/** Another number after each change: of rows by this connection, of commits by any other. */
const changesOf = (db: Db): string => `${totalChanges(db)} ${dataVersion(db)}`;

/** To look for a statement in the cache takes longer than to run these. */
const statementsOf = perDb(() => ({}) as { own?: Statement; others?: Statement });
type Statement = { values: () => readonly (readonly unknown[])[] };

const numberOf = (statement: Statement): number => Number(statement.values()[0]?.[0] ?? 0);

function totalChanges(db: Db): number {
  const kept = statementsOf({ db });
  kept.own ??= db.raw.query("SELECT total_changes()") as Statement;
  return numberOf(kept.own);
}

function dataVersion(db: Db): number {
  const kept = statementsOf({ db });
  kept.others ??= db.raw.query("PRAGMA data_version") as Statement;
  return numberOf(kept.others);
}
