import type { Tx } from "./database.ts";

/**
 * A statement for what every request asks: built and prepared once for a database and then kept, since building the
 * SQL takes several times as long as running it. Values come by `sql.placeholder(name)`.
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
