/**
 * Invitations that wait for somebody: taken back when what they offer was decided in another way since, so that no old link
 * gives back what was taken away.
 */
import type { AuditAuthor } from "../../audit/entry.ts";
import { recordChange } from "../../audit/record.ts";
import type { Tx } from "../../db/database.ts";
import type { OrganisationId } from "../../ids.ts";
import { endLinks } from "../links/links.ts";
import { markInvitation, openInvitationsFor } from "./records.ts";

/** @param into What was decided: a role in an organisation, one in the store (or that there is an account), or everything. */
export function revokeInvitationsTo(
  tx: Tx,
  author: AuditAuthor,
  emailKey: string,
  into: { readonly organisationId: OrganisationId } | "store" | "all",
  now: Date,
): void {
  for (const { id, organisationId, storeRole } of openInvitationsFor(tx, emailKey, now)) {
    const isMeant =
      into === "all" ||
      (into === "store"
        ? organisationId === null || storeRole !== null
        : organisationId === into.organisationId);
    if (!isMeant) continue;
    markInvitation(tx, id, { revokedAt: now });
    endLinks(tx, { invitationId: id });
    const subject = { type: "invitation", id };
    recordChange(tx, author, { action: "invitation.revoked", subject, organisationId }, now);
  }
}
