/** Offering an app to another organisation, and taking that back. */
import { type Actor, actorLabel, auditAuthor, byOf, ownKeyOf } from "../../accounts/actor.ts";
import { tellOwners } from "../../accounts/messages/outbox.ts";
import { reachOf } from "../../accounts/rights.ts";
import { plainSaid, unseenIn } from "../../accounts/said.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import {
  findIdempotent,
  type Idempotency,
  idempotentResourceGone,
  rememberIdempotent,
} from "../../db/idempotency.ts";
import { Problem } from "../../errors.ts";
import { type AppId, isId, newId, type OrganisationId, type TransferId } from "../../ids.ts";
import { say, type Words } from "../../say.ts";
import { DAY_MS } from "../../time.ts";
import { findAppFor } from "../apps.ts";
import { type AppRow, findOrganisationName } from "../records.ts";
import { FORMER_DEVELOPERS_MAX } from "../tuf/documents.ts";
import { endOffer, expireOffer, tell } from "./ends.ts";
import { findTransferFor, mustBeOpen, stateOf } from "./find.ts";
import { offeredNotice, offerMadeNotice, withdrawnNotice } from "./notices.ts";
import {
  formerOwners,
  insertTransfer,
  openTransferOf,
  organisationsNamed,
  type TransferRow,
  transferById,
  transfersOf,
} from "./records.ts";
import { sealOffer } from "./seal.ts";

export const OFFER_DAYS = 14;
export const OFFER_REASON_CHARACTERS = 500;
/** Of one organisation, to all others. */
export const MOST_OFFERS_A_DAY = 20;
const NAMED_CHARACTERS = 200;

export type NewTransfer = {
  /** The id of the organisation, or its exact name. */
  readonly to: string;
  /** What its owners read; may be empty. */
  readonly reason?: string;
};

/**
 * Whether there is such an organisation is not told: the offer is made all the same, and ends by itself when nobody takes it.
 * @throws Problem `app.not_found`, `transfer.invalid`, `transfer.same`, `transfer.ambiguous`, `transfer.open`, `transfer.too_often`, `transfer.too_many`, `rights.forbidden`,
 *   `idempotency.key_reused`, `idempotency.resource_gone`
 */
export function offerApp(
  store: Store,
  actor: Actor,
  appId: AppId,
  asked: NewTransfer,
  idempotency?: Idempotency,
): TransferRow {
  const { named, reason } = checkAsked(asked);
  return write(store.db, (tx) => {
    const now = store.clock.now();
    const app = findAppFor(tx, actor, "app.transfer", appId);
    const request = JSON.stringify([appId, named, reason]);
    const earlier = findIdempotent(tx, idempotency, request);
    if (earlier) {
      const made = transferById(tx, earlier.resourceId as TransferId);
      if (!made) throw idempotentResourceGone();
      return made;
    }
    if (named === app.organisationId || named === app.organisationName) {
      const message = say`${appId} is of that organisation already.`;
      throw new Problem("conflict", "transfer.same", message, [
        { code: "transfer.same", pointer: "/to", message },
      ]);
    }
    const toOrganisationId = findNamed(tx, actor, named);
    refuseSecond(tx, app, now);
    refuseTooOften(tx, appId);
    refuseTooMany(tx, app.organisationId, now);
    const offer = {
      id: newId("trf"),
      appId,
      fromOrganisationId: app.organisationId,
      toOrganisationId,
      offeredBy: actorLabel(actor),
      offeredWith: ownKeyOf(actor),
      offeredAt: now,
      expiresAt: new Date(now.getTime() + OFFER_DAYS * DAY_MS),
    };
    const sealed = sealOffer(store.vault, offer);
    const row = insertTransfer(tx, { ...offer, named, reason, state: "open", sealed });
    rememberIdempotent(tx, idempotency, request, row.id, now);
    tell(tx, auditAuthor(actor), "transfer.offered", row, now);
    const about = { appId, appName: app.name, by: byOf(actor), reason, expiresAt: row.expiresAt };
    tellOwners(tx, app.organisationId, offerMadeNotice({ ...about, row }), now, actor);
    if (toOrganisationId !== null)
      tellOwners(tx, toOrganisationId, offeredNotice({ ...about, row, from: app.organisationName }), now);
    return row;
  });
}

/** @throws Problem `transfer.not_found`, `transfer.over`, `organisation.not_found`, `rights.forbidden` */
export function withdrawOffer(
  store: Store,
  actor: Actor,
  of: { readonly organisationId: OrganisationId; readonly transferId: TransferId },
): TransferRow {
  return write(store.db, (tx) => {
    const now = store.clock.now();
    const { row, side } = findTransferFor(tx, actor, "app.transfer", of);
    if (side !== "from") throw otherSide(say`taken back by the organisation that made it`);
    mustBeOpen(row, now);
    const ended = endOffer(tx, store.vault, actor, row, "withdrawn", now);
    tell(tx, auditAuthor(actor), "transfer.withdrawn", ended, now);
    if (row.toOrganisationId !== null)
      tellOwners(tx, row.toOrganisationId, withdrawnNotice(row, byOf(actor)), now, actor);
    return ended;
  });
}

export function otherSide(by: Words): Problem {
  return new Problem("conflict", "transfer.other_side", say`An offer is ${by}.`);
}

function checkAsked({ to, reason: text = "" }: NewTransfer): { named: string; reason: string } {
  const fault = (field: "to" | "reason", message: Words) =>
    new Problem("unprocessable", "transfer.invalid", message, [
      { code: "transfer.invalid", pointer: `/${field}`, message },
    ]);
  const named = to.trim().normalize("NFC");
  if (named === "" || [...named].length > NAMED_CHARACTERS || /[\p{Cc}\p{Cf}]/u.test(named))
    throw fault("to", say`Name the organisation, by its id or its exact name.`);
  const reason = plainSaid(text);
  if ([...reason].length > OFFER_REASON_CHARACTERS)
    throw fault("reason", say`What is said of it has at most ${OFFER_REASON_CHARACTERS} characters.`);
  const unseen = unseenIn(reason);
  if (unseen !== null)
    throw fault("reason", say`It has no characters that control text or turn it around; found ${unseen}.`);
  return { named, reason };
}

/**
 * Of several that are called so it is the one that the actor may see, and otherwise none, since anybody could call theirs so. Only
 * of those that the actor may see anyway is it told that there are several.
 * @throws Problem `transfer.ambiguous`
 */
function findNamed(tx: Tx, actor: Actor, named: string): OrganisationId | null {
  if (isId("org", named)) return findOrganisationName(tx, named) === undefined ? null : named;
  const [seen, another] = organisationsNamed(tx, named, reachOf(actor, "organisation.read").organisationIds);
  if (another !== undefined) {
    const message = say`You see more than one organisation that is called “${named}”. Name the one that you mean by its id, org-…, which stands in the address of its pages.`;
    throw new Problem("conflict", "transfer.ambiguous", message, [
      { code: "transfer.ambiguous", pointer: "/to", message },
    ]);
  }
  if (seen !== undefined) return seen;
  const [only = null, ...others] = organisationsNamed(tx, named, null);
  return others.length === 0 ? only : null;
}

/** What the index of an app names is limited. */
function refuseTooOften(tx: Tx, appId: AppId): void {
  if (formerOwners(tx, appId).length < FORMER_DEVELOPERS_MAX) return;
  const message = say`${appId} was of ${FORMER_DEVELOPERS_MAX} organisations before this one, which is the most that there may be.`;
  throw new Problem("conflict", "transfer.too_often", message);
}

/** Each is a message to people who have not asked for it. */
function refuseTooMany(tx: Tx, organisationId: OrganisationId, now: Date): void {
  const earlier = transfersOf(tx, "from", organisationId, { limit: MOST_OFFERS_A_DAY }).at(
    MOST_OFFERS_A_DAY - 1,
  );
  const leftMs = earlier === undefined ? 0 : earlier.offeredAt.getTime() + DAY_MS - now.getTime();
  if (leftMs <= 0) return;
  const message = say`An organisation offers ${MOST_OFFERS_A_DAY} apps a day at most.`;
  throw new Problem("too_many_requests", "transfer.too_many", message, [
    {
      code: "retry.after",
      message: "a day after the first of them",
      expected: String(Math.ceil(leftMs / 1000)),
    },
  ]);
}

function refuseSecond(tx: Tx, app: AppRow, now: Date): void {
  const open = openTransferOf(tx, app.id);
  if (open === undefined) return;
  // One of somebody whose the app is not, as it is signed, binds nobody.
  if (stateOf(open, now) === "open" && open.fromOrganisationId === app.organisationId) {
    const message = say`${app.id} is offered to somebody already. Take that back first.`;
    throw new Problem("conflict", "transfer.open", message);
  }
  expireOffer(tx, open, now);
}
