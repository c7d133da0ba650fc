/** What somebody may do who writes into the database beside the store, and what the store then finds. */
import { OPERATOR } from "../accounts/actor.ts";
import { reconcileStore } from "../catalog/reconcile.ts";
import type { Store } from "../context.ts";

/** Runs statements that no key of another table holds back. @param store Asked at each, since a test opens another. */
export const tampering =
  (store: () => Store) =>
  (statement: string, ...values: (string | number | Uint8Array)[]): void => {
    const { raw } = store().db;
    raw.run("PRAGMA foreign_keys = OFF");
    raw.run(statement, values);
    raw.run("PRAGMA foreign_keys = ON");
  };

/** What reconciling says, a line each. */
export const reconciling = (store: () => Store) => async (): Promise<string[]> =>
  (await reconcileStore(store(), OPERATOR)).map(({ subject, detail }) => `${subject}: ${detail}`);
