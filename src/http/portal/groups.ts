/** `/groups`: named groups of people and devices, and who and what is in them. */

import { Type } from "@sinclair/typebox";
import type { FieldError } from "../../../views/page.ts";
import { confirmPage } from "../../../views/pages/confirm.tsx";
import { groupPage } from "../../../views/pages/group.tsx";
import { groupsPage } from "../../../views/pages/groups.tsx";
import {
  changeGroup,
  createGroup,
  deleteGroup,
  dependantsOf,
  groupInUse,
  pageGroups,
  readGroup,
} from "../../accounts/groups/groups.ts";
import {
  addPersonToGroup,
  pageDevicesIn,
  pagePeopleIn,
  removeDeviceFromGroup,
  removePersonFromGroup,
} from "../../accounts/groups/members.ts";
import { allows } from "../../accounts/rights.ts";
import { pageAppsOfGroup } from "../../catalog/visibility/group-apps.ts";
import { isProblem, type Problem } from "../../errors.ts";
import type { GroupId } from "../../ids.ts";
import { formBody } from "../body.ts";
import { pageRequest } from "../cursor.ts";
import { statusOf } from "../errors.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { PAGE_QUERY } from "../schemas.ts";
import { ACCOUNT_ID } from "../schemas-accounts.ts";
import { DEVICE_ID, GROUP_ID } from "../schemas-groups.ts";
import { authorName } from "./authors.ts";
import { attempt, fieldErrors, revisionField } from "./form.ts";
import { goOn, pagerOf, show } from "./page.ts";

const PATH = "/groups";
const ONE = `${PATH}/:groupId`;
const PARAMS = Type.Object({ groupId: GROUP_ID });
const PER_PAGE = 25;
const FIELDS = ["name", "description", "email"];

type Again = {
  readonly values: Readonly<Record<string, string>>;
  readonly errors: readonly FieldError[];
  readonly status: number;
};

/** As it is, with what was wrong above it. */
function refused(problem: Problem): Again {
  return { values: {}, errors: fieldErrors(problem, FIELDS), status: statusOf(problem) };
}

const fieldsOf = (body: Readonly<Record<"name" | "description" | "offered", string>>) => ({
  name: body.name,
  description: body.description,
  offered: body.offered === "true",
});

function showGroups(
  call: CallBase,
  asked: { readonly cursor?: string },
  again: Again | null = null,
): Promise<Response> {
  const { store, actor } = call;
  const wanted = pageRequest("groups", { ...asked, limit: PER_PAGE });
  const page = pageGroups(store, actor, wanted);
  return show(
    call,
    (ctx) =>
      groupsPage(ctx, {
        groups: page.items,
        pager: pagerOf("groups", PATH, { ...wanted, nextCursor: page.nextCursor }, () => null),
        manages: allows(actor, "group.manage"),
        values: {
          name: again?.values.name ?? "",
          description: again?.values.description ?? "",
          offered: again?.values.offered === "true",
        },
        errors: again?.errors ?? [],
      }),
    again === null ? {} : { status: again.status },
  );
}

function showGroup(
  call: CallBase,
  id: GroupId,
  asked: { readonly people?: string; readonly devices?: string; readonly apps?: string },
  again: Again | null = null,
): Promise<Response> {
  const { store, actor } = call;
  const group = readGroup(store, actor, id);
  const listed = <T>(
    list: string,
    parameter: "people" | "devices" | "apps",
    read: (page: { limit: number; after?: string }) => { items: readonly T[]; nextCursor: string | null },
  ) => {
    const cursor = asked[parameter];
    const wanted = pageRequest(list, { ...(cursor === undefined ? {} : { cursor }), limit: PER_PAGE });
    const { items, nextCursor } = read(wanted);
    const pager = pagerOf(list, `${PATH}/${id}`, { ...wanted, nextCursor, parameter }, () => null);
    return { items, pager };
  };
  const people = listed("group-people", "people", (page) => pagePeopleIn(store, actor, id, page));
  const devices = listed("group-devices", "devices", (page) => pageDevicesIn(store, actor, id, page));
  const apps = listed("group-apps", "apps", (page) => pageAppsOfGroup(store, actor, id, page));
  return show(
    call,
    (ctx) =>
      groupPage(ctx, {
        group: {
          id,
          name: group.name,
          description: group.description,
          by: authorName(ctx, store, group.createdBy),
          createdAt: group.createdAt,
          revision: group.revision,
        },
        counts: { people: group.people, devices: group.devices },
        people: people.items.map(({ accountId, name, email, disabledAt, since }) => ({
          accountId,
          name,
          email,
          disabled: disabledAt !== null,
          since,
        })),
        peoplePager: people.pager,
        devices: devices.items.map(({ id: deviceId, name, platform, revokedAt, since }) => ({
          id: deviceId,
          name,
          platform,
          revoked: revokedAt !== null,
          since,
        })),
        devicesPager: devices.pager,
        apps: apps.items,
        appsPager: apps.pager,
        manages: allows(actor, "group.manage"),
        opensPeople: allows(actor, "user.read"),
        values: {
          name: again?.values.name ?? group.name,
          description: again?.values.description ?? group.description,
          // A box that is not ticked is not sent.
          offered: again?.values.name === undefined ? group.offered : again.values.offered === "true",
          email: again?.values.email ?? "",
        },
        errors: again?.errors ?? [],
      }),
    again === null ? {} : { status: again.status },
  );
}

export const groupRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: PATH,
    access: "group.read",
    name: "groupsPage",
    summary: "The groups of the store",
    query: Type.Object({ cursor: PAGE_QUERY.cursor }),
    handle: (call) => showGroups(call, call.query),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: PATH,
    access: "group.manage",
    name: "createGroupForm",
    summary: "Make a group",
    body: formBody(["name", "description", "offered"]),
    handle: async (call) => {
      const { store, actor, body } = call;
      const outcome = await attempt(() => createGroup(store, actor, fieldsOf(body)));
      if (!isProblem(outcome)) return goOn(call, `${PATH}/${outcome.id}`, "group_created");
      const again = { values: body, errors: fieldErrors(outcome, FIELDS), status: statusOf(outcome) };
      return showGroups(call, {}, again);
    },
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: ONE,
    access: "group.read",
    name: "groupPage",
    summary: "A group, and who and what is in it",
    params: PARAMS,
    query: Type.Object({
      people: PAGE_QUERY.cursor,
      devices: PAGE_QUERY.cursor,
      apps: PAGE_QUERY.cursor,
    }),
    handle: (call) => showGroup(call, call.params.groupId, call.query),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: ONE,
    access: "group.manage",
    name: "changeGroupForm",
    summary: "Change a group's name or description, and who may choose it",
    params: PARAMS,
    body: formBody(["revision", "name", "description", "offered"]),
    handle: async (call) => {
      const { store, actor, body, params } = call;
      const { groupId } = params;
      const outcome = await attempt(() =>
        changeGroup(store, actor, groupId, fieldsOf(body), revisionField(body.revision)),
      );
      if (!isProblem(outcome)) return goOn(call, `${PATH}/${groupId}`, "group_changed");
      const again = { values: body, errors: fieldErrors(outcome, FIELDS), status: statusOf(outcome) };
      return showGroup(call, groupId, {}, again);
    },
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: `${ONE}/delete`,
    access: "group.manage",
    name: "deleteGroupPage",
    summary: "The question before a group is deleted",
    params: PARAMS,
    handle: (call) => {
      const group = readGroup(call.store, call.actor, call.params.groupId);
      const { codes, apps } = dependantsOf(call.store, call.actor, group.id);
      if (apps > 0) return showGroup(call, group.id, {}, refused(groupInUse(apps)));
      return show(call, (ctx) =>
        confirmPage(ctx, {
          title: ctx.t("groups.delete_title", { name: group.name }),
          consequences: [
            ctx.t("groups.delete_members", { people: group.people, devices: group.devices }),
            ...(codes === 0 ? [] : [ctx.t("groups.delete_codes", { codes })]),
            ctx.t("groups.delete_consequence"),
          ],
          action: `${PATH}/${group.id}/delete`,
          revision: group.revision,
          confirmLabel: ctx.t("groups.delete"),
          destructive: true,
          cancelHref: `${PATH}/${group.id}`,
        }),
      );
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${ONE}/delete`,
    access: "group.manage",
    name: "deleteGroupForm",
    summary: "Delete a group",
    params: PARAMS,
    body: formBody(["revision"]),
    handle: async (call) => {
      const { store, actor, body, params } = call;
      const revision = revisionField(body.revision);
      const outcome = await attempt(() => deleteGroup(store, actor, params.groupId, revision), ["conflict"]);
      if (!isProblem(outcome)) return goOn(call, PATH, "group_deleted");
      return showGroup(call, params.groupId, {}, refused(outcome));
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${ONE}/people`,
    access: "group.manage",
    name: "addGroupPersonForm",
    summary: "Put somebody into a group",
    params: PARAMS,
    body: formBody(["email"]),
    handle: async (call) => {
      const { store, actor, body, params } = call;
      const { groupId } = params;
      // Named by what was typed: that nobody has the address is to be mended in the form.
      const outcome = await attempt(
        () => addPersonToGroup(store, actor, groupId, body),
        ["not_found", "unprocessable"],
      );
      if (!isProblem(outcome)) return goOn(call, `${PATH}/${groupId}`, "group_changed");
      if (outcome.code !== "account.not_found") throw outcome;
      const errors = fieldErrors(outcome, FIELDS, { "account.not_found": "email" });
      return showGroup(call, groupId, {}, { values: body, errors, status: 422 });
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${ONE}/people/:accountId/remove`,
    access: "group.manage",
    name: "removeGroupPersonForm",
    summary: "Take somebody out of a group",
    params: Type.Object({ groupId: GROUP_ID, accountId: ACCOUNT_ID }),
    handle: (call) => {
      const { groupId, accountId } = call.params;
      removePersonFromGroup(call.store, call.actor, groupId, accountId);
      return goOn(call, `${PATH}/${groupId}`, "group_changed");
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${ONE}/devices/:deviceId/remove`,
    access: "group.manage",
    name: "removeGroupDeviceForm",
    summary: "Take a device out of a group",
    params: Type.Object({ groupId: GROUP_ID, deviceId: DEVICE_ID }),
    handle: (call) => {
      const { groupId, deviceId } = call.params;
      removeDeviceFromGroup(call.store, call.actor, groupId, deviceId);
      return goOn(call, `${PATH}/${groupId}`, "group_changed");
    },
  }),
];
