/** Whether the audit log is whole: each hash is computed again, in steps between which others have their turn. */
import { DAMAGED_FACTS } from "../db/checked-columns.ts";
import type { Db, Tx } from "../db/database.ts";
import type { Sha256 } from "../ids.ts";
import { type AuditRow, BEGINNING, entryHash, personDigest } from "./entry.ts";
import { entriesFrom, erasures, findCheck, keptHead } from "./records.ts";

const STEP_ENTRIES = 250;
/** A step takes a few milliseconds. */
const PAUSE_MS = 1;

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
 * The head, or the first fault: of an entry, or that the log does not go on from what is remembered of it. That is the
 * newest entry, which the database keeps apart, the head that the last check found sound, and any that the caller knows.
 * @param known A head that somebody wrote down earlier
 */
export async function verifyAudit(
  db: Pick<Db, "orm">,
  known: AuditHead | null = null,
  signal?: AbortSignal,
): Promise<{ readonly head: AuditHead; readonly fault: AuditFault | null }> {
  const remembered = [known, findCheck(db.orm), keptHead(db.orm)].filter((one) => one !== null);
  const otherAt = (head: AuditHead): AuditFault | null => {
    const other = remembered.find(({ size, hash }) => size === head.size && hash !== head.hash);
    return other === undefined ? null : otherHead(head, other);
  };
  const isErased = erasedIn(db.orm);
  let head = emptyHead();
  let fault = otherAt(head);
  while (fault === null) {
    const rows = entriesFrom(db.orm, head.size, STEP_ENTRIES);
    for (const row of rows) {
      fault = faultOf(row, head, isErased);
      if (fault !== null) return { head, fault };
      head = { size: row.position + 1, hash: row.hash };
      fault = otherAt(head);
      if (fault !== null) return { head, fault };
    }
    // Read together with the last entries: nothing was written between the two.
    if (rows.length < STEP_ENTRIES) return { head, fault: faultOfEnd(head, keptHead(db.orm), remembered) };
    await Bun.sleep(PAUSE_MS);
    signal?.throwIfAborted();
  }
  return { head, fault };
}

function faultOfEnd(
  head: AuditHead,
  kept: AuditHead | null,
  remembered: readonly AuditHead[],
): AuditFault | null {
  const size = Math.max(kept?.size ?? 0, ...remembered.map((one) => one.size));
  if (size > head.size)
    return { position: head.size, fault: "missing", found: "no entry", expected: `${size} entries` };
  if (kept !== null && kept.size === head.size) return kept.hash === head.hash ? null : otherHead(head, kept);
  const position = kept?.size ?? head.size;
  const found = kept === null ? "no head beside the log" : `entry ${position}`;
  return { position, fault: "head", found, expected: `${position} entries, and that head` };
}

function otherHead(head: AuditHead, known: AuditHead): AuditFault {
  return { position: Math.max(0, known.size - 1), fault: "head", found: head.hash, expected: known.hash };
}

/**
 * Whether what told of a person may be gone from an entry: the account that did it, or that it was done to, or whose the thing
 * was, was deleted, of which an entry tells. That entry is judged as all others are.
 */
function erasedIn(tx: Tx): (row: Pick<AuditRow, "actor" | "subject">) => boolean {
  const read = () => new Set(erasures(tx).flatMap(({ id, things }) => [id, `account:${id}`, ...things]));
  let erased = read();
  const has = ({ actor, subject }: Pick<AuditRow, "actor" | "subject">) =>
    erased.has(actor) || erased.has(subject);
  return (row) => {
    if (has(row)) return true;
    // Somebody may have been deleted since this began.
    erased = read();
    return has(row);
  };
}

/** What stands in the place of it is nobody's entry, and has no hash. */
function isUnreadable({ before, after }: AuditRow): boolean {
  return before === DAMAGED_FACTS || after === DAMAGED_FACTS;
}

function faultOf(row: AuditRow, before: AuditHead, isErased: (row: AuditRow) => boolean): AuditFault | null {
  if (row.position !== before.size) {
    return {
      position: before.size,
      fault: "missing",
      found: `entry ${row.position}`,
      expected: `entry ${before.size}`,
    };
  }
  if (isUnreadable(row)) {
    const found = "what cannot be read";
    return { position: row.position, fault: "hash", found, expected: "the entry that was written" };
  }
  const expected = entryHash(before.hash, row);
  if (expected !== row.hash) return { position: row.position, fault: "hash", found: row.hash, expected };
  const isGone = row.person === null && row.salt === null;
  if (isGone && (row.personSha256 === null || isErased(row))) return null;
  const digest = isGone
    ? "nothing"
    : row.person === null || row.salt === null
      ? "a part of it"
      : personDigest(row.person, row.salt);
  return digest === row.personSha256
    ? null
    : { position: row.position, fault: "person", found: digest, expected: row.personSha256 ?? "none" };
}
