/** `/apps/:appId/remove`, `/apps/:appId/keep` and `/deletions`: published apps that are being deleted. */
import { Type } from "@sinclair/typebox";
import {
  type AppDeletionProps,
  appDeletionPage,
  appDeletionsPage,
} from "../../../views/pages/app-deletion.tsx";
import { confirmPage } from "../../../views/pages/confirm.tsx";
import { allows, authorise } from "../../accounts/rights.ts";
import { readApp } from "../../catalog/apps.ts";
import { askToDeleteApp } from "../../catalog/deletion/ask.ts";
import { keepApp } from "../../catalog/deletion/keep.ts";
import { listDeletions } from "../../catalog/deletion/view.ts";
import { isProblem, type Problem } from "../../errors.ts";
import type { AppId } from "../../ids.ts";
import { formBody } from "../body.ts";
import { pageRequest } from "../cursor.ts";
import { statusOf } from "../errors.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { APP_ID, PAGE_QUERY } from "../schemas.ts";
import { authorName } from "./authors.ts";
import { attempt, fieldErrors, revisionField } from "./form.ts";
import { ownerLink } from "./organisation-link.ts";
import { goOn, pagerOf, show } from "./page.ts";

const PATH = "/apps/:appId";
const PARAMS = Type.Object({ appId: APP_ID });
const FIELDS = ["reason", "confirm"] as const;
const LIST = "deletions";
const PER_PAGE = 25;

function showRemove(
  call: CallBase,
  appId: AppId,
  values: AppDeletionProps["values"],
  problem: Problem | null = null,
): Promise<Response> {
  const { store, actor } = call;
  const { id, name, revision, organisationId } = readApp(store, actor, appId);
  authorise(actor, "app.remove", { organisationId, appId });
  return show(
    call,
    (ctx) =>
      appDeletionPage(ctx, {
        app: { id, name, revision },
        days: store.config.appDeletionDays,
        values,
        errors: problem === null ? [] : fieldErrors(problem, FIELDS),
      }),
    problem === null ? {} : { status: statusOf(problem) },
  );
}

export const appDeletionRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: `${PATH}/remove`,
    access: "app.remove",
    name: "removeAppPage",
    summary: "What deleting a published app means, and the form that asks for it",
    params: PARAMS,
    handle: (call) => showRemove(call, call.params.appId, { reason: "", confirm: "" }),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/remove`,
    access: "app.remove",
    name: "removeAppForm",
    summary: "Ask that a published app is deleted",
    params: PARAMS,
    body: formBody(["revision", ...FIELDS]),
    handle: async (call) => {
      const { store, actor, params, body } = call;
      const { reason, confirm } = body;
      const seen = revisionField(body.revision);
      const done = await attempt(() => askToDeleteApp(store, actor, params.appId, { reason, confirm }, seen));
      if (isProblem(done)) return showRemove(call, params.appId, { reason, confirm }, done);
      return goOn(call, `/apps/${params.appId}`, "app_being_deleted");
    },
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: `${PATH}/keep`,
    access: "app.keep",
    name: "keepAppPage",
    summary: "The question before the deletion of an app is taken back",
    params: PARAMS,
    handle: (call) => {
      const { store, actor, params } = call;
      const app = readApp(store, actor, params.appId);
      authorise(actor, "app.keep", { organisationId: app.organisationId, appId: app.id });
      return show(call, (ctx) =>
        confirmPage(ctx, {
          title: ctx.t("app_deletion.keep_title", { app: app.name }),
          consequences: [ctx.t("app_deletion.keep_consequence")],
          action: `/apps/${app.id}/keep`,
          revision: app.revision,
          confirmLabel: ctx.t("app_deletion.keep"),
          destructive: false,
          cancelHref: `/apps/${app.id}`,
        }),
      );
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/keep`,
    access: "app.keep",
    name: "keepAppForm",
    summary: "Take back that a published app is deleted",
    params: PARAMS,
    body: formBody(["revision"]),
    handle: async (call) => {
      const { store, actor, params, body } = call;
      await keepApp(store, actor, params.appId, revisionField(body.revision));
      return goOn(call, `/apps/${params.appId}`, "app_kept");
    },
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: "/deletions",
    access: "app.read",
    name: "appDeletionsPage",
    summary: "Published apps that are being deleted",
    query: Type.Object({ cursor: PAGE_QUERY.cursor }),
    handle: (call) => {
      const { store, actor, query } = call;
      const wanted = pageRequest(LIST, { ...query, limit: PER_PAGE });
      const page = listDeletions(store, actor, wanted);
      return show(call, (ctx) =>
        appDeletionsPage(ctx, {
          rows: page.items.map((row) => ({
            app: { id: row.appId, name: row.appName, revision: row.revision },
            organisation: ownerLink(actor, row),
            reason: row.reason,
            by: authorName(ctx, store, row.askedBy),
            askedAt: row.askedAt,
            endsAt: row.endsAt,
            mayKeep: allows(actor, "app.keep", { organisationId: row.organisationId, appId: row.appId }),
          })),
          pager: pagerOf(LIST, "/deletions", { ...wanted, nextCursor: page.nextCursor }, () => null),
        }),
      );
    },
  }),
];
