/** The collections of the store as a visitor's pages show them. */
import type { CollectionHead, FeaturedApp } from "../../../views/components/collections.tsx";
import type { LandingProps } from "../../../views/pages/landing.tsx";
import { frontCollections, type ShownCollection } from "../../catalog/collections/browse.ts";
import { textIn, textWithLanguage } from "../../catalog/local-texts.ts";
import { firstScreenshot } from "../../catalog/pictures.ts";
import type { ShownApp } from "../../catalog/visibility/visible.ts";
import type { CallBase } from "../route.ts";
import { storeApp } from "./store-app.ts";

export const COLLECTIONS_PATH = "/catalog/collections";

export function collectionHead({ id, names, descriptions }: ShownCollection, locale: string): CollectionHead {
  const { text, language } = textWithLanguage(names, locale);
  const description = textIn(descriptions, locale);
  return {
    ...{ id, language },
    name: text,
    description: description === "" ? null : description,
    href: `${COLLECTIONS_PATH}/${id}`,
  };
}

/** What of them stands on the first page. */
export function frontRows(
  { store, actor }: Pick<CallBase, "store" | "actor">,
  locale: string,
): Pick<LandingProps, "featured" | "collections" | "hasMoreCollections"> {
  const { featured, rows, hasMore } = frontCollections(store, actor, locale);
  const tx = store.db.orm;
  const withPicture = (app: ShownApp): FeaturedApp => {
    const picture = firstScreenshot(tx, app.id, locale);
    const sizes = picture?.sizes.map(({ key, widthPx, heightPx }) => ({ src: `/${key}`, widthPx, heightPx }));
    return { ...storeApp(app), picture: sizes === undefined ? null : { sizes } };
  };
  return {
    featured: featured && {
      collection: collectionHead(featured.collection, locale),
      apps: featured.items.map(withPicture),
    },
    collections: rows.map(({ collection, items, hasMore }) => ({
      collection: collectionHead(collection, locale),
      apps: items.map(storeApp),
      hasMore,
    })),
    hasMoreCollections: hasMore,
  };
}
