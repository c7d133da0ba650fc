/**
 * An offer of an app stands only as long as whoever made it may still make it: else nobody who answers for the app would have
 * agreed to what the other side accepts.
 */
import type { Actor } from "../../accounts/actor.ts";
import { tellOwners } from "../../accounts/messages/outbox.ts";
import { actorInForce, actorOnRecord } from "../../accounts/on-record.ts";
import { allows } from "../../accounts/rights.ts";
import { SYSTEM_AUTHOR } from "../../audit/record.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { Problem } from "../../errors.ts";
import type { Vault } from "../../keys/vault.ts";
import { say } from "../../say.ts";
import { expireOffer, recordEnd, tell } from "./ends.ts";
import { fallenNotice } from "./notices.ts";
import { openTransfersBy, type TransferRow, updateTransfer } from "./records.ts";

/** @throws Problem `transfer.offerer_gone` */
export function refuseFallen(store: Store, tx: Tx, row: TransferRow): void {
  if (stands(row, actorInForce(store, tx, begunOf(row)))) return;
  const message = say`Whoever offered ${row.appId} may not do that any more. Another owner there can offer it again.`;
  throw new Problem("conflict", "transfer.offerer_gone", message);
}

/** Job: of one person whose rights have changed, or a key of whom was revoked. It does nothing twice. */
export function endFallenOffers(store: Store, by: string): void {
  write(store.db, (tx) => {
    const now = store.clock.now();
    for (const row of openTransfersBy(tx, by)) {
      if (row.expiresAt <= now) expireOffer(tx, row, now);
      else if (!stands(row, actorOnRecord(tx, begunOf(row)))) fall(tx, store.vault, row, now);
    }
  });
}

function fall(tx: Tx, vault: Vault, row: TransferRow, now: Date): void {
  recordEnd(tx, vault, row, now);
  const ended = updateTransfer(tx, row.id, { state: "fallen" }) ?? row;
  tell(tx, SYSTEM_AUTHOR, "transfer.fallen", ended, now);
  tellOwners(tx, row.fromOrganisationId, fallenNotice(row, "from"), now);
  if (row.toOrganisationId !== null) tellOwners(tx, row.toOrganisationId, fallenNotice(row, "to"), now);
}

function begunOf(row: TransferRow) {
  return { by: row.offeredBy, with: row.offeredWith };
}

function stands(row: TransferRow, by: Actor | undefined): boolean {
  const of = { organisationId: row.fromOrganisationId, appId: row.appId };
  return by !== undefined && allows(by, "app.transfer", of);
}
