/** What somebody may do who writes into the database beside the store, and what the store then finds. */
import { OPERATOR } from "../accounts/actor.ts";
import { reconcileStore } from "../catalog/reconcile.ts";
import type { Store } from "../context.ts";

/** Of a world that is another with each test. */
export function beside(world: { readonly store: Store }) {
  return {
    orm: () => world.store.db.orm,
    /** Runs a statement that no key of another table holds back. */
    tamper(statement: string, ...values: (string | number | Uint8Array | null)[]): void {
      const { raw } = world.store.db;
      raw.run("PRAGMA foreign_keys = OFF");
      raw.run(statement, values);
      raw.run("PRAGMA foreign_keys = ON");
    },
    /** What reconciling says, a line each. */
    found: async (): Promise<string[]> =>
      (await reconcileStore(world.store, OPERATOR)).map(({ subject, detail }) => `${subject}: ${detail}`),
  };
}
