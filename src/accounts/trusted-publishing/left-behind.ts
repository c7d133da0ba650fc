/**
 * Trusted publishers whose maker may choose none there any more: their builds go on, so the owners are told of them. What they
 * trust may be that person's own.
 */
import type { Tx } from "../../db/database.ts";
import type { AccountId, OrganisationId } from "../../ids.ts";
import { say } from "../../say.ts";
import { type Actor, accountLabel } from "../actor.ts";
import type { Before } from "../api-keys/left-behind.ts";
import { tellAddress } from "../messages/outbox.ts";
import { selectAdministrators, selectOwners } from "../messages/records.ts";
import { actorOnRecord } from "../on-record.ts";
import { organisationById } from "../organisations.records.ts";
import { allows } from "../rights.ts";
import { publisherName } from "./conditions.ts";
import { type PublisherRow, publishersMadeBy } from "./records.ts";

/** Named in one message; the pages have the rest. */
const NAMED = 20;

type Made = Pick<PublisherRow, "createdBy" | "organisationId" | "appId">;

const mayChoose = (actor: Actor | undefined, { organisationId, appId }: Made): boolean =>
  actor !== undefined && allows(actor, "publisher.manage", { organisationId, appId });

/** Whether who made it may make none of the app any more. */
export const isLeftBehind = (tx: Tx, row: Made): boolean =>
  !mayChoose(actorOnRecord(tx, { by: row.createdBy, with: null }), row);

/** In the transaction of the change, once it is written. @param before The organisations in which they had a role. */
export function tellOfPublishersLeftBy(tx: Tx, accountId: AccountId, before: Before, now: Date): void {
  const by = accountLabel(accountId);
  const maker = actorOnRecord(tx, { by, with: null });
  for (const { organisationId, role } of before.organisations ?? []) {
    if (role !== "owner") continue;
    const left = publishersMadeBy(tx, organisationId, by).filter((row) => !mayChoose(maker, row));
    if (left.length > 0) tell(tx, accountId, organisationId, left, now);
  }
}

function tell(
  tx: Tx,
  accountId: AccountId,
  organisationId: OrganisationId,
  left: readonly PublisherRow[],
  now: Date,
): void {
  const organisation = organisationById(tx, organisationId)?.name ?? organisationId;
  const named = left.slice(0, NAMED).map((row) => say`- ${publisherName(row)}, for ${row.appId}`);
  const more = left.length - named.length;
  const [first] = left;
  const isOfOne = first !== undefined && left.every(({ appId }) => appId === first.appId);
  const notice = {
    kind: "publisher.left",
    about: { organisationId },
    // Without a name: the message stays when the account is deleted, and the audit log says who it was for as long as it may.
    subject: say`Trusted publishers of ${organisation} work on, and who chose them has gone`,
    body: [
      say`Somebody may not choose any more which build jobs apps of ${organisation} trust, who chose these. Their versions are taken as before, since builds may rest on them:`,
      [...named, ...(more > 0 ? [say`and ${more} more`] : [])],
      say`Whoever can let such a job run can upload versions. Look whether each is a job of yours and who may change what it does, and remove the others.`,
    ],
    path: isOfOne ? `/apps/${first.appId}/publishers` : "/dashboard",
  } as const;
  const stays = ({ accountId: id }: { readonly accountId: AccountId }) => id !== accountId;
  const owners = selectOwners(tx, organisationId).filter(stays);
  // Where no owner stays, the administrators, who can take the organisation over.
  for (const one of owners.length > 0 ? owners : selectAdministrators(tx).filter(stays))
    tellAddress(tx, { address: one.email, accountId: one.accountId }, notice, now);
}
