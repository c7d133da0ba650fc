/** The SQL of links that work once, beyond what every kind of them needs. */
import { and, eq, isNull } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { oneTimeTokens } from "../../db/schema.ts";
import type { AccountId, InvitationId } from "../../ids.ts";
import type { OneTimeTokenRow } from "../one-time-tokens.records.ts";

export function endTokensOf(
  tx: Tx,
  of: {
    readonly accountId?: AccountId;
    readonly invitationId?: InvitationId;
    readonly purpose?: OneTimeTokenRow["purpose"];
  },
): void {
  tx.delete(oneTimeTokens)
    .where(
      and(
        isNull(oneTimeTokens.usedAt),
        of.accountId === undefined ? undefined : eq(oneTimeTokens.accountId, of.accountId),
        of.invitationId === undefined ? undefined : eq(oneTimeTokens.invitationId, of.invitationId),
        of.purpose === undefined ? undefined : eq(oneTimeTokens.purpose, of.purpose),
      ),
    )
    .run();
}
