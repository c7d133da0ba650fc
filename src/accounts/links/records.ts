/** The SQL of links that work once, beyond what every kind of them needs. */
import { and, eq, isNotNull, isNull, ne, or } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { oneTimeTokens, outbox } from "../../db/schema.ts";
import type { AccountId, InvitationId } from "../../ids.ts";
import type { OneTimeTokenRow } from "../one-time-tokens.records.ts";

type Of = {
  readonly accountId?: AccountId;
  readonly invitationId?: InvitationId;
  readonly purpose?: Exclude<OneTimeTokenRow["purpose"], "setup">;
};

/** Gives how many there were. */
export function endTokensOf(tx: Tx, of: Of): number {
  return tx
    .delete(oneTimeTokens)
    .where(
      and(
        isNull(oneTimeTokens.usedAt),
        of.accountId === undefined ? undefined : eq(oneTimeTokens.accountId, of.accountId),
        of.invitationId === undefined ? undefined : eq(oneTimeTokens.invitationId, of.invitationId),
        of.purpose === undefined ? undefined : eq(oneTimeTokens.purpose, of.purpose),
      ),
    )
    .returning({ hash: oneTimeTokens.hash })
    .all().length;
}

/** Messages whose link is made later, or again when it is handed over. Gives how many there were. */
export function endMessagesOf(tx: Tx, of: Of): number {
  return tx
    .update(outbox)
    .set({ ended: "needless", failingSince: null })
    .where(
      and(
        isNotNull(outbox.link),
        or(isNull(outbox.ended), ne(outbox.ended, "needless")),
        of.accountId === undefined ? undefined : eq(outbox.accountId, of.accountId),
        of.invitationId === undefined ? undefined : eq(outbox.invitationId, of.invitationId),
        of.purpose === undefined ? undefined : eq(outbox.link, of.purpose),
      ),
    )
    .returning({ id: outbox.id })
    .all().length;
}
