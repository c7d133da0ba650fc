/** What is known of the audit log's soundness: computed once a day and for `mosis admin audit verify`, and kept. */
import type { Store } from "../context.ts";
import { write } from "../db/database.ts";
import { asideRow } from "../db/watch.ts";
import { findCheck, replaceCheck } from "./records.ts";
import { type AuditFault, type AuditHead, emptyHead, verifyAudit } from "./verify.ts";

/** The job that computes every hash again. */
export const CHECK_AUDIT_JOB = "audit.check";

export type AuditVerdict = {
  readonly checkedAt: Date;
  /** The newest head that was found sound. */
  readonly sound: AuditHead;
  /** What was found last; null: nothing. */
  readonly damage: { readonly position: number; readonly detail: string } | null;
};

/** Of the last check; null before the first. */
export function auditVerdict(store: Pick<Store, "db">): AuditVerdict | null {
  const row = findCheck(store.db.orm);
  if (row === null) return null;
  const { checkedAt, size, hash, faultPosition, damage } = row;
  return {
    checkedAt,
    sound: { size, hash },
    damage: damage === null ? null : { position: faultPosition ?? 0, detail: damage },
  };
}

/** When the last check found damage; null: it found none, or there was none. */
export function auditDamagedAt(store: Pick<Store, "db">): Date | null {
  const verdict = auditVerdict(store);
  return verdict === null || verdict.damage === null ? null : verdict.checkedAt;
}

/** At a start: what the last check found stands in the log of each run, and not only in that of the day when it was found. */
export function tellAuditDamage(store: Pick<Store, "db" | "log">): void {
  const damage = auditVerdict(store)?.damage ?? null;
  if (damage !== null) store.log.error("audit.damaged", { detail: damage.detail });
}

/**
 * Job `audit.check`: computes the whole log again, compares it with what is remembered of it, and keeps the verdict. The
 * head also goes to the program's log, which is often kept elsewhere. Cut off, it keeps nothing, and runs again.
 * @param known A head that somebody wrote down; a fault that only it shows is told, and is no verdict about the log
 */
export async function checkAudit(
  store: Pick<Store, "db" | "clock" | "log">,
  known: AuditHead | null = null,
  signal?: AbortSignal,
): Promise<{ readonly head: AuditHead; readonly fault: AuditFault | null }> {
  const found = await verifyAudit(store.db, null, signal);
  keep(store, found);
  return known === null || found.fault !== null ? found : verifyAudit(store.db, known, signal);
}

function keep(
  store: Pick<Store, "db" | "clock" | "log">,
  { head, fault }: { readonly head: AuditHead; readonly fault: AuditFault | null },
): void {
  const damage = fault === null ? null : inWords(fault);
  write(store.db, (tx) => {
    const { size, hash } = fault === null ? head : (findCheck(tx) ?? emptyHead());
    const faultPosition = fault?.position ?? null;
    replaceCheck(tx, { checkedAt: store.clock.now(), size, hash, faultPosition, damage });
    // What was found is no change that anybody made.
    asideRow();
  });
  if (damage === null) store.log.info("audit.checked", head);
  else store.log.error("audit.damaged", { detail: damage });
}

const WHAT = {
  missing: "is missing",
  hash: "is not what was written, or does not go on from the one before",
  person: "says something else of a person than was written",
  head: "is not the one that was there before",
} as const satisfies Record<AuditFault["fault"], string>;

/** What is wrong, and with which entry. */
export function faultInWords({ position, fault, found, expected }: AuditFault): {
  readonly subject: string;
  readonly detail: string;
} {
  return { subject: `entry ${position}`, detail: `${WHAT[fault]}: found ${found}, expected ${expected}` };
}

function inWords(fault: AuditFault): string {
  const { subject, detail } = faultInWords(fault);
  return `${subject} ${detail}`;
}
