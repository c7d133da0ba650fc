/** Which function runs which kind of job, and what runs by the clock. */
import { keepTokenKeys, TOKEN_KEYS_JOB } from "../accounts/access-tokens/keys.ts";
import { KEYS_ENDING_JOB, tellOfEndingKeys } from "../accounts/api-keys/ending.ts";
import { forgetExpiredBrowsers } from "../accounts/browsers/browsers.ts";
import { ERASE_JOB } from "../accounts/deletion/ask.ts";
import { eraseDue } from "../accounts/deletion/erase.ts";
import { OFFERS_FALLING_JOB } from "../accounts/departed.ts";
import { forgetAuthorizations } from "../accounts/device-authorization/begin.ts";
import { forgetPendingSignIns } from "../accounts/factors/pending.ts";
import { askedOf, PASSWORD_ASKED_JOB, tellOfPassword } from "../accounts/forgotten.ts";
import { PASSWORDS_GUESSED_JOB, tellOfGuesses } from "../accounts/guessed.ts";
import { CONFIRM_GROUPS_JOB, confirmGroups } from "../accounts/identities/confirm.ts";
import { SEND_MAIL_JOB } from "../accounts/messages/outbox.ts";
import { isMailed, PLAN_MAIL_JOB, planMail, sendMessage } from "../accounts/messages/send.ts";
import { writeLetters } from "../accounts/notifications/letters.ts";
import { SPREAD_JOB, spreadNotifications } from "../accounts/notifications/spread.ts";
import { forgetOldNotifications } from "../accounts/notifications/sweep.ts";
import { ORGANISATION_RENAMED_JOB } from "../accounts/organisation-name.ts";
import { forgetExpiredSessions } from "../accounts/sessions.ts";
import { forgetSpentLinks } from "../accounts/setup.ts";
import { SIGN_UP_ASKED_JOB, signUpAskedOf, tellOfSignUp } from "../accounts/sign-up.ts";
import { forgetUsedTokens } from "../accounts/trusted-publishing/records.ts";
import { CHECK_AUDIT_JOB, checkAudit } from "../audit/check.ts";
import { forgetOldDrafts } from "../catalog/app-drafts/drafts.ts";
import { fillIdKeys, ID_KEYS_JOB } from "../catalog/app-ids/check.ts";
import { checkCatalogue } from "../catalog/check-catalogue.ts";
import { countersignVersion } from "../catalog/countersign.ts";
import { REMOVE_JOB } from "../catalog/deletion/ask.ts";
import { removeDue } from "../catalog/deletion/remove.ts";
import { DELTAS_JOB, makeDeltas, planDeltas } from "../catalog/deltas/make.ts";
import { type Maker, madeByChild, madeHere } from "../catalog/deltas/maker.ts";
import { forgetOldFetches } from "../catalog/installs/count.ts";
import { followPointers, POINTERS_JOB } from "../catalog/listing/pointers.ts";
import { CHECK_LOG_JOB } from "../catalog/log/audit.ts";
import { SIGN_LOG_JOB } from "../catalog/log/record.ts";
import { releaseVersion } from "../catalog/release.ts";
import { parseTarget, type Target } from "../catalog/revocation/change.ts";
import { makeCrls } from "../catalog/revocation/crls.ts";
import { offerUnderNewName, rebuildShard, reoffer } from "../catalog/revocation/reoffer.ts";
import { noteRunning, RUNNING_DAY_JOB } from "../catalog/running-days.ts";
import { SEARCH_JOB, searchAllAnew } from "../catalog/search/keep.ts";
import { makeWaiting, PICTURES_JOB } from "../catalog/shown-pictures/job.ts";
import {
  type Maker as PictureMaker,
  madeByChild as picturesByChild,
  madeHere as picturesHere,
} from "../catalog/shown-pictures/maker.ts";
import { PLAN_SIGNATURES_JOB, SIGN_LINEAGE_JOB, SIGN_VERSION_JOB } from "../catalog/sign-again/jobs.ts";
import { signLineageAgain } from "../catalog/sign-again/lineage.ts";
import { planSignAgain } from "../catalog/sign-again/plan.ts";
import { signVersionAgain } from "../catalog/sign-again/versions.ts";
import { COUNT_STORAGE_JOB, runCount } from "../catalog/storage-use/count.ts";
import { renewCertificates } from "../catalog/store-keys/due.ts";
import { mendHolders } from "../catalog/store-keys/mend-holders.ts";
import { STORE_TROUBLES_JOB, tellOfTroubles } from "../catalog/store-troubles/tell.ts";
import { sweepBlobs } from "../catalog/sweep.ts";
import { SIGNING_KEYS_ENDING_JOB, tellOfEndingSigningKeys } from "../catalog/tell-ending-keys.ts";
import { endExpiredOffers, TRANSFERS_ENDING_JOB } from "../catalog/transfer/ends.ts";
import { endFallenOffers } from "../catalog/transfer/falling.ts";
import { exportCatalogue, pruneCatalogue } from "../catalog/tuf/export.ts";
import { renewExpiring, signLogHead } from "../catalog/tuf/repository.ts";
import { inTurn } from "../catalog/tuf/turn.ts";
import { REBUILD_JOB } from "../catalog/upgrade/upgrade.ts";
import { retireCatalogues } from "../catalog/visibility/retire.ts";
import type { Store } from "../context.ts";
import { write } from "../db/database.ts";
import { forgetIdempotent } from "../db/idempotency.ts";
import { emptyLeftLog } from "../db/wal.ts";
import { type AppId, isAppId, isId, type OrganisationId, type VersionId } from "../ids.ts";
import { forgetFinished, type Job } from "../jobs/queue.ts";
import type { CronEntry, Handlers, JobHandler } from "../jobs/scheduler.ts";
import { checkVersion } from "../review/check-job.ts";
import { DAY_MS } from "../time.ts";

/** Long enough for any client's retries. */
const IDEMPOTENCY_DAYS = 2;
const FINISHED_JOB_DAYS = 14;

const onVersion =
  (handle: (store: Store, id: VersionId) => Promise<void>): JobHandler =>
  (store, { job }) =>
    handle(store, versionIdOf(job));

const makingDeltas =
  (maker: Maker): JobHandler =>
  (store, { job, signal }) =>
    makeDeltas(store, versionIdOf(job), maker, signal);

const makingPictures =
  (maker: PictureMaker): JobHandler =>
  (store, { signal }) =>
    makeWaiting(store, maker, signal);

export const HANDLERS: Handlers = new Map<string, JobHandler>([
  ["version.check", onVersion(checkVersion)],
  ["version.countersign", onVersion(countersignVersion)],
  ["version.publish", onVersion(releaseVersion)],
  [DELTAS_JOB, makingDeltas(madeByChild)],
  [PICTURES_JOB, makingPictures(picturesByChild)],
  [PLAN_SIGNATURES_JOB, planSignAgain],
  [SIGN_LINEAGE_JOB, (store, { job }) => signLineageAgain(store, appIdOf(job))],
  [SIGN_VERSION_JOB, onVersion(signVersionAgain)],
  ["deltas.plan", planDeltas],
  ["catalog.export", async (store) => void (await exportCatalogue(store))],
  [SIGN_LOG_JOB, signLogHead],
  [CHECK_LOG_JOB, (store, { signal }) => checkCatalogue(store, signal)],
  [CHECK_AUDIT_JOB, async (store, { signal }) => void (await checkAudit(store, null, signal))],
  ["catalog.crls", (store) => makeCrls(store)],
  ["catalog.reoffer", (store, { job }) => reoffer(store, targetOf(job))],
  [POINTERS_JOB, (store, { job }) => followPointers(store, appIdOf(job))],
  [ORGANISATION_RENAMED_JOB, (store, { job }) => offerUnderNewName(store, organisationOf(job))],
  [REBUILD_JOB, (store, { job }) => rebuildShard(store, shardOfJob(job))],
  [SEARCH_JOB, (store, { signal }) => searchAllAnew(store, signal)],
  [ID_KEYS_JOB, (store, { signal }) => fillIdKeys(store, signal)],
  ["catalog.renew", renewAll],
  [
    "catalog.prune",
    async (store) => {
      await pruneCatalogue(store);
      await retireCatalogues(store);
    },
  ],
  [RUNNING_DAY_JOB, async (store) => noteRunning(store)],
  [COUNT_STORAGE_JOB, (store, { job, signal }) => runCount(store, job.payload, signal)],
  ["storage.sweep", async (store) => void (await sweepBlobs(store))],
  [CONFIRM_GROUPS_JOB, (store, { signal }) => confirmGroups(store, signal)],
  [SEND_MAIL_JOB, sendMessage],
  [PLAN_MAIL_JOB, planAllMail],
  [SPREAD_JOB, spreadNotifications],
  [TRANSFERS_ENDING_JOB, async (store) => endExpiredOffers(store)],
  [OFFERS_FALLING_JOB, async (store, { job }) => endFallenOffers(store, labelOf(job))],
  [KEYS_ENDING_JOB, async (store) => tellOfEndingKeys(store)],
  [SIGNING_KEYS_ENDING_JOB, tellOfEndingSigningKeys],
  [STORE_TROUBLES_JOB, tellOfTroubles],
  [TOKEN_KEYS_JOB, async (store) => keepTokenKeys(store)],
  [ERASE_JOB, eraseDue],
  [REMOVE_JOB, (store, { signal }) => removeDue(store, signal)],
  ["database.tidy", tidyDatabase],
  ["database.log", async (store) => emptyLeftLog(store)],
  [PASSWORD_ASKED_JOB, async (store, { job }) => tellOfPassword(store, askedOf(job.payload), job.id)],
  [PASSWORDS_GUESSED_JOB, async (store, { job }) => tellOfGuesses(store, askedOf(job.payload), job.id)],
  [SIGN_UP_ASKED_JOB, async (store, { job }) => tellOfSignUp(store, signUpAskedOf(job.payload), job.id)],
]);

/** The same, all in this process: for tests, most of which publish next to nothing and would wait for a process each time. */
export const HANDLERS_HERE: Handlers = new Map([
  ...HANDLERS,
  [DELTAS_JOB, makingDeltas(madeHere)],
  [PICTURES_JOB, makingPictures(picturesHere)],
]);

/** Times are UTC; the minute is off the hour so that stores on one host do not all work at once. */
export const CRON: readonly CronEntry[] = [
  { kind: PLAN_MAIL_JOB, schedule: "*/10 * * * *" },
  { kind: CONFIRM_GROUPS_JOB, schedule: "3,18,33,48 * * * *" },
  { kind: "catalog.renew", schedule: "7 * * * *" },
  { kind: "catalog.crls", schedule: "11 * * * *" },
  { kind: KEYS_ENDING_JOB, schedule: "47 * * * *" },
  { kind: SIGNING_KEYS_ENDING_JOB, schedule: "13 * * * *" },
  { kind: STORE_TROUBLES_JOB, schedule: "19 * * * *" },
  { kind: TRANSFERS_ENDING_JOB, schedule: "49 * * * *" },
  { kind: ERASE_JOB, schedule: "43 * * * *" },
  { kind: REMOVE_JOB, schedule: "53 * * * *" },
  { kind: RUNNING_DAY_JOB, schedule: "1 * * * *" },
  { kind: TOKEN_KEYS_JOB, schedule: "51 * * * *" },
  { kind: "database.log", schedule: "57 * * * *" },
  { kind: CHECK_LOG_JOB, schedule: "17 2 * * *" },
  { kind: CHECK_AUDIT_JOB, schedule: "29 2 * * *" },
  { kind: "catalog.prune", schedule: "23 3 * * *" },
  { kind: "deltas.plan", schedule: "37 * * * *" },
  { kind: "storage.sweep", schedule: "41 3 * * *" },
  { kind: COUNT_STORAGE_JOB, schedule: "59 * * * *" },
  { kind: "database.tidy", schedule: "53 3 * * *" },
];

async function planAllMail(store: Store): Promise<void> {
  // First, so that nothing about a letter keeps what is written already.
  await planMail(store);
  if (isMailed(store)) await writeLetters(store);
}

async function renewAll(store: Store): Promise<void> {
  await inTurn(store.db, () => renewCertificates(store), "keys");
  // Whether a key is here decides what is renewed.
  mendHolders(store);
  await renewExpiring(store);
}

async function tidyDatabase(store: Store): Promise<void> {
  const now = store.clock.now().getTime();
  await forgetExpiredSessions(store);
  forgetPendingSignIns(store);
  forgetExpiredBrowsers(store);
  write(store.db, (tx) => forgetUsedTokens(tx, store.clock.now()));
  forgetAuthorizations(store);
  forgetSpentLinks(store);
  forgetOldFetches(store);
  forgetOldDrafts(store);
  await forgetOldNotifications(store);
  forgetFinished(store.db, new Date(now - FINISHED_JOB_DAYS * DAY_MS));
  write(store.db, (tx) => forgetIdempotent(tx, new Date(now - IDEMPOTENCY_DAYS * DAY_MS)));
}

function versionIdOf(job: Job): VersionId {
  const id = job.payload.versionId;
  if (typeof id !== "string" || !isId("ver", id)) throw new Error(`job ${job.id} names no version`);
  return id;
}

function organisationOf(job: Job): OrganisationId {
  const id = job.payload.organisationId;
  if (typeof id !== "string" || !isId("org", id)) throw new Error(`job ${job.id} names no organisation`);
  return id;
}

function labelOf(job: Job): string {
  const { by } = job.payload;
  if (typeof by !== "string") throw new Error(`job ${job.id} names nobody`);
  return by;
}

function appIdOf(job: Job): AppId {
  const { appId } = job.payload;
  if (typeof appId !== "string" || !isAppId(appId)) throw new Error(`job ${job.id} names no app`);
  return appId;
}

function targetOf(job: Job): Target {
  const { subject, id } = job.payload;
  if (typeof subject !== "string" || typeof id !== "string") throw new Error(`job ${job.id} names nothing`);
  return parseTarget(subject, id);
}

function shardOfJob(job: Job): number {
  const { shard } = job.payload;
  if (typeof shard !== "number") throw new Error(`job ${job.id} names no shard`);
  return shard;
}
