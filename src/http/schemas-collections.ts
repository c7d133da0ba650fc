/** The shapes of collections of apps. */
import { type Static, Type } from "@sinclair/typebox";
import type { ShownCollection, ShownCollectionDetails, ShownRow } from "../catalog/collections/browse.ts";
import type { Collection } from "../catalog/collections/collections.ts";
import { type CollectedApp, STANDINGS } from "../catalog/collections/contents.ts";
import {
  COLLECTION_DESCRIPTION_CHARACTERS,
  COLLECTION_ID_PATTERN,
  COLLECTION_NAME_CHARACTERS,
  FEATURED,
  MOST_APPS,
} from "../catalog/collections/limits.ts";
import { SHOWINGS } from "../catalog/collections/showing.ts";
import { VISIBILITIES } from "../catalog/visibility/audiences.ts";
import { APP_ID, ICON_KEY, oneOf, orNull, REVISION, record, TIME } from "./schemas.ts";
import { localTextsOf } from "./schemas-front.ts";
import { CATALOG_APP, catalogAppJson } from "./schemas-visibility.ts";

export const COLLECTION_ID = Type.String({
  pattern: COLLECTION_ID_PATTERN.source,
  description: `a collection's id; ${FEATURED} is that of the featured apps`,
  examples: ["field-work"],
});

const NAMES = localTextsOf("What it is called: a text for each language, by its tag (BCP 47).");
const DESCRIPTIONS = localTextsOf("What it is about, likewise; may be empty.");
const FROM = { ...TIME, description: "Not shown before this; null: at once." };
const UNTIL = { ...TIME, description: "Not shown from this on; null: without an end." };

export const COLLECTION = record(
  {
    id: COLLECTION_ID,
    names: NAMES,
    descriptions: DESCRIPTIONS,
    published: Type.Boolean({ description: "False: it is a draft." }),
    shownFrom: orNull(FROM),
    shownUntil: orNull(UNTIL),
    showing: { ...oneOf(...SHOWINGS), description: "Whether visitors meet it now, and why they do not." },
    apps: Type.Integer({
      minimum: 0,
      maximum: MOST_APPS,
      description: "Apps that are in it, whoever may see them.",
    }),
    createdBy: Type.String(),
    createdAt: TIME,
    revision: REVISION,
  },
  "Collection",
);

export function collectionJson({ position: _, ...collection }: Collection): Static<typeof COLLECTION> {
  return {
    ...collection,
    shownFrom: collection.shownFrom?.toISOString() ?? null,
    shownUntil: collection.shownUntil?.toISOString() ?? null,
    createdAt: collection.createdAt.toISOString(),
  };
}

/** What may be sent; the rules are the domain's, which says what is wrong. */
export const COLLECTION_MEMBERS = {
  names: localTextsOf(`In one language at least, ${COLLECTION_NAME_CHARACTERS} characters at most each.`),
  descriptions: Type.Optional(
    localTextsOf(`One line of ${COLLECTION_DESCRIPTION_CHARACTERS} characters at most each.`),
  ),
  published: Type.Optional(Type.Boolean({ description: "False, and at first without it: a draft." })),
  shownFrom: Type.Optional(orNull(FROM)),
  shownUntil: Type.Optional(orNull(UNTIL)),
};

type Sent = { readonly shownFrom?: string | null; readonly shownUntil?: string | null };

/** As the domain takes it: what was not sent is not there. */
export function collectionFields<Body extends Sent>({ shownFrom, shownUntil, ...rest }: Body) {
  const time = (text: string | null) => (text === null ? null : new Date(text));
  return {
    ...rest,
    ...(shownFrom === undefined ? {} : { shownFrom: time(shownFrom) }),
    ...(shownUntil === undefined ? {} : { shownUntil: time(shownUntil) }),
  };
}

export const COLLECTED_APP = record(
  {
    appId: APP_ID,
    name: Type.String(),
    publisher: Type.String({ description: "The name of the organisation." }),
    place: Type.Integer({ minimum: 1, description: "1 is the first." }),
    standing: {
      ...oneOf(...STANDINGS),
      description: "Whether it is met in the store, and why it is not. As soon as it is, it is shown here.",
    },
    visibility: { ...oneOf(...VISIBILITIES), description: "Who may see it, and so meets it here." },
    iconKey: ICON_KEY,
  },
  "CollectedApp",
);

export function collectedAppJson(app: CollectedApp): Static<typeof COLLECTED_APP> {
  return { ...app };
}

const SHOWN_MEMBERS = { id: COLLECTION_ID, names: NAMES, descriptions: DESCRIPTIONS };

export const SHOWN_COLLECTION = record(SHOWN_MEMBERS, "CatalogCollection");

export function shownCollectionJson(collection: ShownCollection): Static<typeof SHOWN_COLLECTION> {
  return { ...collection };
}

export const SHOWN_COLLECTION_DETAILS = record(
  {
    ...SHOWN_MEMBERS,
    apps: Type.Integer({
      minimum: 1,
      maximum: MOST_APPS,
      description: "Apps in it that who asks may see.",
    }),
  },
  "CatalogCollectionDetails",
);

export function shownCollectionDetailsJson(
  details: ShownCollectionDetails,
): Static<typeof SHOWN_COLLECTION_DETAILS> {
  return { ...details };
}

export const COLLECTION_ROW = record(
  {
    collection: SHOWN_COLLECTION,
    items: Type.Array(CATALOG_APP, { description: "The first of its apps." }),
    hasMore: Type.Boolean({ description: "There are others in it." }),
  },
  "CatalogCollectionRow",
);

export function collectionRowJson({ collection, items, hasMore }: ShownRow): Static<typeof COLLECTION_ROW> {
  return { collection: shownCollectionJson(collection), items: items.map(catalogAppJson), hasMore };
}
