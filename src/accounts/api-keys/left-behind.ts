/** An organisation's keys whose maker may make none there any more: they work on, so its owners are told of them. */
import type { Tx } from "../../db/database.ts";
import type { AccountId, OrganisationId } from "../../ids.ts";
import type { OrganisationRole, StoreRole } from "../../roles.ts";
import { say } from "../../say.ts";
import { type Actor, accountLabel } from "../actor.ts";
import { tellAddress } from "../messages/outbox.ts";
import { type Addressee, selectAdministrators, selectOwners } from "../messages/records.ts";
import { actorOnRecord } from "../on-record.ts";
import { organisationById } from "../organisations.records.ts";
import { allows, grantOf } from "../rights.ts";
import { type ApiKeyRow, keysInUseOf, organisationsOfTokens } from "./records.ts";

/** Named in one message; the page has the rest. */
const NAMED = 20;

const mayMakeKeys = (actor: Actor | undefined, organisationId: OrganisationId): boolean =>
  actor !== undefined && allows(actor, "apikey.manage", { organisationId });

type Held = Pick<
  ApiKeyRow,
  "organisationId" | "createdBy" | "tokenBy" | "previousUntil" | "revokedAt" | "expiresAt"
>;

/** Who was given a token of it that may still work: of before the last rotation too, of which it is only kept who made the key. */
const holdersOf = ({ createdBy, tokenBy, previousUntil }: Held, now: Date): readonly string[] =>
  previousUntil !== null && previousUntil > now ? [tokenBy, createdBy] : [tokenBy];

/** Whether one of them may make no keys there any more: asked of many keys, it looks each person up once. */
export function leftBehind(tx: Tx, now: Date): (row: Held) => boolean {
  const found = new Map<string, Actor | undefined>();
  const holder = (by: string) => {
    if (!found.has(by)) found.set(by, actorOnRecord(tx, { by, with: null }));
    return found.get(by);
  };
  return (row) => {
    const { organisationId, revokedAt, expiresAt } = row;
    if (organisationId === null || revokedAt !== null || expiresAt <= now) return false;
    return holdersOf(row, now).some((by) => !mayMakeKeys(holder(by), organisationId));
  };
}

/** What somebody could do before: a role in some organisations, or in the store, which reaches all of them. */
export type Before = {
  readonly organisations?: readonly {
    readonly organisationId: OrganisationId;
    readonly role: OrganisationRole;
  }[];
  readonly storeRole?: StoreRole | null;
};

/**
 * In the transaction of the change, once it is written. A key is its organisation's, and builds rest on it, so it is not ended;
 * but whoever made it, or rotated it last, may have its token.
 * @param before By which they could make keys: whoever could make none has been told of before, or made none.
 */
export function tellOfKeysLeftBy(tx: Tx, accountId: AccountId, before: Before, now: Date): void {
  const by = accountLabel(accountId);
  const { organisation: roles, store: storeRoles } = grantOf("apikey.manage");
  const { organisations = [], storeRole = null } = before;
  const reached = new Set(
    organisations.filter(({ role }) => roles.includes(role)).map(({ organisationId }) => organisationId),
  );
  if (storeRole !== null && storeRoles.includes(storeRole))
    for (const organisationId of organisationsOfTokens(tx, by, now)) reached.add(organisationId);
  const maker = actorOnRecord(tx, { by, with: null });
  for (const organisationId of reached) {
    if (mayMakeKeys(maker, organisationId)) continue;
    const keys = keysInUseOf(tx, { organisationId }, now).filter((key) => holdersOf(key, now).includes(by));
    if (keys.length > 0) tell(tx, accountId, organisationId, keys, now);
  }
}

/** The owners who stay. Where none does, the administrators, who can take the organisation over. */
function toldOf(tx: Tx, organisationId: OrganisationId, left: AccountId): readonly Addressee[] {
  const who = (people: readonly Addressee[]) =>
    people.filter(
      ({ accountId }) =>
        accountId !== left &&
        mayMakeKeys(actorOnRecord(tx, { by: accountLabel(accountId), with: null }), organisationId),
    );
  const owners = who(selectOwners(tx, organisationId));
  return owners.length > 0 ? owners : who(selectAdministrators(tx));
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
    about: { organisationId },
    // Without a name: the message stays when the account is deleted, and the audit log says who it was for as long as it may.
    subject: say`API keys of ${organisation} work on, and who made them has gone`,
    body: [
      say`Somebody may not make API keys of ${organisation} any more, who made these, or rotated them last. They work as before, since builds may rest on them:`,
      [...named, ...(more > 0 ? [say`and ${more} more`] : [])],
      say`Whoever made a key may have kept its token. Rotate each key that is still needed, with no hours for the old token, and revoke the others.`,
    ],
    path: `/organisations/${organisationId}/keys`,
  } as const;
  for (const one of toldOf(tx, organisationId, accountId))
    tellAddress(tx, { address: one.email, accountId: one.accountId }, notice, now);
}
