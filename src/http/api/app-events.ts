/** /api/v1/apps/{appId}/events: an app as it and its versions go on their way. */
import { Type } from "@sinclair/typebox";
import { readApp } from "../../catalog/apps.ts";
import { listVersions } from "../../catalog/versions.ts";
import { pageFor } from "../cursor.ts";
import { topicsOfApp } from "../live/app-topics.ts";
import { defineRoute, type Route } from "../route.ts";
import { APP_ID, PAGE_QUERY } from "../schemas.ts";
import { EVENTS_REPLY, followJson, streamDescription } from "./streams.ts";

export const appEventsRoute: Route = defineRoute({
  area: "api",
  method: "GET",
  path: "/api/v1/apps/:appId/events",
  access: "version.read",
  name: "followApp",
  summary: "Follow an app",
  description: streamDescription(
    "`app` has as JSON the app, as it is read by itself, and in `versions` a page of its versions, as they are listed. The store looks again when the app, one of its versions or what is revoked changes, and else once a minute.",
  ),
  tag: "Apps",
  stream: true,
  takes: ["LastEventId"],
  params: Type.Object({ appId: APP_ID }),
  query: Type.Object(PAGE_QUERY),
  replies: [EVENTS_REPLY],
  errors: ["app.not_found", "cursor.invalid", "live.full"],
  handle: (call) => {
    const { appId } = call.params;
    return followJson(call, "app", ({ store, actor }) => ({
      data: {
        app: readApp(store, actor, appId),
        versions: pageFor("versions", call.query, (page) => listVersions(store, actor, appId, page)),
      },
      topics: topicsOfApp(appId),
    }));
  },
});
