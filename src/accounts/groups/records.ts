/** The SQL of groups and of who and what is in them. Nothing here decides. */
import { and, asc, count, desc, eq, getTableColumns, gt, isNull, lt, sql } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { hot } from "../../db/hot.ts";
import {
  accounts,
  appAudiences,
  appDeletionAudiences,
  devices,
  groupAccounts,
  groupDevices,
  groups,
} from "../../db/schema.ts";
import type { AccountId, AudienceId, DeviceId, GroupId } from "../../ids.ts";

export type GroupRow = typeof groups.$inferSelect;

export const insertGroup = (tx: Tx, row: typeof groups.$inferInsert): GroupRow =>
  tx.insert(groups).values(row).returning().get();

export const groupById = (tx: Tx, id: GroupId): GroupRow | undefined =>
  tx.select().from(groups).where(eq(groups.id, id)).get();

export const updateGroup = (
  tx: Tx,
  id: GroupId,
  change: Pick<GroupRow, "name" | "nameKey" | "description" | "offered" | "revision">,
): GroupRow | undefined => tx.update(groups).set(change).where(eq(groups.id, id)).returning().get();

export const removeGroup = (tx: Tx, id: GroupId): void => {
  tx.delete(groups).where(eq(groups.id, id)).run();
};

export const countGroups = (tx: Tx): number => tx.select({ n: count() }).from(groups).get()?.n ?? 0;

/** Newest first. */
export const selectGroups = (
  tx: Tx,
  page: { readonly after?: GroupId; readonly limit: number },
): GroupRow[] =>
  tx
    .select()
    .from(groups)
    .where(page.after === undefined ? undefined : lt(groups.id, page.after))
    .orderBy(desc(groups.id))
    .limit(page.limit)
    .all();

/** By name, without regard to case: to choose from. There are few enough (`MOST_GROUPS`). */
export const groupsByName = (tx: Tx): GroupRow[] =>
  tx.select().from(groups).orderBy(asc(groups.nameKey)).all();

export type GroupSize = { readonly people: number; readonly devices: number };

export const sizeOf = (tx: Tx, id: GroupId): GroupSize => ({
  people: tx.select({ n: count() }).from(groupAccounts).where(eq(groupAccounts.groupId, id)).get()?.n ?? 0,
  devices: tx.select({ n: count() }).from(groupDevices).where(eq(groupDevices.groupId, id)).get()?.n ?? 0,
});

/** How many apps are for the group, published or not. */
export const countAppsOf = (tx: Tx, id: GroupId): number =>
  tx
    .select({ n: count() })
    .from(appAudiences)
    .where(and(eq(appAudiences.audience, id as string as AudienceId), isNull(appAudiences.leftAt)))
    .get()?.n ?? 0;

/** Those that come back to it if somebody takes back that they are deleted. */
export const countReturningTo = (tx: Tx, id: GroupId): number =>
  tx
    .select({ n: count() })
    .from(appDeletionAudiences)
    .where(eq(appDeletionAudiences.audience, id as string as AudienceId))
    .get()?.n ?? 0;

const ofAccount = hot((tx) =>
  tx
    .select({ id: groupAccounts.groupId })
    .from(groupAccounts)
    .where(eq(groupAccounts.accountId, sql.placeholder("accountId")))
    .orderBy(asc(groupAccounts.groupId))
    .prepare(),
);

/** The groups that a person is in, in the order in which those were made: reads these alone. */
export const groupsOfAccount = (tx: Tx, accountId: AccountId): GroupId[] =>
  ofAccount(tx)
    .all({ accountId })
    .map(({ id }) => id);

const ofDevice = hot((tx) =>
  tx
    .select({ id: groupDevices.groupId })
    .from(groupDevices)
    .where(eq(groupDevices.deviceId, sql.placeholder("deviceId")))
    .orderBy(asc(groupDevices.groupId))
    .prepare(),
);

/** The groups that a device is in, as above. */
export const groupsOfDevice = (tx: Tx, deviceId: DeviceId): GroupId[] =>
  ofDevice(tx)
    .all({ deviceId })
    .map(({ id }) => id);

/** False when the person is in it already. */
export const insertGroupAccount = (tx: Tx, row: typeof groupAccounts.$inferInsert): boolean =>
  tx.insert(groupAccounts).values(row).onConflictDoNothing().returning().get() !== undefined;

/** False when the person is not in it. */
export const removeGroupAccount = (tx: Tx, groupId: GroupId, accountId: AccountId): boolean =>
  tx
    .delete(groupAccounts)
    .where(and(eq(groupAccounts.groupId, groupId), eq(groupAccounts.accountId, accountId)))
    .returning()
    .get() !== undefined;

/** False when the device is in it already. */
export const insertGroupDevice = (tx: Tx, row: typeof groupDevices.$inferInsert): boolean =>
  tx.insert(groupDevices).values(row).onConflictDoNothing().returning().get() !== undefined;

/** False when the device is not in it. */
export const removeGroupDevice = (tx: Tx, groupId: GroupId, deviceId: DeviceId): boolean =>
  tx
    .delete(groupDevices)
    .where(and(eq(groupDevices.groupId, groupId), eq(groupDevices.deviceId, deviceId)))
    .returning()
    .get() !== undefined;

/** The people in a group, in the order in which their accounts were made. */
export const peopleIn = (
  tx: Tx,
  groupId: GroupId,
  page: { readonly after?: AccountId; readonly limit: number },
) =>
  tx
    .select({
      accountId: accounts.id,
      name: accounts.name,
      email: accounts.email,
      disabledAt: accounts.disabledAt,
      since: groupAccounts.createdAt,
    })
    .from(groupAccounts)
    .innerJoin(accounts, eq(accounts.id, groupAccounts.accountId))
    .where(
      and(
        eq(groupAccounts.groupId, groupId),
        page.after === undefined ? undefined : gt(groupAccounts.accountId, page.after),
      ),
    )
    .orderBy(asc(groupAccounts.accountId))
    .limit(page.limit)
    .all();

/** The devices in a group, in the order in which they enrolled. */
export const devicesIn = (
  tx: Tx,
  groupId: GroupId,
  page: { readonly after?: DeviceId; readonly limit: number },
) =>
  tx
    .select({ ...getTableColumns(devices), since: groupDevices.createdAt })
    .from(groupDevices)
    .innerJoin(devices, eq(devices.id, groupDevices.deviceId))
    .where(
      and(
        eq(groupDevices.groupId, groupId),
        page.after === undefined ? undefined : gt(groupDevices.deviceId, page.after),
      ),
    )
    .orderBy(asc(groupDevices.deviceId))
    .limit(page.limit)
    .all();
