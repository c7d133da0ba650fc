/** An entry as programs get it: in lists, as a line of JSON, as a row of CSV. Pure. */
import type { AuditFacts, AuditRow } from "./entry.ts";

export type AuditLine = {
  /** Null, as the hash, where it is not for who asks. */
  readonly position: number | null;
  readonly recordedAt: string;
  readonly actor: string;
  readonly actorName: string | null;
  readonly via: string | null;
  readonly action: string;
  readonly subjectType: string;
  readonly subject: string;
  readonly subjectName: string | null;
  readonly organisationId: string | null;
  readonly organisationName: string | null;
  readonly requestId: string | null;
  readonly address: string | null;
  readonly userAgent: string | null;
  readonly before: AuditFacts | null;
  readonly after: AuditFacts | null;
  readonly personBefore: AuditFacts | null;
  readonly personAfter: AuditFacts | null;
  readonly personSha256: string | null;
  readonly hash: string | null;
};

export const AUDIT_COLUMNS = [
  "position",
  "recordedAt",
  "actor",
  "actorName",
  "via",
  "action",
  "subjectType",
  "subject",
  "subjectName",
  "organisationId",
  "organisationName",
  "requestId",
  "address",
  "userAgent",
  "before",
  "after",
  "personBefore",
  "personAfter",
  "personSha256",
  "hash",
] as const satisfies readonly (keyof AuditLine)[];

type Named = Omit<AuditRow, "position" | "hash"> & {
  readonly position: number | null;
  readonly hash: string | null;
  readonly names: {
    readonly actor: string | null;
    readonly subject: string | null;
    readonly organisation: string | null;
  };
};

/** With all that the hash is made of, so that whoever has every line can compute it again. */
export function auditLine({ person, salt: _, names, recordedAt, ...row }: Named): AuditLine {
  return {
    position: row.position,
    recordedAt: recordedAt.toISOString(),
    actor: row.actor,
    actorName: names.actor,
    via: row.via,
    action: row.action,
    subjectType: row.subjectType,
    subject: row.subject,
    subjectName: names.subject,
    organisationId: row.organisationId,
    organisationName: names.organisation,
    requestId: row.requestId,
    address: person?.address ?? null,
    userAgent: person?.userAgent ?? null,
    before: row.before,
    after: row.after,
    personBefore: person?.before ?? null,
    personAfter: person?.after ?? null,
    personSha256: row.personSha256,
    hash: row.hash,
  };
}
