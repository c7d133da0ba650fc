/** The categories of the store as a visitor's pages lead to them. */
import type { CategoryLink } from "../../../views/components/categories.tsx";
import { searchQuery, sortQuery } from "../../../views/components/sort-links.tsx";
import { findShownCategory, MOST_COUNTED, shownCategories } from "../../catalog/categories/browse.ts";
import { textIn, textWithLanguage } from "../../catalog/local-texts.ts";
import type { Order } from "../../catalog/sorting/orders.ts";
import type { CallBase } from "../route.ts";

export const CATEGORIES_PATH = "/catalog/categories";

/**
 * Those in which who asks may see an app, and the one that is looked at.
 * @param asked What is searched in them
 * @param sort The order that holds, also again once nothing is searched for any more
 */
export function categoryLinks(
  { store, actor }: Pick<CallBase, "store" | "actor">,
  locale: string,
  {
    asked = "",
    current = null,
    sort,
  }: { readonly asked?: string; readonly current?: string | null; readonly sort?: Order | undefined } = {},
): readonly CategoryLink[] {
  // Only as the store begins their numbers are shown.
  const most = asked === "" && current === null ? MOST_COUNTED : 1;
  const query = asked === "" ? sortQuery(sort) : searchQuery(asked, sort);
  return shownCategories(store, actor, most)
    .filter(({ id, apps }) => apps > 0 || id === current)
    .map(({ id, names, icon, apps }) => {
      const { text, language } = textWithLanguage(names, locale);
      return {
        ...{ id, icon, apps, language },
        name: text,
        isMore: apps === MOST_COUNTED,
        href: `${CATEGORIES_PATH}/${id}${query}`,
      };
    });
}

/** One of them by itself; null for none. */
export function categoryLink(
  { store }: Pick<CallBase, "store">,
  id: string | null,
  locale: string,
): Pick<CategoryLink, "name" | "language" | "href"> | null {
  if (id === null) return null;
  const { row } = findShownCategory(store, id);
  const { text: name, language } = textWithLanguage(row.names, locale);
  return { name, language, href: `${CATEGORIES_PATH}/${row.id}` };
}

/** As the page of one says what it is of. */
export function categoryHead(
  { store }: Pick<CallBase, "store">,
  word: string,
  locale: string,
): { readonly id: string; readonly name: string; readonly description: string | null } {
  const { id, names, descriptions } = findShownCategory(store, word).row;
  const description = textIn(descriptions, locale);
  return { id, name: textIn(names, locale), description: description === "" ? null : description };
}
