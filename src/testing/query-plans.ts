/** How SQLite answers the statements that a piece of work really sends. */
import type { Db } from "../db/database.ts";

export type QueryPlan = { readonly sql: string; readonly steps: readonly string[] };

/** The plan of each statement that `work` prepares, in their order. */
export function queryPlans(db: Db, work: () => void): QueryPlan[] {
  const seen: string[] = [];
  const { prepare, query } = db.raw;
  db.raw.prepare = ((sql: string, ...rest: []) => {
    seen.push(sql);
    return prepare.call(db.raw, sql, ...rest);
  }) as typeof prepare;
  db.raw.query = ((sql: string) => {
    seen.push(sql);
    return query.call(db.raw, sql);
  }) as typeof query;
  try {
    work();
  } finally {
    db.raw.prepare = prepare;
    db.raw.query = query;
  }
  return seen
    .filter((sql) => /^\s*(select|update|delete|with)\b/i.test(sql))
    .map((sql) => {
      const explain = db.raw.prepare<{ detail: string }, []>(`EXPLAIN QUERY PLAN ${sql}`);
      const steps = explain.all().map((row) => row.detail);
      explain.finalize();
      return { sql, steps };
    });
}

/** The statements that read a whole table, an index from end to end, or sort what an index does not give in order. */
export function slowPlans(plans: readonly QueryPlan[]): string[] {
  return plans.flatMap(({ sql, steps }) =>
    steps
      .filter((step) => /^SCAN (?!CONSTANT ROW|\(subquery|\w+ VIRTUAL)|^USE TEMP B-TREE/.test(step))
      .map((step) => `${step} — ${sql}`),
  );
}
