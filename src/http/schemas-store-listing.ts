/** What the store shows of an app, in the API. */
import { type Static, Type } from "@sinclair/typebox";
import { LINK_KINDS, LISTING_LIMITS } from "../catalog/store-listing/document.ts";
import type { StoreListingView } from "../catalog/store-listing/store-listing.ts";
import { APP_ID, orNull, record, TIME } from "./schemas.ts";

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
