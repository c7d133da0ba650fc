/**
 * Organisations as somebody who looks into the store meets them: by those apps alone that stand in its lists for them. One of which they
 * would see no app does not exist for them: nor its name, nor its address.
 */
import type { Actor } from "../../accounts/actor.ts";
import { organisationById } from "../../accounts/organisations.records.ts";
import { organisationNotFound } from "../../accounts/organisations.ts";
import type { Store } from "../../context.ts";
import type { Page, PageRequest } from "../../db/pages.ts";
import type { AppId, OrganisationId } from "../../ids.ts";
import { appsByOrder, beforeByOrder } from "../sorting/browse.ts";
import type { Order } from "../sorting/orders.ts";
import { audiencesOfActor } from "../visibility/viewers.ts";
import { authoriseLook, type Looking, pageOfShown, type ShownApp } from "../visibility/visible.ts";
import * as records from "./records.ts";

/** Further nobody counts: as of categories. */
export const MOST_COUNTED = 100;

export type ShownPublisher = {
  readonly id: OrganisationId;
  readonly name: string;
  /** Apps of its that they meet in lists, at least one; MOST_COUNTED at most. */
  readonly apps: number;
  /** There are more than were counted. */
  readonly hasMore: boolean;
};

/** @throws Problem `organisation.not_found`, also of one of which they see no app; `rights.forbidden` */
export function shownPublisher(store: Pick<Store, "db">, actor: Actor, id: OrganisationId): ShownPublisher {
  authoriseLook(actor);
  const tx = store.db.orm;
  const met = records.countListedOf(tx, audiencesOfActor(tx, actor), id, MOST_COUNTED + 1);
  const row = met === 0 ? undefined : organisationById(tx, id);
  if (row === undefined) throw organisationNotFound();
  return { id, name: row.name, apps: Math.min(met, MOST_COUNTED), hasMore: met > MOST_COUNTED };
}

/** Whether they meet it in the store. */
export function isPublisherShown(store: Pick<Store, "db">, actor: Actor, id: OrganisationId): boolean {
  const tx = store.db.orm;
  return records.countListedOf(tx, audiencesOfActor(tx, actor), id, 1) > 0;
}

/** Those apps by id, or in another order, with the places of that. @throws Problem as `shownPublisher` */
export function appsOfPublisher(
  store: Looking,
  actor: Actor,
  id: OrganisationId,
  page: PageRequest,
  order?: Order,
): Page<ShownApp> {
  authoriseLook(actor);
  if (!isPublisherShown(store, actor, id)) throw organisationNotFound();
  if (order !== undefined) return appsByOrder(store, actor, [{ of: "publisher", value: id }], order, page);
  const tx = store.db.orm;
  return pageOfShown(store, actor, page, (wanted) =>
    audiencesOfActor(tx, actor).flatMap((audience) => records.selectListedOf(tx, audience, id, wanted)),
  );
}

/** Where the page before the one after `after` begins: as in `overview.ts`. */
export function beforeOfPublisher(
  store: Pick<Store, "db">,
  actor: Actor,
  id: OrganisationId,
  after: string,
  limit: number,
  order?: Order,
): string | null {
  if (order !== undefined)
    return beforeByOrder(store, actor, [{ of: "publisher", value: id }], order, after, limit);
  const tx = store.db.orm;
  const wanted = { upTo: after as AppId, limit: limit + 1 };
  const found = audiencesOfActor(tx, actor).flatMap((audience) =>
    records.selectListedOfUpTo(tx, audience, id, wanted),
  );
  return [...new Set(found)].sort().reverse()[limit] ?? null;
}
