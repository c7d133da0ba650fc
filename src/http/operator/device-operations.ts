/** What `mosis admin group` and `mosis admin device` do, as operations. */
import { Type as t } from "@sinclair/typebox";
import { OPERATOR } from "../../accounts/actor.ts";
import {
  createEnrolmentCode,
  pageEnrolmentCodes,
  revokeEnrolmentCode,
} from "../../accounts/devices/codes.ts";
import { pageDevices, readDevice, renameDevice, revokeDevice } from "../../accounts/devices/devices.ts";
import {
  changeGroup,
  chooseGroups,
  createGroup,
  deleteGroup,
  pageGroups,
} from "../../accounts/groups/groups.ts";
import {
  addDeviceToGroup,
  addPersonToGroup,
  removeDeviceFromGroup,
  removePersonFromGroup,
} from "../../accounts/groups/members.ts";
import { findNamed } from "../../accounts/name-rule.ts";
import { readAccount } from "../../accounts/people.ts";
import type { Store } from "../../context.ts";
import { Problem } from "../../errors.ts";
import { type DeviceId, type EnrolmentCodeId, type GroupId, isId } from "../../ids.ts";
import { enrolmentLink } from "../enrolment-link.ts";
import { UNSEEN_DAYS } from "../schemas-devices.ts";
import { type Operation, ORIGIN, operation, PAGE } from "./operation.ts";

/** @throws Problem `group.not_found` */
function findGroup(store: Store, idOrName: string): GroupId {
  const groups = chooseGroups(store, OPERATOR);
  const found = groups.find(({ id }) => id === idOrName) ?? findNamed(idOrName, groups);
  if (found !== undefined) return found.id;
  throw new Problem("not_found", "group.not_found", `There is no group ${JSON.stringify(idOrName)}.`);
}

function members(act: "put" | "take") {
  return operation(t.Object({ group: t.String(), who: t.String() }), (store, { group, who }) => {
    const groupId = findGroup(store, group);
    if (isId("dev", who)) {
      (act === "put" ? addDeviceToGroup : removeDeviceFromGroup)(store, OPERATOR, groupId, who);
    } else {
      const { id } = readAccount(store, who);
      if (act === "put") addPersonToGroup(store, OPERATOR, groupId, { accountId: id });
      else removePersonFromGroup(store, OPERATOR, groupId, id);
    }
    return { groupId, who };
  });
}

export const DEVICE_OPERATIONS: readonly (readonly [string, Operation])[] = [
  ["group.list", operation(t.Object(PAGE), (store, page) => pageGroups(store, OPERATOR, page))],
  [
    "group.add",
    operation(
      t.Object({
        name: t.String(),
        description: t.Optional(t.String()),
        offered: t.Optional(t.Boolean()),
      }),
      (store, input) => createGroup(store, OPERATOR, input),
    ),
  ],
  [
    "group.offer",
    operation(t.Object({ group: t.String(), stop: t.Optional(t.Boolean()) }), (store, { group, stop }) =>
      changeGroup(store, OPERATOR, findGroup(store, group), { offered: stop !== true }),
    ),
  ],
  [
    "group.delete",
    operation(t.Object({ group: t.String() }), (store, { group }) => {
      const id = findGroup(store, group);
      deleteGroup(store, OPERATOR, id);
      return { id };
    }),
  ],
  ["group.put", members("put")],
  ["group.take", members("take")],
  [
    "device.list",
    operation(
      t.Object({
        ...PAGE,
        search: t.Optional(t.String()),
        group: t.Optional(t.String()),
        unseenDays: t.Optional(UNSEEN_DAYS),
      }),
      (store, { group, ...asked }) =>
        pageDevices(store, OPERATOR, {
          ...asked,
          ...(group === undefined ? {} : { groupId: findGroup(store, group) }),
        }),
    ),
  ],
  [
    "device.rename",
    operation(t.Object({ id: t.String(), name: t.String() }), (store, { id, name }) =>
      renameDevice(store, OPERATOR, id as DeviceId, name),
    ),
  ],
  [
    "device.revoke",
    operation(t.Object({ id: t.String(), reason: t.String() }), (store, { id, reason }) =>
      revokeDevice(store, OPERATOR, id as DeviceId, reason),
    ),
  ],
  [
    "device.show",
    operation(t.Object({ id: t.String() }), (store, { id }) => readDevice(store, OPERATOR, id as DeviceId)),
  ],
  ["device.code.list", operation(t.Object(PAGE), (store, page) => pageEnrolmentCodes(store, OPERATOR, page))],
  [
    "device.code.add",
    operation(
      t.Object({
        label: t.String(),
        uses: t.Optional(t.Integer()),
        hours: t.Optional(t.Integer()),
        groups: t.Array(t.String(), { maxItems: 100 }),
        origin: ORIGIN,
      }),
      (store, { groups, origin, ...fields }) => {
        const ids = groups.map((group) => findGroup(store, group));
        const { code, text } = createEnrolmentCode(store, OPERATOR, { ...fields, groups: ids });
        return { ...code, code: text, link: enrolmentLink(store, { origin }, text ?? "") };
      },
    ),
  ],
  [
    "device.code.revoke",
    operation(t.Object({ id: t.String() }), (store, { id }) =>
      revokeEnrolmentCode(store, OPERATOR, id as EnrolmentCodeId),
    ),
  ],
];
