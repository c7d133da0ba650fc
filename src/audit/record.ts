/** Writing the audit log: with the change itself, in its transaction, so that neither is there without the other. */
import type { Tx } from "../db/database.ts";
import { noteTold } from "../db/watch.ts";
import { type AuditAuthor, type AuditChange, buildEntry } from "./entry.ts";
import { insertEntry, lastEntry } from "./records.ts";

/** Jobs, and what the clock sets off. */
export const SYSTEM_AUTHOR: AuditAuthor = {
  actor: "system",
  via: null,
  requestId: null,
  address: null,
  userAgent: null,
};

export function recordChange(tx: Tx, author: AuditAuthor, change: AuditChange, now: Date): void {
  insertEntry(tx, buildEntry(lastEntry(tx), author, change, now));
  noteTold();
}
