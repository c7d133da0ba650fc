/** The shapes of what is arranged on the store front. */
import { type Static, Type } from "@sinclair/typebox";
import { MOST_COUNTED, type ShownCategory } from "../catalog/categories/browse.ts";
import {
  CATEGORY_DESCRIPTION_CHARACTERS,
  CATEGORY_ID_PATTERN,
  CATEGORY_NAME_CHARACTERS,
  type Category,
  MOST_APPS_COUNTED,
} from "../catalog/categories/categories.ts";
import type { AppCategory } from "../catalog/categories/choose.ts";
import { CATEGORY_ICONS } from "../catalog/categories/icons.ts";
import { ORDERS, type Order } from "../catalog/sorting/orders.ts";
import { MOST_COUNTED as MOST_COUNTED_OF_PUBLISHER } from "../catalog/store-publishers/browse.ts";
import { APP_ID, ORGANISATION_ID, oneOf, orNull, REVISION, record, TIME } from "./schemas.ts";

export const CATEGORY_ID = Type.String({
  pattern: CATEGORY_ID_PATTERN.source,
  description: "a category's id, as manifests have it",
  examples: ["productivity"],
});

export const LOCALE = Type.String({
  pattern: "^[A-Za-z0-9-]{2,35}$",
  description: "the language in which names and summaries are given, such as de; without it the apps' own",
});

export const SORT_MEANING =
  "newest: what came last first; updated: that of which the offered version was published last; installs: what devices fetched most";
export const SORT = { ...oneOf(...ORDERS), description: `${SORT_MEANING}; without it by id` };

/** The name of a list in one of its orders: what a cursor is bound to. */
export function sortedList(list: string, order: Order | undefined): string {
  return order === undefined ? list : `${list}-${order}`;
}

export const localTextsOf = (description: string) =>
  Type.Record(Type.String(), Type.String(), { description, examples: [{ en: "Tools", de: "Werkzeuge" }] });

const NAMES = localTextsOf("What it is called: a text for each language, by its tag (BCP 47).");
const DESCRIPTIONS = localTextsOf("What belongs into it, likewise; may be empty.");
const ICON = Type.String({ description: "A name in the store's sprite of icons." });

export const CATEGORY = record(
  {
    id: CATEGORY_ID,
    names: NAMES,
    descriptions: DESCRIPTIONS,
    icon: ICON,
    aliases: Type.Array(Type.String(), {
      description: "Ids of categories that were merged into it: packages that say one of them mean this one.",
    }),
    apps: Type.Integer({
      minimum: 0,
      description: `Apps that are shown in it, whoever may see them; counted up to ${MOST_APPS_COUNTED}.`,
    }),
    createdBy: Type.String(),
    createdAt: TIME,
    revision: REVISION,
  },
  "Category",
);

export function categoryJson({
  position: _,
  createdAt,
  aliases,
  ...rest
}: Category): Static<typeof CATEGORY> {
  return { ...rest, aliases: [...aliases], createdAt: createdAt.toISOString() };
}

export const SHOWN_CATEGORY = record(
  {
    id: CATEGORY_ID,
    names: NAMES,
    descriptions: DESCRIPTIONS,
    icon: ICON,
    apps: Type.Integer({
      minimum: 0,
      description: `Apps in it that who asks may see; counted up to ${MOST_COUNTED}.`,
    }),
  },
  "CatalogCategory",
);

export function shownCategoryJson(category: ShownCategory): Static<typeof SHOWN_CATEGORY> {
  return { ...category };
}

/** What may be sent; the rules are the domain's, which says what is wrong. */
export const CATEGORY_MEMBERS = {
  names: localTextsOf(`In one language at least, ${CATEGORY_NAME_CHARACTERS} characters at most each.`),
  descriptions: Type.Optional(
    localTextsOf(`One line of ${CATEGORY_DESCRIPTION_CHARACTERS} characters at most each.`),
  ),
  icon: Type.Optional(Type.String({ maxLength: 64, description: `One of ${CATEGORY_ICONS.join(", ")}.` })),
};

export const APP_CATEGORY = record(
  {
    appId: APP_ID,
    chosen: orNull(Type.String({ description: "What somebody chose; null: what the package says holds." })),
    fromPackage: orNull(
      Type.String({ description: "What the package that is offered says; may be none of the store's." }),
    ),
    category: orNull(Type.String({ description: "The store's category that the app is in; null: none." })),
  },
  "AppCategory",
);

export function appCategoryJson(category: AppCategory): Static<typeof APP_CATEGORY> {
  return { ...category };
}

export const SHOWN_PUBLISHER = record(
  {
    id: ORGANISATION_ID,
    name: Type.String(),
    apps: Type.Integer({
      minimum: 1,
      description: `Apps of its that who asks meets in the lists of the store; counted up to ${MOST_COUNTED_OF_PUBLISHER}.`,
    }),
    hasMore: Type.Boolean({ description: "There are more than were counted." }),
  },
  "CatalogPublisher",
);
