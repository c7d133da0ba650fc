/** Whom a message about a key goes to, and what it calls the key. */
import type { Tx } from "../../db/database.ts";
import type { AccountId } from "../../ids.ts";
import { type Notice, tellAddress } from "../messages/outbox.ts";
import { type Addressee, selectOwners } from "../messages/records.ts";
import { actorOnRecord } from "../on-record.ts";
import { accountById } from "../records.ts";
import { allows } from "../rights.ts";
import type { ApiKeyRow } from "./records.ts";

/** Whoever made it, and the owners: of an organisation's key its owners, of a person's the person. Each once. */
function peopleOf(tx: Tx, { createdBy, organisationId, accountId }: ApiKeyRow): readonly Addressee[] {
  const people = new Map<AccountId, Addressee>();
  const add = (id: AccountId): void => {
    const account = accountById(tx, id);
    if (account && account.disabledAt === null) people.set(id, { accountId: id, email: account.email });
  };
  const maker = /^account:(acc-.*)$/.exec(createdBy)?.[1] as AccountId | undefined;
  if (organisationId !== null) {
    for (const owner of selectOwners(tx, organisationId)) people.set(owner.accountId, owner);
    // Who has left the organisation, or may not see its keys any more, is told nothing of them.
    const present = actorOnRecord(tx, { by: createdBy, with: null });
    const sees = present !== undefined && allows(present, "apikey.read", { organisationId });
    if (maker !== undefined && sees) add(maker);
  } else {
    if (accountId !== null) add(accountId);
    if (maker !== undefined) add(maker);
  }
  return [...people.values()];
}

/** Writes a message to each of them, in the transaction of what it tells of. */
export function tellPeopleOf(
  tx: Tx,
  row: ApiKeyRow,
  notice: Pick<Notice, "subject" | "body"> & { readonly kind: "apikey.ending" | "apikey.leaked" },
  now: Date,
): void {
  const { organisationId } = row;
  const path = organisationId === null ? "/account/keys" : `/organisations/${organisationId}/keys`;
  for (const { accountId, email } of peopleOf(tx, row))
    tellAddress(
      tx,
      { address: email, accountId },
      { ...notice, ...(organisationId === null ? {} : { about: { organisationId } }), path },
      now,
    );
}
