/** Lists of the store as somebody who looks into it has them in another order than that of ids. */
import type { Actor } from "../../accounts/actor.ts";
import type { Store } from "../../context.ts";
import type { Page, PageRequest } from "../../db/pages.ts";
import { audiencesOfActor } from "../visibility/viewers.ts";
import { appsToShow, authoriseLook, type Looking, type ShownApp } from "../visibility/visible.ts";
import { comparePlaces, type Order, type Place, parsePlace, placeText } from "./orders.ts";
import * as records from "./records.ts";

/**
 * Each catalogue that they may see is asked for a page of its own. One that is in several of them stands where the one that it came
 * into last has it. A page may be shorter than it was asked for, and another may follow it, as in the order of ids.
 * @param page `after` is a place as `placeText` writes it
 * @throws Problem `rights.forbidden`
 */
export function appsByOrder(
  store: Looking,
  actor: Actor,
  parts: readonly records.Part[],
  order: Order,
  { after, limit }: PageRequest,
): Page<ShownApp> {
  authoriseLook(actor);
  const tx = store.db.orm;
  const audiences = audiencesOfActor(tx, actor);
  const wanted = { after: after === undefined ? undefined : parsePlace(after), limit: limit + 1 };
  const found = distinct(
    audiences.flatMap((audience) =>
      parts.flatMap((part) => records.selectAfter(tx, audience, part, order, wanted)),
    ),
  ).sort(comparePlaces);
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: appsToShow(store, actor, order === "newest" ? firstTimes(shown) : shown.map(({ id }) => id)),
    nextCursor: found.length > limit && last !== undefined ? placeText(last) : null,
  };

  /** Without those that a page before has, by another catalogue. */
  function firstTimes(places: readonly Place[]) {
    const ids = places.map(({ id }) => id);
    const told = records.selectLastTold(tx, audiences, ids);
    return places.filter(({ id, key }) => told.get(id) === key).map(({ id }) => id);
  }
}

/** Where the page before the one after `after` begins: as in `overview.ts`. */
export function beforeByOrder(
  store: Pick<Store, "db">,
  actor: Actor,
  parts: readonly records.Part[],
  order: Order,
  after: string,
  limit: number,
): string | null {
  const upTo = parsePlace(after);
  if (upTo === undefined) return null;
  const tx = store.db.orm;
  const found = audiencesOfActor(tx, actor).flatMap((audience) =>
    parts.flatMap((part) => records.selectUpTo(tx, audience, part, order, { upTo, limit: limit + 1 })),
  );
  const place = distinct(found).sort(comparePlaces).reverse()[limit];
  return place === undefined ? null : placeText(place);
}

function distinct(places: readonly Place[]): Place[] {
  return [...new Map(places.map((place) => [placeText(place), place])).values()];
}
