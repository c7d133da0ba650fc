/** What pages of the store show of a question. */
import type { FoundAppsProps } from "../../../views/components/found-apps.tsx";
import { SEARCH_CHARACTERS } from "../../../views/components/search-box.tsx";
import { searchQuery } from "../../../views/components/sort-links.tsx";
import { MOST_FOUND, searchApps } from "../../catalog/search/ask.ts";
import type { Order } from "../../catalog/sorting/orders.ts";
import { inLanguage } from "../../catalog/store-listing/shown.ts";
import type { PageRequest } from "../../db/pages.ts";
import { numbered, pageRequest } from "../cursor.ts";
import type { CallBase } from "../route.ts";
import { numberedPager } from "./page.ts";
import { storeApp } from "./store-app.ts";

export const APPS_A_PAGE = 24;

/** Of a list of the store. @throws Problem `cursor.invalid` */
export const pageOfApps = (list: string, cursor: string | undefined): PageRequest =>
  pageRequest(list, { limit: APPS_A_PAGE, ...(cursor === undefined ? {} : { cursor }) });

/** What was asked for; "": nothing. */
export const questionOf = (q: string | undefined): string => (q ?? "").trim().slice(0, SEARCH_CHARACTERS);

type Asked = {
  readonly question: string;
  readonly cursor?: string | undefined;
  /** The id of the category in which it is looked for; null: in all. */
  readonly category: string | null;
  /** The order that holds where nothing is searched for; what is found has its own. */
  readonly sort?: Order | undefined;
};

/** By numbers: the next page begins where this one ends. @param path Of the list, for its further pages; without a query */
export function foundApps(
  { store, actor }: CallBase,
  { question, category, cursor, sort }: Asked,
  path: string,
  locale: string,
): Omit<FoundAppsProps, "categories"> {
  const list = "catalog-search";
  const wanted = numbered(pageOfApps(list, cursor));
  const within = category === null ? {} : { category };
  const page = searchApps(store, actor, { question, locale, ...within }, wanted);
  return {
    apps: inLanguage(store.db.orm, page.items, locale).map(storeApp),
    pager: numberedPager(list, path + searchQuery(question, sort), wanted, page.nextCursor),
    search: { query: question, found: page.found, isCut: page.found === MOST_FOUND },
  };
}
