/**
 * From a countersigned version to devices: its file comes to where they read, and it into the catalogue. Whatever is killed
 * when, the job runs again and ends in the same place.
 */
import { SYSTEM_LABEL } from "../accounts/actor.ts";
import type { Store } from "../context.ts";
import { type Tx, write } from "../db/database.ts";
import { type AppId, type Audience, EVERYBODY, type Sha256, type VersionId } from "../ids.ts";
import { refuseForeign } from "../keys/foreign-vault.ts";
import { isAgreed } from "./approval-seal.ts";
import { isWhole, settleDamage } from "./countersign.ts";
import { enqueueDeltas } from "./deltas/make.ts";
import { recordEnd } from "./ended.ts";
import { KEY_OUTSIDE_NOTE, keyStands } from "./key-standing.ts";
import * as lineageRecords from "./lineage.records.ts";
import { enqueuePointers } from "./listing/pointers.ts";
import type { LogPlan } from "./log/plan.ts";
import type { LogReference } from "./log/record.ts";
import { mustHaveLineage } from "./mend-lineage.ts";
import { mendVersion } from "./mend-manifests.ts";
import { manifestOf, planOffer } from "./offer.ts";
import { OVERTAKEN_NOTE, withdrawOvertaken } from "./overtaken.ts";
import { isForEverybody, offerFiles } from "./public-files.ts";
import * as records from "./records.ts";
import { releaseKey } from "./release-keys.ts";
import { lowestCode, revocationOf } from "./revocation/in-force.ts";
import { restoreLost } from "./revocation/lost.ts";
import { mendLowest } from "./revocation/lowest.ts";
import { keepSearchable } from "./search/keep.ts";
import { stateAfter } from "./states.ts";
import { textsOf } from "./texts.ts";
import { exportCatalogue } from "./tuf/export.ts";
import { hasCatalogue } from "./tuf/records.ts";
import { publishTargets } from "./tuf/repository.ts";
import { audiencesOf, markTold } from "./visibility/records.ts";
import { mendAudiences, mustShowTo } from "./visibility/signed-audiences.ts";
import { planNotices } from "./yank/notices.ts";

/**
 * Job `version.publish`: the package first, then, in one transaction, the catalogue and that the version is in it, then
 * the copy of the catalogue that devices read. Only then is the version called published: who sees that can install it.
 */
export async function releaseVersion(store: Store, versionId: VersionId): Promise<void> {
  await mendVersion(store, versionId);
  const row = records.findVersion(store.db.orm, versionId);
  if (row?.state !== "publishing" || row.releasedSha256 === null || row.releasedSizeBytes === null) return;
  if (row.publishedAt === null) {
    const now = store.clock.now();
    refuseForeign(store.vault);
    if (!isAgreed(store, row)) {
      settleDamage(store, versionId);
      return;
    }
    if (row.versionCode <= records.highestPublishedCode(store.db.orm, row.appId)) {
      giveUp(store, versionId, "overtaken", OVERTAKEN_NOTE, now);
      return;
    }
    await mustHaveLineage(store, row.appId);
    await restoreLost(store, listsOf(store.db.orm, row.appId));
    mendLowest(store, row.appId);
    mendAudiences(store, row.appId);
    const hindrance = hindranceOf(store.db.orm, row);
    if (hindrance !== null) {
      giveUp(store, versionId, "revoked", hindrance, now);
      return;
    }
    if (!keyStands(store.db.orm, row)) {
      giveUp(store, versionId, "key_outside", KEY_OUTSIDE_NOTE, now);
      return;
    }
    // A held release may have lain for long.
    if (!(await isWhole(store, releaseKey(row.releasedSha256), row.releasedSha256))) {
      settleDamage(store, versionId);
      return;
    }
    await catalogueVersion(store, row, row.releasedSha256, now);
  }
  await exportCatalogue(store);
  write(store.db, (tx) => {
    const current = records.findVersion(tx, versionId);
    if (current?.state !== "publishing") return;
    const event = { actor: SYSTEM_LABEL, now: store.clock.now() };
    records.updateVersion(tx, current, { state: stateAfter(current.state, "published") }, event);
  });
}

/** In which it may be named. */
const listsOf = (tx: Tx, appId: AppId): readonly Audience[] =>
  [...new Set<Audience>([EVERYBODY, ...audiencesOf(tx, appId)])].filter((one) => hasCatalogue(tx, one));

/** What is in force by now, and took it back when it began to be unless somebody changed rows; null: nothing is. */
function hindranceOf(tx: Tx, row: records.VersionRow): string | null {
  const app = records.findApp(tx, row.appId);
  if (!app) throw new Error(`${row.id} has no app`);
  const revocation = revocationOf(tx, { ...row, organisationId: app.organisationId });
  if (revocation !== null) return `Revoked: ${revocation.reason}`;
  const lowest = lowestCode(tx, row.appId);
  return row.versionCode < lowest ? `Below the lowest version, ${lowest}.` : null;
}

async function catalogueVersion(
  store: Store,
  row: records.VersionRow,
  file: Sha256,
  now: Date,
): Promise<void> {
  const icons = records
    .selectPictures(store.db.orm, row.id)
    .filter((picture) => picture.kind === "icon")
    .map((picture) => picture.blobKey);
  const offered = await offerFiles(store, row.appId, [releaseKey(file), ...icons]);
  await publishTargets(
    store,
    (log) => {
      const publication = logPublication(store, log, row, file, now);
      const plan = planOffer(store, row.appId, { row, publication, now });
      // What was said of the app before anything of it was published is told with that.
      const notices = planNotices(store, row.appId, mustShowTo(store, row.appId));
      return { upserts: [...plan.upserts, ...notices.upserts], removes: notices.removes };
    },
    (tx) => {
      const current = records.findVersion(tx, row.id);
      if (current?.state !== "publishing" || !keyStands(tx, current))
        throw new Error(`${row.id} changed while it was being published`);
      offered(tx, now);
      if (row.developerKeyid !== null && lineageRecords.selectLineage(tx, row.appId).length === 0) {
        lineageRecords.insertLineage(tx, {
          appId: row.appId,
          keyid: row.developerKeyid,
          position: 0,
          addedAt: now,
        });
      }
      records.updateVersion(tx, current, { publishedAt: now }, { actor: SYSTEM_LABEL, now });
      withdrawOvertaken(tx, store.vault, row, now);
      enqueueDeltas(tx, row.id, now);
      const app = records.findApp(tx, row.appId);
      const texts = textsOf(manifestOf(row));
      const publicAt = isForEverybody(tx, row.appId) ? (app?.publicAt ?? now) : null;
      records.updateApp(tx, row.appId, { ...texts, publishedAt: app?.publishedAt ?? now, publicAt }, now);
      markTold(tx, row.appId, now);
      enqueuePointers(tx, row.appId, now);
      keepSearchable(tx, row.appId);
    },
  );
}

/** Of an app that is for everybody the leaf hides nothing: with it, it is public. */
function logPublication(
  store: Store,
  log: LogPlan,
  row: records.VersionRow,
  sha256: Sha256,
  now: Date,
): LogReference {
  const { appId, versionCode, contentDigest } = row;
  if (contentDigest === null) throw new Error(`${row.id} is published without having been read`);
  const entry = { type: "publication", appId, versionCode, contentDigest, package: sha256 } as const;
  return log.append(entry, now, { isPublic: isForEverybody(store.db.orm, appId) });
}

function giveUp(
  store: Store,
  versionId: VersionId,
  event: "overtaken" | "key_outside" | "revoked",
  note: string,
  now: Date,
): void {
  write(store.db, (tx) => {
    const row = records.findVersion(tx, versionId);
    if (row?.state !== "publishing") return;
    const state = stateAfter(row.state, event);
    records.updateVersion(tx, row, { state }, { actor: SYSTEM_LABEL, note, now });
    recordEnd(tx, store.vault, row, now);
  });
}
