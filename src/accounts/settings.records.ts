/** The SQL of what the store keeps by name. Nothing here decides. */
import { and, eq, gte, lt, sql } from "drizzle-orm";
import type { Tx } from "../db/database.ts";
import { hot } from "../db/hot.ts";
import { settings } from "../db/schema.ts";
import { UTC } from "../zones.ts";

const settingStatement = hot((tx) =>
  tx
    .select({ value: settings.value })
    .from(settings)
    .where(eq(settings.name, sql.placeholder("name")))
    .prepare(),
);

export const readSetting = (tx: Tx, name: string): unknown => settingStatement(tx).get({ name })?.value;

/** All whose names begin so, by what follows in them. */
export const readSettingsUnder = (tx: Tx, prefix: string): ReadonlyMap<string, unknown> =>
  new Map(
    tx
      .select({ name: settings.name, value: settings.value })
      .from(settings)
      .where(and(gte(settings.name, prefix), lt(settings.name, `${prefix}\u{10FFFF}`)))
      .all()
      .map(({ name, value }) => [name.slice(prefix.length), value]),
  );

export const writeSetting = (tx: Tx, name: string, value: unknown, at: Date): void => {
  tx.insert(settings)
    .values({ name, value, updatedAt: at })
    .onConflictDoUpdate({ target: settings.name, set: { value, updatedAt: at } })
    .run();
};

/** Where letters are written there is no configuration: what it says of the zone is kept here. */
const ZONE_IN_FORCE = "zone_in_force";

/** The zone in which letters tell times to who chose none. */
export function keptZone(tx: Tx): string {
  const kept = readSetting(tx, ZONE_IN_FORCE);
  return typeof kept === "string" ? kept : UTC;
}

export const keepZone = (tx: Tx, timeZone: string, at: Date): void =>
  writeSetting(tx, ZONE_IN_FORCE, timeZone, at);

/** Gives how many there were. */
export const removeSetting = (tx: Tx, name: string): number =>
  tx.delete(settings).where(eq(settings.name, name)).returning({ name: settings.name }).all().length;
