/** Invitations that somebody has sent: taken back when their account goes, so that nobody waits for one that opens nothing. */
import type { AuditAuthor } from "../../audit/entry.ts";
import { recordChange } from "../../audit/record.ts";
import type { Tx } from "../../db/database.ts";
import type { OrganisationId } from "../../ids.ts";
import { endLinks } from "../links/links.ts";
import { markInvitation, openInvitations } from "./records.ts";

/** More are open in no organisation; what is left opens nothing all the same. */
const MOST = 1000;

/** @param into The organisations into which they may have invited. */
export function revokeInvitationsBy(
  tx: Tx,
  author: AuditAuthor,
  label: string,
  into: readonly { readonly id: OrganisationId }[],
  now: Date,
): void {
  for (const organisationId of [null, ...into.map(({ id }) => id)]) {
    for (const row of openInvitations(tx, organisationId, { limit: MOST }, now)) {
      if (row.createdBy !== label) continue;
      markInvitation(tx, row.id, { revokedAt: now });
      endLinks(tx, { invitationId: row.id });
      const subject = { type: "invitation", id: row.id };
      recordChange(tx, author, { action: "invitation.revoked", subject, organisationId }, now);
    }
  }
}
