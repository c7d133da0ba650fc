/** How an offer of an app ends, and what is told of it. */
import { type Actor, actorLabel, auditAuthor, byOf } from "../../accounts/actor.ts";
import { tellOwners } from "../../accounts/messages/outbox.ts";
import type { AuditAuthor } from "../../audit/entry.ts";
import { recordChange, SYSTEM_AUTHOR } from "../../audit/record.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import type { AppId } from "../../ids.ts";
import type { Vault } from "../../keys/vault.ts";
import { recordInLog } from "../log/record.ts";
import { expiredNotice, withdrawnNotice } from "./notices.ts";
import { openTransferOf, type TransferRow, transfersEndedBy, updateTransfer } from "./records.ts";

export const TRANSFERS_ENDING_JOB = "transfer.ending";
const AT_ONCE = 50;

/** Offers that nobody has answered in time. Each ends in the transaction in which both sides are told, whenever that is. */
export function endExpiredOffers(store: Store): void {
  for (;;) {
    const ended = write(store.db, (tx) => {
      const now = store.clock.now();
      const rows = transfersEndedBy(tx, now, AT_ONCE);
      for (const row of rows) expireOffer(tx, row, now);
      return rows.length;
    });
    if (ended < AT_ONCE) return;
  }
}

export function expireOffer(tx: Tx, row: TransferRow, now: Date): void {
  const ended = updateTransfer(tx, row.id, { state: "expired" }) ?? row;
  tell(tx, SYSTEM_AUTHOR, "transfer.expired", ended, now);
  tellOwners(tx, row.fromOrganisationId, expiredNotice(row, "from"), now);
  if (row.toOrganisationId !== null) tellOwners(tx, row.toOrganisationId, expiredNotice(row, "to"), now);
}

/** In the transaction of what goes with it. */
export function endOffer(
  tx: Tx,
  vault: Vault,
  actor: Actor,
  row: TransferRow,
  state: "accepted" | "declined" | "withdrawn",
  now: Date,
): TransferRow {
  recordEnd(tx, vault, row, now);
  return updateTransfer(tx, row.id, { state, decidedBy: actorLabel(actor), decidedAt: now }) ?? row;
}

/** Of an app with which something else is done: the offer is taken back. */
export function withdrawWith(tx: Tx, vault: Vault, actor: Actor, appId: AppId, now: Date): void {
  const row = openTransferOf(tx, appId);
  if (row === undefined) return;
  if (row.expiresAt <= now) {
    expireOffer(tx, row, now);
    return;
  }
  const ended = endOffer(tx, vault, actor, row, "withdrawn", now);
  tell(tx, auditAuthor(actor), "transfer.withdrawn", ended, now);
  if (row.toOrganisationId !== null)
    tellOwners(tx, row.toOrganisationId, withdrawnNotice(row, byOf(actor)), now, actor);
}

/** After this leaf no row and no seal makes it count again. Of one whose time is over the seal says that. */
export function recordEnd(tx: Tx, vault: Vault, { id, appId }: TransferRow, now: Date): void {
  recordInLog(tx, vault, { type: "ended", what: "offer", appId, id }, now);
}

/**
 * In the audit log of both sides. Where nobody is called so, the store's own has the second entry: as much is written in both
 * cases, so that nothing tells the side that offers whether there was another.
 */
export function tell(
  tx: Tx,
  author: AuditAuthor,
  action: `transfer.${"offered" | "withdrawn" | "declined" | "accepted" | "fallen" | "expired"}`,
  row: TransferRow,
  now: Date,
): void {
  for (const organisationId of [row.fromOrganisationId, row.toOrganisationId]) {
    // The side that offers does not learn whether anybody is called so before it is accepted.
    const isKnown = action === "transfer.accepted" || organisationId === row.toOrganisationId;
    const to = (isKnown ? row.toOrganisationId : null) ?? row.named;
    recordChange(
      tx,
      author,
      {
        action,
        subject: { type: "app", id: row.appId },
        ...(organisationId === null ? {} : { organisationId }),
        after: { transfer: row.id, from: row.fromOrganisationId, to },
      },
      now,
    );
  }
}
