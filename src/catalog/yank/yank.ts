/**
 * Yanking a published version, and offering it again: in every signed catalogue that has its app it is one revision, in one
 * transaction with the rows. It is no revocation: whoever has the version keeps it, and nothing is taken from anybody.
 */

import { type Actor, auditAuthor, type By, byOf, nameOf } from "../../accounts/actor.ts";
import { tellOwners } from "../../accounts/messages/outbox.ts";
import { stillActing } from "../../accounts/still.ts";
import { recordChange } from "../../audit/record.ts";
import type { Tx } from "../../db/database.ts";
import { type IfMatch, ifUnchanged } from "../../db/preconditions.ts";
import { Problem } from "../../errors.ts";
import { type AppId, type Audience, EVERYBODY, type VersionId } from "../../ids.ts";
import { say } from "../../say.ts";
import { wholeSeconds } from "../../signing/times.ts";
import { enqueueDeltas } from "../deltas/make.ts";
import { enqueuePointers } from "../listing/pointers.ts";
import { mendVersion } from "../mend-manifests.ts";
import { channelsOf, planIndexes, planShard, type Turned } from "../offer.ts";
import * as records from "../records.ts";
import { restoreLost } from "../revocation/lost.ts";
import { mendLowest } from "../revocation/lowest.ts";
import { selectOffered } from "../revocation/records.ts";
import { keepSearchable } from "../search/keep.ts";
import { STATE_WORDS } from "../states.ts";
import { shardOf } from "../tuf/app-index.ts";
import { YANK_REASON_MOST } from "../tuf/app-notices.ts";
import { exportSoon } from "../tuf/export-soon.ts";
import { lineFault } from "../tuf/lines.ts";
import { hasCatalogue } from "../tuf/records.ts";
import { publishTargets, type TargetPlan } from "../tuf/repository.ts";
import type { TrustStore } from "../tuf/revise.ts";
import { inTurn } from "../tuf/turn.ts";
import { versionView } from "../version-views.ts";
import { findVersionFor, type VersionRef } from "../versions.ts";
import type { VersionView } from "../views.ts";
import { audiencesOf } from "../visibility/records.ts";
import { mendAudiences, mustShowTo } from "../visibility/signed-audiences.ts";
import { planNotices } from "./notices.ts";
import { unyankedNotice, yankedNotice } from "./told.ts";

type Of = { readonly appId: AppId; readonly version: VersionRef; readonly ifMatch?: IfMatch | undefined };

/** What it is to be: yanked with this reason, or null: offered again. */
type Wanted = { readonly reason: string } | null;

/**
 * Offered to nobody any more. With another reason than before, that alone changes.
 * @throws Problem `version.yank_reason_invalid`, `version.wrong_state`, `app.not_found`, `version.not_found`,
 *   `precondition.failed`, `rights.forbidden`, `catalog.busy`, `catalog.damaged`
 */
export function yankVersion(store: TrustStore, actor: Actor, of: Of, reason: string): Promise<VersionView> {
  // Who may not do it learns nothing of how it is to be said.
  findVersionFor(store.db.orm, actor, "version.yank", of.appId, of.version);
  return turn(store, actor, of, { reason: parseReason(reason) });
}

/** What was published is offered again, unless it is revoked. @throws Problem as `yankVersion`, but for its reason */
export function unyankVersion(store: TrustStore, actor: Actor, of: Of): Promise<VersionView> {
  return turn(store, actor, of, null);
}

/** @throws Problem `version.yank_reason_invalid` */
function parseReason(text: string): string {
  const reason = text.trim().normalize("NFC");
  const fault = lineFault(reason, YANK_REASON_MOST);
  if (fault === null) return reason;
  const message = say`Say why, in one line of 1 to ${YANK_REASON_MOST} characters: people read it on their devices.`;
  throw new Problem("invalid", "version.yank_reason_invalid", message, [
    { code: "version.yank_reason_invalid", message, pointer: "/reason", found: fault },
  ]);
}

/** What devices are offered first once this version is not; null: nothing. The caller has asked whether it may be seen. */
export function versionInstead(store: Pick<TrustStore, "db">, appId: AppId, id: VersionId): string | null {
  const { orm } = store.db;
  const row = records.findVersion(orm, id);
  if (row === undefined) return null;
  return channelsOf(orm, appId, { row, isYanked: true }).offered[0]?.version ?? null;
}

async function turn(store: TrustStore, actor: Actor, of: Of, wanted: Wanted): Promise<VersionView> {
  const { orm } = store.db;
  await inTurn(store.db, () => enact(store, actor, of, wanted), "act");
  return versionView(orm, findVersionFor(orm, actor, "version.yank", of.appId, of.version));
}

async function enact(store: TrustStore, actor: Actor, of: Of, wanted: Wanted): Promise<void> {
  const { orm } = store.db;
  const { appId } = of;
  /** Asked again wherever it is acted upon: who acts, whether they still may, and the version as it is by then. */
  const look = (tx: Tx) => {
    const row = findVersionFor(tx, stillActing(store, tx, actor), "version.yank", appId, of.version);
    ifUnchanged(row.revision, of.ifMatch);
    mustBePublished(row);
    return row;
  };
  mendAudiences(store, appId);
  const before = look(orm);
  if (isSo(before, wanted)) return;
  const lists = [...new Set<Audience>([EVERYBODY, ...audiencesOf(orm, appId)])];
  await restoreLost(
    store,
    lists.filter((audience) => hasCatalogue(orm, audience)),
  );
  mendLowest(store, appId);
  // Another version is shown from now on, and pages of it are made of rows.
  const [next] = channelsOf(orm, appId, { row: before, isYanked: wanted !== null }).offered;
  if (next !== undefined) await mendVersion(store, next.id);
  const now = wholeSeconds(store.clock.now());
  const turned = { changed: false };
  await publishTargets(
    store,
    () => planTurn(store, look(orm), wanted, now),
    (tx) => {
      const row = look(tx);
      if (isSo(row, wanted)) return;
      save(tx, actor, { row, wanted, now });
      turned.changed = true;
    },
  );
  if (!turned.changed) return;
  store.wakeJobs();
  await exportSoon(store);
}

const isSo = ({ yankedAt, yankedReason }: records.VersionRow, wanted: Wanted): boolean =>
  wanted === null ? yankedAt === null : yankedAt !== null && yankedReason === wanted.reason;

/** @throws Problem `version.wrong_state` */
function mustBePublished({ state, versionCode }: records.VersionRow): void {
  if (state === "published") return;
  throw new Problem(
    "conflict",
    "version.wrong_state",
    say`Only what is published can be yanked, and version code ${versionCode} is ${STATE_WORDS[state]}: withdraw it instead.`,
  );
}

/** The index, the shard and what people are told, in each catalogue that has the app. @throws Problem `catalog.damaged` */
function planTurn(store: TrustStore, row: records.VersionRow, wanted: Wanted, now: Date): TargetPlan {
  const { appId, id, versionCode } = row;
  const app = records.findApp(store.db.orm, appId);
  if (!app) throw new Error(`${id} has no app`);
  const turned: Turned = { row, isYanked: wanted !== null };
  const audiences = mustShowTo(store, appId);
  const at = row.yankedAt ?? now;
  const yanked = wanted && { reason: wanted.reason, at };
  const notices = planNotices(store, appId, audiences, { version: { id, versionCode, yanked } });
  return {
    upserts: [
      ...planIndexes(store, app, { turned }),
      ...audiences.map((audience) => ({
        audience,
        ...planShard(store, audience, shardOf(appId), { turned, back: [appId] }),
      })),
      ...notices.upserts,
    ],
    removes: notices.removes,
  };
}

type Change = { readonly row: records.VersionRow; readonly wanted: Wanted; readonly now: Date };

function save(tx: Tx, actor: Actor, { row, wanted, now }: Change): void {
  const { id, appId, version, versionCode } = row;
  const app = records.findApp(tx, appId);
  if (!app) throw new Error(`${id} has no app`);
  const by = nameOf(actor);
  const set =
    wanted === null
      ? { yankedAt: null, yankedReason: null }
      : { yankedAt: row.yankedAt ?? now, yankedReason: wanted.reason };
  records.updateVersion(tx, row, set, { actor: by, now });
  keepSearchable(tx, appId);
  enqueuePointers(tx, appId, now);
  // What comes to the front, or back, may lack its containers.
  const [newest] = selectOffered(tx, appId, 1);
  if (newest !== undefined) enqueueDeltas(tx, newest.id, now);
  if (wanted === null && newest?.id !== id) enqueueDeltas(tx, id, now);
  recordChange(
    tx,
    auditAuthor(actor),
    {
      action: wanted === null ? "version.unyanked" : "version.yanked",
      subject: { type: "version", id },
      organisationId: app.organisationId,
      before: { yanked: row.yankedReason },
      after: { yanked: wanted?.reason ?? null, appId, versionCode },
    },
    now,
  );
  // That only the reason was said anew concerns who reads it, and not how things stand.
  if (wanted !== null && row.yankedAt !== null) return;
  const about = { app, version: { id, version, versionCode: Number(versionCode) } };
  tellOwners(
    tx,
    app.organisationId,
    wanted === null
      ? unyankedNotice({ ...about, by: whoIn(app, actor) })
      : yankedNotice({ ...about, by: whoIn(app, actor), reason: wanted.reason }),
    now,
    actor,
  );
}

/** The store's administrators are not named to developers. */
export function whoIn({ organisationId }: records.AppRow, actor: Actor): By {
  const isOwn =
    actor.kind === "organisation-key" ||
    (actor.kind === "account" && actor.organisations.get(organisationId) !== undefined);
  return isOwn
    ? byOf(actor)
    : { start: say`The store's administration`, within: say`the store's administration` };
}
