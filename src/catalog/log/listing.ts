/** The log as whoever runs the store sees it: entries in full, also where their leaves hide names. */
import type { Store } from "../../context.ts";
import { isProblem } from "../../errors.ts";
import type { LogEntry } from "../../format/log/entries.ts";
import { checkLog } from "./hold.ts";
import * as records from "./records.ts";

export type LogListing = {
  /** How many entries there are. */
  readonly size: number;
  /** The newest head that was signed; it may be a moment behind. */
  readonly head: { readonly size: number; readonly rootHash: string; readonly signedAt: Date } | null;
  /** Why the log is not the one that was signed; null while it is. */
  readonly damage: string | null;
  /** Newest first. */
  readonly items: readonly {
    readonly position: number;
    readonly at: Date;
    /** Whether the public leaf holds salted digests in place of names. */
    readonly hidden: boolean;
    readonly entry: LogEntry;
  }[];
  /** Where the next page ends; null on the last one. */
  readonly nextBefore: number | null;
};

/** The entries before a position, or the newest. */
export function listLog(
  store: Pick<Store, "db" | "vault">,
  page: { before?: number; limit: number },
): LogListing {
  const tx = store.db.orm;
  const head = records.findHead(tx);
  const rows = records.selectNewestLeaves(tx, page);
  const last = rows.at(-1);
  return {
    size: records.logSize(tx),
    head: head === null ? null : { size: head.size, rootHash: head.rootHash, signedAt: head.signedAt },
    damage: damageOf(store),
    items: rows.map(({ position, recordedAt, salt, entry }) => ({
      position,
      at: recordedAt,
      hidden: salt !== null,
      entry,
    })),
    nextBefore: last === undefined || last.position === 0 ? null : last.position,
  };
}

function damageOf(store: Pick<Store, "db" | "vault">): string | null {
  try {
    checkLog(store);
    return null;
  } catch (error) {
    if (isProblem(error) && error.code === "log.damaged") return error.message;
    throw error;
  }
}
