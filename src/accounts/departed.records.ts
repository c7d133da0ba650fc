/** The SQL of what somebody began. */
import { and, eq, sql } from "drizzle-orm";
import type { Tx } from "../db/database.ts";
import { appTransfers } from "../db/schema.ts";

/** Whether they offer an app that nobody has answered. The index is used only for a value that stands in the statement. */
export const hasOpenOffers = (tx: Tx, label: string): boolean =>
  tx
    .select({ id: appTransfers.id })
    .from(appTransfers)
    .where(and(eq(appTransfers.offeredBy, label), sql`${appTransfers.state} = 'open'`))
    .limit(1)
    .get() !== undefined;
