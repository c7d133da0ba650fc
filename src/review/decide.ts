/** A reviewer's decision. Approval is final: from here on the store signs and publishes by itself. */
import { type Actor, actorLabel } from "../accounts/actor.ts";
import { isConcerned } from "../accounts/concerned.ts";
import { allows, authorise } from "../accounts/rights.ts";
import { plainSaid, unseenIn } from "../accounts/said.ts";
import { type Approved, checksOf, mustBeAbout, saidOf, sealApproval } from "../catalog/approval-seal.ts";
import { mustBeChecked } from "../catalog/check-seal.ts";
import { refuseWhileDeleting } from "../catalog/deletion/being-deleted.ts";
import { recordEnd, refuseEnded } from "../catalog/ended.ts";
import { refuseKeyOutside } from "../catalog/key-standing.ts";
import { refuseOthersContent } from "../catalog/log/approval.ts";
import { mustBeOurs } from "../catalog/log/hold.ts";
import * as catalog from "../catalog/records.ts";
import { refuseRevokedRelease } from "../catalog/release-trust.ts";
import { refuseRevoked } from "../catalog/revocation/in-force.ts";
import { stateAfter } from "../catalog/states.ts";
import { tellOfVersion } from "../catalog/version-changes.ts";
import { versionView } from "../catalog/version-views.ts";
import { refuseOvertaken } from "../catalog/versions.ts";
import type { VersionView } from "../catalog/views.ts";
import type { Store } from "../context.ts";
import { type Tx, write } from "../db/database.ts";
import { type IfMatch, ifUnchanged } from "../db/preconditions.ts";
import { Problem } from "../errors.ts";
import { newId, type OrganisationId, type VersionId } from "../ids.ts";
import { enqueue } from "../jobs/queue.ts";
import { say } from "../say.ts";
import { findForReview } from "./queue.ts";
import * as records from "./records.ts";

const REASON_LENGTH = 4000;

/**
 * Nobody decides on what they uploaded, or on the work of an organisation in which they are more than a viewer, or
 * were after the upload; the operator may.
 */
export function mayDecide(
  tx: Tx,
  actor: Actor,
  organisationId: OrganisationId,
  { uploadedBy: by, createdAt: since }: Pick<catalog.VersionRow, "uploadedBy" | "createdAt">,
): boolean {
  return allows(actor, "review.decide") && !isConcerned(tx, actor, { organisationId, by, since });
}

/** @throws Problem `version.not_found`, `review.own_organisation`, `review.release_key_revoked`, `version.wrong_state`, `version.code_not_rising`, `version.key_outside_lineage`, `revocation.in_force`, `version.below_lowest`, `log.damaged`, `catalog.damaged`, `precondition.failed`, `rights.forbidden` */
export function approve(
  store: Store,
  actor: Actor,
  id: VersionId,
  input: { reason?: string },
  ifMatch?: IfMatch,
): VersionView {
  const view = decide(store, actor, id, "approved", checkedReason(input.reason ?? ""), ifMatch);
  store.wakeJobs();
  return view;
}

/** @throws Problem `review.reason_required` and those of `approve` */
export function reject(
  store: Store,
  actor: Actor,
  id: VersionId,
  input: { reason: string },
  ifMatch?: IfMatch,
): VersionView {
  const reason = checkedReason(input.reason);
  if (reason === "") {
    const message = say`A rejection says why, so that the developer can mend it.`;
    throw new Problem("invalid", "review.reason_required", message, [
      { code: "review.reason_required", message, pointer: "/reason" },
    ]);
  }
  return decide(store, actor, id, "rejected", reason, ifMatch);
}

function checkedReason(reason: string): string {
  const text = plainSaid(reason);
  if (text.length > REASON_LENGTH) {
    const message = say`A reason has at most ${REASON_LENGTH} characters.`;
    throw new Problem("invalid", "review.reason_too_long", message, [
      { code: "review.reason_too_long", message, pointer: "/reason" },
    ]);
  }
  const unseen = unseenIn(text);
  if (unseen !== null) {
    const message = say`A reason has no characters that control text or turn it around; found ${unseen}.`;
    throw new Problem("invalid", "review.reason_invalid", message, [
      { code: "review.reason_invalid", message, pointer: "/reason" },
    ]);
  }
  return text;
}

function decide(
  store: Store,
  actor: Actor,
  id: VersionId,
  decision: "approved" | "rejected",
  reason: string,
  ifMatch: IfMatch | undefined,
): VersionView {
  authorise(actor, "review.decide");
  const reviewer = actorLabel(actor);
  return write(store.db, (tx) => {
    const row = findForReview(tx, id);
    refuseOwn(tx, actor, row);
    refuseWithoutApp(tx, row);
    ifUnchanged(row.revision, ifMatch);
    const state = stateAfter(row.state, decision === "approved" ? "approve" : "reject");
    if (decision === "approved") {
      refuseEnded(tx, row);
      mustBeChecked(tx, store.vault, row);
      refuseOvertaken(tx, row);
      refuseKeyOutside(tx, row);
      refuseRevokedVersion(tx, row);
      refuseRevokedRelease(tx);
      // Nothing is signed while the log is not whole: an approval would wait for it without a word.
      mustBeOurs(tx, store.vault);
    }
    const now = store.clock.now();
    const reviewId = newId("rev");
    const sealed = decision === "approved" ? sealedOf(store, tx, row, { reviewId, approvedAt: now }) : null;
    records.insertReview(tx, { id: reviewId, versionId: id, decision, reason, reviewer, at: now, sealed });
    if (decision === "rejected") recordEnd(tx, store.vault, row, now);
    const decided = catalog.updateVersion(
      tx,
      row,
      { state, ...(decision === "approved" ? { approvedAt: now } : {}) },
      { actor: reviewer, note: reason, now },
    );
    tellOfVersion(tx, actor, `review.${decision}`, { before: row, after: decided }, now, reason);
    if (decision === "approved")
      enqueue(tx, { kind: "version.countersign", key: id, payload: { versionId: id } }, now);
    return versionView(tx, decided);
  });
}

/** What nobody gets is not decided on. @throws Problem `app.being_deleted` */
function refuseWithoutApp(tx: Tx, { appId }: catalog.VersionRow): void {
  const app = catalog.findApp(tx, appId);
  if (app !== undefined) refuseWhileDeleting(app, "review.decide");
}

/** Of what the decision is about, for the store's signature: the log has it once the file was read, and signed. */
function sealedOf(
  { vault }: Pick<Store, "vault">,
  tx: Tx,
  row: catalog.VersionRow,
  { reviewId, approvedAt }: Pick<Approved, "reviewId" | "approvedAt">,
): Buffer {
  refuseOthersContent(tx, row);
  return sealApproval(vault, row.id, {
    ...mustBeAbout(row),
    hold: row.hold,
    ...saidOf(tx, row),
    checks: checksOf(tx, row.id),
    reviewId,
    approvedAt,
  });
}

function refuseRevokedVersion(tx: Tx, row: catalog.VersionRow): void {
  const app = catalog.findApp(tx, row.appId);
  if (app) refuseRevoked(tx, { ...row, organisationId: app.organisationId });
}

function refuseOwn(tx: Tx, actor: Actor, row: catalog.VersionRow): void {
  const app = catalog.findApp(tx, row.appId);
  if (!app || mayDecide(tx, actor, app.organisationId, row)) return;
  throw new Problem(
    "forbidden",
    "review.own_organisation",
    say`You work for ${app.organisationName}, whose version this is, or did when it was uploaded: let another reviewer decide.`,
  );
}
