/** How a recovery ends: its row, the audit log's entry, and the log's leaf, which no older row can undo. */
import type { AuditAuthor } from "../audit/entry.ts";
import { beginningOf } from "../audit/facts.ts";
import { recordChange } from "../audit/record.ts";
import type { Tx } from "../db/database.ts";
import type { RecoveryState } from "../db/schema.ts";
import type { Vault } from "../keys/vault.ts";
import { recordInLog } from "./log/record.ts";
import { decideRecovery, type RecoveryRow } from "./recovery.records.ts";

/** The caller has asked whether it still waits. */
export function endRecovery(
  tx: Tx,
  vault: Vault,
  author: AuditAuthor,
  { id, organisationId, keyid, state: before }: RecoveryRow,
  decision: { readonly state: Exclude<RecoveryState, "waiting">; readonly reason: string; readonly at: Date },
): void {
  const { state, reason, at } = decision;
  decideRecovery(tx, id, { state, decidedBy: author.actor, decidedAt: at, decisionReason: reason });
  recordChange(
    tx,
    author,
    {
      action: `recovery.${state}`,
      subject: { type: "recovery", id },
      organisationId,
      before: { state: before },
      after: { state, key: keyid, ...(reason === "" ? {} : { reason: beginningOf(reason) }) },
    },
    at,
  );
  // The log has an approval of each app.
  if (state === "approved") return;
  recordInLog(
    tx,
    vault,
    {
      type: "developer-key",
      change: "recovery-ended",
      keyId: keyid,
      developerId: organisationId,
      appId: null,
      authorisedBy: id,
    },
    at,
  );
}
