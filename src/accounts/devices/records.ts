/** The SQL of devices. Nothing here decides. */
import { and, asc, desc, eq, exists, gte, isNull, lt, lte, sql } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { hot } from "../../db/hot.ts";
import { deviceAssertions, devices, groupDevices, groups } from "../../db/schema.ts";
import type { DeviceId, GroupId, KeyId } from "../../ids.ts";
import { nameKeyOf } from "./names.ts";

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

export const deviceByKey = (tx: Tx, keyid: KeyId): DeviceRow | undefined =>
  tx.select().from(devices).where(eq(devices.keyid, keyid)).get();

export const updateDevice = (
  tx: Tx,
  id: DeviceId,
  change: Partial<Omit<DeviceRow, "id" | "keyid" | "publicKey" | "algorithm" | "createdAt">>,
): DeviceRow | undefined => tx.update(devices).set(change).where(eq(devices.id, id)).returning().get();

type Listed = {
  readonly groupId?: GroupId;
  /** Only those in use that have not come since then. */
  readonly unseenSince?: Date;
  readonly after?: DeviceId;
  readonly limit: number;
};

/** When it last came, or enrolled; as the index has it. */
const lastCame = sql<number>`coalesce(${devices.lastSeenAt}, ${devices.createdAt})`;

const unseen = (since: Date) => and(isNull(devices.revokedAt), sql`${lastCame} <= ${since.getTime()}`);

const inGroup = (tx: Tx, groupId: GroupId) =>
  exists(
    tx
      .select({ one: sql`1` })
      .from(groupDevices)
      .where(and(eq(groupDevices.groupId, groupId), eq(groupDevices.deviceId, devices.id))),
  );

/** Those that stay away, the one that does so longest first. `after` is the last one of the page before. */
export const selectUnseen = (
  tx: Tx,
  since: Date,
  {
    groupId,
    after,
    limit,
  }: Omit<Listed, "after"> & { readonly after?: { readonly cameAt: Date; readonly id: DeviceId } },
): DeviceRow[] =>
  tx
    .select()
    .from(devices)
    .where(
      and(
        unseen(since),
        after === undefined
          ? undefined
          : sql`(${lastCame}, ${devices.id}) > (${after.cameAt.getTime()}, ${after.id})`,
        groupId === undefined ? undefined : inGroup(tx, groupId),
      ),
    )
    .orderBy(sql`${lastCame}`, asc(devices.id))
    .limit(limit)
    .all();

/** How many there are, as far as `most`. */
export const countUnseen = (tx: Tx, since: Date, most: number): number =>
  tx.select({ one: sql<number>`1` }).from(devices).where(unseen(since)).limit(most).all().length;

/** Newest first, of one group where that is said. */
export const selectDevices = (
  tx: Tx,
  { groupId, after, limit }: Omit<Listed, "unseenSince">,
): DeviceRow[] => {
  if (groupId === undefined)
    return tx
      .select()
      .from(devices)
      .where(after === undefined ? undefined : lt(devices.id, after))
      .orderBy(desc(devices.id))
      .limit(limit)
      .all();
  return tx
    .select({ device: devices })
    .from(groupDevices)
    .innerJoin(devices, eq(devices.id, groupDevices.deviceId))
    .where(
      and(
        eq(groupDevices.groupId, groupId),
        after === undefined ? undefined : lt(groupDevices.deviceId, after),
      ),
    )
    .orderBy(desc(groupDevices.deviceId))
    .limit(limit)
    .all()
    .map(({ device }) => device);
};

/** By name: those whose name begins so, in lower case. `after` is the last one of the page before. */
export const searchDevices = (
  tx: Tx,
  beginning: string,
  { groupId, unseenSince, after, limit }: Omit<Listed, "after"> & { readonly after?: DeviceRow },
): DeviceRow[] =>
  tx
    .select()
    .from(devices)
    .where(
      and(
        gte(devices.nameKey, beginning),
        // No character that a name may have comes after this one.
        lt(devices.nameKey, `${beginning}\u{10FFFF}`),
        after === undefined
          ? undefined
          : sql`(${devices.nameKey}, ${devices.id}) > (${after.nameKey}, ${after.id})`,
        groupId === undefined ? undefined : inGroup(tx, groupId),
        unseenSince === undefined ? undefined : unseen(unseenSince),
      ),
    )
    .orderBy(asc(devices.nameKey), asc(devices.id))
    .limit(limit)
    .all();

/** Those that were named before names were kept as they are now get the key that they would have. For a migration. */
export const keyDeviceNames = (tx: Tx): void => {
  const { id, name, nameKey } = devices;
  for (const row of tx.select({ id, name, nameKey }).from(devices).all()) {
    const key = nameKeyOf(row.name);
    if (key !== row.nameKey) tx.update(devices).set({ nameKey: key }).where(eq(devices.id, row.id)).run();
  }
};

/** By name. There are few of one device, so they are put in order here. */
export const groupNamesOf = (tx: Tx, deviceId: DeviceId): { id: GroupId; name: string }[] =>
  byName(
    tx
      .select({ id: groups.id, name: groups.name })
      .from(groupDevices)
      .innerJoin(groups, eq(groups.id, groupDevices.groupId))
      .where(eq(groupDevices.deviceId, deviceId))
      .all(),
  );

export function byName<T extends { readonly name: string }>(rows: readonly T[]): T[] {
  const key = ({ name }: T) => name.toLowerCase();
  return rows.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** What is not of its time any more. Gives how many went. */
export const forgetAssertions = (tx: Tx, deviceId: DeviceId, now: Date): number =>
  tx
    .delete(deviceAssertions)
    .where(and(eq(deviceAssertions.deviceId, deviceId), lte(deviceAssertions.expiresAt, now)))
    .returning({ jti: deviceAssertions.jti })
    .all().length;

/** False when the device signed one of that name already. */
export const rememberAssertion = (tx: Tx, row: typeof deviceAssertions.$inferInsert): boolean =>
  tx.insert(deviceAssertions).values(row).onConflictDoNothing().returning().get() !== undefined;
