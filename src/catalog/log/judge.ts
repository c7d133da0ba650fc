/** Whether a row of the log is what its leaf says. */
import { buildLeaf } from "../../format/log/leaves.ts";
import type * as records from "./records.ts";
import type { LogDiscrepancy } from "./stretch.ts";
import { subjectOf } from "./subject.ts";

/** The entry and salt that the store keeps must give the very leaf, or nobody could be shown what it hides. */
export function judgeRow(row: records.LeafRow): LogDiscrepancy[] {
  const subject = `leaf ${row.position}`;
  try {
    const salt = row.salt === null ? null : new Uint8Array(row.salt);
    const same =
      row.type === row.entry.type &&
      row.subject === subjectOf(row.entry) &&
      Buffer.compare(buildLeaf(row.entry, row.recordedAt, salt), row.leaf) === 0;
    return same ? [] : [{ subject, detail: "is not made of the entry and salt beside it" }];
  } catch (error) {
    return [{ subject, detail: `has an entry that is none: ${error instanceof Error ? error.message : ""}` }];
  }
}
