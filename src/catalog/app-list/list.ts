/** The list of all apps that somebody may read: searched, narrowed and in the order that they want. */
import type { Actor } from "../../accounts/actor.ts";
import { organisationsWithId, searchOrganisations } from "../../accounts/organisations.records.ts";
import { organisationNotFound } from "../../accounts/organisations.ts";
import { allows, appsWithin, authorise, reachOf } from "../../accounts/rights.ts";
import type { Store } from "../../context.ts";
import { wordsSearched } from "../../db/beginnings.ts";
import type { Tx } from "../../db/database.ts";
import type { Page, PageRequest } from "../../db/pages.ts";
import { Problem } from "../../errors.ts";
import type { AppId, OrganisationId } from "../../ids.ts";
import { say } from "../../say.ts";
import { appViews } from "../apps.ts";
import { selectAppsById } from "../records.ts";
import type { AppView } from "../views.ts";
import { type AppFilters, type AppOrder, type AppPlace, COMPARE, expressionOf, inOrder } from "./filters.ts";
import * as records from "./records.ts";

/** A search goes no further: who has not found it among so many narrows it. */
export const MOST_FOUND = 500;

/** As many organisations as an app list is narrowed to by the beginning of their name. */
export const MOST_ORGANISATIONS = 20;

export type AppList = Page<AppView> & {
  /** How many a search has found, on all pages; null: nothing was searched for. */
  readonly found: number | null;
  /** There are more, which are on no page. */
  readonly isCut: boolean;
};

/**
 * Apps of the actor's organisations; of all, for who may see all.
 * @throws Problem `organisation.not_found`, `rights.forbidden`, `cursor.invalid` when the app that it goes on after is gone
 */
export function listApps(
  store: Pick<Store, "db">,
  actor: Actor,
  { after, limit, ...filters }: PageRequest & AppFilters,
): AppList {
  const tx = store.db.orm;
  const parts = partsOf(actor, filters);
  const { sort = "id" } = filters;
  const last = after === undefined ? undefined : placeOf(tx, actor, sort, after);
  const { places, found, isCut } = listedPlaces(tx, parts, filters, (within) =>
    records.selectAfter(tx, within, sort, { after: last, limit: limit + 1 }),
  );
  const compare = COMPARE[sort];
  const next = inOrder(
    last === undefined ? places : places.filter((place) => compare(place, last) > 0),
    sort,
  );
  const shown = next.slice(0, limit).map(({ id }) => id);
  return {
    items: viewsOf(tx, shown),
    nextCursor: next.length > limit ? (shown.at(-1) ?? null) : null,
    found,
    isCut,
  };
}

/** After which app the page before the one after `after` begins; null: that page is the first. */
export function beforeListedApps(
  store: Pick<Store, "db">,
  actor: Actor,
  filters: AppFilters,
  after: string,
  limit: number,
): string | null {
  const tx = store.db.orm;
  const { sort = "id" } = filters;
  const upTo = placeOf(tx, actor, sort, after);
  const { places } = listedPlaces(tx, partsOf(actor, filters), filters, (within) =>
    records.selectUpTo(tx, within, sort, { upTo, limit: limit + 1 }),
  );
  const compare = COMPARE[sort];
  const upToIt = places.filter((place) => compare(place, upTo) <= 0);
  return inOrder(upToIt, sort).at(-1 - limit)?.id ?? null;
}

/** Organisations of which the actor may list apps and whose name, or id, begins so; by name. MOST_ORGANISATIONS at most: `isCut` when there are more. */
export function organisationsBeginning(
  store: Pick<Store, "db">,
  actor: Actor,
  text: string,
): {
  readonly organisations: readonly { readonly id: OrganisationId; readonly name: string }[];
  readonly isCut: boolean;
} {
  authorise(actor, "app.read");
  const beginning = text.trim().normalize("NFC");
  const among = reachOf(actor, "app.read").organisationIds;
  const wanted = { among, beginning, limit: MOST_ORGANISATIONS + 1 };
  const select = beginning.startsWith("org-") ? organisationsWithId : searchOrganisations;
  const found = select(store.db.orm, wanted).map(({ id, name }) => ({ id, name }));
  return { organisations: found.slice(0, MOST_ORGANISATIONS), isCut: found.length > MOST_ORGANISATIONS };
}

type Part = { readonly organisationId: OrganisationId | null; readonly appIds: readonly AppId[] | null };

/** Each organisation by itself, so that an index gives its apps in their order: together SQLite would sort all that they have. */
function partsOf(actor: Actor, { organisationIds: wanted }: AppFilters): Part[] {
  if (wanted === undefined) authorise(actor, "app.read");
  for (const organisationId of wanted ?? []) {
    authorise(actor, "app.read", { organisationId, toSomeApp: true }, organisationNotFound);
  }
  const reach = reachOf(actor, "app.read");
  const part = (organisationId: OrganisationId | null) => ({
    organisationId,
    appIds: appsWithin(reach, organisationId),
  });
  return (wanted ?? reach.organisationIds ?? [null]).map(part);
}

const withinOf = ({ organisationId }: Part, { state }: AppFilters): records.Within => ({
  organisationId,
  state,
});

type Places = Pick<AppList, "found" | "isCut"> & { readonly places: readonly AppPlace[] };

/** In no order: what is searched for; else all of the apps that a part names, and of the others those that `select` gives. */
function listedPlaces(
  tx: Tx,
  parts: readonly Part[],
  filters: AppFilters,
  select: (within: records.Within) => AppPlace[],
): Places {
  const words = wordsSearched(filters.search);
  if (words.length > 0) return matchingApps(tx, parts, words, filters);
  const places = parts.flatMap((part) => {
    const within = withinOf(part, filters);
    return part.appIds === null ? select(within) : records.selectAmong(tx, part.appIds, within);
  });
  return { places, found: null, isCut: false };
}

function matchingApps(tx: Tx, parts: readonly Part[], words: readonly string[], filters: AppFilters): Places {
  const first = filters.sort === "newest" ? "newest" : "oldest";
  const found = parts.flatMap((part) => {
    const wanted = withinOf(part, filters);
    const expression = expressionOf(words, wanted);
    const asked = { expression, ids: part.appIds, first, limit: MOST_FOUND + 1 } as const;
    return records.selectMatching(tx, asked, wanted);
  });
  // Of all organisations together: the first ones would otherwise take the places of the others.
  const sign = first === "newest" ? -1 : 1;
  const places = found.toSorted((a, b) => sign * (a.number - b.number)).slice(0, MOST_FOUND);
  return { places, found: places.length, isCut: found.length > MOST_FOUND };
}

/** Of an app that they may not see nothing is told, where it stands neither. @throws Problem `cursor.invalid` */
function placeOf(tx: Tx, actor: Actor, sort: AppOrder, after: string): AppPlace {
  const id = after as AppId;
  if (sort === "id") return { id, name: "", createdAt: 0 };
  const place = records.findPlace(tx, id);
  if (place !== undefined && allows(actor, "app.read", { organisationId: place.organisationId, appId: id })) {
    return place;
  }
  throw new Problem(
    "invalid",
    "cursor.invalid",
    say`The app that this page comes after is gone: start from the beginning.`,
  );
}

function viewsOf(tx: Tx, ids: readonly AppId[]): AppView[] {
  const rows = new Map(selectAppsById(tx, ids).map((row) => [row.id, row]));
  return appViews(
    tx,
    ids.flatMap((id) => rows.get(id) ?? []),
  );
}
