/** /api/v1/apps/{appId}/versions/{versionCode}/events: a version as it goes on its way. */
import { Type } from "@sinclair/typebox";
import { readCheckedVersion } from "../../catalog/versions.ts";
import { markOf } from "../live/mark.ts";
import { followReply } from "../live/stream.ts";
import { isOnItsWay, topicsOfVersion } from "../live/version-topics.ts";
import { defineRoute, type Route } from "../route.ts";
import { APP_ID, VERSION_CODE } from "../schemas.ts";

export const versionEventsRoute: Route = defineRoute({
  area: "api",
  method: "GET",
  path: "/api/v1/apps/:appId/versions/:versionCode/events",
  access: "version.read",
  name: "followVersion",
  summary: "Follow a version",
  description:
    "Server-sent events. `version` has the version with its checks as JSON, as it is read by itself: once at the beginning, and again when its state, its checks or its place in the queue have changed: the newest state is always told, those between two of them may be left out. `alive` comes when there is nothing else to say, every 15 seconds at least; `end` is the last one, once nothing follows by itself any more: it is published, failed, rejected or withdrawn. An `end` whose data is `replaced` came because you opened more streams than one may have, of which the oldest ends: do not come back with it. A stream ends without `end` after ten minutes, when it was cut off, or when you may not read the version any more: come back after the time in `retry`, and the answer says which.",
  tag: "Versions",
  stream: true,
  takes: ["LastEventId"],
  params: Type.Object({ appId: APP_ID, versionCode: VERSION_CODE }),
  replies: [
    { status: 200, description: "The events.", mediaType: "text/event-stream", streamed: true },
    { status: 204, description: "Nothing follows any more, and the last event that came says all." },
  ],
  errors: ["app.not_found", "version.not_found", "live.full"],
  handle: (call) =>
    followReply(call, ({ store, actor }) => {
      const version = readCheckedVersion(store, actor, call.params.appId, call.params.versionCode);
      return {
        mark: markOf(version),
        topics: topicsOfVersion(version),
        isLast: !isOnItsWay(version),
        event: () => ({ name: "version", data: JSON.stringify(version) }),
      };
    }),
});
