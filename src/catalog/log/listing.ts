/** The log as whoever runs the store sees it: entries in full, also where their leaves hide names. */
import type { Store } from "../../context.ts";
import type { LogEntry } from "../../format/log/entries.ts";
import * as records from "./records.ts";

export type LogListing = {
  /** How many entries there are. */
  readonly size: number;
  /** The newest head that was signed; it may be a moment behind. */
  readonly head: { readonly size: number; readonly rootHash: string; readonly signedAt: Date } | null;
  /** Newest first. */
  readonly items: readonly {
    readonly position: number;
    readonly at: Date;
    /** Whether the public leaf holds salted digests in place of names. */
    readonly hidden: boolean;
    readonly entry: LogEntry;
  }[];
};

/** The entries before a position, or the newest. */
export function listLog(store: Pick<Store, "db">, page: { before?: number; limit: number }): LogListing {
  const tx = store.db.orm;
  const head = records.findHead(tx);
  return {
    size: records.logSize(tx),
    head: head === null ? null : { size: head.size, rootHash: head.rootHash, signedAt: head.signedAt },
    items: records.selectNewestLeaves(tx, page).map(({ position, recordedAt, salt, entry }) => ({
      position,
      at: recordedAt,
      hidden: salt !== null,
      entry,
    })),
  };
}
