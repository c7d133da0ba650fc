/** Apps that are being deleted, for who may see them. */
import type { Actor } from "../../accounts/actor.ts";
import { organisationNotFound } from "../../accounts/organisations.ts";
import { appsWithin, authorise, reachOf } from "../../accounts/rights.ts";
import { harmless } from "../../accounts/said.ts";
import type { Store } from "../../context.ts";
import { oneMore, type Page, type PageRequest, pageOf } from "../../db/pages.ts";
import { Problem } from "../../errors.ts";
import type { AppId, OrganisationId } from "../../ids.ts";
import { say } from "../../say.ts";
import { findAppFor } from "../apps.ts";
import { type AppRow, selectAppsById } from "../records.ts";
import * as records from "./records.ts";

export type DeletionView = {
  readonly appId: AppId;
  readonly appName: string;
  readonly organisationId: OrganisationId;
  readonly organisationName: string;
  readonly reason: string;
  /** As `actorLabel` writes it. */
  readonly askedBy: string;
  readonly askedAt: Date;
  /** Until then it can be taken back. */
  readonly endsAt: Date;
  /** The app's, for taking it back. */
  readonly revision: number;
};

/** Null: nobody asked that it is deleted. @throws Problem `app.not_found`, `rights.forbidden` */
export function findDeletionFor(store: Pick<Store, "db">, actor: Actor, id: AppId): DeletionView | null {
  const tx = store.db.orm;
  const app = findAppFor(tx, actor, "app.read", id);
  const row = records.findDeletion(tx, id);
  return row === undefined ? null : viewOf(app, row);
}

/** @throws Problem `app.not_being_deleted`, and those of `findDeletionFor` */
export function readDeletion(store: Pick<Store, "db">, actor: Actor, id: AppId): DeletionView {
  const found = findDeletionFor(store, actor, id);
  if (found === null) throw notBeingDeleted(id);
  return found;
}

/** Of the actor's organisations; of all, for who may see all. By id. @throws Problem `organisation.not_found`, `rights.forbidden` */
export function listDeletions(
  store: Pick<Store, "db">,
  actor: Actor,
  page: PageRequest & { readonly organisationId?: OrganisationId },
): Page<DeletionView> {
  const wanted = page.organisationId;
  const of = wanted === undefined ? {} : { organisationId: wanted, toSomeApp: true as const };
  authorise(actor, "app.read", of, organisationNotFound);
  const reach = reachOf(actor, "app.read");
  const tx = store.db.orm;
  const ids = records.selectDeletedIds(tx, {
    organisationIds: wanted === undefined ? reach.organisationIds : [wanted],
    appsOf: (organisationId) => appsWithin(reach, organisationId),
    ...oneMore(page),
  });
  const rows = selectAppsById(tx, ids);
  const found = records.findDeletions(
    tx,
    rows.map(({ id }) => id),
  );
  const { items, nextCursor } = pageOf(
    rows,
    page.limit,
    ({ id }) => id,
    (row) => row,
  );
  return {
    items: items.flatMap((app) => {
      const row = found.get(app.id);
      return row === undefined ? [] : [viewOf(app, row)];
    }),
    nextCursor,
  };
}

/** When the first of them is gone; null: there are none. @throws Problem `rights.forbidden` */
export function firstDeletion(store: Pick<Store, "db">, actor: Actor): Date | null {
  authorise(actor, "app.read");
  const reach = reachOf(actor, "app.read");
  return records.findFirstEnd(store.db.orm, {
    organisationIds: reach.organisationIds,
    appsOf: (organisationId) => appsWithin(reach, organisationId),
  });
}

export function notBeingDeleted(id: AppId): Problem {
  return new Problem("not_found", "app.not_being_deleted", say`Nobody asked that ${id} is deleted.`);
}

function viewOf(app: AppRow, { reason, askedBy, askedAt, endsAt }: records.DeletionRow): DeletionView {
  const { id, name, organisationId, organisationName, revision } = app;
  return {
    appId: id,
    appName: name,
    organisationId,
    organisationName,
    reason: harmless(reason),
    askedBy,
    askedAt,
    endsAt,
    revision,
  };
}
