/** The shapes of what people and devices say of apps. */
import { type Static, Type } from "@sinclair/typebox";
import type { DeveloperRating } from "../catalog/ratings/answer.ts";
import { ANSWER_CHARACTERS, REVIEW_CHARACTERS } from "../catalog/ratings/fields.ts";
import type { OwnRating, RatingAnswer } from "../catalog/ratings/rate.ts";
import type { ShownRating } from "../catalog/ratings/shown.ts";
import type { RatingSummary } from "../catalog/ratings/stars.ts";
import { APP_ID, idOf, orNull, REVISION, record, TIME, VERSION_CODE } from "./schemas.ts";

export const RATING_ID = idOf("rat", "a rating's");

const SO_MANY = Type.Integer({ minimum: 0 });
const STARS = Type.Integer({ minimum: 1, maximum: 5 });
export const RATING_LANGUAGE = Type.String({
  pattern: "^[A-Za-z0-9-]{2,35}$",
  description: "a language's tag (BCP 47), of which the first part counts",
  examples: ["de"],
});

export const RATING_SUMMARY = record(
  {
    average: orNull(
      Type.Number({ minimum: 1, maximum: 5, description: "To two decimals; null: nobody has rated it." }),
    ),
    count: { ...SO_MANY, description: "How many rated it." },
    stars: record({ "1": SO_MANY, "2": SO_MANY, "3": SO_MANY, "4": SO_MANY, "5": SO_MANY }),
  },
  "RatingSummary",
);

export function ratingSummaryJson({ stars, ...rest }: RatingSummary): Static<typeof RATING_SUMMARY> {
  const [one, two, three, four, five] = stars;
  return { ...rest, stars: { "1": one, "2": two, "3": three, "4": four, "5": five } };
}

const ANSWER = orNull(
  record(
    {
      text: Type.String({ description: "Plain text." }),
      by: Type.String({ description: "The organisation that answered, by its name then." }),
      at: TIME,
    },
    "RatingAnswer",
  ),
);

const answerJson = (answer: RatingAnswer | null) =>
  answer && { text: answer.text, by: answer.by, at: answer.at.toISOString() };

const SAID = {
  stars: STARS,
  text: Type.String({ description: "Plain text; may be empty." }),
  language: Type.String({ description: "The language that its author reads." }),
  version: Type.String({ description: "What its author had when they wrote it." }),
  versionCode: Type.Integer({ minimum: 1 }),
  createdAt: TIME,
  updatedAt: { ...TIME, description: "When its author wrote it last." },
};

export const OWN_RATING = record(
  {
    id: RATING_ID,
    appId: APP_ID,
    ...SAID,
    answer: ANSWER,
    hidden: orNull(record({ at: TIME, reason: Type.String({ description: "In the words of who hid it." }) })),
    revision: REVISION,
  },
  "OwnRating",
);

export function ownRatingJson(rating: OwnRating): Static<typeof OWN_RATING> {
  const { createdAt, updatedAt, answer, hidden, ...rest } = rating;
  return {
    ...rest,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    answer: answerJson(answer),
    hidden: hidden && { ...hidden, at: hidden.at.toISOString() },
  };
}

const SHOWN = {
  id: RATING_ID,
  author: orNull(Type.String({ description: "What its author calls themselves; null: an enrolled device." })),
  ...SAID,
  answer: ANSWER,
};

export const SHOWN_RATING = record(SHOWN, "CatalogRating");

export function shownRatingJson(rating: ShownRating): Static<typeof SHOWN_RATING> {
  const { createdAt, updatedAt, answer, ...rest } = rating;
  return {
    ...rest,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    answer: answerJson(answer),
  };
}

export const DEVELOPER_RATING = record(
  {
    ...SHOWN,
    author: orNull(
      Type.String({
        description:
          "What its author calls themselves; null: an enrolled device, somebody who gave stars alone, or who wrote what is hidden.",
      }),
    ),
    byDevice: Type.Boolean({ description: "It is of an enrolled device." }),
    appId: APP_ID,
    hidden: Type.Boolean({ description: "Somebody hid it from the store: it counts no more." }),
    revision: REVISION,
  },
  "Rating",
);

export function developerRatingJson(rating: DeveloperRating): Static<typeof DEVELOPER_RATING> {
  const { byDevice, appId, hidden, mayHide: _, revision, ...rest } = rating;
  return { ...shownRatingJson(rest), byDevice, appId, hidden, revision };
}

/** What may be sent; the rules are the domain's, which says what is wrong. */
export const RATING_MEMBERS = {
  stars: Type.Integer({ description: "1 to 5.", examples: [4] }),
  text: Type.Optional(
    Type.String({
      maxLength: 20_000,
      description: `Plain text of ${REVIEW_CHARACTERS} characters at most; without it stars alone.`,
      examples: ["Opens at once, and has never lost a note."],
    }),
  ),
  language: Type.Optional({
    ...RATING_LANGUAGE,
    description: "What it is written in; without it what its author reads.",
  }),
};

export const DEVICE_RATING_MEMBERS = {
  ...RATING_MEMBERS,
  versionCode: Type.Optional({
    ...VERSION_CODE,
    description: "What the device has, of what the store offers; without it what it fetched last.",
  }),
};

export const ANSWER_MEMBERS = {
  text: Type.String({
    maxLength: 20_000,
    description: `Plain text of 1 to ${ANSWER_CHARACTERS} characters.`,
    examples: ["Mended in 1.2.1. Thank you for telling us."],
  }),
};
