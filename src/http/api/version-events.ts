/** /api/v1/apps/{appId}/versions/{versionCode}/events: a version as it goes on its way. */
import { Type } from "@sinclair/typebox";
import { readCheckedVersion } from "../../catalog/versions.ts";
import { isOnItsWay, topicsOfVersion } from "../live/version-topics.ts";
import { defineRoute, type Route } from "../route.ts";
import { APP_ID, VERSION_CODE } from "../schemas.ts";
import { END_REPLIES, followJson, streamDescription } from "./streams.ts";

export const versionEventsRoute: Route = defineRoute({
  area: "api",
  method: "GET",
  path: "/api/v1/apps/:appId/versions/:versionCode/events",
  access: "version.read",
  name: "followVersion",
  summary: "Follow a version",
  description: streamDescription(
    "`version` has the version with its checks as JSON, as it is read by itself. It changes with its state, its checks and its place in the queue.",
    "it is published, failed, rejected or withdrawn",
  ),
  tag: "Versions",
  stream: true,
  takes: ["LastEventId"],
  params: Type.Object({ appId: APP_ID, versionCode: VERSION_CODE }),
  replies: END_REPLIES,
  errors: ["app.not_found", "version.not_found", "live.full"],
  handle: (call) =>
    followJson(call, "version", ({ store, actor }) => {
      const version = readCheckedVersion(store, actor, call.params.appId, call.params.versionCode);
      return { data: version, topics: topicsOfVersion(version), isLast: !isOnItsWay(version) };
    }),
});
