/** The jobs that sign again, and when they are due: whoever changes what counts enqueues the plan. */
import type { Tx } from "../../db/database.ts";
import { enqueueAfresh } from "../../jobs/queue.ts";

/** Looks for what has to be signed again, and enqueues the other two. */
export const PLAN_SIGNATURES_JOB = "signatures.plan";
export const SIGN_LINEAGE_JOB = "lineage.sign";
export const SIGN_VERSION_JOB = "version.sign";

/** In the transaction of a change to keys, authorities or revocations. */
export function enqueueSignAgain(tx: Tx, now: Date): void {
  enqueueAfresh(tx, { kind: PLAN_SIGNATURES_JOB, key: "catalogue" }, now);
}
