/** The approval of a recovery: one statement of the store for each app, and the signed indexes that carry them. */

import { type Actor, actorId, auditAuthor, byOf } from "../accounts/actor.ts";
import { tellOwners } from "../accounts/messages/outbox.ts";
import { stillActing } from "../accounts/still.ts";
import type { Store } from "../context.ts";
import { type IfMatch, ifUnchanged } from "../db/preconditions.ts";
import { Problem } from "../errors.ts";
import type { LineageEntry } from "../format/lineage.ts";
import type { RecoveryId } from "../ids.ts";
import { releaseSigner, storeId } from "../keys/authority.ts";
import { say } from "../say.ts";
import { sealEnvelope } from "../signing/dsse.ts";
import { buildKeyRecovery } from "../signing/key-statements.ts";
import { formatTime, wholeSeconds } from "../signing/times.ts";
import * as lineageRecords from "./lineage.records.ts";
import { mustBeAsBefore } from "./lineage.ts";
import { judgeNext } from "./lineage-policy.ts";
import { isAppPublic } from "./log/records.ts";
import { mustHaveLineage } from "./mend-lineage.ts";
import { mustHaveRecovery } from "./mend-recoveries.ts";
import { planIndexes } from "./offer.ts";
import * as records from "./records.ts";
import * as recoveryRecords from "./recovery.records.ts";
import { findFor, mustFind, mustWait, type RecoveryView, recoveryView } from "./recovery.ts";
import { refuseConcerned } from "./recovery-deciders.ts";
import { endRecovery } from "./recovery-decision.ts";
import { decisionNotice } from "./recovery-notices.ts";
import { checkedReason } from "./recovery-reason.ts";
import { refuseRevokedNames } from "./revocation/in-force.ts";
import { daysMissing } from "./running-days.ts";
import { mustHaveCertificates } from "./store-keys/mend-certificates.ts";
import { publishTargets } from "./tuf/repository.ts";

/**
 * @throws Problem `recovery.too_early`, `recovery.days_missing`, `recovery.decided`, `recovery.own_organisation`, `recovery.reason_too_long`, `recovery.reason_invalid`, `lineage.changed`,
 *   `revocation.in_force`, `recovery.not_found`, `precondition.failed`, `rights.forbidden`, `catalog.busy`, `catalog.damaged`
 */
export async function approveRecovery(
  store: Store,
  actor: Actor,
  id: RecoveryId,
  input: { readonly reason?: string },
  ifMatch?: IfMatch,
): Promise<RecoveryView> {
  const { orm } = store.db;
  findFor(orm, actor, "recovery.decide", id);
  mustHaveRecovery(store, id);
  const row = findFor(orm, actor, "recovery.decide", id);
  refuseConcerned(orm, actor, row);
  ifUnchanged(row.revision, ifMatch);
  mustWait(row);
  const reason = checkedReason(input.reason ?? "", { optional: true });
  const now = wholeSeconds(store.clock.now());
  if (now < row.waitingUntil) throw tooEarly(row.waitingUntil);
  refuseNotLivedThrough(store, row, now);
  refuseRevokedNames(orm, [
    { subject: "key", id: row.keyid },
    { subject: "developer", id: row.organisationId },
  ]);
  const apps = await Promise.all(
    recoveryRecords.selectRecoveryApps(orm, id).map((app) => prepare(store, row, app, now)),
  );
  await publishTargets(
    store,
    (log) => {
      mustHaveRecovery(store, id);
      mustWait(mustFind(orm, id));
      for (const { app, rows } of apps) {
        mustBeAsBefore(orm, app.id, rows);
        log.append(
          {
            type: "developer-key",
            change: "recovered",
            keyId: row.keyid,
            developerId: row.organisationId,
            appId: app.id,
            authorisedBy: actorId(actor),
          },
          now,
          { isPublic: isAppPublic(orm, app.id) },
        );
      }
      return {
        upserts: apps.flatMap(({ app, entry }) => planIndexes(store, app, { added: entry })),
        removes: [],
      };
    },
    (tx) => {
      refuseConcerned(tx, stillActing(store, tx, actor), row);
      for (const { app, rows, entry } of apps) {
        lineageRecords.markLost(tx, app.id, now);
        lineageRecords.insertLineage(tx, {
          appId: app.id,
          keyid: row.keyid,
          position: rows,
          addedAt: now,
          storeStatement: Buffer.from(entry.recovery),
          authorisedBy: id,
        });
      }
      endRecovery(tx, store.vault, auditAuthor(actor), row, { state: "approved", reason, at: now });
      tellOwners(tx, row.organisationId, decisionNotice(row, "recovery.approved", byOf(actor), reason), now);
    },
  );
  return recoveryView(orm, store.vault, mustFind(orm, id), now);
}

async function prepare(
  store: Store,
  row: recoveryRecords.RecoveryRow,
  { appId, lineageKeys }: recoveryRecords.RecoveryAppRow,
  now: Date,
) {
  const app = records.findApp(store.db.orm, appId);
  if (!app) throw new Error(`the published app ${appId} is not there`);
  await mustHaveLineage(store, appId);
  mustBeAsBefore(store.db.orm, appId, lineageKeys);
  await mustHaveCertificates(store);
  const rows = lineageRecords.selectLineage(store.db.orm, appId);
  const statement = buildKeyRecovery({
    appId,
    developerId: row.organisationId,
    keyId: row.keyid,
    position: rows.length,
    requestedAt: row.requestedAt,
    waitingUntil: row.waitingUntil,
    approvedAt: now,
    approvers: 1,
    ownersTold: row.ownersTold,
    lostKeyIds: rows.flatMap((key) => (key.lostAt === null ? [key.keyid] : [])),
    recoveryId: row.id,
    storeId: storeId(store),
  });
  const recovery = await sealEnvelope(statement, releaseSigner(store));
  const entry: Extract<LineageEntry, { kind: "recovery" }> = { kind: "recovery", keyId: row.keyid, recovery };
  await judgeNext(store, app, rows, entry);
  return { app, rows: rows.length, entry };
}

/** A clock that was set ahead has ended the time, and nobody had it. */
function refuseNotLivedThrough({ db, vault }: Store, row: recoveryRecords.RecoveryRow, now: Date): void {
  const missing = daysMissing(db.orm, vault, row, now);
  if (missing === 0) return;
  throw new Problem(
    "conflict",
    "recovery.days_missing",
    say`The waiting time is over by the store's clock, ${formatTime(now)}, and the store did not run through it: its clock was set ahead, or it was off, and no owner could object. See that the clock is right. It can be approved once the store has run on ${missing === 1 ? say`one more day` : say`${missing} more days`}.`,
  );
}

function tooEarly(waitingUntil: Date): Problem {
  return new Problem(
    "conflict",
    "recovery.too_early",
    say`The recovery waits until ${formatTime(waitingUntil)}, so that every owner has time to object: approve it after that.`,
  );
}
