/** An organisation's keys whose maker may make none there any more: they work on, so its owners are told of them. */
import type { Tx } from "../../db/database.ts";
import type { AccountId, OrganisationId } from "../../ids.ts";
import type { OrganisationRole } from "../../roles.ts";
import { type Actor, accountLabel } from "../actor.ts";
import { tellAddress } from "../messages/outbox.ts";
import { selectOwners } from "../messages/records.ts";
import { actorOnRecord } from "../on-record.ts";
import { organisationById } from "../organisations.records.ts";
import { allows, grantOf } from "../rights.ts";
import { type ApiKeyRow, keysInUseOf } from "./records.ts";

/** Named in one message; the page has the rest. */
const NAMED = 20;

const mayMakeKeys = (actor: Actor | undefined, organisationId: OrganisationId): boolean =>
  actor !== undefined && allows(actor, "apikey.manage", { organisationId });

/**
 * In the transaction of the change, once it is written. A key is its organisation's, and builds rest on it, so it is not ended;
 * but whoever made it may have its token.
 * @param left What they were in organisations: whoever could make no keys there has been told of before, or made none.
 */
export function tellOfKeysLeftBy(
  tx: Tx,
  accountId: AccountId,
  left: readonly { readonly organisationId: OrganisationId; readonly role: OrganisationRole }[],
  now: Date,
): void {
  const by = accountLabel(accountId);
  const maker = actorOnRecord(tx, { by, with: null });
  for (const { organisationId, role } of left) {
    if (!grantOf("apikey.manage").organisation.includes(role) || mayMakeKeys(maker, organisationId)) continue;
    const keys = keysInUseOf(tx, { organisationId }, now).filter(({ createdBy }) => createdBy === by);
    if (keys.length > 0) tell(tx, accountId, organisationId, keys, now);
  }
}

function tell(
  tx: Tx,
  accountId: AccountId,
  organisationId: OrganisationId,
  keys: readonly ApiKeyRow[],
  now: Date,
): void {
  const organisation = organisationById(tx, organisationId)?.name ?? organisationId;
  const named = keys.slice(0, NAMED).map(({ name, id }) => `- ${name} (${id})`);
  const more = keys.length - named.length;
  const notice = {
    kind: "apikey.left",
    // Without a name: the message stays when the account is deleted, and the audit log says who it was for as long as it may.
    subject: `API keys of ${organisation} work on, and who made them has gone`,
    body: [
      `Somebody may not make API keys of ${organisation} any more, who made these. They work as before, since builds may rest on them:`,
      [...named, ...(more > 0 ? [`and ${more} more`] : [])].join("\n"),
      "Whoever made a key may have kept its token. Rotate each key that is still needed, with no hours for the old token, and revoke the others.",
    ].join("\n\n"),
    path: `/organisations/${organisationId}/keys`,
  } as const;
  for (const owner of selectOwners(tx, organisationId))
    if (owner.accountId !== accountId)
      tellAddress(tx, { address: owner.email, accountId: owner.accountId }, notice, now);
}
