/** /api/v1/devices: what devices ask, and what people see of them and do about them. */
import { Type } from "@sinclair/typebox";
import { pageDevices, readDevice, renameDevice, revokeDevice } from "../../accounts/devices/devices.ts";
import { enrolDevice } from "../../accounts/devices/enrol.ts";
import { tokenForDevice } from "../../accounts/devices/token.ts";
import { unseenDevices } from "../../accounts/devices/unseen.ts";
import { rootSha256 } from "../../catalog/tuf/repository.ts";
import { cataloguesOf } from "../../catalog/visibility/viewers.ts";
import { jsonBody } from "../body.ts";
import { pageAnswer, pageRequest } from "../cursor.ts";
import { originOf } from "../guard.ts";
import { json, resource } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { PAGE_QUERY, pageSchema, record } from "../schemas.ts";
import {
  DEVICE_IN_GROUPS,
  DEVICE_TOKEN,
  deviceInGroupsJson,
  deviceList,
  ENROLLED_DEVICE,
  ENROLMENT,
  UNSEEN_COUNT,
  UNSEEN_DAYS,
} from "../schemas-devices.ts";
import { DEVICE_ID, GROUP_ID } from "../schemas-groups.ts";

const PATH = "/api/v1/devices";
const ONE = `${PATH}/:deviceId`;
const TAG = "Devices";
const PARAMS = Type.Object({ deviceId: DEVICE_ID });
const SECRET = { headers: { "Cache-Control": "no-store" } };

export const deviceRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "POST",
    path: `${PATH}/enrol`,
    access: "public",
    confidential: true,
    cost: 5,
    countsAsShown: true,
    name: "enrolDevice",
    summary: "Enrol a device, with a code and its own key",
    description:
      "For devices. The proof is signed over the code and the store, so that nobody enrols with another’s key. The same key with the same code is the same device, and takes no second use of the code: a device that did not read the answer asks again.",
    tag: TAG,
    body: jsonBody(ENROLMENT),
    replies: [{ status: 200, description: "The device is enrolled.", schema: ENROLLED_DEVICE }],
    errors: [
      "device.enrolment_code_malformed",
      "device.enrolment_code_unknown",
      "device.enrolment_code_expired",
      "device.enrolment_code_used",
      "device.enrolment_code_revoked",
      "device.enrolment_key",
      "device.enrolment_proof",
      "device.enrolment_revoked",
      "device.assertion_stale",
      "device.invalid",
      "auth.too_many_attempts",
    ],
    handle: async ({ store, request, info, body, onShown }) => {
      const { publicKey, ...rest } = body;
      const enrolment = { ...rest, publicKey: Buffer.from(publicKey, "base64url") };
      const from = originOf(request, info);
      const root = rootSha256(store);
      const { device, groups, namedGroups } = await enrolDevice(store, from, root, enrolment, onShown);
      const storeTime = store.clock.now().toISOString();
      return json({ deviceId: device.id, name: device.name, groups, namedGroups, storeTime }, SECRET);
    },
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${PATH}/token`,
    access: "public",
    confidential: true,
    countsAsShown: true,
    name: "tokenForDevice",
    summary: "Get an access token as a device, by its key",
    description:
      "For devices. The assertion has the claims of RFC 7523, is taken once, and gives a token for the store’s files.",
    tag: TAG,
    body: jsonBody(record({ assertion: Type.String({ maxLength: 2048 }) })),
    replies: [{ status: 200, description: "The token.", schema: DEVICE_TOKEN }],
    errors: [
      "device.assertion_invalid",
      "device.assertion_stale",
      "device.assertion_replayed",
      "device.enrolment_revoked",
    ],
    handle: async ({ store, request, info, body, onShown }) => {
      const from = originOf(request, info);
      const { token, deviceId, groups } = await tokenForDevice(
        store,
        from,
        rootSha256(store),
        body.assertion,
        onShown,
      );
      return json(
        {
          accessToken: token.token,
          tokenType: "Bearer",
          expiresInSeconds: token.expiresInSeconds,
          expiresAt: token.expiresAt.toISOString(),
          deviceId,
          groups,
          catalogues: [...cataloguesOf(store, { kind: "device", deviceId })],
          storeTime: store.clock.now().toISOString(),
        },
        SECRET,
      );
    },
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: PATH,
    access: "device.read",
    name: "listDevices",
    summary: "List devices",
    description:
      "The newest first; of a search by name; with unseenDays the one that stays away longest. Also those that are revoked, but for unseenDays.",
    tag: TAG,
    query: Type.Object({
      search: Type.Optional(
        Type.String({ maxLength: 200, description: "the beginning of a name, or a whole id" }),
      ),
      groupId: Type.Optional(GROUP_ID),
      unseenDays: Type.Optional(UNSEEN_DAYS),
      ...PAGE_QUERY,
    }),
    replies: [{ status: 200, description: "A page of devices.", schema: pageSchema(DEVICE_IN_GROUPS) }],
    errors: ["cursor.invalid"],
    handle: ({ store, actor, query }) => {
      const { search = "", groupId, unseenDays } = query;
      const list = deviceList(unseenDays);
      const asked = {
        search,
        ...(groupId === undefined ? {} : { groupId }),
        ...(unseenDays === undefined ? {} : { unseenDays }),
        ...pageRequest(list, query),
      };
      return json(pageAnswer(list, pageDevices(store, actor, asked), deviceInGroupsJson));
    },
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: `${PATH}/unseen`,
    access: "device.read",
    name: "countUnseenDevices",
    summary: "Count the devices that have not come for long",
    description:
      "By the store’s setting device_unseen_days; with 0 there it counts none. The list of devices has them with unseenDays.",
    tag: TAG,
    replies: [{ status: 200, description: "How many there are.", schema: UNSEEN_COUNT }],
    handle: ({ store, actor }) => json(unseenDevices(store, actor) ?? { days: 0, count: 0, more: false }),
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: ONE,
    access: "device.read",
    name: "readDevice",
    summary: "Read a device",
    tag: TAG,
    params: PARAMS,
    replies: [{ status: 200, description: "The device.", schema: DEVICE_IN_GROUPS }],
    errors: ["device.not_found"],
    handle: ({ store, actor, params }) =>
      resource(deviceInGroupsJson(readDevice(store, actor, params.deviceId))),
  }),
  defineRoute({
    area: "api",
    method: "PATCH",
    path: ONE,
    access: "device.manage",
    name: "renameDevice",
    summary: "Rename a device",
    tag: TAG,
    changes: true,
    params: PARAMS,
    body: jsonBody(record({ name: Type.String({ maxLength: 400 }) })),
    replies: [{ status: 200, description: "The device as it is now.", schema: DEVICE_IN_GROUPS }],
    errors: ["device.not_found", "device.invalid"],
    handle: ({ store, actor, params, body, ifMatch }) =>
      resource(deviceInGroupsJson(renameDevice(store, actor, params.deviceId, body.name, ifMatch))),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${ONE}/revoke`,
    access: "device.manage",
    name: "revokeDevice",
    summary: "Revoke a device",
    description:
      "Its tokens are refused at once, its key never enrols again, and the enrolment codes that it used end. What is installed on it goes on working. Again is no error.",
    tag: TAG,
    params: PARAMS,
    body: jsonBody(record({ reason: Type.String({ maxLength: 2000 }) })),
    replies: [{ status: 200, description: "The device as it is now.", schema: DEVICE_IN_GROUPS }],
    errors: ["device.not_found", "device.invalid"],
    handle: ({ store, actor, params, body }) =>
      json(deviceInGroupsJson(revokeDevice(store, actor, params.deviceId, body.reason))),
  }),
];
