/**
 * Recoveries that cannot be approved any more fall, and another can be asked for. One says that every key of an app is
 * lost, which is not so when one of them adds another key; and its own new key must be one that may sign.
 */

import { type Notice, tellOwnersAndAdministrators } from "../accounts/messages/outbox.ts";
import { SYSTEM_AUTHOR } from "../audit/record.ts";
import type { Tx } from "../db/database.ts";
import type { AppId, KeyId, OrganisationId } from "../ids.ts";
import type { Vault } from "../keys/vault.ts";
import { fingerprintText } from "../signing/keys.ts";
import * as records from "./recovery.records.ts";
import { endRecovery } from "./recovery-decision.ts";
import { fallenNotice, hinderedNotice } from "./recovery-notices.ts";

/** In the transaction that adds a key to the app's lineage. Owners and administrators are told. */
export function letRecoveriesFall(tx: Tx, vault: Vault, appId: AppId, by: KeyId, now: Date): void {
  const waiting = records.findWaiting(tx, [appId]);
  if (waiting === undefined) return;
  const row = records.findRecovery(tx, waiting.id);
  if (row === undefined) throw new Error(`the recovery ${waiting.id} waits and is not there`);
  const why = `The key ${fingerprintText(by)}, which was said to be lost, was used to add another to ${appId}.`;
  fall(tx, vault, row, why, fallenNotice(row, appId, by), now);
}

/** In the transaction that revokes the new key, or the organisation. Owners and administrators are told. */
export function letHinderedFall(
  tx: Tx,
  vault: Vault,
  revoked: { readonly keyid: KeyId } | { readonly organisationId: OrganisationId },
  now: Date,
): void {
  const what = "keyid" in revoked ? "new key" : "organisation";
  for (const row of records.selectWaitingOf(tx, revoked))
    fall(tx, vault, row, `The ${what} was revoked.`, hinderedNotice(row, what), now);
}

function fall(tx: Tx, vault: Vault, row: records.RecoveryRow, why: string, notice: Notice, now: Date): void {
  endRecovery(tx, vault, SYSTEM_AUTHOR, row, { state: "fallen", reason: why, at: now });
  tellOwnersAndAdministrators(tx, row.organisationId, notice, now);
}
