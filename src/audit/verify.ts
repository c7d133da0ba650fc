/** Whether the audit log is whole: each hash is computed again, in steps between which others have their turn. */
import type { Db } from "../db/database.ts";
import type { Sha256 } from "../ids.ts";
import { type AuditRow, BEGINNING, entryHash, personDigest } from "./entry.ts";
import { entriesFrom } from "./records.ts";

const STEP_ENTRIES = 1000;

export type AuditHead = {
  /** How many entries there are. */
  readonly size: number;
  /** The last one's hash; 64 zeros of an empty log. */
  readonly hash: Sha256;
};

export type AuditFault = {
  /** The place of the entry that is wrong or missing. */
  readonly position: number;
  readonly fault: "missing" | "hash" | "person" | "head";
  readonly found: string;
  readonly expected: string;
};

export function emptyHead(): AuditHead {
  return { size: 0, hash: BEGINNING };
}

/**
 * The head, or the first fault.
 * @param known A head that somebody wrote down earlier: what is there must go on from it.
 */
export async function verifyAudit(
  db: Pick<Db, "orm">,
  known: AuditHead | null = null,
): Promise<{ readonly head: AuditHead; readonly fault: AuditFault | null }> {
  let head = emptyHead();
  if (known !== null && known.size === 0 && known.hash !== BEGINNING)
    return { head, fault: otherHead(head, known) };
  for (;;) {
    const rows = entriesFrom(db.orm, head.size, STEP_ENTRIES);
    for (const row of rows) {
      const fault = faultOf(row, head);
      if (fault !== null) return { head, fault };
      head = { size: row.position + 1, hash: row.hash };
      if (known?.size === head.size && known.hash !== head.hash)
        return { head, fault: otherHead(head, known) };
    }
    if (rows.length < STEP_ENTRIES) break;
    await Bun.sleep(0);
  }
  if (known === null || known.size <= head.size) return { head, fault: null };
  return {
    head,
    fault: { position: head.size, fault: "missing", found: "no entry", expected: `${known.size} entries` },
  };
}

function otherHead(head: AuditHead, known: AuditHead): AuditFault {
  return { position: known.size - 1, fault: "head", found: head.hash, expected: known.hash };
}

function faultOf(row: AuditRow, before: AuditHead): AuditFault | null {
  if (row.position !== before.size) {
    return {
      position: before.size,
      fault: "missing",
      found: `entry ${row.position}`,
      expected: `entry ${before.size}`,
    };
  }
  const expected = entryHash(before.hash, row);
  if (expected !== row.hash) return { position: row.position, fault: "hash", found: row.hash, expected };
  // Without a person there is nothing to compare: it was erased, or never there.
  if (row.person === null && row.salt === null) return null;
  const digest =
    row.person === null || row.salt === null ? "a part of it" : personDigest(row.person, row.salt);
  return digest === row.personSha256
    ? null
    : { position: row.position, fault: "person", found: digest, expected: row.personSha256 ?? "none" };
}
