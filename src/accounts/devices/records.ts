/** The SQL of devices. Nothing here decides. */
import { eq, sql } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { hot } from "../../db/hot.ts";
import { devices } from "../../db/schema.ts";
import type { DeviceId } from "../../ids.ts";

export type DeviceRow = typeof devices.$inferSelect;

export const insertDevice = (tx: Tx, row: typeof devices.$inferInsert): DeviceRow =>
  tx.insert(devices).values(row).returning().get();

const deviceStatement = hot((tx) =>
  tx
    .select()
    .from(devices)
    .where(eq(devices.id, sql.placeholder("id")))
    .prepare(),
);

export const deviceById = (tx: Tx, id: DeviceId): DeviceRow | undefined => deviceStatement(tx).get({ id });
