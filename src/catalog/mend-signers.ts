/**
 * Which keys and certificates signed a released version: its package says it, and of the developer's key the log. Rows that
 * somebody changed would have a revocation concern other versions than those that devices then refuse, and the store would not
 * sign again what its own key signed.
 */
import type { Store } from "../context.ts";
import { write } from "../db/database.ts";
import { perDb } from "../db/per-db.ts";
import type { KeyId } from "../ids.ts";
import { wholeSeconds } from "../signing/times.ts";
import type { Signers } from "./package-rows.ts";
import * as records from "./records.ts";
import { enqueueSignAgain } from "./sign-again/jobs.ts";

/** Rows that were found to be as their packages say: those need not be opened again. */
const verified = perDb(() => new Set<string>());
const MOST_KNOWN = 50_000;

/** Another one after each change of what a row says of its signatures. */
function markOf(row: records.SignedRow): string {
  const facts = [
    ...[row.id, row.contentDigest, row.releasedSha256, row.developerKeyid, row.developerCertificate],
    ...[row.releaseKeyid, row.releaseCertificate, row.approvedAt?.getTime()],
  ];
  return Bun.hash(facts.join(" ")).toString(36);
}

export const isKnownToBeRight = (store: Pick<Store, "db">, row: records.SignedRow): boolean =>
  verified(store).has(markOf(row));

/** `signers`: null where the package does not say it; then the log does of the developer's key. Gives whether the row was another. */
export function mendSignersOf(
  store: Pick<Store, "db" | "clock">,
  row: records.SignedRow,
  loggedKey: KeyId,
  signers: Signers | null,
): boolean {
  // What was released of another upload is told by who looks at that.
  if (row.releasedSha256 === null || (signers !== null && signers.developerKeyid !== loggedKey)) return false;
  const right = {
    developerKeyid: loggedKey,
    developerCertificate: signers?.developerCertificate ?? row.developerCertificate,
    releaseKeyid: signers?.releaseKeyid ?? row.releaseKeyid,
    releaseCertificate: signers?.releaseCertificate ?? row.releaseCertificate,
    approvedAt: signers === null || isSameTime(row.approvedAt, signers) ? row.approvedAt : signers.approvedAt,
  };
  if (signers !== null) {
    const known = verified(store);
    if (known.size >= MOST_KNOWN) known.clear();
    known.add(markOf({ ...row, ...right }));
  }
  const after = { ...row, ...right };
  if (markOf(after) === markOf(row)) return false;
  write(store.db, (tx) => {
    records.restoreSigners(tx, row.id, right);
    // With another certificate of the store it may be one that does not count any more.
    enqueueSignAgain(tx, store.clock.now());
  });
  return true;
}

/** An approval has whole seconds in the store's signature. */
const isSameTime = (at: Date | null, { approvedAt }: Signers): boolean =>
  at !== null && wholeSeconds(at).getTime() === approvedAt.getTime();
