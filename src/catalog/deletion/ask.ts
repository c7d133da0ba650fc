/**
 * Asking that a published app is deleted. From then on nobody finds or gets it and nothing is done to it; after some days, a setting,
 * `remove.ts` leaves nothing of it but its id.
 */
import { type Actor, actorLabel, auditAuthor } from "../../accounts/actor.ts";
import { tellOwnersAndAdministrators } from "../../accounts/messages/outbox.ts";
import { stillActing } from "../../accounts/still.ts";
import { recordChange } from "../../audit/record.ts";
import type { Tx } from "../../db/database.ts";
import { type IfMatch, ifUnchanged } from "../../db/preconditions.ts";
import { judgeAll, Problem } from "../../errors.ts";
import type { AppId } from "../../ids.ts";
import { enqueue } from "../../jobs/queue.ts";
import { say } from "../../say.ts";
import { DAY_MS } from "../../time.ts";
import { findAppFor } from "../apps.ts";
import * as catalog from "../records.ts";
import { findWaiting } from "../recovery.records.ts";
import { withdrawWith } from "../transfer/ends.ts";
import { lineFault } from "../tuf/lines.ts";
import type { TrustStore } from "../tuf/revise.ts";
import { inTurn } from "../tuf/turn.ts";
import { NOBODY } from "../visibility/audiences.ts";
import { moveApp } from "../visibility/move.ts";
import { audiencesOf } from "../visibility/records.ts";
import { mendAudiences } from "../visibility/signed-audiences.ts";
import { whoIn } from "../yank/yank.ts";
import { beingDeleted } from "./being-deleted.ts";
import { askedNotice } from "./notices.ts";
import * as records from "./records.ts";
import { sealBefore, turnLeaf } from "./seal.ts";
import { type DeletionView, readDeletion } from "./view.ts";

export const REMOVE_JOB = "app.remove";

export const DELETION_REASON_MOST = 500;

export type DeletionInput = {
  /** The app's id, typed once more. */
  readonly confirm: string;
  readonly reason: string;
};

/**
 * @throws Problem `app.not_found`, `app.not_published`, `app.being_deleted`, `app.deletion_unconfirmed`, `app.deletion_reason_invalid`,
 *   `app.busy`, `app.recovery_waiting`, `precondition.failed`, `rights.forbidden`, `catalog.busy`, `catalog.damaged`
 */
export async function askToDeleteApp(
  store: TrustStore,
  actor: Actor,
  id: AppId,
  { confirm, reason: text }: DeletionInput,
  ifMatch?: IfMatch,
): Promise<DeletionView> {
  const { orm } = store.db;
  findAppFor(orm, actor, "app.remove", id);
  const [, reason] = judgeAll(
    () => mustConfirm(id, confirm),
    () => parseReason(text),
  );
  await inTurn(store.db, () => enact(store, actor, id, reason, ifMatch), "act");
  return readDeletion(store, actor, id);
}

function mustConfirm(id: AppId, typed: string): void {
  if (typed.trim() === id) return;
  const message = say`This is not the id of the app that is to be deleted: type ${id}.`;
  throw new Problem("unprocessable", "app.deletion_unconfirmed", message, [
    { code: "app.deletion_unconfirmed", message, pointer: "/confirm" },
  ]);
}

function parseReason(text: string): string {
  const reason = text.trim().normalize("NFC");
  const fault = lineFault(reason, DELETION_REASON_MOST);
  if (fault === null) return reason;
  const message = say`Say why, in one line of 1 to ${DELETION_REASON_MOST} characters: the other owners read it.`;
  throw new Problem("invalid", "app.deletion_reason_invalid", message, [
    { code: "app.deletion_reason_invalid", message, pointer: "/reason", found: fault },
  ]);
}

async function enact(
  store: TrustStore,
  actor: Actor,
  id: AppId,
  reason: string,
  ifMatch: IfMatch | undefined,
): Promise<void> {
  const { orm } = store.db;
  /** Asked again wherever it is acted upon. */
  const look = (tx: Tx) => {
    const app = findAppFor(tx, stillActing(store, tx, actor), "app.remove", id);
    if (app.deletionAt !== null) throw beingDeleted(id, app.deletionAt);
    ifUnchanged(app.revision, ifMatch);
    refuseUnready(tx, app);
    return app;
  };
  mendAudiences(store, id);
  look(orm);
  const before = audiencesOf(orm, id);
  await moveApp(store, {
    id,
    wanted: [NOBODY],
    look,
    overtaken: () => busy(id),
    save: (tx, app, now) => {
      turnLeaf(tx, store.vault, id, now);
      const endsAt = new Date(now.getTime() + store.config.appDeletionDays * DAY_MS);
      const sealed = sealBefore(tx, store.vault, id, before);
      const askedBy = actorLabel(actor);
      const { publicAt } = app;
      records.insertDeletion(
        tx,
        { appId: id, askedBy, askedAt: now, reason, endsAt, publicAt, sealed },
        before,
      );
      catalog.updateApp(tx, id, { deletionAt: endsAt }, now);
      withdrawWith(tx, store.vault, actor, id, now);
      enqueue(tx, { kind: REMOVE_JOB, key: "apps", payload: { appId: id }, runAt: endsAt }, now);
      tell(tx, actor, app, { reason, endsAt }, now);
    },
  });
}

/** @throws Problem `app.not_published`, `app.busy`, `app.recovery_waiting` */
function refuseUnready(tx: Tx, app: catalog.AppRow): void {
  if (app.publishedAt === null) {
    throw new Problem(
      "conflict",
      "app.not_published",
      say`Nothing of ${app.id} was published: it can be deleted at once, and its id is free then.`,
    );
  }
  if (records.hasVersionIn(tx, app.id, ["signing", "publishing"])) throw busy(app.id);
  if (findWaiting(tx, [app.id]) === undefined) return;
  throw new Problem(
    "conflict",
    "app.recovery_waiting",
    say`A recovery of lost keys of ${app.id} waits: it has to be decided first.`,
  );
}

function busy(id: AppId): Problem {
  return new Problem("conflict", "app.busy", say`A version of ${id} is being published right now.`);
}

function tell(
  tx: Tx,
  actor: Actor,
  app: catalog.AppRow,
  { reason, endsAt }: { readonly reason: string; readonly endsAt: Date },
  now: Date,
): void {
  const { id, organisationId } = app;
  const after = { deletionAt: endsAt.toISOString(), reason };
  const subject = { type: "app", id } as const;
  recordChange(tx, auditAuthor(actor), { action: "app.deletion_asked", subject, organisationId, after }, now);
  const notice = askedNotice({ app, by: whoIn(app, actor), reason, endsAt });
  tellOwnersAndAdministrators(tx, organisationId, notice, now, actor);
}
