/** The shapes of what people report. */
import { type Static, Type } from "@sinclair/typebox";
import { APP_REASONS, RATING_REASONS, REPORT_CHARACTERS, REPORT_REASONS } from "../catalog/reports/fields.ts";
import type { Report, ReportedRating } from "../catalog/reports/moderate.ts";
import type { OwnReport } from "../catalog/reports/report.ts";
import { APP_ID, idOf, oneOf, orNull, REVISION, record, TIME } from "./schemas.ts";
import { ACCOUNT_ID } from "./schemas-accounts.ts";
import { RATING_ID } from "./schemas-ratings.ts";

export const REPORT_ID = idOf("rpt", "a report's");
const REASON = Type.String({ description: `One of ${REPORT_REASONS.join(", ")}.` });

export const OWN_REPORT = record(
  {
    id: REPORT_ID,
    appId: APP_ID,
    ratingId: orNull({ ...RATING_ID, description: "null: it is about the app." }),
    reason: REASON,
    text: Type.String(),
    createdAt: TIME,
    revision: REVISION,
  },
  "OwnReport",
);

export function ownReportJson({ createdAt, ...rest }: OwnReport): Static<typeof OWN_REPORT> {
  return { ...rest, createdAt: createdAt.toISOString() };
}

export const REPORTED_RATING = record(
  {
    id: RATING_ID,
    author: orNull(Type.String({ description: "null: an enrolled device." })),
    stars: Type.Integer({ minimum: 1, maximum: 5 }),
    text: Type.String(),
    createdAt: TIME,
    hiddenReason: orNull(Type.String({ description: "Why it is hidden; null: it is shown." })),
    revision: REVISION,
  },
  "ReportedRating",
);

export function reportedRatingJson({ createdAt, ...rest }: ReportedRating): Static<typeof REPORTED_RATING> {
  return { ...rest, createdAt: createdAt.toISOString() };
}

export const REPORT = record(
  {
    id: REPORT_ID,
    appId: APP_ID,
    appName: Type.String(),
    said: orNull(
      record({
        stars: Type.Integer({ minimum: 1, maximum: 5 }),
        text: Type.String({ description: "As it was when it was reported." }),
      }),
    ),
    rating: orNull(REPORTED_RATING),
    reason: REASON,
    text: Type.String({ description: "In the words of who reports it; may be empty." }),
    by: orNull(record({ accountId: ACCOUNT_ID, name: Type.String() })),
    own: Type.Boolean({
      description:
        "Who asks said it, or works for the organisation that the app is of: others decide, and by is null.",
    }),
    createdAt: TIME,
    closed: orNull(
      record({
        at: TIME,
        by: Type.String({ description: "The label of who decided; empty where who said it took it back." }),
        outcome: oneOf("hidden", "dismissed", "handled", "withdrawn"),
      }),
    ),
    revision: REVISION,
  },
  "Report",
);

export function reportJson({
  createdAt,
  rating,
  closed,
  mayDecide: _,
  ...rest
}: Report): Static<typeof REPORT> {
  return {
    ...rest,
    rating: rating && reportedRatingJson(rating),
    createdAt: createdAt.toISOString(),
    closed: closed && {
      by: closed.by,
      at: closed.at.toISOString(),
      outcome: closed.outcome,
    },
  };
}

/** What may be sent; the rules are the domain's, which says what is wrong. */
export const reportMembers = (about: "app" | "rating") => ({
  reason: Type.String({
    maxLength: 40,
    description: `One of ${(about === "app" ? APP_REASONS : RATING_REASONS).join(", ")}.`,
    examples: [about === "app" ? "misleading" : "abusive"],
  }),
  text: Type.Optional(
    Type.String({
      maxLength: 10_000,
      description: `Plain text of ${REPORT_CHARACTERS} characters at most; needed with other.`,
      examples: ["It says that it works without a network, and does not."],
    }),
  ),
});
