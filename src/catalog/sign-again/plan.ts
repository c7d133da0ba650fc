/**
 * Job `signatures.plan`: what the store said counts no more when the key that said it is revoked, or the authority above it
 * distrusted. The store says the same again with the key that it has now: nothing is decided anew, times and digests stay.
 */
import type { Store } from "../../context.ts";
import { write } from "../../db/database.ts";
import { enqueueAfresh } from "../../jobs/queue.ts";
import * as catalog from "../records.ts";
import { loseSignature } from "../revocation/settle.ts";
import { fallenStatements, fallenVersions } from "./fallen.ts";
import { SIGN_LINEAGE_JOB, SIGN_VERSION_JOB } from "./jobs.ts";
import { presentTrust, usableRelease } from "./trust.ts";

const NOTE = "The store's signature does not count any more.";
/** Rows of one transaction: requests come in between. */
const BATCH = 100;

/** While the store has no release key that counts there is nothing to be done; the key that comes after it enqueues this again. */
export async function planSignAgain(store: Store): Promise<void> {
  const { orm } = store.db;
  const trust = presentTrust(store);
  if (usableRelease(orm, trust) === null) return;
  const apps = new Set((await fallenStatements(orm, trust)).map(({ row }) => row.appId));
  const versions = await fallenVersions(orm, trust);
  const now = store.clock.now();
  const jobs = [
    ...[...apps].map((appId) => ({ kind: SIGN_LINEAGE_JOB, key: appId, payload: { appId } })),
    ...versions
      .filter(({ publishedAt }) => publishedAt !== null)
      .map(({ id }) => ({ kind: SIGN_VERSION_JOB, key: id, payload: { versionId: id } })),
  ];
  for (let at = 0; at < jobs.length; at += BATCH)
    write(store.db, (tx) => {
      for (const job of jobs.slice(at, at + BATCH)) enqueueAfresh(tx, job, now);
    });
  write(store.db, (tx) => {
    for (const { id, publishedAt } of versions) {
      const row = publishedAt === null ? catalog.findVersion(tx, id) : undefined;
      if (row?.publishedAt === null) loseSignature(tx, row, NOTE, now);
    }
  });
  if (jobs.length > 0)
    store.log.info("signatures.planned", { lineages: apps.size, versions: jobs.length - apps.size });
}
