/** A recovery says that every key of an app is lost. One that adds another key is not: what waits for the app falls. */
import { SYSTEM_LABEL } from "../accounts/actor.ts";
import type { Tx } from "../db/database.ts";
import type { AppId, KeyId } from "../ids.ts";
import { fingerprintText } from "../signing/keys.ts";
import { tellAdministrators, tellOwners } from "./outbox.ts";
import * as records from "./recovery.records.ts";
import { fallenNotice } from "./recovery-notices.ts";

/** In the transaction that adds a key to the app's lineage. Owners and administrators are told. */
export function letRecoveriesFall(tx: Tx, appId: AppId, by: KeyId, now: Date): void {
  const waiting = records.findWaiting(tx, [appId]);
  if (waiting === undefined) return;
  const row = records.findRecovery(tx, waiting.id);
  if (row === undefined) throw new Error(`the recovery ${waiting.id} waits and is not there`);
  records.decideRecovery(tx, row.id, {
    state: "fallen",
    decidedBy: SYSTEM_LABEL,
    decidedAt: now,
    decisionReason: `The key ${fingerprintText(by)}, which was said to be lost, was used to add another to ${appId}.`,
  });
  const notice = fallenNotice(row, appId, by);
  tellOwners(tx, row.organisationId, notice, now);
  tellAdministrators(tx, notice, now, { exceptOwnersOf: row.organisationId });
}
