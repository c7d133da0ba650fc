/** What is worked out of the database again only after something in it has changed, whoever changed it. */
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

/** Another number after each change: of rows by this connection, of commits by any other. */
function changesOf({ raw }: Db): string {
  const own = raw.query<{ n: number }, []>("SELECT total_changes() AS n").get()?.n;
  const others = raw.query<{ data_version: number }, []>("PRAGMA data_version").get()?.data_version;
  return `${own} ${others}`;
}
