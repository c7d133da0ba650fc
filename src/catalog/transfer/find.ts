/** An offer of an app, for who may see it, and what is left of its time. */
import type { Actor } from "../../accounts/actor.ts";
import { organisationNotFound } from "../../accounts/organisations.ts";
import { type Action, authorise } from "../../accounts/rights.ts";
import type { Tx } from "../../db/database.ts";
import { Problem } from "../../errors.ts";
import type { OrganisationId, TransferId } from "../../ids.ts";
import { say } from "../../say.ts";
import { type TransferRow, transferById } from "./records.ts";

export type TransferState = TransferRow["state"];
export type Side = "from" | "to";

/** An open one whose time is over is over. */
export function stateOf(row: Pick<TransferRow, "state" | "expiresAt">, now: Date): TransferState {
  return row.state === "open" && row.expiresAt <= now ? "expired" : row.state;
}

/** @throws Problem `organisation.not_found`, `transfer.not_found`, `rights.forbidden` */
export function findTransferFor(
  tx: Tx,
  actor: Actor,
  action: Action,
  {
    organisationId,
    transferId,
  }: { readonly organisationId: OrganisationId; readonly transferId: TransferId },
): { readonly row: TransferRow; readonly side: Side } {
  authorise(actor, action, { organisationId }, organisationNotFound);
  const row = transferById(tx, transferId);
  if (row?.fromOrganisationId === organisationId) return { row, side: "from" };
  if (row?.toOrganisationId === organisationId) return { row, side: "to" };
  throw new Problem("not_found", "transfer.not_found", say`There is no such offer of an app.`);
}

/** @throws Problem `transfer.over` */
export function mustBeOpen(row: TransferRow, now: Date): void {
  const state = stateOf(row, now);
  if (state === "open") return;
  const WORDS = {
    accepted: say`It was accepted.`,
    declined: say`It was declined.`,
    withdrawn: say`It was taken back.`,
    fallen: say`Whoever made it may not offer the app any more. Another owner there can offer it again.`,
    expired: say`Its time is over. It can be made again.`,
  } as const;
  throw new Problem("conflict", "transfer.over", say`This offer is over. ${WORDS[state]}`);
}
