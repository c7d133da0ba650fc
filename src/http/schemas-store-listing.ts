/** What the store shows of an app, in the API. */
import { type Static, Type } from "@sinclair/typebox";
import type { ListingPicture, ListingPictures } from "../catalog/listing-pictures/keep.ts";
import { LISTING_PICTURE_LIMITS } from "../catalog/listing-pictures/limits.ts";
import { LINK_KINDS, LISTING_LIMITS } from "../catalog/store-listing/document.ts";
import type { StoreListingView } from "../catalog/store-listing/store-listing.ts";
import { APP_ID, idOf, oneOf, orNull, PICTURE, pictureJson, record, TIME } from "./schemas.ts";

/** The rules for texts are the domain's, which says what is wrong with them; here is only what may be sent at all. */
const ANY_TEXT = 4 * LISTING_LIMITS.descriptionCharacters;
const text = (most: number, what: string) =>
  Type.Optional(Type.String({ maxLength: ANY_TEXT, description: `${what}, of at most ${most} characters` }));

const TEXTS = record({
  name: text(LISTING_LIMITS.nameCharacters, "what the store calls it"),
  summary: text(LISTING_LIMITS.summaryCharacters, "one line that says what it is for"),
  description: text(LISTING_LIMITS.descriptionCharacters, "Markdown"),
});

const BY_LOCALE = { description: "By language, as RFC 5646 writes it: `de`, `pt-BR`." };
const LINK = Type.Optional(Type.String({ maxLength: 4000, description: "an https address" }));
const LINKS = record(
  Object.fromEntries(LINK_KINDS.map((kind) => [kind, LINK])) as Record<
    (typeof LINK_KINDS)[number],
    typeof LINK
  >,
);
const TAGS = Type.Array(Type.String({ maxLength: 200 }), {
  maxItems: 100,
  description: `words to find it by, at most ${LISTING_LIMITS.tags}`,
});

export const LISTING_DOCUMENT = record({
  texts: Type.Optional(Type.Record(Type.String({ maxLength: 100 }), TEXTS, BY_LOCALE)),
  tags: Type.Optional(TAGS),
  links: Type.Optional(LINKS),
});

export const LISTING = record(
  {
    appId: APP_ID,
    revision: Type.Integer({ minimum: 0, description: "0 until somebody writes one." }),
    updatedAt: orNull(TIME),
    texts: Type.Record(Type.String(), TEXTS, BY_LOCALE),
    tags: Type.Array(Type.String()),
    links: LINKS,
    defaultLocale: Type.String({ description: "The package's own language." }),
    shown: Type.Record(
      Type.String(),
      record({ name: Type.String(), summary: Type.String(), description: Type.String() }),
      { description: "What the store shows, by language." },
    ),
  },
  "StoreListing",
);

export function storeListingJson({
  appId,
  revision,
  updatedAt,
  document,
  shown,
}: StoreListingView): Static<typeof LISTING> {
  return {
    appId,
    revision,
    updatedAt: updatedAt?.toISOString() ?? null,
    texts: document.texts,
    tags: [...document.tags],
    links: document.links,
    defaultLocale: shown.defaultLocale,
    shown: Object.fromEntries(shown.byLocale),
  };
}

export const LISTING_REVISION = record(
  {
    revision: Type.Integer({ minimum: 1 }),
    changedBy: Type.String({ description: "Who made it so, such as `account:acc-…`." }),
    changedAt: TIME,
  },
  "StoreListingRevision",
);

export const LISTING_PICTURE_ID = idOf("pic", "a listing picture's");

export const ALTS = Type.Record(Type.String(), Type.String(), {
  description: `What it says to who does not see it: a line of 1 to ${LISTING_PICTURE_LIMITS.altCharacters} characters for each language, by its tag (BCP 47). Of an icon nothing.`,
  examples: [{ en: "The list of notes, with one open." }],
});
export const PICTURE_LOCALE = Type.String({
  description: "The language of those whom it is for, by its tag.",
  examples: ["de"],
});

export const LISTING_PICTURE = record(
  {
    id: LISTING_PICTURE_ID,
    kind: oneOf("icon", "screenshot"),
    place: Type.Integer({ minimum: 1, description: "Among pictures of its kind, 1 being the first." }),
    locale: orNull({ ...PICTURE_LOCALE, description: `${PICTURE_LOCALE.description} Null: everybody.` }),
    alts: ALTS,
    widthPx: Type.Integer({ minimum: 1, description: "As it came, which is never shown." }),
    heightPx: Type.Integer({ minimum: 1 }),
    sizeBytes: Type.Integer({ minimum: 1, description: "Of the file as it came." }),
    addedBy: Type.String({ description: "Who uploaded it, such as `account:acc-…`." }),
    addedAt: TIME,
    state: PICTURE.properties.state,
    sizes: PICTURE.properties.sizes,
  },
  "ListingPicture",
);

export const LISTING_PICTURES = record(
  {
    appId: APP_ID,
    revision: Type.Integer({ minimum: 0, description: "0 until somebody changes one." }),
    icon: orNull(LISTING_PICTURE),
    screenshots: Type.Array(LISTING_PICTURE, { description: "In their order." }),
  },
  "ListingPictures",
);

function listingPictureJson({
  shown,
  addedAt,
  alts,
  ...rest
}: ListingPicture): Static<typeof LISTING_PICTURE> {
  const { state, sizes } = pictureJson(shown);
  return { ...rest, alts: { ...alts }, addedAt: addedAt.toISOString(), state, sizes };
}

export function listingPicturesJson({
  icon,
  screenshots,
  ...rest
}: ListingPictures): Static<typeof LISTING_PICTURES> {
  return {
    ...rest,
    icon: icon && listingPictureJson(icon),
    screenshots: screenshots.map(listingPictureJson),
  };
}
