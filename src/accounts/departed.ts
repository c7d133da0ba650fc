/**
 * What somebody began and nobody has answered, and the enrolment codes that they made, when they may do less than before: they left or were put out, have another
 * role, are disabled, or a key of theirs was revoked.
 */
import type { AuditAuthor } from "../audit/entry.ts";
import type { Tx } from "../db/database.ts";
import type { AccountId } from "../ids.ts";
import { enqueue } from "../jobs/queue.ts";
import { accountLabel } from "./actor.ts";
import { hasOpenOffers } from "./departed.records.ts";
import { revokeFallenCodes } from "./devices/codes-of.ts";
import { revokeInvitationsBy } from "./invitations/sent-by.ts";

/** Ends the offers of apps of one person that do not stand any more: the catalogue's work. */
export const OFFERS_FALLING_JOB = "transfer.falling";

/** In the transaction of the change, once it is written: invitations and enrolment codes end with it, and offers of apps right after it. */
export function endBegunBy(tx: Tx, author: AuditAuthor, accountId: AccountId, now: Date): void {
  revokeInvitationsBy(tx, author, accountId, "fallen", now);
  revokeFallenCodes(tx, author, accountId, now);
  const by = accountLabel(accountId);
  if (hasOpenOffers(tx, by)) enqueue(tx, { kind: OFFERS_FALLING_JOB, key: by, payload: { by } }, now);
}
