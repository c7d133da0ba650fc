/** The pages of what people and devices say of apps, in every state worth looking at. */

import type { RatingSummary, Review } from "../components/ratings.tsx";
import { APP_PARTS } from "../pages/app-props.ts";
import {
  type CatalogRatingsProps,
  catalogRatingsPage,
  type OwnRatingProps,
} from "../pages/catalog-ratings.tsx";
import { type HideRatingProps, hideRatingPage } from "../pages/hide-rating.tsx";
import { type LeftRatingProps, ownRatingPage } from "../pages/own-rating.tsx";
import {
  type AnswerProps,
  answerPage,
  type RatingRow,
  type RatingsProps,
  ratingsPage,
} from "../pages/ratings.tsx";
import { type ReportProps, reportPage } from "../pages/report.tsx";
import { type OneReportProps, oneReportPage, type ReportRow, reportsPage } from "../pages/reports.tsx";
import { ADMINISTRATOR, before, DEVELOPER } from "./context.ts";
import { appProps, HOSTILE, HOSTILE_NAMES, LONGEST, NO_PAGER, ORDINARY, PAGER } from "./data.ts";
import type { Sample } from "./samples.ts";

type Names = typeof ORDINARY;

export const SUMMARY: RatingSummary = { average: 4.25, count: 1284, stars: [61, 40, 112, 391, 680] };
export const UNRATED: RatingSummary = { average: null, count: 0, stars: [0, 0, 0, 0, 0] };

const SAID = [
  ["Mira Castell", 5, "Opens at once, and has never lost a note.\nThe search finds what I meant.", "en"],
  [null, 4, "", "en"],
  ["عمر الخطيب", 2, "يتوقف عن المزامنة عندما تنقطع الشبكة.", "ar"],
  ["Jonas Weber", 3, "Gut, aber die Liste könnte schneller sein.", "de"],
] as const;

export function reviews(names: Names): Review[] {
  return SAID.map(([author, stars, text, language], index) => ({
    id: `rat-${String(index).repeat(32)}`,
    author: names === ORDINARY ? author : names.organisation,
    stars,
    text: names === ORDINARY ? text : names.text,
    language: names === HOSTILE_NAMES ? HOSTILE : language,
    version: names.version,
    createdAt: before(3 + 9 * index, "days"),
    isEdited: index === 0,
    answer:
      index === 2
        ? {
            text: names === ORDINARY ? "Mended in 2.4.1. Thank you for telling us." : names.text,
            by: names.organisation,
            at: before(1, "days"),
            isOlder: names !== ORDINARY,
          }
        : null,
  }));
}

const own = (changes: Partial<OwnRatingProps> = {}): OwnRatingProps => ({
  standing: "may",
  stars: null,
  text: "",
  revision: null,
  hidden: null,
  errors: [],
  ...changes,
});

const shown = (names: Names, changes: Partial<CatalogRatingsProps> = {}): CatalogRatingsProps => ({
  app: { id: names.id, name: names.name, publisher: names.organisation, iconUrl: null },
  summary: SUMMARY,
  reviews: reviews(names).filter(({ text }) => text !== ""),
  pager: NO_PAGER,
  isOwnLanguage: false,
  allHref: `/catalog/${names.id}/ratings`,
  ownLanguageHref: `/catalog/${names.id}/ratings?language=en`,
  own: own(),
  longest: 2000,
  ...changes,
});

const rows = (names: Names): RatingRow[] =>
  reviews(names).map((review, index) => ({
    ...review,
    ...(index === 3 ? { author: null, text: "" } : {}),
    ...{ hidden: index === 3, byDevice: index === 1, mayHide: false, revision: 1 + index },
  }));

const app = (names: Names) => ({
  id: names.id,
  name: names.name,
  organisation: names.organisation,
  parts: APP_PARTS,
});

const list = (names: Names, changes: Partial<RatingsProps> = {}): RatingsProps => ({
  page: { ...appProps(names), part: "ratings" },
  summary: SUMMARY,
  ratings: rows(names),
  pager: PAGER,
  answers: true,
  ...changes,
});

const answer = (names: Names, at: number, changes: Partial<AnswerProps> = {}): AnswerProps => {
  const rating = rows(names)[at];
  if (rating === undefined) throw new Error("there is no such rating");
  return {
    app: app(names),
    rating,
    text: rating.answer?.text ?? "",
    errors: [],
    longest: 2000,
    ...changes,
  };
};

const hiding = (names: Names): HideRatingProps => {
  const [rating] = reviews(names);
  if (rating === undefined) throw new Error("there is a first review");
  return { app: app(names), rating: { ...rating, revision: 1 }, reason: "", errors: [] };
};

const left = (names: Names): LeftRatingProps => ({
  ...{ appId: names.id, stars: 4, text: names.text, hidden: null, revision: 2 },
});

const sample = (
  name: string,
  render: Sample["render"],
  viewer: Sample["viewer"] = DEVELOPER,
  path = "/catalog/x/ratings",
): Sample => ({ name, path, viewer, render });

export const RATING_SAMPLES: readonly Sample[] = [
  sample("catalog-ratings", (ctx) => catalogRatingsPage(ctx, shown(ORDINARY, { pager: PAGER }))),
  sample(
    "catalog-ratings-visitor",
    (ctx) => catalogRatingsPage(ctx, shown(ORDINARY, { own: own({ standing: "sign_in" }) })),
    null,
  ),
  sample("catalog-ratings-none", (ctx) =>
    catalogRatingsPage(
      ctx,
      shown(ORDINARY, { summary: UNRATED, reviews: [], own: own({ standing: "not_had" }) }),
    ),
  ),
  sample("catalog-ratings-language", (ctx) =>
    catalogRatingsPage(
      ctx,
      shown(ORDINARY, { reviews: [], isOwnLanguage: true, own: own({ standing: "own_app" }) }),
    ),
  ),
  sample("catalog-ratings-restricted", (ctx) =>
    catalogRatingsPage(ctx, shown(ORDINARY, { own: own({ standing: "devices" }) })),
  ),
  sample("catalog-ratings-own", (ctx) =>
    catalogRatingsPage(ctx, shown(ORDINARY, { own: own({ stars: 4, text: "It does.", revision: 2 }) })),
  ),
  sample("catalog-ratings-longest", (ctx) =>
    catalogRatingsPage(
      ctx,
      shown(LONGEST, {
        summary: { average: 1, count: 2_147_483_647, stars: [2_147_483_647, 0, 0, 0, 0] },
        own: own({
          stars: 1,
          text: LONGEST.text,
          revision: 3,
          hidden: LONGEST.text,
          errors: [
            { field: "stars", message: "Choose 1 to 5 stars." },
            { field: "text", message: LONGEST.text },
          ],
        }),
      }),
    ),
  ),
  sample("ratings", (ctx) => ratingsPage(ctx, list(ORDINARY)), DEVELOPER, "/apps/x/ratings"),
  sample(
    "ratings-none",
    (ctx) => ratingsPage(ctx, list(ORDINARY, { ratings: [], summary: UNRATED, pager: NO_PAGER })),
    DEVELOPER,
    "/apps/x/ratings",
  ),
  sample("ratings-longest", (ctx) => ratingsPage(ctx, list(LONGEST)), DEVELOPER, "/apps/x/ratings"),
  sample(
    "ratings-read",
    (ctx) => ratingsPage(ctx, list(ORDINARY, { answers: false })),
    DEVELOPER,
    "/apps/x/ratings",
  ),
  sample(
    "ratings-moderator",
    (ctx) =>
      ratingsPage(
        ctx,
        list(ORDINARY, {
          answers: false,
          ratings: rows(ORDINARY).map((rating) => ({ ...rating, mayHide: true })),
        }),
      ),
    ADMINISTRATOR,
    "/apps/x/ratings",
  ),
  sample("rating-hide", (ctx) => hideRatingPage(ctx, hiding(ORDINARY)), ADMINISTRATOR, "/apps/x/ratings"),
  sample(
    "rating-hide-longest",
    (ctx) =>
      hideRatingPage(ctx, {
        ...hiding(LONGEST),
        reason: LONGEST.text,
        errors: [{ field: "reason", message: LONGEST.text }],
      }),
    ADMINISTRATOR,
    "/apps/x/ratings",
  ),
  sample("rating-left", (ctx) => ownRatingPage(ctx, left(ORDINARY))),
  sample("rating-left-longest", (ctx) => ownRatingPage(ctx, { ...left(LONGEST), hidden: LONGEST.text })),
  sample("rating-answer", (ctx) => answerPage(ctx, answer(ORDINARY, 0)), DEVELOPER, "/apps/x/ratings"),
  sample(
    "rating-answer-longest",
    (ctx) => answerPage(ctx, answer(LONGEST, 2, { errors: [{ field: "text", message: LONGEST.text }] })),
    DEVELOPER,
    "/apps/x/ratings",
  ),
];

const REPORT_REASONS = ["spam", "abusive", "off_topic", "private", "other"];

function reportRows(names: Names): ReportRow[] {
  const [said] = reviews(names);
  if (said === undefined) throw new Error("there is a first review");
  const { id, author, stars, text, createdAt } = said;
  const rating = { id, author, stars, text, createdAt, hiddenReason: null, revision: 2 };
  const row = (index: number, about: ReportRow["rating"], reason: string): ReportRow => ({
    id: `rpt-${String(index).repeat(32)}`,
    appId: names.id,
    appName: names.name,
    said: about && { stars: about.stars, text: about.text },
    rating: about,
    reason: names === HOSTILE_NAMES ? HOSTILE : reason,
    text: index === 1 ? "" : names.text,
    by: names === ORDINARY ? "Jonas Weber" : names.organisation,
    createdAt: before(index + 2, "days"),
    closed: null,
    revision: 1,
  });
  return [
    ...REPORT_REASONS.map((reason, index) => row(index, rating, reason)),
    ...["broken", "misleading", "harmful", "privacy", "rights", "other"].map((reason, index) =>
      row(index, null, reason),
    ),
  ];
}

const one = (names: Names, changes: Partial<ReportRow>, at = 0): OneReportProps => {
  const report = reportRows(names)[at];
  if (report === undefined) throw new Error("there is no such report");
  return { report: { ...report, ...changes }, decides: true, reason: "", errors: [] };
};

const closed = (outcome: string, by = "Ada Okafor") => ({ closed: { at: before(1, "days"), by, outcome } });

const form = (names: Names, changes: Partial<ReportProps> = {}): ReportProps => ({
  app: { id: names.id, name: names.name, publisher: names.organisation },
  review: null,
  reason: "",
  text: "",
  errors: [],
  longest: 1000,
  ...changes,
});

const hidden = (names: Names) => {
  const rating = reportRows(names)[0]?.rating;
  return { rating: rating ? { ...rating, hiddenReason: names.text } : null };
};

export const REPORT_SAMPLES: readonly Sample[] = [
  sample("report-app", (ctx) => reportPage(ctx, form(ORDINARY))),
  sample("report-rating", (ctx) =>
    reportPage(ctx, form(ORDINARY, { review: reviews(ORDINARY)[0] ?? null, reason: "spam" })),
  ),
  sample("report-longest", (ctx) =>
    reportPage(
      ctx,
      form(LONGEST, {
        review: reviews(LONGEST)[0] ?? null,
        text: LONGEST.text,
        errors: [
          { field: "reason", message: "Choose what is wrong." },
          { field: "text", message: LONGEST.text },
        ],
      }),
    ),
  ),
  sample(
    "reports",
    (ctx) => reportsPage(ctx, { reports: reportRows(ORDINARY), isClosed: false, pager: PAGER }),
    ADMINISTRATOR,
    "/admin/reports",
  ),
  sample(
    "reports-none",
    (ctx) => reportsPage(ctx, { reports: [], isClosed: false, pager: NO_PAGER }),
    ADMINISTRATOR,
    "/admin/reports",
  ),
  sample(
    "reports-none-closed",
    (ctx) => reportsPage(ctx, { reports: [], isClosed: true, pager: NO_PAGER }),
    ADMINISTRATOR,
    "/admin/reports",
  ),
  sample(
    "reports-longest",
    (ctx) => reportsPage(ctx, { reports: reportRows(LONGEST), isClosed: true, pager: PAGER }),
    ADMINISTRATOR,
    "/admin/reports",
  ),
  sample("report", (ctx) => oneReportPage(ctx, one(ORDINARY, {})), ADMINISTRATOR, "/admin/reports/x"),
  sample(
    "report-of-app",
    (ctx) => oneReportPage(ctx, one(ORDINARY, closed("handled"), 6)),
    ADMINISTRATOR,
    "/admin/reports/x",
  ),
  sample(
    "report-dismissed",
    (ctx) => oneReportPage(ctx, { ...one(ORDINARY, closed("dismissed")), decides: false }),
    ADMINISTRATOR,
    "/admin/reports/x",
  ),
  sample(
    "report-hidden",
    (ctx) => oneReportPage(ctx, one(ORDINARY, { ...closed("hidden"), ...hidden(ORDINARY) })),
    ADMINISTRATOR,
    "/admin/reports/x",
  ),
  sample(
    "report-withdrawn",
    (ctx) => oneReportPage(ctx, one(ORDINARY, { ...closed("withdrawn", ""), rating: null })),
    ADMINISTRATOR,
    "/admin/reports/x",
  ),
  sample(
    "report-own",
    (ctx) => oneReportPage(ctx, { ...one(ORDINARY, { by: null }), decides: false }),
    ADMINISTRATOR,
    "/admin/reports/x",
  ),
  sample(
    "report-one-longest",
    (ctx) =>
      oneReportPage(ctx, {
        ...one(LONGEST, {}),
        reason: LONGEST.text,
        errors: [{ field: "reason", message: LONGEST.text }],
      }),
    ADMINISTRATOR,
    "/admin/reports/x",
  ),
];

export const HOSTILE_REPORT_SAMPLES: readonly Sample[] = [
  sample(
    "rating-hide",
    (ctx) => hideRatingPage(ctx, { ...hiding(HOSTILE_NAMES), reason: HOSTILE }),
    ADMINISTRATOR,
    "/apps/x/ratings",
  ),
  sample("rating-left", (ctx) => ownRatingPage(ctx, { ...left(HOSTILE_NAMES), hidden: HOSTILE })),
  sample("report-rating", (ctx) =>
    reportPage(
      ctx,
      form(HOSTILE_NAMES, {
        review: reviews(HOSTILE_NAMES)[0] ?? null,
        reason: HOSTILE,
        text: HOSTILE,
        errors: [{ field: "text", message: HOSTILE }],
      }),
    ),
  ),
  sample(
    "reports",
    (ctx) => reportsPage(ctx, { reports: reportRows(HOSTILE_NAMES), isClosed: false, pager: NO_PAGER }),
    ADMINISTRATOR,
    "/admin/reports",
  ),
  sample(
    "report",
    (ctx) =>
      oneReportPage(ctx, {
        ...one(HOSTILE_NAMES, { ...closed(HOSTILE, HOSTILE), ...hidden(HOSTILE_NAMES) }),
        reason: HOSTILE,
      }),
    ADMINISTRATOR,
    "/admin/reports/x",
  ),
];

export const HOSTILE_RATING_SAMPLES: readonly Sample[] = [
  sample("catalog-ratings", (ctx) =>
    catalogRatingsPage(
      ctx,
      shown(HOSTILE_NAMES, {
        own: own({
          stars: 3,
          text: HOSTILE,
          revision: 1,
          hidden: HOSTILE,
          errors: [{ field: "text", message: HOSTILE }],
        }),
      }),
    ),
  ),
  sample("ratings", (ctx) => ratingsPage(ctx, list(HOSTILE_NAMES)), DEVELOPER, "/apps/x/ratings"),
  sample("rating-answer", (ctx) => answerPage(ctx, answer(HOSTILE_NAMES, 2)), DEVELOPER, "/apps/x/ratings"),
];
