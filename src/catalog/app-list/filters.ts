/** What the list of all apps is narrowed to, its orders, and what a search asks the table of words. Pure. */
import { beginningWith } from "../../db/beginnings.ts";
import { VERSION_STATES, type VersionState } from "../../db/version-states.ts";
import type { AppId, OrganisationId } from "../../ids.ts";

/** `id` and `name`: rising, names in any case of ASCII letters; `newest`: what was created last first. */
export const APP_ORDERS = ["id", "name", "newest"] as const;
export type AppOrder = (typeof APP_ORDERS)[number];

/** Of the newest version; `none`: nothing was uploaded yet. */
export const NEWEST_STATES = [...VERSION_STATES, "none"] as const;
export type NewestState = VersionState | "none";

/** All that is given narrows it. */
export type AppFilters = {
  /** Of these alone; of none where there is none. */
  readonly organisationIds?: readonly OrganisationId[];
  /** Each word of it has to be the beginning of a word of the name or the id; without a letter or digit nothing is looked for. */
  readonly search?: string;
  readonly state?: NewestState;
  /** By id without it. */
  readonly sort?: AppOrder;
};

/** Where an app stands in each of the orders. */
export type AppPlace = { readonly id: AppId; readonly name: string; readonly createdAt: number };

const byId = (a: AppPlace, b: AppPlace) => (a.id === b.id ? 0 : a.id < b.id ? -1 : 1);

/** A place with its name as SQLite's NOCASE has it: the bytes decide, and it knows capitals of ASCII alone. */
const spelt = <Place extends AppPlace>(place: Place) => ({
  place,
  name: Buffer.from(place.name.replace(/[A-Z]/g, (letter) => letter.toLowerCase())).toString("latin1"),
});
type Spelt = ReturnType<typeof spelt>;
const byName = (a: Spelt, b: Spelt) =>
  a.name === b.name ? byId(a.place, b.place) : a.name < b.name ? -1 : 1;

/** As the indexes have them. */
export const COMPARE: Readonly<Record<AppOrder, (a: AppPlace, b: AppPlace) => number>> = {
  id: byId,
  name: (a, b) => byName(spelt(a), spelt(b)),
  newest: (a, b) => b.createdAt - a.createdAt || -byId(a, b),
};

/** Puts places into an order: a name's spelling for it is made once each. */
export function inOrder<Place extends AppPlace>(places: readonly Place[], order: AppOrder): Place[] {
  if (order !== "name") return places.toSorted(COMPARE[order]);
  return places
    .map(spelt)
    .sort(byName)
    .map(({ place }) => place);
}

/** An expression of FTS5: what has the words, of this organisation and in this state. */
export function expressionOf(
  words: readonly string[],
  {
    organisationId,
    state,
  }: { readonly organisationId: OrganisationId | null; readonly state?: NewestState | undefined },
): string {
  return [
    `words : (${beginningWith(words)})`,
    // As the triggers that fill the table write them: one word, whatever the tokenizer parts at.
    ...(organisationId === null ? [] : [`organisation : "${organisationId.replaceAll("-", "")}"`]),
    ...(state === undefined ? [] : [`state : "${state.replaceAll("_", "")}"`]),
  ].join(" AND ");
}
