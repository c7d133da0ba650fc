/** What the catalogue tells of itself: plain data, the same for pages, API and commands. */

import type { PublisherRun } from "../db/publisher-run.ts";
import type { VersionState } from "../db/version-states.ts";
import type { AppId, OrganisationId, ReviewId, Sha256, VersionCode, VersionId } from "../ids.ts";
import type { LocalTexts } from "./local-texts.ts";

/** One of many, as lists have it: release notes in other languages are more text than all else together, and no list shows them. */
export type ListedVersion = {
  readonly id: VersionId;
  readonly appId: AppId;
  readonly versionCode: VersionCode;
  readonly version: string;
  readonly state: VersionState;
  readonly stateChangedAt: Date;
  /** In the app's own language. */
  readonly notes: string;
  readonly hold: boolean;
  readonly uploadedBy: string;
  /** The run of a build job that uploaded it; null when it was no trusted publisher. */
  readonly publishedFrom: PublisherRun | null;
  readonly createdAt: Date;
  readonly submittedAt: Date | null;
  readonly approvedAt: Date | null;
  readonly publishedAt: Date | null;
  /** Null: it is not yanked. */
  readonly yanked: { readonly reason: string; readonly at: Date } | null;
  readonly uploadSha256: Sha256;
  readonly uploadSizeBytes: number;
  readonly contentDigest: Sha256 | null;
  readonly releasedSha256: Sha256 | null;
  readonly releasedSizeBytes: number | null;
  readonly developerKeyid: string | null;
  readonly revision: number;
  /** 1 is next; null when it is not waiting. */
  readonly queuePosition: number | null;
  readonly review: {
    readonly id: ReviewId;
    readonly decision: "approved" | "rejected";
    readonly reason: string;
    readonly at: Date;
  } | null;
};

export type VersionView = ListedVersion & {
  /** The notes in other languages, by their tags. */
  readonly translatedNotes: LocalTexts;
};

export type AppView = {
  readonly id: AppId;
  readonly organisationId: OrganisationId;
  readonly organisationName: string;
  readonly name: string;
  readonly summary: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly publishedAt: Date | null;
  readonly revision: number;
  /** Only trusted publishers may upload versions. */
  readonly trustedOnly: boolean;
  /** Whether it stands in the store's lists. */
  readonly listed: boolean;
  /** Since when its developers advise against it; null: they do not. */
  readonly deprecatedAt: Date | null;
  /** Until when its deletion can be taken back; null: nobody asked for it. */
  readonly deletionAt: Date | null;
  /** How often devices fetched it: each package and each update. */
  readonly installs: number;
  /** The highest version code that was not withdrawn; null: nothing was uploaded. */
  readonly newestVersion: ListedVersion | null;
  /** What devices get now: the highest published one that is neither yanked nor revoked; null: none is. */
  readonly offeredVersion: ListedVersion | null;
  /** Address of a PNG, without the first slash; null also while it was not made yet. */
  readonly iconKey: string | null;
};

export type FindingView = {
  readonly check: string;
  readonly code: string;
  readonly severity: "error" | "warning" | "info";
  readonly message: string;
  readonly entry: string | null;
  readonly offset: number | null;
  readonly pointer: string | null;
  readonly found: string | null;
  readonly expected: string | null;
};

/** One check of a version: where it is, or how it ended. */
export type CheckView = {
  readonly name: string;
  readonly state: "waiting" | "running" | "passed" | "failed" | "not_checked";
  /** Null: not yet, or not known of one that ran before that was kept. */
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  /** How many things it found. */
  readonly findings: number;
};

export type EventView = {
  readonly fromState: VersionState | null;
  readonly toState: VersionState;
  readonly actor: string;
  readonly note: string;
  readonly at: Date;
};
