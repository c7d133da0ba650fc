/** /api/v1/groups: named groups of people and devices. */
import { Type } from "@sinclair/typebox";
import {
  changeGroup,
  createGroup,
  deleteGroup,
  GROUP_DESCRIPTION_CHARACTERS,
  GROUP_NAME_CHARACTERS,
  pageGroups,
  readGroup,
} from "../../accounts/groups/groups.ts";
import {
  addDeviceToGroup,
  addPersonToGroup,
  pageDevicesIn,
  pagePeopleIn,
  removeDeviceFromGroup,
  removePersonFromGroup,
} from "../../accounts/groups/members.ts";
import { pageAppsOfGroup } from "../../catalog/visibility/group-apps.ts";
import { jsonBody } from "../body.ts";
import { pageFor } from "../cursor.ts";
import { json, noContent, resource } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { PAGE_QUERY, pageSchema, record } from "../schemas.ts";
import { ACCOUNT_ID } from "../schemas-accounts.ts";
import { DEVICE, deviceJson } from "../schemas-devices.ts";
import {
  DEVICE_ID,
  GROUP,
  GROUP_APP,
  GROUP_ID,
  GROUP_PERSON,
  groupAppJson,
  groupJson,
  groupPersonJson,
} from "../schemas-groups.ts";

const PATH = "/api/v1/groups";
const ONE = `${PATH}/:groupId`;
const TAG = "Groups";
const PARAMS = Type.Object({ groupId: GROUP_ID });
const PERSON_PARAMS = Type.Object({ groupId: GROUP_ID, accountId: ACCOUNT_ID });
const DEVICE_PARAMS = Type.Object({ groupId: GROUP_ID, deviceId: DEVICE_ID });
const NAME = Type.String({
  maxLength: 4 * GROUP_NAME_CHARACTERS,
  description: "No other group has it, without regard to upper and lower case.",
});
const OFFERED = Type.Boolean({
  description: "Whether owners and maintainers may choose it for their apps, and so read its name.",
});
const DESCRIPTION = Type.String({ maxLength: 4 * GROUP_DESCRIPTION_CHARACTERS });

export const groupRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "GET",
    path: PATH,
    access: "group.read",
    name: "listGroups",
    summary: "List groups",
    description: "The newest first.",
    tag: TAG,
    query: Type.Object(PAGE_QUERY),
    replies: [{ status: 200, description: "A page of groups.", schema: pageSchema(GROUP) }],
    errors: ["cursor.invalid"],
    handle: ({ store, actor, query }) =>
      json(pageFor("groups", query, (page) => pageGroups(store, actor, page), groupJson)),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: PATH,
    access: "group.manage",
    name: "createGroup",
    summary: "Make a group",
    tag: TAG,
    creates: true,
    body: jsonBody(
      record({ name: NAME, description: Type.Optional(DESCRIPTION), offered: Type.Optional(OFFERED) }),
    ),
    replies: [{ status: 201, description: "The group.", schema: GROUP, location: true }],
    errors: ["group.invalid", "group.exists", "group.too_many", "idempotency.resource_gone"],
    handle: ({ store, actor, body, idempotency }) => {
      const made = createGroup(store, actor, body, idempotency);
      return resource(groupJson(made), { status: 201, headers: { Location: `${PATH}/${made.id}` } });
    },
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: ONE,
    access: "group.read",
    name: "readGroup",
    summary: "Read a group",
    tag: TAG,
    params: PARAMS,
    replies: [{ status: 200, description: "The group.", schema: GROUP }],
    errors: ["group.not_found"],
    handle: ({ store, actor, params }) => resource(groupJson(readGroup(store, actor, params.groupId))),
  }),
  defineRoute({
    area: "api",
    method: "PATCH",
    path: ONE,
    access: "group.manage",
    name: "changeGroup",
    summary: "Change a group's name or description, and who may choose it",
    description:
      "What is left out stays as it is. A group that is not offered any more stays where it was chosen.",
    tag: TAG,
    changes: true,
    params: PARAMS,
    body: jsonBody(
      record({
        name: Type.Optional(NAME),
        description: Type.Optional(DESCRIPTION),
        offered: Type.Optional(OFFERED),
      }),
    ),
    replies: [{ status: 200, description: "The group as it is now.", schema: GROUP }],
    errors: ["group.not_found", "group.invalid", "group.exists"],
    handle: ({ store, actor, params, body, ifMatch }) =>
      resource(groupJson(changeGroup(store, actor, params.groupId, body, ifMatch))),
  }),
  defineRoute({
    area: "api",
    method: "DELETE",
    path: ONE,
    access: "group.manage",
    name: "deleteGroup",
    summary: "Delete a group",
    description:
      "The people and devices stay; they are not in it any more. A group that apps are for stays until somebody says who else may see those.",
    tag: TAG,
    changes: true,
    params: PARAMS,
    replies: [{ status: 204, description: "It is gone." }],
    errors: ["group.not_found", "group.in_use"],
    handle: ({ store, actor, params, ifMatch }) => {
      deleteGroup(store, actor, params.groupId, ifMatch);
      return noContent();
    },
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: `${ONE}/apps`,
    access: "group.read",
    name: "listGroupApps",
    summary: "List the apps for a group",
    description: "By id, also those that are not published yet.",
    tag: TAG,
    params: PARAMS,
    query: Type.Object(PAGE_QUERY),
    replies: [{ status: 200, description: "A page of apps.", schema: pageSchema(GROUP_APP) }],
    errors: ["group.not_found", "cursor.invalid"],
    handle: ({ store, actor, params, query }) =>
      json(
        pageFor(
          "group-apps",
          query,
          (page) => pageAppsOfGroup(store, actor, params.groupId, page),
          groupAppJson,
        ),
      ),
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: `${ONE}/people`,
    access: "group.read",
    name: "listGroupPeople",
    summary: "List the people in a group",
    description: "In the order in which their accounts were made.",
    tag: TAG,
    params: PARAMS,
    query: Type.Object(PAGE_QUERY),
    replies: [{ status: 200, description: "A page of people.", schema: pageSchema(GROUP_PERSON) }],
    errors: ["group.not_found", "cursor.invalid"],
    handle: ({ store, actor, params, query }) =>
      json(
        pageFor(
          "group-people",
          query,
          (page) => pagePeopleIn(store, actor, params.groupId, page),
          groupPersonJson,
        ),
      ),
  }),
  defineRoute({
    area: "api",
    method: "PUT",
    path: `${ONE}/people/:accountId`,
    access: "group.manage",
    name: "addGroupPerson",
    summary: "Put somebody into a group",
    description: "Again is no error.",
    tag: TAG,
    params: PERSON_PARAMS,
    replies: [{ status: 204, description: "They are in it." }],
    errors: ["group.not_found", "account.not_found"],
    handle: ({ store, actor, params }) => {
      addPersonToGroup(store, actor, params.groupId, { accountId: params.accountId });
      return noContent();
    },
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${ONE}/people/:accountId/remove`,
    access: "group.manage",
    name: "removeGroupPerson",
    summary: "Take somebody out of a group",
    description: "Again is no error.",
    tag: TAG,
    params: PERSON_PARAMS,
    replies: [{ status: 204, description: "They are not in it." }],
    errors: ["group.not_found", "account.not_found"],
    handle: ({ store, actor, params }) => {
      removePersonFromGroup(store, actor, params.groupId, params.accountId);
      return noContent();
    },
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: `${ONE}/devices`,
    access: "group.read",
    name: "listGroupDevices",
    summary: "List the devices in a group",
    description: "In the order in which they enrolled, also those that are revoked.",
    tag: TAG,
    params: PARAMS,
    query: Type.Object(PAGE_QUERY),
    replies: [{ status: 200, description: "A page of devices.", schema: pageSchema(DEVICE) }],
    errors: ["group.not_found", "cursor.invalid"],
    handle: ({ store, actor, params, query }) =>
      json(
        pageFor(
          "group-devices",
          query,
          (page) => pageDevicesIn(store, actor, params.groupId, page),
          ({ since: _, ...device }) => deviceJson(device),
        ),
      ),
  }),
  defineRoute({
    area: "api",
    method: "PUT",
    path: `${ONE}/devices/:deviceId`,
    access: "group.manage",
    name: "addGroupDevice",
    summary: "Put a device into a group",
    description: "Again is no error.",
    tag: TAG,
    params: DEVICE_PARAMS,
    replies: [{ status: 204, description: "It is in it." }],
    errors: ["group.not_found", "device.not_found"],
    handle: ({ store, actor, params }) => {
      addDeviceToGroup(store, actor, params.groupId, params.deviceId);
      return noContent();
    },
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${ONE}/devices/:deviceId/remove`,
    access: "group.manage",
    name: "removeGroupDevice",
    summary: "Take a device out of a group",
    description: "Again is no error.",
    tag: TAG,
    params: DEVICE_PARAMS,
    replies: [{ status: 204, description: "It is not in it." }],
    errors: ["group.not_found", "device.not_found"],
    handle: ({ store, actor, params }) => {
      removeDeviceFromGroup(store, actor, params.groupId, params.deviceId);
      return noContent();
    },
  }),
];
