/** Whom what becomes of a version is told to in the portal. */

import { SYSTEM_LABEL } from "../accounts/actor.ts";
import { notify } from "../accounts/notifications/letters.ts";
import { reviewersOf } from "../accounts/notifications/people.ts";
import { markWaitingRead } from "../accounts/notifications/records.ts";
import { type MembersKind, notifyMembers } from "../accounts/notifications/spread.ts";
import type { Tx } from "../db/database.ts";
import type { VersionState } from "../db/version-states.ts";
import type { AppId, OrganisationId, VersionId } from "../ids.ts";

type Version = {
  readonly id: VersionId;
  readonly appId: AppId;
  readonly organisationId: OrganisationId;
  readonly uploadedBy: string;
  readonly createdAt: Date;
};

export type Step = {
  readonly from: VersionState;
  readonly to: VersionState;
  /** Label of who did it. */
  readonly by: string;
};

/** What its developers hear of a step; null: nothing. What somebody did with a version of theirs the others see there. */
export function developersHear({ from, to, by }: Step): MembersKind | null {
  switch (to) {
    case "failed":
      // Beyond the checks, what was stored is damaged.
      return from === "checking" ? "version.failed" : "version.stopped";
    case "signing":
      // From further on it is signed once more, with another key.
      return from === "in_review" ? "version.approved" : null;
    case "rejected":
      return "version.rejected";
    case "held":
      return "version.held";
    case "published":
      return "version.published";
    case "withdrawn":
      return by === SYSTEM_LABEL ? "version.stopped" : null;
    default:
      return null;
  }
}

/** In the transaction of the step. */
export function tellOfStep(tx: Tx, version: Version, step: Step, now: Date): void {
  const { id: versionId, appId, organisationId, uploadedBy, createdAt } = version;
  const about = { organisationId, appId, versionId };
  if (step.from === "in_review") markWaitingRead(tx, versionId, now);
  if (step.to === "in_review") {
    const reviewers = reviewersOf(tx, { organisationId, by: uploadedBy, since: createdAt });
    notify(tx, reviewers, { kind: "version.waits", ...about, path: `/review/${versionId}` }, now);
    return;
  }
  const kind = developersHear(step);
  if (kind === null) return;
  notifyMembers(tx, { kind, ...about, path: `/apps/${appId}/versions/${versionId}` }, step.by, now);
}
