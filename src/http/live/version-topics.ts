import type { VersionView } from "../../catalog/views.ts";
import type { Topic } from "../../db/announcements.ts";
import type { VersionState } from "../../db/version-states.ts";
import type { AppId } from "../../ids.ts";
import { topicsOfApp } from "./app-topics.ts";

/** States that a version is on its way in; in the others nothing follows by itself. */
const ON_ITS_WAY: readonly VersionState[] = [
  "checking",
  "draft",
  "in_review",
  "signing",
  "held",
  "publishing",
];

export function isOnItsWay({ state }: Pick<VersionView, "state">): boolean {
  return ON_ITS_WAY.includes(state);
}

/** What changes how a version is shown. While it waits, others that leave the queue do: they bring it forward. */
export function topicsOfVersion({ id, state }: Pick<VersionView, "id" | "state">): Topic[] {
  return [`version:${id}`, ...(state === "in_review" ? ["review-queue" as const] : [])];
}

/** What changes a review: the version, what devices have of its app, with which it is compared, and what is revoked, as of an app. */
export function topicsOfReview(review: {
  readonly app: { readonly id: AppId };
  readonly version: Pick<VersionView, "id" | "state">;
}): Topic[] {
  return [...topicsOfVersion(review.version), ...topicsOfApp(review.app.id)];
}
