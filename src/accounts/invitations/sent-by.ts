/** Invitations that somebody has sent: taken back when they may not send them any more, so that nobody waits for one that opens nothing. */
import type { AuditAuthor } from "../../audit/entry.ts";
import { recordChange } from "../../audit/record.ts";
import type { Tx } from "../../db/database.ts";
import type { AccountId } from "../../ids.ts";
import { accountLabel } from "../actor.ts";
import { endLinks } from "../links/links.ts";
import { actorOnRecord } from "../on-record.ts";
import { mayStand } from "./may-stand.ts";
import { markInvitation, openInvitationsBy } from "./records.ts";

/** @param which `all`, or those alone that do not stand any more by what is written of who sent them. */
export function revokeInvitationsBy(
  tx: Tx,
  author: AuditAuthor,
  accountId: AccountId,
  which: "all" | "fallen",
  now: Date,
): void {
  for (const row of openInvitationsBy(tx, accountLabel(accountId))) {
    if (row.expiresAt <= now) continue;
    if (which === "fallen" && mayStand(row, (begun) => actorOnRecord(tx, begun))) continue;
    const { id, organisationId } = row;
    markInvitation(tx, id, { revokedAt: now });
    endLinks(tx, { invitationId: id });
    const subject = { type: "invitation", id };
    recordChange(tx, author, { action: "invitation.revoked", subject, organisationId }, now);
  }
}
