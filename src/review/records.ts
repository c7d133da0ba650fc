/** The SQL of checks and decisions. */
import { and, asc, eq, gt, gte, or } from "drizzle-orm";
import { isOfKeptApp, replacePictures } from "../catalog/records.ts";
import type { Tx } from "../db/database.ts";
import { checkResults, findings, reviews, type versionPictures, versions } from "../db/schema.ts";
import type { VersionId } from "../ids.ts";

export type CheckResultRow = typeof checkResults.$inferInsert;
export type FindingRow = typeof findings.$inferInsert;
export type PictureRow = typeof versionPictures.$inferInsert;

/** Puts the outcome of a run in the place of the one before. */
export function replaceOutcome(
  tx: Tx,
  versionId: VersionId,
  outcome: {
    results: readonly CheckResultRow[];
    findings: readonly FindingRow[];
    pictures: readonly PictureRow[];
  },
): void {
  tx.delete(checkResults).where(eq(checkResults.versionId, versionId)).run();
  tx.delete(findings).where(eq(findings.versionId, versionId)).run();
  for (const row of outcome.results) tx.insert(checkResults).values(row).run();
  for (const row of outcome.findings) tx.insert(findings).values(row).run();
  replacePictures(tx, versionId, outcome.pictures);
}

/** What waits for a decision, oldest submission first; `after` is the last of the page before. */
export function selectQueue(
  tx: Tx,
  page: { after?: { submittedAt: Date; id: VersionId }; limit: number },
): (typeof versions.$inferSelect)[] {
  return tx
    .select()
    .from(versions)
    .where(
      and(
        eq(versions.state, "in_review"),
        isOfKeptApp,
        page.after === undefined
          ? undefined
          : and(
              // Where the index is entered; the tie is judged on the few rows at that place.
              gte(versions.submittedAt, page.after.submittedAt),
              or(gt(versions.submittedAt, page.after.submittedAt), gt(versions.id, page.after.id)),
            ),
      ),
    )
    .orderBy(asc(versions.submittedAt), asc(versions.id))
    .limit(page.limit)
    .all();
}

export function insertReview(tx: Tx, row: typeof reviews.$inferInsert): void {
  tx.insert(reviews).values(row).run();
}
