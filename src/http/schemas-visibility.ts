/** The shapes of who may see an app, and of the apps that somebody may see. */
import { type Static, Type } from "@sinclair/typebox";
import type { LocalTexts } from "../catalog/local-texts.ts";
import { MOST_GROUPS_OF_APP, UNNAMED_GROUPS, VISIBILITIES } from "../catalog/visibility/audiences.ts";
import type { VisibilityPreview, VisibilityView } from "../catalog/visibility/change.ts";
import type { ShownApp } from "../catalog/visibility/visible.ts";
import type { ShownDetails, ShownVersion } from "../catalog/visibility/visible-versions.ts";
import type { PageRequest } from "../db/pages.ts";
import type { VersionCode } from "../ids.ts";
import { positionOf } from "./cursor.ts";
import {
  APP_ID,
  ICON_KEY,
  ORGANISATION_ID,
  oneOf,
  orNull,
  PICTURE,
  pictureJson,
  record,
  SHA256,
  TIME,
  TRANSLATED_NOTES,
  VERSION_CODE,
} from "./schemas.ts";
import { GROUP_ID } from "./schemas-groups.ts";
import { RATING_SUMMARY, ratingSummaryJson } from "./schemas-ratings.ts";

const VISIBILITY_NAME = oneOf(...VISIBILITIES);
export const NAMED_GROUP = record({ id: GROUP_ID, name: Type.String() });
const SIZED_GROUP = record({
  id: GROUP_ID,
  name: Type.String(),
  people: Type.Integer({ minimum: 0 }),
  devices: Type.Integer({ minimum: 0 }),
});

/** What may be sent; the rules are the domain's, which says what is wrong. */
export const VISIBILITY_MEMBERS = {
  visibility: Type.String({
    maxLength: 40,
    description: "everyone, signed-in or groups",
    examples: ["groups"],
  }),
  groups: Type.Optional(
    Type.Array(Type.String({ maxLength: 200 }), {
      description: `With groups: the ids of 1 to ${MOST_GROUPS_OF_APP} of them.`,
      maxItems: 500,
    }),
  ),
};

/** What a change may say besides. */
export const VISIBILITY_CHANGE = {
  ...VISIBILITY_MEMBERS,
  unnamedGroups: Type.Optional({
    ...oneOf(...UNNAMED_GROUPS),
    description:
      "With groups: what becomes of those that the app is for and that are not named to you. Without it they stay.",
  }),
};

const UNNAMED = Type.Integer({
  minimum: 0,
  description: "How many more groups: administrators chose them, and do not offer them to owners.",
});

export const VISIBILITY = record(
  {
    appId: APP_ID,
    visibility: VISIBILITY_NAME,
    groups: Type.Array(NAMED_GROUP, { description: "By name; empty unless it is for groups." }),
    unnamedGroups: UNNAMED,
    published: Type.Boolean({ description: "Whether anybody can see anything of it yet." }),
    publicSince: orNull({
      ...TIME,
      description: "Since when it is in the public catalogue; null: it is not.",
    }),
    publicUntil: orNull({
      ...TIME,
      description: "Until when it was; null: it is, or never was. What was public then stays in the log.",
    }),
  },
  "Visibility",
);

export function visibilityJson(view: VisibilityView): Static<typeof VISIBILITY> {
  const { publicSince, publicUntil, groups, ...rest } = view;
  return {
    ...rest,
    groups: [...groups],
    publicSince: publicSince?.toISOString() ?? null,
    publicUntil: publicUntil?.toISOString() ?? null,
  };
}

export const VISIBILITY_PREVIEW = record(
  {
    before: VISIBILITY,
    after: record({
      visibility: VISIBILITY_NAME,
      groups: Type.Array(SIZED_GROUP),
      unnamedGroups: UNNAMED,
    }),
    changes: Type.Boolean({ description: "False when it is so already." }),
    joining: Type.Array(SIZED_GROUP, { description: "Groups that will see it and do not now." }),
    leaving: Type.Array(SIZED_GROUP, { description: "Groups that see it now and will not." }),
    leavingUnnamed: UNNAMED,
    versions: Type.Integer({ minimum: 0, description: "Published versions that this concerns." }),
    scope: { ...SHA256, description: "To be given with the act." },
  },
  "VisibilityPreview",
);

export function visibilityPreviewJson(preview: VisibilityPreview): Static<typeof VISIBILITY_PREVIEW> {
  const { before, after, joining, leaving, scope, ...rest } = preview;
  return {
    ...rest,
    before: visibilityJson(before),
    after: { ...after, groups: [...after.groups] },
    joining: [...joining],
    leaving: [...leaving],
    scope: scope as Static<typeof SHA256>,
  };
}

/** What an app's developers say against it. */
export const DEPRECATION = record(
  {
    text: Type.String({ description: "One line." }),
    instead: orNull(record({ id: APP_ID, name: Type.String() })),
  },
  "Deprecation",
);

const CATALOG_MEMBERS = {
  id: APP_ID,
  name: Type.String(),
  summary: Type.String(),
  publisher: Type.String({ description: "The name of the organisation." }),
  publisherId: ORGANISATION_ID,
  version: Type.String({ description: "The newest that is offered." }),
  versionCode: Type.Integer({ minimum: 1 }),
  publishedAt: { ...TIME, description: "When that version was published." },
  iconKey: ICON_KEY,
  installs: Type.Integer({
    minimum: 0,
    description: "How often devices fetched it from the store: each package, and each update.",
  }),
  rating: orNull(RATING_SUMMARY),
  category: orNull(Type.String({ description: "Id of the category of the store that it is in." })),
  visibility: { ...VISIBILITY_NAME, description: "For whom it is, beside who asks." },
  listed: Type.Boolean({ description: "False of an app that is found by its address alone." }),
  deprecated: orNull(DEPRECATION),
};

export const CATALOG_APP = record(CATALOG_MEMBERS, "CatalogApp");

export function catalogAppJson({ publishedAt, rating, ...app }: ShownApp): Static<typeof CATALOG_APP> {
  return { ...app, rating: rating && ratingSummaryJson(rating), publishedAt: publishedAt.toISOString() };
}

export const CATALOG_DETAILS = record(
  {
    ...CATALOG_MEMBERS,
    notes: Type.String({
      description: "What is new in that version, in the language of `defaultLocale`: Markdown; may be empty.",
    }),
    translatedNotes: TRANSLATED_NOTES,
    sizeBytes: Type.Integer({ minimum: 0, description: "Of the file that devices get." }),
    sha256: { ...SHA256, description: "Of the file that devices get." },
    developerKeyid: orNull(Type.String({ description: "Of the key with which its developer signed it." })),
    link: Type.String({
      description: "What its QR code holds: a device of this store opens the app with it.",
    }),
    defaultLocale: Type.String({ description: "The language of who reads none of the others." }),
    texts: Type.Record(
      Type.String(),
      record({
        name: Type.String(),
        summary: Type.String(),
        description: Type.String({ description: "Markdown; may be empty." }),
      }),
      { description: "What the store says of it, by language." },
    ),
    tags: Type.Array(Type.String()),
    links: Type.Record(Type.String(), Type.String(), {
      description: "homepage, source, issues, support, privacy: those that there are.",
    }),
    screenshots: Type.Array(
      record({
        ...PICTURE.properties,
        alts: Type.Record(Type.String(), Type.String(), {
          description: "What it says to who does not see it, by language.",
        }),
        locale: orNull(
          Type.String({ description: "The language of those whom it is for; null: everybody." }),
        ),
      }),
      {
        description:
          "Those of the listing, as soon as one of them can be shown; else those of the package. For readers of every language.",
      },
    ),
    yanked: Type.Array(
      record({ version: Type.String(), versionCode: VERSION_CODE, reason: Type.String(), at: TIME }),
      {
        description:
          "The newest versions, five at most, that the store offers to nobody any more and that who has them keeps; the highest version code first.",
      },
    ),
  },
  "CatalogAppDetails",
);

export function catalogDetailsJson(
  { app, newest, screenshots, yanked, developerKeyid, texts, tags, links }: ShownDetails,
  link: string,
  translatedNotes: LocalTexts,
): Static<typeof CATALOG_DETAILS> {
  return {
    ...catalogAppJson(app),
    notes: newest.notes,
    translatedNotes: { ...translatedNotes },
    sizeBytes: newest.sizeBytes,
    sha256: newest.sha256,
    developerKeyid,
    link,
    defaultLocale: texts.defaultLocale,
    texts: Object.fromEntries(texts.byLocale),
    tags: [...tags],
    links: { ...links },
    screenshots: screenshots.map(({ alts, locale, ...picture }) => ({
      ...pictureJson(picture),
      alts: { ...alts },
      locale,
    })),
    yanked: yanked.map(({ at, ...version }) => ({ ...version, at: at.toISOString() })),
  };
}

export const CATALOG_VERSION = record(
  {
    version: Type.String(),
    versionCode: VERSION_CODE,
    publishedAt: TIME,
    notes: Type.String({ description: "What is new in it, in the language of `defaultLocale`: Markdown." }),
    defaultLocale: Type.String({
      description: "The app's own language, as the package of that version says.",
    }),
    translatedNotes: TRANSLATED_NOTES,
    sha256: { ...SHA256, description: "Of the file that devices get." },
    sizeBytes: Type.Integer({ minimum: 0 }),
  },
  "CatalogVersion",
);

export function catalogVersionJson(
  { id: _, publishedAt, sha256, ...version }: ShownVersion,
  translatedNotes: LocalTexts,
) {
  return {
    ...version,
    translatedNotes: { ...translatedNotes },
    publishedAt: publishedAt.toISOString(),
    sha256: sha256 as Static<typeof SHA256>,
  };
}

/** A page of versions goes on below the last one's code. @throws Problem `cursor.invalid` */
export function codePage({ after, limit }: PageRequest): {
  readonly below?: VersionCode;
  readonly limit: number;
} {
  return { limit, ...(after === undefined ? {} : { below: positionOf(after) as VersionCode }) };
}
