/**
 * What a piece of work, such as the answer to a request, did to the database: whether rows were changed, and whether the
 * audit log was told. It follows the work through everything that it waits for, so that no acting function can forget to
 * hand it on: what is forgotten is found (`http/audited.ts`).
 */

import type { Database } from "bun:sqlite";
import { AsyncLocalStorage } from "node:async_hooks";

export type Watch = {
  /** Rows were changed and committed, other than those that `asideRow` was told of. */
  changed: boolean;
  /** An entry of the audit log was committed. */
  told: boolean;
};

type Transaction = { readonly rowsBefore: number; aside: number; told: boolean };
type Watched = Watch & { transaction: Transaction | null };

const current = new AsyncLocalStorage<Watched | null>();

/** Does the work, and says what it did once it has ended, well or not. */
export async function watched<T>(work: () => T | Promise<T>, ended: (watch: Watch) => void): Promise<T> {
  const watch: Watched = { changed: false, told: false, transaction: null };
  try {
    return await current.run(watch, async () => work());
  } finally {
    ended(watch);
  }
}

/** For work that a request sets off and does not do: the store's own jobs. */
export function unwatched<T>(work: () => T): T {
  return current.run(null, work);
}

/** At the beginning of a transaction; what it gives is called once that is committed. */
export function beginWatching(raw: Database): (() => void) | null {
  const watch = current.getStore() ?? null;
  if (watch === null) return null;
  const transaction: Transaction = { rowsBefore: changesOf(raw), aside: 0, told: false };
  watch.transaction = transaction;
  return () => {
    watch.transaction = null;
    watch.told ||= transaction.told;
    watch.changed ||= changesOf(raw) - transaction.rowsBefore > transaction.aside;
  };
}

/** In the transaction that writes an entry of the audit log. */
export function noteTold(): void {
  const transaction = current.getStore()?.transaction;
  if (transaction) transaction.told = true;
}

/** In the transaction that writes a row which is no change that anybody made, such as that a call came already. */
export function asideRow(): void {
  const transaction = current.getStore()?.transaction;
  if (transaction) transaction.aside += 1;
}

function changesOf(raw: Database): number {
  return raw.query<{ n: number }, []>("SELECT total_changes() AS n").get()?.n ?? 0;
}
