/** What a piece of work told the audit log. */
import type { AuditRow } from "../audit/entry.ts";
import { entriesFrom, lastEntry } from "../audit/records.ts";
import type { Db } from "../db/database.ts";

export type Told = Pick<AuditRow, "actor" | "action" | "organisationId" | "before" | "after"> & {
  /** Its type and id. */
  readonly subject: string;
};

/** The entries that were appended meanwhile. */
export async function toldBy(db: Db, work: () => unknown): Promise<Told[]> {
  const from = (lastEntry(db.orm)?.position ?? -1) + 1;
  await work();
  return entriesFrom(db.orm, from, 1000).map(
    ({ actor, action, subjectType, subject, organisationId, before, after }) => ({
      actor,
      action,
      subject: `${subjectType} ${subject}`,
      organisationId,
      before,
      after,
    }),
  );
}
