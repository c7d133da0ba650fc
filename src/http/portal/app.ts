/** `/apps/:appId`: an app with its versions, and its deletion while nothing of it was published. */
import { Type } from "@sinclair/typebox";
import { appPage, appPart, followsApp } from "../../../views/pages/app.tsx";
import { APP_PARTS, appPartHref, OWN_PAGES } from "../../../views/pages/app-props.ts";
import { confirmPage } from "../../../views/pages/confirm.tsx";
import { authorise } from "../../accounts/rights.ts";
import { deleteApp, readApp } from "../../catalog/apps.ts";
import { listVersions } from "../../catalog/versions.ts";
import { formBody } from "../body.ts";
import { topicsOfApp } from "../live/app-topics.ts";
import { defineRoute, type Route } from "../route.ts";
import { APP_ID, oneOf, PAGE_QUERY } from "../schemas.ts";
import { appProps } from "./app-props.ts";
import { revisionField } from "./form.ts";
import { followPart, liveHref, SEEN } from "./live.ts";
import { goOn, show } from "./page.ts";

const PATH = "/apps/:appId";
const PARAMS = Type.Object({ appId: APP_ID });
const QUERY = { cursor: PAGE_QUERY.cursor, part: Type.Optional(oneOf(...APP_PARTS)) };
/** Of the versions that go with an app; nobody reads more. */
const COUNTED_MOST = 25;

export const appRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: PATH,
    access: "app.read",
    name: "appPage",
    summary: "An app and its versions",
    params: PARAMS,
    query: Type.Object(QUERY),
    handle: (call) => {
      const { part } = call.query;
      if (part !== undefined && part in OWN_PAGES) return goOn(call, appPartHref(call.params.appId, part));
      return show(call, (ctx) => {
        const props = appProps(call, ctx, { ...call.params, ...call.query });
        return appPage(ctx, props, followsApp(props) ? liveHref(call, props) : null);
      });
    },
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: `${PATH}/events`,
    access: "app.read",
    name: "appEvents",
    summary: "The page of an app as it and its versions go on their way",
    stream: true,
    params: PARAMS,
    query: Type.Object({ ...QUERY, ...SEEN }),
    handle: (call) =>
      followPart(call, {
        props: (now, ctx) => appProps(now, ctx(), { ...call.params, ...call.query }),
        view: appPart,
        topics: () => topicsOfApp(call.params.appId),
        isLast: (props) => !followsApp(props),
      }),
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: `${PATH}/delete`,
    access: "app.delete",
    name: "deleteAppPage",
    summary: "The question before an app is deleted",
    params: PARAMS,
    handle: (call) => {
      const { store, actor, params } = call;
      const app = readApp(store, actor, params.appId);
      authorise(actor, "app.delete", { organisationId: app.organisationId });
      const { items } = listVersions(store, actor, app.id, { limit: COUNTED_MOST });
      return show(call, (ctx) =>
        confirmPage(ctx, {
          title: ctx.t("app.delete_confirm", { app: app.name }),
          consequences: [ctx.t("app.delete_consequence", { count: items.length, id: app.id })],
          action: `/apps/${app.id}/delete`,
          revision: app.revision,
          confirmLabel: ctx.t("app.delete"),
          destructive: true,
          cancelHref: `/apps/${app.id}`,
        }),
      );
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/delete`,
    access: "app.delete",
    name: "deleteAppForm",
    summary: "Delete an app that was never published",
    params: PARAMS,
    body: formBody(["revision"]),
    handle: (call) => {
      const { store, actor, params, body } = call;
      deleteApp(store, actor, params.appId, revisionField(body.revision));
      return goOn(call, "/dashboard", "app_deleted");
    },
  }),
];
