/** Categories as somebody who looks into the store meets them: with those apps alone that they may see, also in the numbers. */
import type { Actor } from "../../accounts/actor.ts";
import type { Store } from "../../context.ts";
import type { Page, PageRequest } from "../../db/pages.ts";
import type { AppId } from "../../ids.ts";
import type { LocalTexts } from "../local-texts.ts";
import type { Part } from "../sorting/records.ts";
import { audiencesOfActor } from "../visibility/viewers.ts";
import { authoriseLook, type Looking, pageOfShown, type ShownApp } from "../visibility/visible.ts";
import { categoryNotFound } from "./categories.ts";
import { type CategoryIcon, iconOf } from "./icons.ts";
import * as records from "./records.ts";
import { type Resolved, resolvedCategories } from "./resolve.ts";

/** Further nobody counts: each is looked up for each category, and a number of hundreds says no more than this one. */
export const MOST_COUNTED = 100;

export type ShownCategory = {
  readonly id: string;
  readonly names: LocalTexts;
  readonly descriptions: LocalTexts;
  readonly icon: CategoryIcon;
  /** Apps in it that they may see; MOST_COUNTED at most. */
  readonly apps: number;
};

/**
 * In the order that the administrator gave them, also those without an app.
 * @param most Their apps are counted up to this: 1 tells those that have any.
 * @throws Problem `rights.forbidden`
 */
export function shownCategories(
  store: Pick<Store, "db">,
  actor: Actor,
  most: number = MOST_COUNTED,
): readonly ShownCategory[] {
  authoriseLook(actor);
  const tx = store.db.orm;
  const audiences = audiencesOfActor(tx, actor);
  return resolvedCategories(tx).map(({ row: { id, names, descriptions, icon }, ids }) => ({
    id,
    names,
    descriptions,
    icon: iconOf(icon),
    apps: records.countShownIn(tx, audiences, ids, most),
  }));
}

/** By its id, or by that of one that was merged into it. @throws Problem `category.not_found` */
export function findShownCategory(store: Pick<Store, "db">, word: string): Resolved {
  const found = resolvedCategories(store.db.orm).find(({ ids }) => ids.includes(word));
  if (found === undefined) throw categoryNotFound();
  return found;
}

/** The apps of a category that somebody may see, as `visibleApps` has all of them. @throws Problem `category.not_found`, `rights.forbidden` */
export function appsInCategory(
  store: Looking,
  actor: Actor,
  word: string,
  page: PageRequest,
): Page<ShownApp> {
  authoriseLook(actor);
  const tx = store.db.orm;
  const { ids } = findShownCategory(store, word);
  return pageOfShown(store, actor, page, (wanted) =>
    audiencesOfActor(tx, actor).flatMap((audience) =>
      ids.flatMap((id) => records.selectShownIn(tx, audience, id, wanted)),
    ),
  );
}

/** What lists in other orders read of a category, by its id or that of one that was merged into it; of none it is all. @throws Problem `category.not_found` */
export function partsOfCategory(store: Pick<Store, "db">, word: string | null | undefined): readonly Part[] {
  if (word === null || word === undefined) return [{ of: "all" }];
  return findShownCategory(store, word).ids.map((value) => ({ of: "category", value }));
}

/** Where the page before the one after `after` begins: as in `overview.ts`. */
export function beforeInCategory(
  store: Pick<Store, "db">,
  actor: Actor,
  word: string,
  after: string,
  limit: number,
): string | null {
  const tx = store.db.orm;
  const { ids } = findShownCategory(store, word);
  const wanted = { upTo: after as AppId, limit: limit + 1 };
  const found = audiencesOfActor(tx, actor).flatMap((audience) =>
    ids.flatMap((id) => records.selectShownInUpTo(tx, audience, id, wanted)),
  );
  return [...new Set(found)].sort().reverse()[limit] ?? null;
}
