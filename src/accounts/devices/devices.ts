/** What administrators see of devices and do about them. */
import { recordChange } from "../../audit/record.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { type Page, type PageRequest, pageOf } from "../../db/pages.ts";
import { type IfMatch, ifUnchanged } from "../../db/preconditions.ts";
import type { Fault } from "../../errors.ts";
import { type DeviceId, type GroupId, isId } from "../../ids.ts";
import { say } from "../../say.ts";
import { type Actor, actorLabel, auditAuthor } from "../actor.ts";
import { mustFindGroup } from "../groups/groups.ts";
import { putDeviceIn, takeDeviceOut } from "../groups/members.ts";
import { authorise } from "../rights.ts";
import { plainSaid, unseenIn } from "../said.ts";
import { revokeCodesShownBy } from "./codes-of.ts";
import { type Device, deviceOf, mustFindDevice } from "./find.ts";
import { nameKeyOf, refuseDeviceFaults, textFault } from "./names.ts";
import {
  type DeviceRow,
  deviceById,
  groupNamesOf,
  searchDevices,
  selectDevices,
  selectUnseen,
  updateDevice,
} from "./records.ts";
import { cameAt, parseUnseenCursor, unseenCursor, unseenSince } from "./unseen.ts";

const REVOCATION_REASON_CHARACTERS = 400;

export type DeviceView = Device & {
  readonly groups: readonly { readonly id: GroupId; readonly name: string }[];
};

function viewOf(tx: Tx, row: DeviceRow): DeviceView {
  return { ...deviceOf(row), groups: groupNamesOf(tx, row.id) };
}

export type DeviceSearch = PageRequest & {
  /** The beginning of a name, or a whole id; "" for all. */
  readonly search?: string;
  readonly groupId?: GroupId;
  /** Only those in use that have not come for so many days. */
  readonly unseenDays?: number;
};

/**
 * Newest first; of a search by name; of those that have not come, the one that stays away longest first.
 * @throws Problem `rights.forbidden`, `cursor.invalid`
 */
export function pageDevices(store: Store, actor: Actor, asked: DeviceSearch): Page<DeviceView> {
  authorise(actor, "device.read");
  const tx = store.db.orm;
  const beginning = nameKeyOf(asked.search ?? "");
  const since = asked.unseenDays === undefined ? undefined : unseenSince(store.clock.now(), asked.unseenDays);
  const byAbsence = beginning === "" && since !== undefined;
  return pageOf(
    byAbsence ? unseenRows(tx, since, asked) : rowsOf(tx, beginning, since, asked),
    asked.limit,
    (row) => (byAbsence ? unseenCursor(row) : row.id),
    (row) => viewOf(tx, row),
  );
}

function unseenRows(tx: Tx, since: Date, { groupId, after, limit }: DeviceSearch): DeviceRow[] {
  return selectUnseen(tx, since, {
    ...(groupId === undefined ? {} : { groupId }),
    ...(after === undefined ? {} : { after: parseUnseenCursor(after) }),
    limit: limit + 1,
  });
}

function rowsOf(
  tx: Tx,
  beginning: string,
  since: Date | undefined,
  { groupId, after, limit }: DeviceSearch,
): DeviceRow[] {
  const of = { ...(groupId === undefined ? {} : { groupId }), limit: limit + 1 };
  if (beginning === "")
    return selectDevices(tx, { ...of, ...(after === undefined ? {} : { after: after as DeviceId }) });
  if (isId("dev", beginning)) {
    const row = deviceById(tx, beginning);
    const isWanted =
      row !== undefined && (since === undefined || (row.revokedAt === null && cameAt(row) <= since));
    return isWanted ? [row] : [];
  }
  const last = after === undefined ? undefined : deviceById(tx, after as DeviceId);
  return searchDevices(tx, beginning, {
    ...of,
    ...(since === undefined ? {} : { unseenSince: since }),
    ...(last === undefined ? {} : { after: last }),
  });
}

/** @throws Problem `device.not_found`, `rights.forbidden` */
export function readDevice(store: Store, actor: Actor, id: DeviceId): DeviceView {
  authorise(actor, "device.read");
  return viewOf(store.db.orm, mustFindDevice(store.db.orm, id));
}

/** @throws Problem `device.not_found`, `device.invalid`, `precondition.failed`, `rights.forbidden` */
export function renameDevice(
  store: Store,
  actor: Actor,
  id: DeviceId,
  given: string,
  ifMatch?: IfMatch,
): DeviceView {
  authorise(actor, "device.manage");
  return write(store.db, (tx) => {
    const row = mustFindDevice(tx, id);
    ifUnchanged(row.revision, ifMatch);
    // What it is called is not judged by what names may be now.
    if (given === row.name) return viewOf(tx, row);
    const faults: Fault[] = [];
    const name = textFault("name", given, faults);
    refuseDeviceFaults(faults);
    if (name === row.name) return viewOf(tx, row);
    const changed = mustChange(tx, row, { name, nameKey: nameKeyOf(name) });
    // Many are called after who has them.
    const person = { before: { name: row.name }, after: { name } };
    const change = { action: "device.renamed", subject: { type: "device", id }, person } as const;
    recordChange(tx, auditAuthor(actor), change, store.clock.now());
    return viewOf(tx, changed);
  });
}

/**
 * Its tokens are refused from now on, and it gets no other. Its key never enrols again, and the codes that it enrolled with
 * are over: with one that is for many it would come back at once. Again is no error, and changes no reason.
 * @throws Problem `device.not_found`, `device.invalid`, `rights.forbidden`
 */
export function revokeDevice(store: Store, actor: Actor, id: DeviceId, said: string): DeviceView {
  authorise(actor, "device.manage");
  const reason = plainSaid(said);
  if (reason === "" || [...reason].length > REVOCATION_REASON_CHARACTERS || unseenIn(reason) !== null) {
    const message = say`A reason has 1 to ${REVOCATION_REASON_CHARACTERS} characters, and none that cannot be seen.`;
    refuseDeviceFaults([{ code: "device.reason", pointer: "/reason", message }]);
  }
  const now = store.clock.now();
  return write(store.db, (tx) => {
    const row = mustFindDevice(tx, id);
    if (row.revokedAt !== null) return viewOf(tx, row);
    const changed = mustChange(tx, row, {
      revokedAt: now,
      revokedBy: actorLabel(actor),
      revocationReason: reason,
    });
    const change = { action: "device.revoked", subject: { type: "device", id }, after: { reason } } as const;
    recordChange(tx, auditAuthor(actor), change, now);
    revokeCodesShownBy(tx, auditAuthor(actor), id, now);
    return viewOf(tx, changed);
  });
}

/** Puts it into these groups and takes it out of all others. @throws Problem `device.not_found`, `group.not_found`, `rights.forbidden` */
export function setGroupsOfDevice(
  store: Store,
  actor: Actor,
  id: DeviceId,
  wanted: readonly GroupId[],
): DeviceView {
  authorise(actor, "group.manage");
  return write(store.db, (tx) => {
    const row = mustFindDevice(tx, id);
    const now = store.clock.now();
    const before = groupNamesOf(tx, id).map((group) => group.id);
    for (const groupId of wanted) {
      mustFindGroup(tx, groupId);
      putDeviceIn(tx, actor, groupId, id, now);
    }
    for (const groupId of before) if (!wanted.includes(groupId)) takeDeviceOut(tx, actor, groupId, id, now);
    return viewOf(tx, row);
  });
}

function mustChange(tx: Tx, row: DeviceRow, change: Parameters<typeof updateDevice>[2]): DeviceRow {
  const changed = updateDevice(tx, row.id, { ...change, revision: row.revision + 1 });
  if (!changed) throw new Error(`the device ${row.id} is gone while it is changed`);
  return changed;
}
