/** Who and what is in a group. */
import { recordChange } from "../../audit/record.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { oneMore, type Page, type PageRequest, pageOf } from "../../db/pages.ts";
import type { AccountId, DeviceId, GroupId } from "../../ids.ts";
import { type Actor, auditAuthor } from "../actor.ts";
import { type Device, deviceOf, mustFindDevice } from "../devices/find.ts";
import { emailKeyOf } from "../emails.ts";
import { accountNotFound } from "../people.ts";
import { type AccountRow, accountByEmail, accountById } from "../records.ts";
import { authorise } from "../rights.ts";
import { groupSubject, mustFindGroup } from "./groups.ts";
import {
  devicesIn,
  groupsOfAccount,
  insertGroupAccount,
  insertGroupDevice,
  peopleIn,
  removeGroupAccount,
  removeGroupDevice,
} from "./records.ts";

export type PersonInGroup = ReturnType<typeof peopleIn>[number];
export type DeviceInGroup = Device & { readonly since: Date };

/** In the order in which their accounts were made. @throws Problem `group.not_found`, `rights.forbidden` */
export function pagePeopleIn(
  store: Store,
  actor: Actor,
  groupId: GroupId,
  page: PageRequest,
): Page<PersonInGroup> {
  authorise(actor, "group.read");
  mustFindGroup(store.db.orm, groupId);
  const rows = peopleIn(store.db.orm, groupId, oneMore<AccountId>(page));
  return pageOf(rows, page.limit, (row) => row.accountId);
}

/** In the order in which they enrolled. @throws Problem `group.not_found`, `rights.forbidden` */
export function pageDevicesIn(
  store: Store,
  actor: Actor,
  groupId: GroupId,
  page: PageRequest,
): Page<DeviceInGroup> {
  authorise(actor, "group.read");
  mustFindGroup(store.db.orm, groupId);
  const rows = devicesIn(store.db.orm, groupId, oneMore<DeviceId>(page));
  return pageOf(
    rows,
    page.limit,
    (row) => row.id,
    ({ since, ...row }) => ({ ...deviceOf(row), since }),
  );
}

/**
 * Somebody by id or address; again is no error.
 * @throws Problem `group.not_found`, `account.not_found`, `rights.forbidden`
 */
export function addPersonToGroup(
  store: Store,
  actor: Actor,
  groupId: GroupId,
  who: { readonly accountId: AccountId } | { readonly email: string },
): void {
  authorise(actor, "group.manage");
  const now = store.clock.now();
  write(store.db, (tx) => {
    mustFindGroup(tx, groupId);
    const { id: accountId } = mustFindPerson(tx, who);
    if (!insertGroupAccount(tx, { groupId, accountId, createdAt: now })) return;
    tell(tx, actor, "group.person_added", groupId, { after: { accountId } }, now);
  });
}

/**
 * Puts somebody into these groups and takes them out of all others.
 * @throws Problem `group.not_found`, `account.not_found`, `rights.forbidden`
 */
export function setGroupsOfPerson(
  store: Store,
  actor: Actor,
  accountId: AccountId,
  wanted: readonly GroupId[],
): void {
  authorise(actor, "group.manage");
  const now = store.clock.now();
  write(store.db, (tx) => {
    mustFindPerson(tx, { accountId });
    for (const groupId of wanted) {
      mustFindGroup(tx, groupId);
      if (insertGroupAccount(tx, { groupId, accountId, createdAt: now }))
        tell(tx, actor, "group.person_added", groupId, { after: { accountId } }, now);
    }
    for (const groupId of groupsOfAccount(tx, accountId)) {
      if (wanted.includes(groupId)) continue;
      removeGroupAccount(tx, groupId, accountId);
      tell(tx, actor, "group.person_removed", groupId, { before: { accountId } }, now);
    }
  });
}

/** The groups that somebody is in. @throws Problem `rights.forbidden` */
export function readGroupsOfPerson(store: Store, actor: Actor, accountId: AccountId): GroupId[] {
  authorise(actor, "group.read");
  return groupsOfAccount(store.db.orm, accountId);
}

/** Not being in it is no error. @throws Problem `group.not_found`, `account.not_found`, `rights.forbidden` */
export function removePersonFromGroup(
  store: Store,
  actor: Actor,
  groupId: GroupId,
  accountId: AccountId,
): void {
  authorise(actor, "group.manage");
  write(store.db, (tx) => {
    mustFindGroup(tx, groupId);
    mustFindPerson(tx, { accountId });
    if (!removeGroupAccount(tx, groupId, accountId)) return;
    tell(tx, actor, "group.person_removed", groupId, { before: { accountId } }, store.clock.now());
  });
}

/** Again is no error. @throws Problem `group.not_found`, `device.not_found`, `rights.forbidden` */
export function addDeviceToGroup(store: Store, actor: Actor, groupId: GroupId, deviceId: DeviceId): void {
  authorise(actor, "group.manage");
  write(store.db, (tx) => {
    mustFindGroup(tx, groupId);
    mustFindDevice(tx, deviceId);
    putDeviceIn(tx, actor, groupId, deviceId, store.clock.now());
  });
}

/** The same inside a transaction that does more. */
export function putDeviceIn(tx: Tx, actor: Actor, groupId: GroupId, deviceId: DeviceId, now: Date): void {
  if (!insertGroupDevice(tx, { groupId, deviceId, createdAt: now })) return;
  tell(tx, actor, "group.device_added", groupId, { after: { deviceId } }, now);
}

/** Not being in it is no error. @throws Problem `group.not_found`, `device.not_found`, `rights.forbidden` */
export function removeDeviceFromGroup(
  store: Store,
  actor: Actor,
  groupId: GroupId,
  deviceId: DeviceId,
): void {
  authorise(actor, "group.manage");
  write(store.db, (tx) => {
    mustFindGroup(tx, groupId);
    mustFindDevice(tx, deviceId);
    takeDeviceOut(tx, actor, groupId, deviceId, store.clock.now());
  });
}

/** The same inside a transaction that does more. */
export function takeDeviceOut(tx: Tx, actor: Actor, groupId: GroupId, deviceId: DeviceId, now: Date): void {
  if (!removeGroupDevice(tx, groupId, deviceId)) return;
  tell(tx, actor, "group.device_removed", groupId, { before: { deviceId } }, now);
}

function mustFindPerson(
  tx: Tx,
  who: { readonly accountId: AccountId } | { readonly email: string },
): AccountRow {
  const row = "email" in who ? accountByEmail(tx, emailKeyOf(who.email)) : accountById(tx, who.accountId);
  if (!row) throw accountNotFound();
  return row;
}

type Told = "group.person_added" | "group.person_removed" | "group.device_added" | "group.device_removed";

function tell(
  tx: Tx,
  actor: Actor,
  action: Told,
  groupId: GroupId,
  facts: { readonly before?: Record<string, string>; readonly after?: Record<string, string> },
  now: Date,
): void {
  recordChange(tx, auditAuthor(actor), { action, subject: groupSubject(groupId), ...facts }, now);
}
