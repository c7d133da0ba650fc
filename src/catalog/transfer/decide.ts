/**
 * Taking an app over that is offered, or declining it. The row and what devices read of it change in one transaction: devices
 * find the app of the one organisation or of the other, and its lineage as it was.
 */
import { type Actor, actorLabel, auditAuthor, byOf } from "../../accounts/actor.ts";
import { updateApiKey } from "../../accounts/api-keys/records.ts";
import { tellOwners } from "../../accounts/messages/outbox.ts";
import { forgetAppInRoles } from "../../accounts/narrowed-roles.ts";
import { stillActing } from "../../accounts/still.ts";
import { recordChange } from "../../audit/record.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import type { VersionState } from "../../db/version-states.ts";
import { Problem } from "../../errors.ts";
import type { OrganisationId, TransferId } from "../../ids.ts";
import type { Vault } from "../../keys/vault.ts";
import { say } from "../../say.ts";
import { recordEnd } from "../ended.ts";
import { planMove } from "../offer.ts";
import { endAllTrust } from "../publishers.ts";
import * as catalog from "../records.ts";
import { findWaiting } from "../recovery.records.ts";
import { refuseRevokedNames } from "../revocation/in-force.ts";
import { keepSearchable } from "../search/keep.ts";
import { stateAfter } from "../states.ts";
import { exportSoon } from "../tuf/export-soon.ts";
import { publishTargets } from "../tuf/repository.ts";
import { inTurn } from "../tuf/turn.ts";
import { tellOfVersion } from "../version-changes.ts";
import { endOffer, tell } from "./ends.ts";
import { refuseFallen } from "./falling.ts";
import { findTransferFor, mustBeOpen } from "./find.ts";
import { declinedNotice, givenNotice, takenNotice } from "./notices.ts";
import { otherSide } from "./offer.ts";
import * as records from "./records.ts";
import { mustBeOffered } from "./seal.ts";

type Of = { readonly organisationId: OrganisationId; readonly transferId: TransferId };

/** @throws Problem `transfer.not_found`, `transfer.over`, `transfer.other_side`, `organisation.not_found`, `rights.forbidden` */
export function declineOffer(store: Store, actor: Actor, of: Of): records.TransferRow {
  return write(store.db, (tx) => {
    const now = store.clock.now();
    const row = findOffered(tx, actor, of, now);
    const ended = endOffer(tx, store.vault, actor, row, "declined", now);
    tell(tx, auditAuthor(actor), "transfer.declined", ended, now);
    tellOwners(tx, row.fromOrganisationId, declinedNotice(row, byOf(actor)), now, actor);
    return ended;
  });
}

/**
 * Versions that are not published are withdrawn: they are signed for the organisation that it was of. What is published stays,
 * and so does the lineage.
 * @throws Problem `transfer.not_found`, `transfer.over`, `transfer.other_side`, `transfer.offerer_gone`,
 *   `transfer.recovery_waiting`, `app.busy`, `revocation.in_force`, `organisation.not_found`, `rights.forbidden`, `catalog.busy`, `catalog.damaged`,
 *   and those of `stillActing`
 */
export async function acceptOffer(store: Store, actor: Actor, of: Of): Promise<records.TransferRow> {
  return inTurn(store.db, () => accept(store, actor, of), "act");
}

async function accept(store: Store, actor: Actor, of: Of): Promise<records.TransferRow> {
  const { orm } = store.db;
  const look = (tx: Tx) => mayMove(store, tx, actor, of);
  const { app } = look(orm);
  if (app.publishedAt === null) {
    return write(store.db, (tx) => {
      const found = look(tx);
      // The first one may have been published while this was asked.
      if (found.app.publishedAt !== null) throw busy(found.app);
      return move(store, tx, actor, found);
    });
  }
  let moved: records.TransferRow | undefined;
  await publishTargets(
    store,
    () => {
      const { app: present, to } = look(orm);
      const movedFrom = present.organisationId;
      return planMove(store, { ...present, organisationId: to.id, organisationName: to.name, movedFrom });
    },
    (tx) => {
      moved = move(store, tx, actor, look(tx));
    },
  );
  await exportSoon(store);
  if (moved === undefined) throw new Error("what was published was not written");
  return moved;
}

type Found = {
  readonly row: records.TransferRow;
  readonly app: catalog.AppRow;
  readonly to: { readonly id: OrganisationId; readonly name: string };
};

/** Asked again wherever it is acted upon. */
function mayMove(store: Store, tx: Tx, actor: Actor, of: Of): Found {
  // It may have waited for its turn: who was put out meanwhile takes nothing for those who stay.
  const row = findOffered(tx, stillActing(store, tx, actor), of, store.clock.now());
  mustBeOffered(tx, store.vault, row);
  const app = catalog.findApp(tx, row.appId);
  const name = catalog.findOrganisationName(tx, of.organisationId);
  // It was given to somebody else since, which ended this offer.
  if (!app || name === undefined || app.organisationId !== row.fromOrganisationId)
    throw new Problem(
      "conflict",
      "transfer.over",
      say`This offer is over. The app is another organisation's.`,
    );
  refuseFallen(store, tx, row);
  refuseRevokedNames(tx, [
    { subject: "app", id: app.id },
    { subject: "developer", id: row.fromOrganisationId },
    { subject: "developer", id: of.organisationId },
  ]);
  if (records.versionsIn(tx, app.id, ["publishing"]).length > 0) throw busy(app);
  if (findWaiting(tx, [app.id]) !== undefined) {
    const message = say`A recovery of lost keys of ${app.id} waits: it has to be decided first.`;
    throw new Problem("conflict", "transfer.recovery_waiting", message);
  }
  return { row, app, to: { id: of.organisationId, name } };
}

function findOffered(tx: Tx, actor: Actor, of: Of, now: Date): records.TransferRow {
  const { row, side } = findTransferFor(tx, actor, "transfer.decide", of);
  if (side !== "to") throw otherSide(say`decided by the organisation that it is made to`);
  mustBeOpen(row, now);
  return row;
}

function busy(app: catalog.AppRow): Problem {
  return new Problem("conflict", "app.busy", say`A version of ${app.id} is being published right now.`);
}

const UNPUBLISHED: readonly VersionState[] = ["checking", "draft", "in_review", "signing", "held"];

function move({ vault, clock }: Store, tx: Tx, actor: Actor, { row, app, to }: Found): records.TransferRow {
  const now = clock.now();
  const { id: appId } = app;
  const from = row.fromOrganisationId;
  withdrawUnpublished(tx, vault, actor, app, now);
  forgetAppInRoles(tx, auditAuthor(actor), from, appId, now);
  for (const key of records.keysNarrowedTo(tx, from, appId)) {
    const apps = key.apps.filter((id) => id !== appId);
    updateApiKey(tx, key.id, { apps });
    const change = { action: "apikey.narrowed", subject: { type: "apikey", id: key.id } } as const;
    const after = { apps: apps.join(" ") };
    recordChange(tx, auditAuthor(actor), { ...change, organisationId: from, after }, now);
  }
  endAllTrust(tx, actor, appId, now);
  // No device knows what was never published as anybody's.
  if (app.publishedAt !== null) records.saveFormerOwner(tx, appId, from, now);
  catalog.updateApp(tx, appId, { organisationId: to.id, trustedOnly: false }, now);
  keepSearchable(tx, appId);
  const ended = endOffer(tx, vault, actor, row, "accepted", now);
  tell(tx, auditAuthor(actor), "transfer.accepted", ended, now);
  if (app.trustedOnly) {
    const change = { action: "publisher.only", subject: { type: "app", id: appId } } as const;
    const facts = { before: { trustedOnly: true }, after: { trustedOnly: false } };
    recordChange(tx, auditAuthor(actor), { ...change, organisationId: to.id, ...facts }, now);
  }
  const by = byOf(actor);
  tellOwners(tx, from, givenNotice(row, to.name, by), now, actor);
  tellOwners(tx, to.id, takenNotice(row, by), now, actor);
  return ended;
}

const WITHDRAWN_NOTE = "The app was given to another organisation, which signs for itself.";

function withdrawUnpublished(tx: Tx, vault: Vault, actor: Actor, app: catalog.AppRow, now: Date): void {
  for (const before of records.versionsIn(tx, app.id, UNPUBLISHED)) {
    const event = { actor: actorLabel(actor), note: WITHDRAWN_NOTE, now };
    const after = catalog.updateVersion(tx, before, { state: stateAfter(before.state, "withdraw") }, event);
    recordEnd(tx, vault, before, now);
    tellOfVersion(tx, actor, "version.withdrawn", { before, after }, now, WITHDRAWN_NOTE);
  }
}
