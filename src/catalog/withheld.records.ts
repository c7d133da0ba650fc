/** The SQL of files that are there and not served. */
import { and, asc, eq, gt, gte, inArray, isNotNull, lt, sql } from "drizzle-orm";
import type { Tx } from "../db/database.ts";
import { hot } from "../db/hot.ts";
import { tufMetadata, withheldFiles } from "../db/schema.ts";
import type { AppId, Audience } from "../ids.ts";

export type WithheldFile = typeof withheldFiles.$inferSelect;

export function insertWithheld(tx: Tx, rows: readonly WithheldFile[]): void {
  for (const row of rows) {
    const { fromTimestamp, createdAt } = row;
    tx.insert(withheldFiles)
      .values(row)
      .onConflictDoUpdate({
        target: [withheldFiles.key, withheldFiles.appId],
        set: { fromTimestamp, createdAt },
      })
      .run();
  }
}

/** With each request for a file: an index gives it, however many apps there are. */
const rowsOf = hot((tx) =>
  tx
    .select({ audience: withheldFiles.audience, fromTimestamp: withheldFiles.fromTimestamp })
    .from(withheldFiles)
    .where(eq(withheldFiles.key, sql.placeholder("key")))
    .prepare(),
);

/** Whether a file is not to be served, though it is there. */
export function isWithheld(tx: Tx, key: string): boolean {
  return rowsOf(tx)
    .all({ key })
    .some(({ audience, fromTimestamp }) => fromTimestamp === null || isExported(tx, audience, fromTimestamp));
}

/** Whether this timestamp of a catalogue, or a later one, is where devices read. */
function isExported(tx: Tx, audience: Audience, version: number): boolean {
  const row = tx
    .select({ version: tufMetadata.version })
    .from(tufMetadata)
    .where(
      and(
        eq(tufMetadata.audience, audience),
        eq(tufMetadata.role, "timestamp"),
        gte(tufMetadata.version, version),
        isNotNull(tufMetadata.exportedAt),
      ),
    )
    .limit(1);
  return row.get() !== undefined;
}

/** Somebody may see what has these names again, or for the first time. */
export function serveKeys(tx: Tx, keys: readonly string[]): void {
  tx.delete(withheldFiles)
    .where(inArray(withheldFiles.key, [...keys]))
    .run();
}

/** These may see the app again. */
export function serveApp(tx: Tx, appId: AppId, audiences: readonly Audience[]): void {
  tx.delete(withheldFiles)
    .where(and(eq(withheldFiles.appId, appId), inArray(withheldFiles.audience, [...audiences])))
    .run();
}

/** Keys after this one, in their order, of which each row was written before `before`. */
export function selectWithheldKeys(tx: Tx, after: string, before: Date, limit: number): string[] {
  return tx
    .selectDistinct({ key: withheldFiles.key })
    .from(withheldFiles)
    .where(and(gt(withheldFiles.key, after), lt(withheldFiles.createdAt, before)))
    .orderBy(asc(withheldFiles.key))
    .limit(limit)
    .all()
    .map(({ key }) => key);
}
