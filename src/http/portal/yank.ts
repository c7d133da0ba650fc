/** `/apps/:appId/versions/:versionId/yank` and `/unyank`: a published version that is offered to nobody any more, or again. */
import { Type } from "@sinclair/typebox";
import { confirmPage } from "../../../views/pages/confirm.tsx";
import { yankPage } from "../../../views/pages/yank.tsx";
import { authorise } from "../../accounts/rights.ts";
import { readApp } from "../../catalog/apps.ts";
import { readVersion } from "../../catalog/versions.ts";
import type { AppView, VersionView } from "../../catalog/views.ts";
import { unyankVersion, versionInstead, yankVersion } from "../../catalog/yank/yank.ts";
import type { Problem } from "../../errors.ts";
import { isProblem } from "../../errors.ts";
import type { AppId, VersionId } from "../../ids.ts";
import { formBody } from "../body.ts";
import { statusOf } from "../errors.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { APP_ID, VERSION_ID } from "../schemas.ts";
import { attempt, fieldErrors, revisionField } from "./form.ts";
import { goOn, show } from "./page.ts";

const PATH = "/apps/:appId/versions/:versionId";
const PARAMS = Type.Object({ appId: APP_ID, versionId: VERSION_ID });

type Of = { readonly appId: AppId; readonly versionId: VersionId };
type Found = { readonly app: AppView; readonly version: VersionView };

const addressOf = ({ appId, versionId }: Of) => `/apps/${appId}/versions/${versionId}`;

function find({ store, actor }: CallBase, { appId, versionId }: Of): Found {
  const app = readApp(store, actor, appId);
  authorise(actor, "version.yank", { organisationId: app.organisationId, appId });
  return { app, version: readVersion(store, actor, appId, versionId) };
}

function showYank(
  call: CallBase,
  { app, version }: Found,
  again: { readonly reason: string; readonly problem: Problem } | null,
): Promise<Response> {
  return show(
    call,
    (ctx) =>
      yankPage(ctx, {
        app: { id: app.id, name: app.name },
        version: { id: version.id, version: version.version, revision: version.revision },
        instead: versionInstead(call.store, version.appId, version.id),
        reason: again?.reason ?? version.yanked?.reason ?? "",
        errors: again === null ? [] : fieldErrors(again.problem, ["reason"]),
      }),
    again === null ? {} : { status: statusOf(again.problem) },
  );
}

export const yankRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: `${PATH}/yank`,
    access: "version.yank",
    name: "yankVersionPage",
    summary: "What yanking a version means, and the reason for it",
    params: PARAMS,
    handle: (call) => showYank(call, find(call, call.params), null),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/yank`,
    access: "version.yank",
    name: "yankVersionForm",
    summary: "Yank a version, or say anew why it is",
    params: PARAMS,
    body: formBody(["revision", "reason"]),
    handle: async (call) => {
      const { store, actor, params, body } = call;
      const { reason } = body;
      const of = { appId: params.appId, version: params.versionId, ifMatch: revisionField(body.revision) };
      const done = await attempt(() => yankVersion(store, actor, of, reason));
      if (isProblem(done)) return showYank(call, find(call, params), { reason, problem: done });
      return goOn(call, addressOf(params), "version_yanked");
    },
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: `${PATH}/unyank`,
    access: "version.yank",
    name: "unyankVersionPage",
    summary: "The question before a version is offered again",
    params: PARAMS,
    handle: (call) => {
      const { app, version } = find(call, call.params);
      const address = addressOf(call.params);
      return show(call, (ctx) =>
        confirmPage(ctx, {
          title: ctx.t("unyank.title", { version: `${app.name} ${version.version}` }),
          consequences: [ctx.t("unyank.consequence")],
          action: `${address}/unyank`,
          revision: version.revision,
          confirmLabel: ctx.t("action.unyank"),
          destructive: false,
          cancelHref: address,
        }),
      );
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/unyank`,
    access: "version.yank",
    name: "unyankVersionForm",
    summary: "Offer a version again that was yanked",
    params: PARAMS,
    body: formBody(["revision"]),
    handle: async (call) => {
      const { store, actor, params, body } = call;
      const ifMatch = revisionField(body.revision);
      await unyankVersion(store, actor, { appId: params.appId, version: params.versionId, ifMatch });
      return goOn(call, addressOf(params), "version_unyanked");
    },
  }),
];
