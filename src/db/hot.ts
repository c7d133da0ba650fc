import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "./database.ts";

/**
 * A statement for what every request asks: built and prepared once for a database and then kept, since building the
 * SQL takes several times as long as running it. Values come by `sql.placeholder(name)`.
 *
 * Of one table: SQLite plans a join anew for each value that is bound to it, which takes ten times as long as two statements or a
 * subquery for one column.
 */
export function hot<Statement>(build: (tx: Tx) => Statement): (tx: Tx) => Statement {
  const prepared = new WeakMap<Tx, Statement>();
  return (tx) => {
    const known = prepared.get(tx);
    if (known !== undefined) return known;
    const statement = build(tx);
    prepared.set(tx, statement);
    return statement;
  };
}

/** The values of a placeholder that takes a list of them as JSON: a kept statement has as many values for one list as for another. */
export function each(name: string): SQL {
  return sql`(SELECT value FROM json_each(${sql.placeholder(name)}))`;
}
