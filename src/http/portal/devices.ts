/** `/devices`: the devices that have enrolled, and what administrators do about them. */

import { Type } from "@sinclair/typebox";
import { narrowedHref } from "../../../views/components/filter-form.tsx";
import type { FieldError } from "../../../views/page.ts";
import { devicePage } from "../../../views/pages/device.tsx";
import { devicesPage } from "../../../views/pages/devices.tsx";
import { readEnrolmentCode } from "../../accounts/devices/codes.ts";
import {
  type DeviceView,
  pageDevices,
  readDevice,
  renameDevice,
  revokeDevice,
  setGroupsOfDevice,
} from "../../accounts/devices/devices.ts";
import { isUnseen, unseenToTell } from "../../accounts/devices/unseen.ts";
import { chooseGroups } from "../../accounts/groups/groups.ts";
import { allows } from "../../accounts/rights.ts";
import { MOST_UNSEEN_DAYS } from "../../config.values.ts";
import type { Store } from "../../context.ts";
import { isProblem, type Problem } from "../../errors.ts";
import { type DeviceId, isId } from "../../ids.ts";
import { formBody, formPairs } from "../body.ts";
import { pageRequest } from "../cursor.ts";
import { statusOf } from "../errors.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { PAGE_QUERY } from "../schemas.ts";
import { deviceList } from "../schemas-devices.ts";
import { DEVICE_ID } from "../schemas-groups.ts";
import { authorName } from "./authors.ts";
import { attempt, fieldErrors, revisionField } from "./form.ts";
import { groupsIn } from "./group-choice.ts";
import { goOn, pagerOf, show } from "./page.ts";

const PATH = "/devices";
const ONE = `${PATH}/:deviceId`;
const PARAMS = Type.Object({ deviceId: DEVICE_ID });
const PER_PAGE = 25;

function rowOf(store: Store, device: DeviceView) {
  const { id, name, platform, runtime, groups, createdAt, lastSeenAt, revokedAt } = device;
  return {
    id,
    name,
    platform,
    runtime,
    groups: groups.map((group) => group.name),
    createdAt,
    lastSeenAt,
    revoked: revokedAt !== null,
    unseen: isUnseen(store, device),
  };
}

type Asked = {
  readonly search?: string;
  readonly group?: string;
  /** Days, as the form sends them; "" for all. */
  readonly unseen?: string;
  readonly cursor?: string;
};

const UNSEEN_CHOICES = [7, 30, 90, 365];

/** undefined: what is no number of days filters nothing. */
function unseenDaysOf(text: string): number | undefined {
  const days = /^[1-9]\d{0,3}$/.test(text) ? Number(text) : 0;
  return days > 0 && days <= MOST_UNSEEN_DAYS ? days : undefined;
}

function showDevices(
  call: CallBase,
  { search = "", group = "", unseen = "", ...cursor }: Asked,
): Promise<Response> {
  const { store, actor } = call;
  const unseenDays = unseenDaysOf(unseen);
  const list = deviceList(unseenDays);
  const wanted = pageRequest(list, { ...cursor, limit: PER_PAGE });
  const groupId = isId("grp", group) ? group : undefined;
  const page = pageDevices(store, actor, {
    search,
    ...(groupId === undefined ? {} : { groupId }),
    ...(unseenDays === undefined ? {} : { unseenDays }),
    ...wanted,
  });
  const days = [...UNSEEN_CHOICES, store.config.deviceUnseenDays, unseenDays ?? 0];
  const address = narrowedHref(PATH, { search, group: groupId, unseen: unseenDays?.toString() });
  return show(call, (ctx) =>
    devicesPage(ctx, {
      devices: page.items.map((device) => rowOf(store, device)),
      pager: pagerOf(list, address, { ...wanted, nextCursor: page.nextCursor }, () => null),
      search,
      group: groupId ?? "",
      unseen: unseenDays ?? null,
      unseenChoices: [...new Set(days)].filter((each) => each > 0).sort((a, b) => a - b),
      warning: unseenDays === undefined ? unseenToTell(store, actor) : null,
      groups: chooseGroups(store, actor),
      restricted: store.config.restricted,
      manages: allows(actor, "device.manage"),
    }),
  );
}

type Again = {
  readonly values: { readonly name?: string; readonly reason?: string };
  readonly errors: readonly FieldError[];
  readonly status: number;
};

function again(problem: Problem, values: Again["values"]): Again {
  return { values, errors: fieldErrors(problem, ["name", "reason"]), status: statusOf(problem) };
}

function showDevice(call: CallBase, id: DeviceId, mend: Again | null = null): Promise<Response> {
  const { store, actor } = call;
  const device = readDevice(store, actor, id);
  const code = device.codeId === null ? null : readEnrolmentCode(store, actor, device.codeId);
  const own = new Set(device.groups.map((group) => group.id));
  return show(
    call,
    (ctx) =>
      devicePage(ctx, {
        ...rowOf(store, device),
        model: device.model,
        algorithm: device.algorithm,
        keyid: device.keyid,
        revision: device.revision,
        lastSeenAddress: device.lastSeenAddress,
        lastTokenAt: device.lastTokenAt,
        code: code && { id: code.id, label: code.label },
        revocation:
          device.revokedAt === null
            ? null
            : {
                at: device.revokedAt,
                by: authorName(ctx, store, device.revokedBy ?? ""),
                reason: device.revocationReason ?? "",
              },
        choices: chooseGroups(store, actor).map((group) => ({ ...group, in: own.has(group.id) })),
        manages: allows(actor, "device.manage"),
        managesGroups: allows(actor, "group.manage"),
        values: { name: mend?.values.name ?? device.name, reason: mend?.values.reason ?? "" },
        errors: mend?.errors ?? [],
      }),
    mend === null ? {} : { status: mend.status },
  );
}

export const deviceRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: PATH,
    access: "device.read",
    name: "devicesPage",
    summary: "The devices that have enrolled",
    query: Type.Object({
      search: Type.Optional(Type.String({ maxLength: 200 })),
      group: Type.Optional(Type.String({ maxLength: 40 })),
      unseen: Type.Optional(Type.String({ maxLength: 10 })),
      cursor: PAGE_QUERY.cursor,
    }),
    handle: (call) => showDevices(call, call.query),
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: ONE,
    access: "device.read",
    name: "devicePage",
    summary: "A device",
    params: PARAMS,
    handle: (call) => showDevice(call, call.params.deviceId),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${ONE}/name`,
    access: "device.manage",
    name: "renameDeviceForm",
    summary: "Rename a device",
    params: PARAMS,
    body: formBody(["revision", "name"]),
    handle: async (call) => {
      const { store, actor, body, params } = call;
      const { deviceId } = params;
      const outcome = await attempt(() =>
        renameDevice(store, actor, deviceId, body.name, revisionField(body.revision)),
      );
      return isProblem(outcome)
        ? showDevice(call, deviceId, again(outcome, { name: body.name }))
        : goOn(call, `${PATH}/${deviceId}`, "device_changed");
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${ONE}/groups`,
    access: "group.manage",
    name: "setDeviceGroupsForm",
    summary: "Say which groups a device is in",
    params: PARAMS,
    body: formPairs(),
    handle: (call) => {
      const { deviceId } = call.params;
      setGroupsOfDevice(call.store, call.actor, deviceId, groupsIn(call.body));
      return goOn(call, `${PATH}/${deviceId}`, "device_changed");
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${ONE}/revoke`,
    access: "device.manage",
    name: "revokeDeviceForm",
    summary: "Revoke a device",
    params: PARAMS,
    body: formBody(["reason"]),
    handle: async (call) => {
      const { store, actor, body, params } = call;
      const { deviceId } = params;
      const outcome = await attempt(() => revokeDevice(store, actor, deviceId, body.reason));
      return isProblem(outcome)
        ? showDevice(call, deviceId, again(outcome, { reason: body.reason }))
        : goOn(call, `${PATH}/${deviceId}`, "device_revoked");
    },
  }),
];
