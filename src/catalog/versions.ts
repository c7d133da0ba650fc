/** Versions: reading them, and what a developer does with them after the upload. */
import { type Actor, actorLabel } from "../accounts/actor.ts";
import type { Action } from "../accounts/rights.ts";
import { harmless } from "../accounts/said.ts";
import type { AuditAction } from "../audit/actions.ts";
import type { Store } from "../context.ts";
import { type Tx, write } from "../db/database.ts";
import { oneMore, type Page, type PageRequest, pageOf } from "../db/pages.ts";
import { type IfMatch, ifUnchanged } from "../db/preconditions.ts";
import { Problem } from "../errors.ts";
import { type AppId, isId, type Sha256, type VersionCode, type VersionId } from "../ids.ts";
import { enqueue } from "../jobs/queue.ts";
import { say } from "../say.ts";
import { mustBeAsApproved, releaseHold } from "./approval-seal.ts";
import { findAppFor } from "./apps.ts";
import { checksNow } from "./check-progress.ts";
import { recordEnd, refuseEnded } from "./ended.ts";
import { refuseKeyOutside } from "./key-standing.ts";
import { picturesOf } from "./pictures.ts";
import * as records from "./records.ts";
import { releaseKey } from "./release-keys.ts";
import type { ShownPicture } from "./shown-pictures/views.ts";
import { stateAfter, type VersionEvent } from "./states.ts";
import { withoutPassing } from "./timeline.ts";
import { uploadKey } from "./upload.ts";
import { tellOfVersion } from "./version-changes.ts";
import { listedVersions, versionView } from "./version-views.ts";
import type { CheckView, EventView, FindingView, ListedVersion, VersionView } from "./views.ts";

/** By code: the newest upload with that code. */
export type VersionRef = VersionCode | VersionId;

/** Newest upload first. @throws Problem `app.not_found` */
export function listVersions(
  store: Store,
  actor: Actor,
  appId: AppId,
  page: PageRequest,
): Page<ListedVersion> {
  const tx = store.db.orm;
  findAppFor(tx, actor, "version.read", appId);
  const rows = records.selectVersions(tx, appId, oneMore(page));
  const shown = pageOf(rows, page.limit, (row) => row.id);
  return { ...shown, items: listedVersions(tx, shown.items) };
}

/** @throws Problem `app.not_found`, `version.not_found` */
export function readVersion(store: Store, actor: Actor, appId: AppId, ref: VersionRef): VersionView {
  return versionView(store.db.orm, findVersionFor(store.db.orm, actor, "version.read", appId, ref));
}

export type CheckedVersion = VersionView & { readonly checks: readonly CheckView[] };

/** The same with its checks, also while they run. @throws Problem `app.not_found`, `version.not_found` */
export function readCheckedVersion(
  store: Store,
  actor: Actor,
  appId: AppId,
  ref: VersionRef,
): CheckedVersion {
  const tx = store.db.orm;
  const row = findVersionFor(tx, actor, "version.read", appId, ref);
  return { ...versionView(tx, row), checks: checksNow(tx, store, row).checks };
}

export type VersionDetails = {
  readonly version: VersionView;
  readonly events: readonly EventView[];
  /** While the checks run: what those found that have ended. */
  readonly findings: readonly FindingView[];
  readonly checks: readonly CheckView[];
  /** The manifest as parsed JSON; null until the checks have read it. */
  readonly manifest: Readonly<Record<string, unknown>> | null;
  /** The icon, and the screenshots in the manifest's order. */
  readonly pictures: readonly ShownPicture[];
};

/** Everything about one version. @throws Problem `app.not_found`, `version.not_found` */
export function readVersionDetails(
  store: Store,
  actor: Actor,
  appId: AppId,
  ref: VersionRef,
): VersionDetails {
  const row = findVersionFor(store.db.orm, actor, "version.read", appId, ref);
  return versionDetails(store, row);
}

export function versionDetails(store: Store, row: records.VersionRow): VersionDetails {
  const tx = store.db.orm;
  return {
    version: versionView(tx, row),
    events: withoutPassing(records.selectEvents(tx, row.id)).map((event) => ({
      ...event,
      note: harmless(event.note),
    })),
    ...checksNow(tx, store, row),
    manifest: row.manifest === null ? null : JSON.parse(row.manifest),
    pictures: picturesOf(tx, row.id),
  };
}

/** @throws Problem `app.not_found`, `version.not_found` */
export function listFindings(
  store: Store,
  actor: Actor,
  appId: AppId,
  ref: VersionRef,
): readonly FindingView[] {
  const row = findVersionFor(store.db.orm, actor, "version.read", appId, ref);
  return checksNow(store.db.orm, store, row).findings;
}

/** Where the version's package lies: the released file once there is one, else the upload. */
export function readPackage(store: Store, actor: Actor, appId: AppId, ref: VersionRef): PackagePlace {
  return packageOf(findVersionFor(store.db.orm, actor, "version.read", appId, ref));
}

export type PackagePlace = {
  readonly key: string;
  readonly sha256: Sha256;
  readonly sizeBytes: number;
  readonly fileName: string;
};

export function packageOf(row: records.VersionRow): PackagePlace {
  const fileName = `${row.appId}-${row.versionCode}.mosis`;
  return row.releasedSha256 !== null && row.releasedSizeBytes !== null
    ? {
        key: releaseKey(row.releasedSha256),
        sha256: row.releasedSha256,
        sizeBytes: row.releasedSizeBytes,
        fileName,
      }
    : {
        key: uploadKey(row.uploadSha256),
        sha256: row.uploadSha256,
        sizeBytes: row.uploadSizeBytes,
        fileName,
      };
}

/** Asks for a review; while the checks still run, it is remembered. @throws Problem `version.wrong_state` */
export function submitVersion(
  store: Store,
  actor: Actor,
  appId: AppId,
  ref: VersionRef,
  ifMatch?: IfMatch,
): VersionView {
  return change(store, actor, SUBMIT, appId, ref, ifMatch, (tx, row, now) => {
    const event = { actor: actorLabel(actor), now };
    if (row.state === "checking") return records.updateVersion(tx, row, { submittedAt: now }, event);
    return records.updateVersion(
      tx,
      row,
      { state: stateAfter(row.state, "submit"), submittedAt: now },
      event,
    );
  });
}

/** Takes a version back that is not published. @throws Problem `version.wrong_state` */
export function withdrawVersion(
  store: Store,
  actor: Actor,
  appId: AppId,
  ref: VersionRef,
  ifMatch?: IfMatch,
): VersionView {
  return change(store, actor, WITHDRAW, appId, ref, ifMatch, (tx, row, now) => {
    const next = transition(tx, row, "withdraw", actor, now);
    recordEnd(tx, store.vault, row, now);
    return next;
  });
}

/**
 * Publishes what was approved on hold.
 * @throws Problem `version.wrong_state`, `version.code_not_rising`, `version.key_outside_lineage`, `catalog.damaged`
 */
export function publishVersion(
  store: Store,
  actor: Actor,
  appId: AppId,
  ref: VersionRef,
  ifMatch?: IfMatch,
): VersionView {
  const view = change(store, actor, PUBLISH, appId, ref, ifMatch, (tx, row, now) => {
    const next = transition(tx, row, "publish", actor, now);
    refuseEnded(tx, row);
    refuseOvertaken(tx, row);
    refuseKeyOutside(tx, row);
    mustBeAsApproved(tx, store.vault, row);
    releaseHold(tx, store.vault, row.id);
    enqueue(tx, { kind: "version.publish", key: "catalogue", payload: { versionId: row.id } }, now);
    return next;
  });
  store.wakeJobs();
  return view;
}

/** @throws Problem `version.code_not_rising` when a higher code is out already. */
export function refuseOvertaken(tx: Tx, row: records.VersionRow): void {
  const highest = records.highestPublishedCode(tx, row.appId);
  if (row.versionCode > highest) return;
  throw new Problem(
    "conflict",
    "version.code_not_rising",
    say`${row.appId} ${highest} is published already, and devices take only a higher code than that: upload it again with one.`,
  );
}

function transition(
  tx: Tx,
  row: records.VersionRow,
  event: VersionEvent,
  actor: Actor,
  now: Date,
): records.VersionRow {
  return records.updateVersion(
    tx,
    row,
    { state: stateAfter(row.state, event) },
    { actor: actorLabel(actor), now },
  );
}

/** What somebody must have the right to, and what the audit log calls it once it is done. */
type Act = { readonly right: Action; readonly told: AuditAction };
const SUBMIT: Act = { right: "version.submit", told: "version.submitted" };
const WITHDRAW: Act = { right: "version.withdraw", told: "version.withdrawn" };
const PUBLISH: Act = { right: "version.publish", told: "version.published" };

function change(
  store: Store,
  actor: Actor,
  act: Act,
  appId: AppId,
  ref: VersionRef,
  ifMatch: IfMatch | undefined,
  apply: (tx: Tx, row: records.VersionRow, now: Date) => records.VersionRow,
): VersionView {
  return write(store.db, (tx) => {
    const row = findVersionFor(tx, actor, act.right, appId, ref);
    ifUnchanged(row.revision, ifMatch);
    const now = store.clock.now();
    const changed = apply(tx, row, now);
    tellOfVersion(tx, actor, act.told, { before: row, after: changed }, now);
    return versionView(tx, changed);
  });
}

/** @throws Problem `app.not_found`, `version.not_found`, `rights.forbidden` */
export function findVersionFor(
  tx: Tx,
  actor: Actor,
  action: Action,
  appId: AppId,
  ref: VersionRef,
): records.VersionRow {
  findAppFor(tx, actor, action, appId);
  const row = typeof ref === "string" ? findById(tx, appId, ref) : records.findVersionByCode(tx, appId, ref);
  if (!row) throw new Problem("not_found", "version.not_found", say`${appId} has no version ${ref}.`);
  return row;
}

function findById(tx: Tx, appId: AppId, id: string): records.VersionRow | undefined {
  const row = isId("ver", id) ? records.findVersion(tx, id) : undefined;
  return row?.appId === appId ? row : undefined;
}
