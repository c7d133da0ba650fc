/** Offers of apps, as the sides see them. */
import type { Actor } from "../../accounts/actor.ts";
import { organisationNotFound } from "../../accounts/organisations.ts";
import { authorise, ownReachOf } from "../../accounts/rights.ts";
import type { Store } from "../../context.ts";
import type { Tx } from "../../db/database.ts";
import { type Page, type PageRequest, pageOf } from "../../db/pages.ts";
import type { AppId, OrganisationId, TransferId } from "../../ids.ts";
import { findAppFor } from "../apps.ts";
import { findDeveloperKey } from "../keys.records.ts";
import { lineageView } from "../lineage.ts";
import { findApp } from "../records.ts";
import { selectOffered } from "../revocation/records.ts";
import { findTransferFor, type Side, stateOf, type TransferState } from "./find.ts";
import * as records from "./records.ts";

export type TransferView = {
  readonly id: TransferId;
  readonly appId: AppId;
  /** null: the app is gone, or the offer is over and the app another organisation's than the one that looks. */
  readonly appName: string | null;
  /** Whether the organisation that looks gives it or gets it. */
  readonly side: Side;
  readonly from: { readonly id: OrganisationId; readonly name: string };
  /** For the side that gives it only once it was accepted. */
  readonly to: { readonly id: OrganisationId; readonly name: string } | null;
  /** How the side that gives it named the other. */
  readonly named: string;
  readonly reason: string;
  readonly state: TransferState;
  readonly offeredBy: string;
  readonly offeredAt: Date;
  readonly expiresAt: Date;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
};

/** Whether the new owner can sign updates: a key of theirs is in the lineage, none is, or any begins one. */
export type Signing = "ready" | "missing" | "any";

export type TransferDetails = TransferView & {
  /** What devices are offered of it now; null where the app has no name here, too. */
  readonly version: string | null;
  /** null: nobody is known yet who would, and where the app has no name here. */
  readonly signing: Signing | null;
};

export type OfferToDecide = {
  readonly transferId: TransferId;
  readonly appName: string;
  /** Who offers it, to which of the actor's organisations. */
  readonly from: string;
  readonly to: { readonly id: OrganisationId; readonly name: string };
  readonly expiresAt: Date;
};

/** What the actor's organisations are offered and nobody has answered, the first to end first; `most` of them at most. */
export function offersToDecide(store: Store, actor: Actor, most: number): OfferToDecide[] {
  const tx = store.db.orm;
  const now = store.clock.now();
  const { organisationIds, appIds } = ownReachOf(actor, "transfer.read");
  const rows = organisationIds
    .flatMap((id) => records.openTransfersTo(tx, id, appIds, now, most))
    .sort((a, b) => a.expiresAt.getTime() - b.expiresAt.getTime())
    .slice(0, most);
  // Asked for the names of none, the database reads every row to find none.
  if (rows.length === 0) return [];
  const view = viewer(store, tx, rows);
  return rows.flatMap((row) => {
    const { id, appId, appName, from, to, expiresAt } = view(row, "to");
    return to === null ? [] : [{ transferId: id, appName: appName ?? appId, from: from.name, to, expiresAt }];
  });
}

/** Of an organisation, those that it makes and those that it gets, the newest first. @throws Problem `organisation.not_found`, `rights.forbidden` */
export function listTransfers(
  store: Store,
  actor: Actor,
  organisationId: OrganisationId,
  page: PageRequest,
): Page<TransferView> {
  authorise(actor, "transfer.read", { organisationId }, organisationNotFound);
  const tx = store.db.orm;
  const wanted = {
    ...(page.after === undefined ? {} : { after: page.after as TransferId }),
    limit: page.limit + 1,
  };
  const rows = (["from", "to"] as const)
    .flatMap((side) => records.transfersOf(tx, side, organisationId, wanted))
    .sort((a, b) => (a.id < b.id ? 1 : -1))
    .slice(0, page.limit + 1);
  const view = viewer(store, tx, rows);
  return pageOf(
    rows,
    page.limit,
    (row) => row.id,
    (row) => view(row, row.fromOrganisationId === organisationId ? "from" : "to"),
  );
}

/** @throws Problem `organisation.not_found`, `transfer.not_found`, `rights.forbidden` */
export function readTransfer(
  store: Store,
  actor: Actor,
  of: { readonly organisationId: OrganisationId; readonly transferId: TransferId },
): TransferDetails {
  const tx = store.db.orm;
  const { row, side } = findTransferFor(tx, actor, "transfer.read", of);
  const view = viewer(store, tx, [row])(row, side);
  // What becomes of it later is nothing for whom it was once, or was offered to.
  if (view.appName === null) return { ...view, version: null, signing: null };
  return {
    ...view,
    version: selectOffered(tx, row.appId, 1)[0]?.version ?? null,
    signing: view.to === null ? null : signingOf(store, row.appId, view.to.id),
  };
}

/** To whom an app is offered now, for who may see that; null: to nobody. @throws Problem `app.not_found`, `rights.forbidden` */
export function openOfferOf(store: Store, actor: Actor, appId: AppId): TransferView | null {
  const tx = store.db.orm;
  const { organisationId } = findAppFor(tx, actor, "transfer.read", appId);
  const row = records.openTransferOf(tx, appId);
  const isOpen = row?.fromOrganisationId === organisationId && stateOf(row, store.clock.now()) === "open";
  return isOpen ? viewer(store, tx, [row])(row, "from") : null;
}

/** For one row that the actor has just made or changed. */
export function transferView(store: Store, row: records.TransferRow, side: Side): TransferView {
  return viewer(store, store.db.orm, [row])(row, side);
}

function viewer(store: Store, tx: Tx, rows: readonly records.TransferRow[]) {
  const now = store.clock.now();
  const organisations = records.organisationNames(tx, [
    ...new Set(
      rows.flatMap(({ fromOrganisationId: from, toOrganisationId: to }) =>
        to === null ? [from] : [from, to],
      ),
    ),
  ]);
  const apps = records.appsNamed(tx, [...new Set(rows.map(({ appId }) => appId))]);
  const named = (id: OrganisationId) => ({ id, name: organisations.get(id) ?? id });
  return (row: records.TransferRow, side: Side): TransferView => {
    const { fromOrganisationId, toOrganisationId, offeredWith: _, sealed: __, ...rest } = row;
    const isKnown = side === "to" || row.state === "accepted";
    const state = stateOf(row, now);
    const app = apps.get(row.appId);
    const looks = side === "to" ? toOrganisationId : fromOrganisationId;
    const isShown = state === "open" || app?.organisationId === looks;
    return {
      ...rest,
      appName: isShown ? (app?.name ?? null) : null,
      side,
      from: named(fromOrganisationId),
      to: toOrganisationId === null || !isKnown ? null : named(toOrganisationId),
      state,
    };
  };
}

function signingOf(store: Store, appId: AppId, to: OrganisationId): Signing {
  const tx = store.db.orm;
  const app = findApp(tx, appId);
  if (app === undefined) return "any";
  const { keys } = lineageView(store, app);
  if (keys.length === 0) return "any";
  const isTheirs = keys.some(
    ({ keyid, lostAt, revokedAt }) =>
      lostAt === null && revokedAt === null && findDeveloperKey(tx, keyid)?.organisationId === to,
  );
  return isTheirs ? "ready" : "missing";
}
