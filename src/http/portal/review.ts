/** `/review/:versionId`: everything for a decision, and the decision. */
import { Type } from "@sinclair/typebox";
import type { Screenshot } from "../../../views/components/screenshots.tsx";
import type { FieldError, PageContext } from "../../../views/page.ts";
import { compareHref } from "../../../views/pages/compare.tsx";
import { confirmPage } from "../../../views/pages/confirm.tsx";
import { type ReviewProps, reviewPage } from "../../../views/pages/review.tsx";
import { type ReviewState, reviewEvent } from "../../../views/pages/review-live.tsx";
import type { Actor } from "../../accounts/actor.ts";
import { allows } from "../../accounts/rights.ts";
import { type Comparison, compareVersions } from "../../catalog/comparison/compare.ts";
import { listPackageFiles, type PackageFiles } from "../../catalog/contents.ts";
import { LISTED_ICON } from "../../catalog/shown-pictures/sizes.ts";
import { canHappen } from "../../catalog/states.ts";
import type { Store } from "../../context.ts";
import type { VersionState } from "../../db/version-states.ts";
import { isProblem } from "../../errors.ts";
import type { AppId, VersionId } from "../../ids.ts";
import { approve, mayDecide, reject } from "../../review/decide.ts";
import { type ReviewDetails, readReview } from "../../review/queue.ts";
import { fingerprintText } from "../../signing/keys.ts";
import { formBody } from "../body.ts";
import { statusOf } from "../errors.ts";
import { markOf } from "../live/mark.ts";
import { isOnItsWay, topicsOfReview } from "../live/version-topics.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { VERSION_ID } from "../schemas.ts";
import { authorName } from "./authors.ts";
import { changesFor, fileRow } from "./compare.ts";
import { findingOf } from "./findings.ts";
import { attempt, fieldErrors, plainLines, revisionField } from "./form.ts";
import { followPart, liveHref, SEEN } from "./live.ts";
import { hostsOf, languageOf, listingOf, manifestFacts, permissionsOf, screenshotOf } from "./manifest.ts";
import { notesInAll } from "./markdown.ts";
import { ownerLink } from "./organisation-link.ts";
import { goOn, pictureUrl, show } from "./page.ts";

const PATH = "/review/:versionId";
const PARAMS = Type.Object({ versionId: VERSION_ID });
const FILES_SHOWN = 200;

type Typed = { readonly reason: string; readonly errors: readonly FieldError[] };
const NOTHING_TYPED: Typed = { reason: "", errors: [] };

/** What the form of a rejection came to: the page again, with it. */
type Again = Typed & { readonly status: number };

async function page(call: CallBase, id: VersionId, again: Again | null): Promise<Response> {
  const { store, actor } = call;
  const review = readReview(store, actor, id);
  const files = await filesOf(store, actor, review);
  const comparison = await comparisonOf(store, actor, review);
  return show(
    call,
    (ctx) => {
      const since = sinceOf(review);
      const state = reviewState(ctx, call, review, since);
      const props = reviewProps(ctx, call, review, state, files, comparison, again ?? NOTHING_TYPED);
      return reviewPage(ctx, props, isOnItsWay(review.version) ? followHref(call, state, since) : null);
    },
    again === null ? {} : { status: again.status },
  );
}

/** Where a review is followed, also from the form that came back. */
function followHref({ url }: CallBase, state: State, since: string): string {
  const page = new URL(`/review/${state.version.id}?${new URLSearchParams({ since })}`, url);
  return liveHref({ url: page }, state);
}

/** What a decision is made on that can change while it waits: the version's own words, and what devices have. */
function sinceOf({ version, published }: ReviewDetails): string {
  return markOf([version.revision, published?.id ?? null]);
}

type State = ReviewState & {
  readonly app: { readonly id: AppId };
  readonly version: { readonly id: VersionId; readonly state: VersionState };
};

/** @param since What the page was made of that is followed */
function reviewState(
  ctx: PageContext,
  { store, actor }: Pick<CallBase, "store" | "actor">,
  review: ReviewDetails,
  since: string,
): State {
  const { app, version, decision } = review;
  const isDecidable = canDecide(store, actor, review);
  const waits = canHappen(version.state, "approve");
  const icon = review.pictures.find(({ kind }) => kind === "icon");
  const shownIcon = icon?.sizes.find(({ size }) => size === LISTED_ICON);
  return {
    app: { id: app.id, name: nameOf(review), iconUrl: pictureUrl(shownIcon?.key) },
    version: { id: version.id, version: version.version, state: version.state },
    decided: decision && {
      decision: decision.decision,
      reason: decision.reason,
      by: authorName(ctx, store, decision.reviewer),
      at: decision.at,
    },
    canDecide: isDecidable,
    // Whoever only reads is not told that they may not decide.
    isOwn: !isDecidable && waits && allows(actor, "review.decide"),
    isOutdated: waits && sinceOf(review) !== since,
  };
}

function canDecide(store: Store, actor: Actor, { app, version }: ReviewDetails): boolean {
  return canHappen(version.state, "approve") && mayDecide(store.db.orm, actor, app.organisationId, version);
}

/** None for what is no readable package: then the findings say so. */
async function filesOf(store: Store, actor: Actor, { app, version }: ReviewDetails): Promise<PackageFiles> {
  try {
    return await listPackageFiles(store, actor, app.id, version.id, FILES_SHOWN);
  } catch (error) {
    if (isProblem(error)) return { files: [], count: 0 };
    throw error;
  }
}

function reviewProps(
  ctx: PageContext,
  { store, actor }: Pick<CallBase, "store" | "actor">,
  review: ReviewDetails,
  state: State,
  { files, count }: PackageFiles,
  comparison: Comparison | null,
  { reason, errors }: Typed,
): ReviewProps {
  const { app, version, published, manifest } = review;
  return {
    ...state,
    app: {
      ...state.app,
      organisation: ownerLink(actor, app),
      published: published && { version: published.version, code: published.versionCode },
    },
    version: {
      ...state.version,
      code: version.versionCode,
      revision: version.revision,
      sizeBytes: version.uploadSizeBytes,
      submittedAt: version.submittedAt ?? version.createdAt,
      by: authorName(ctx, store, version.uploadedBy),
      notes: notesInAll(version, languageOf(manifest)),
      hold: version.hold,
      contentDigest: version.contentDigest ?? "–",
      developerKey: version.developerKeyid === null ? "–" : fingerprintText(version.developerKeyid),
    },
    publishedFrom: version.publishedFrom,
    manifest: manifestFacts(manifest),
    listing: listingOf(manifest),
    screenshots: screenshotsOf(review),
    changes: changesOf(ctx, store, review, comparison),
    permissions: permissionsOf(store.api(), manifest, ctx.locale),
    hosts: hostsOf(manifest),
    findings: review.findings.map((finding) => findingOf(finding, version)),
    files,
    fileCount: count,
    reason,
    errors,
  };
}

/** What this package calls the app, which may be another name than the published one. */
function nameOf({ app, texts }: ReviewDetails): string {
  return texts?.name ?? app.name;
}

function screenshotsOf({ pictures, manifest }: ReviewDetails): Screenshot[] {
  return pictures
    .filter(({ kind }) => kind === "screenshot")
    .map((picture) => screenshotOf(picture, manifest));
}

/** Of the files that changed; all of them are on the page that compares. */
const CHANGED_FILES_SHOWN = 25;

/** Against what devices have; nothing to compare once it is that itself. */
function comparisonOf(
  store: Store,
  actor: Actor,
  { app, version, published, manifest }: ReviewDetails,
): Promise<Comparison> | null {
  if (published === null || published.id === version.id || manifest === null) return null;
  return compareVersions(store, actor, app.id, { from: published.id, to: version.id });
}

function changesOf(
  ctx: PageContext,
  store: Store,
  { app, publishedManifest, manifest }: ReviewDetails,
  comparison: Comparison | null,
): ReviewProps["changes"] {
  if (comparison === null) return null;
  const { from, to, files } = comparison;
  const addressed = { appId: app.id, from: from.version.id, to: to.version.id };
  return {
    ...changesFor(ctx, store, comparison, [publishedManifest, manifest]),
    version: from.version.version,
    code: from.version.versionCode,
    compareHref: compareHref(app.id, addressed.from, addressed.to),
    files: files && {
      totals: files.totals,
      rows: files.changes.slice(0, CHANGED_FILES_SHOWN).map((change) => fileRow(change, addressed)),
      count: files.changes.length,
    },
  };
}

export const reviewRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: PATH,
    access: "review.read",
    name: "reviewPage",
    summary: "Everything for a decision",
    params: PARAMS,
    handle: (call) => page(call, call.params.versionId, null),
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: `${PATH}/events`,
    access: "review.read",
    name: "reviewEvents",
    summary: "The page of a review as it is decided",
    stream: true,
    params: PARAMS,
    query: Type.Object({ ...SEEN, since: SEEN.seen }),
    handle: (call) =>
      followPart<State>(call, {
        props: (now, ctx) => {
          const review = readReview(now.store, now.actor, call.params.versionId);
          return reviewState(ctx(), now, review, call.query.since ?? sinceOf(review));
        },
        view: reviewEvent,
        topics: topicsOfReview,
        isLast: ({ version }) => !isOnItsWay(version),
      }),
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: `${PATH}/approve`,
    access: "review.decide",
    name: "approveVersionPage",
    summary: "The question before a version is approved",
    params: PARAMS,
    handle: (call) => {
      const review = readReview(call.store, call.actor, call.params.versionId);
      const { version } = review;
      return show(call, (ctx) =>
        confirmPage(ctx, {
          title: ctx.t("review.approve_title", { app: nameOf(review), version: version.version }),
          consequences: [ctx.t(version.hold ? "review.approve_hold" : "review.approve_consequence")],
          action: `/review/${version.id}/approve`,
          revision: version.revision,
          confirmLabel: ctx.t("review.approve"),
          destructive: false,
          cancelHref: `/review/${version.id}`,
        }),
      );
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/approve`,
    access: "review.decide",
    name: "approveVersionForm",
    summary: "Approve a version",
    params: PARAMS,
    body: formBody(["revision"]),
    handle: (call) => {
      const { store, actor, params, body } = call;
      approve(store, actor, params.versionId, {}, revisionField(body.revision));
      return goOn(call, "/review", "review_approved");
    },
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: `${PATH}/reject`,
    access: "review.decide",
    name: "rejectVersionPage",
    summary: "The form of a rejection, which stands on the page of the review",
    params: PARAMS,
    handle: (call) => page(call, call.params.versionId, null),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/reject`,
    access: "review.decide",
    name: "rejectVersionForm",
    summary: "Reject a version, with a reason that its developer reads",
    params: PARAMS,
    body: formBody(["revision", "reason"]),
    handle: async (call) => {
      const { store, actor, params, body } = call;
      const reason = plainLines(body.reason);
      const revision = revisionField(body.revision);
      const outcome = await attempt(() => reject(store, actor, params.versionId, { reason }, revision));
      if (!isProblem(outcome)) return goOn(call, "/review", "review_rejected");
      // Once somebody else has decided, there is no form left to show.
      if (!canDecide(store, actor, readReview(store, actor, params.versionId))) throw outcome;
      const errors = fieldErrors(outcome, ["reason"]);
      return page(call, params.versionId, { reason, errors, status: statusOf(outcome) });
    },
  }),
];
