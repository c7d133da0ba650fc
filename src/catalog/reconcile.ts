/** Whether rows, files and the signed catalogue agree: what `mosis admin reconcile` reports, and tests after a kill. */
import { type Actor, auditAuthor } from "../accounts/actor.ts";
import { checkAudit, faultInWords } from "../audit/check.ts";
import { recordChange } from "../audit/record.ts";
import type { Store } from "../context.ts";
import { hashSource } from "../format/digests.ts";
import { EVERYBODY } from "../ids.ts";
import { listJobs } from "../jobs/queue.ts";
import * as blobRecords from "./blobs.records.ts";
import { mendRows } from "./check-catalogue.ts";
import { checkWholeLog } from "./log/audit.ts";
import { isWhole } from "./log/hold.ts";
import { channelsOf } from "./offer.ts";
import { isForEverybody } from "./public-files.ts";
import * as records from "./records.ts";
import { packageKey, releaseKey } from "./release-keys.ts";
import { REOFFER_JOB } from "./revocation/act.ts";
import { compareRevocations } from "./revocation/compare.ts";
import { inForce } from "./revocation/in-force.ts";
import { bringBackLowest } from "./revocation/lowest.ts";
import { noteDiffering } from "./revocation/noted.ts";
import { bringBack, lostRevocations, signedRevocations } from "./revocation/signed.ts";
import { signAnew } from "./sign-anew.ts";
import { SWEPT_PREFIXES } from "./sweep.ts";
import { indexPath } from "./tuf/app-index.ts";
import { mendFiles, reconcile as reconcileCatalogue } from "./tuf/compare.ts";
import { type Difference, nameOf } from "./tuf/differences.ts";
import { findTargetBody, listCatalogues } from "./tuf/records.ts";
import { CA_PATH } from "./tuf/roles.ts";
import { selectAppAudiences } from "./visibility/records.ts";
import { AUDIENCES } from "./visibility/signed-audiences.ts";

export type Discrepancy = {
  readonly kind:
    | "blob_missing"
    | "blob_differs"
    | "blob_without_row"
    | "not_in_catalogue"
    | "catalogue"
    | "revocation"
    | "log"
    | "audit";
  readonly subject: string;
  readonly detail: string;
};

const BATCH = 200;

/** Reads every file, every leaf and every entry of the audit log once, and keeps what it finds of the two logs as the daily jobs do; meant for a person's question, not for a request. */
export async function reconcileStore(store: Store, actor: Actor): Promise<Discrepancy[]> {
  const found: Discrepancy[] = [];
  const rows = await mendRows(store, { every: true });
  for (const difference of rows.mended)
    found.push({ kind: "catalogue", subject: nameOf(difference), detail: MENDED_ROW });
  for await (const discrepancy of compareRows(store)) found.push(discrepancy);
  for await (const discrepancy of compareFiles(store)) found.push(discrepancy);
  const revocations = await compareRevocations(store);
  const lowered = new Set(revocations.map(({ lowestOf }) => lowestOf));
  for (const row of records.selectVersionsInState(store.db.orm, "published"))
    found.push(...comparePublished(store, row, lowered.has(row.appId)));
  const catalogue = await reconcileCatalogue(store, { deep: true });
  for (const subject of catalogue.rows ?? []) found.push({ kind: "catalogue", subject, detail: MENDED_ROW });
  const files = [...catalogue.missing, ...catalogue.different, ...catalogue.orphans].length;
  const { fault } = await checkAudit(store);
  if (fault !== null) found.push({ kind: "audit", ...faultInWords(fault) });
  const isListKnown = listCatalogues(store.db.orm).every(
    (audience) => signedRevocations(store.db, audience) !== null,
  );
  const others = found.length + rows.left.length + files + revocations.length;
  const log = await checkWholeLog(store, undefined, (tx, inLog) => {
    const after = { discrepancies: others + inLog.length };
    const subject = { type: "store", id: "log" };
    const change = { action: "store.reconciled", subject, after } as const;
    if (inLog.length === 0 && isListKnown)
      bringBack(tx, lostRevocations(store.db, inForce(tx), listCatalogues(tx)), store.clock.now());
    recordChange(tx, auditAuthor(actor), change, store.clock.now());
  });
  noteDiffering(store, log.length === 0 ? bringBackLowest(store, revocations) : revocations);
  if (log.length === 0 && revocations.length === 0) await signAnew(store, rows.left);
  const stillLeft = rows.left.length === 0 ? [] : (await mendRows(store)).left.map(nameOf);
  for (const difference of rows.left) {
    const subject = nameOf(difference);
    const detail = ofLeft(difference) ?? ofDamaged(subject, stillLeft.includes(subject));
    found.push({ kind: "catalogue", subject, detail });
  }
  const mended = new Set(log.length === 0 && files > 0 ? await mendFiles(store) : []);
  // What was signed anew above has other files now.
  const still = rows.left.length === 0 ? catalogue : await reconcileCatalogue(store, { deep: true });
  for (const state of ["missing", "different", "orphans"] as const) {
    for (const subject of catalogue[state].filter((key) => mended.has(key) || still[state].includes(key)))
      found.push({ kind: "catalogue", subject, detail: ofFile(state, mended.has(subject)) });
  }
  for (const { subject, detail, isSigned, lowestOf } of revocations)
    found.push({
      kind: "revocation",
      subject,
      detail: `${detail}: ${ofRevocation(isSigned, { isLogWhole: log.length === 0, isListKnown, isLowest: lowestOf !== null })}`,
    });
  for (const { subject, detail } of log) found.push({ kind: "log", subject, detail });
  return found;
}

function ofRevocation(
  isSigned: boolean,
  {
    isLogWhole,
    isListKnown,
    isLowest,
  }: { readonly isLogWhole: boolean; readonly isListKnown: boolean; readonly isLowest: boolean },
): string {
  if (!isLogWhole) return "nothing was changed, since the log is damaged; restore a backup";
  if (isLowest && !isSigned) return "the rows are as the log says again; set another one if it should not be";
  if (!isListKnown)
    return "the list as it was signed is nowhere, and no act goes on from that; restore a backup";
  return isSigned
    ? "the rows are as the signed list again, since devices go by that; lift it if it should not be revoked"
    : "do again what the log has, with mosis admin revoke, or lift what it has not, with mosis admin lift; or restore a backup";
}

const MENDED_ROW =
  "the database had it otherwise than it was signed: brought back as it was signed, nothing more is to be done";

const OTHER_THAN_INDEX =
  "the rows say it otherwise than the app's signed index and the log; nothing of the app is signed over it: restore a backup";

const OTHER_THAN_SEALED =
  "the rows say it otherwise than the store sealed or logged it; the version is neither approved nor published: have it withdrawn and uploaded again";

const UNTOLD =
  "nothing that the store sealed tells it, and nothing of the app is published: say again who may see it";

const NOT_ENROLLED =
  "the log does not bear out that anybody of the store enrolled it; no organisation revokes it or adds it to an app: have it enrolled again, or restore a backup";

const NOT_ISSUED =
  "its row is not of a certificate that the store issued for this key; lists of revoked certificates go on from the signed ones: have the key enrolled again, or restore a backup";

function ofLeft(difference: Difference): string | null {
  if (difference.of === "version") return OTHER_THAN_SEALED;
  if (difference.of === "developer-key") return NOT_ENROLLED;
  if (difference.of === "developer-certificate") return NOT_ISSUED;
  if (difference.of !== "app") return null;
  return difference.what === AUDIENCES ? UNTOLD : OTHER_THAN_INDEX;
}

function ofDamaged(subject: string, isLeft: boolean): string {
  const where = "the database has not got it as it was signed, nor have the files that devices read";
  if (!isLeft) return `${where}: signed anew as the tables and the log say, nothing more is to be done`;
  const otherwise =
    subject === CA_PATH
      ? ", or sign it anew from the certificates with mosis admin keys renew ca-developer"
      : "";
  return `${where}; nothing is signed over it: restore a backup${otherwise}`;
}

/** Of a file that devices read. */
function ofFile(state: "missing" | "different" | "orphans", isMended: boolean): string {
  if (state === "orphans")
    return "there without a row: nothing in the database names it, and no device asks for it";
  return isMended
    ? `${state}: written anew from the database, nothing more is to be done`
    : `${state}: not written anew, since the log is damaged, or the database has not got what was signed; restore a backup`;
}

async function* compareRows(store: Store): AsyncIterable<Discrepancy> {
  let after = "";
  for (;;) {
    const rows = blobRecords.selectBlobs(store.db.orm, after, BATCH);
    for (const row of rows) {
      after = row.key;
      const head = await store.blobs.head(row.key);
      if (!head) {
        yield { kind: "blob_missing", subject: row.key, detail: "there is a row and no file" };
        continue;
      }
      const sha256 = await digestOf(store, row.key);
      if (sha256 !== row.sha256 || head.sizeBytes !== row.sizeBytes) {
        yield { kind: "blob_differs", subject: row.key, detail: `found ${sha256}, expected ${row.sha256}` };
      }
    }
    if (rows.length < BATCH) return;
  }
}

async function digestOf(store: Store, key: string): Promise<string> {
  const source = await store.blobs.open(key);
  try {
    return await hashSource(source);
  } finally {
    await source.close();
  }
}

async function* compareFiles(store: Store): AsyncIterable<Discrepancy> {
  const detail = isWhole(store)
    ? "the sweep removes it a day after it was written"
    : "there is a file and no row; it stays as long as the log is damaged, since a newer database may have the row";
  for (const prefix of SWEPT_PREFIXES) {
    for await (const blob of store.blobs.list(prefix)) {
      if (blobRecords.hasBlobRow(store.db.orm, blob.key)) continue;
      yield { kind: "blob_without_row", subject: blob.key, detail };
    }
  }
}

/** `isTold`: which version is its app's lowest is told by itself, and decides what is to be offered. */
function comparePublished(store: Store, row: records.VersionRow, isTold: boolean): Discrepancy[] {
  const { orm } = store.db;
  const subject = `${row.appId} ${row.versionCode}`;
  const { releasedSha256 } = row;
  if (releasedSha256 === null)
    return [{ kind: "blob_missing", subject, detail: "published without a released file" }];
  const found: Discrepancy[] = [];
  const keys = [
    releaseKey(releasedSha256),
    ...(isForEverybody(orm, row.appId) ? [packageKey(releasedSha256)] : []),
  ];
  for (const key of keys) {
    if (!blobRecords.hasBlobRow(orm, key))
      found.push({ kind: "blob_missing", subject, detail: `no row for ${key}` });
  }
  // What was revoked or lifted a moment ago is still to be taken out or put in.
  if (isTold || isReoffering(store)) return found;
  const { offered, yanked } = channelsOf(orm, row.appId);
  const isListed = [...offered, ...yanked].some(({ id }) => id === row.id);
  for (const { audience, toldAt, leftAt } of selectAppAudiences(orm, row.appId)) {
    if (toldAt === null) continue;
    const body = findTargetBody(orm, indexPath(row.appId), audience);
    const named = body !== null && new TextDecoder().decode(body).includes(releasedSha256);
    const where =
      audience === EVERYBODY ? "the app's signed index" : `the app's signed index for ${audience}`;
    if (named === (isListed && leftAt === null)) continue;
    const detail = named ? "names its package, which is not to be offered" : "does not name its package";
    found.push({ kind: "not_in_catalogue", subject, detail: `${where} ${detail}` });
  }
  return found;
}

function isReoffering(store: Store): boolean {
  const active = listJobs(store.db, { state: ["queued", "running"], limit: 1000 });
  return active.some((job) => job.kind === REOFFER_JOB);
}
