/** `/apps/:appId/unlist`, `relist`, `deprecate`, `undeprecate`: how an app stands in the store. */
import { Type } from "@sinclair/typebox";
import { appPartHref } from "../../../views/pages/app-props.ts";
import { confirmPage } from "../../../views/pages/confirm.tsx";
import { type DeprecateProps, deprecatePage } from "../../../views/pages/deprecate.tsx";
import { authorise } from "../../accounts/rights.ts";
import { readApp } from "../../catalog/apps.ts";
import { deprecateApp, readListing, setListed, undeprecateApp } from "../../catalog/listing/change.ts";
import type { AppView } from "../../catalog/views.ts";
import { isProblem, type Problem } from "../../errors.ts";
import type { AppId } from "../../ids.ts";
import { formBody } from "../body.ts";
import { statusOf } from "../errors.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { APP_ID } from "../schemas.ts";
import { attempt, fieldErrors, revisionField } from "./form.ts";
import { goOn, show } from "./page.ts";

const PATH = "/apps/:appId";
const PARAMS = Type.Object({ appId: APP_ID });
const FIELDS = ["text", "instead"] as const;

function find({ store, actor }: CallBase, appId: AppId): AppView {
  const app = readApp(store, actor, appId);
  authorise(actor, "app.listing", { organisationId: app.organisationId, appId });
  return app;
}

function showDeprecate(
  call: CallBase,
  { id, name, revision }: AppView,
  values: DeprecateProps["values"],
  problem: Problem | null = null,
): Promise<Response> {
  return show(
    call,
    (ctx) =>
      deprecatePage(ctx, {
        app: { id, name, revision },
        values,
        errors: problem === null ? [] : fieldErrors(problem, FIELDS),
      }),
    problem === null ? {} : { status: statusOf(problem) },
  );
}

/** What each asks first, and says afterwards. */
const ACTS = [
  {
    verb: "unlist",
    flash: "app_unlisted",
    label: "listing.unlist",
    act: (call: CallBase, id: AppId, seen: number) => setListed(call.store, call.actor, id, false, seen),
  },
  {
    verb: "relist",
    flash: "app_listed",
    label: "listing.relist",
    act: (call: CallBase, id: AppId, seen: number) => setListed(call.store, call.actor, id, true, seen),
  },
  {
    verb: "undeprecate",
    flash: "app_undeprecated",
    label: "action.undeprecate",
    act: (call: CallBase, id: AppId, seen: number) => undeprecateApp(call.store, call.actor, id, seen),
  },
] as const;

export const listingRoutes: readonly Route[] = [
  ...ACTS.flatMap(({ verb, flash, label, act }) => [
    defineRoute({
      area: "page",
      method: "GET",
      path: `${PATH}/${verb}`,
      access: "app.listing",
      name: `${verb}AppPage`,
      summary: `The question before an app changes how it stands in the store: ${verb}`,
      params: PARAMS,
      handle: (call) => {
        const app = find(call, call.params.appId);
        return show(call, (ctx) =>
          confirmPage(ctx, {
            title: ctx.t(`listing.${verb}_title`, { app: app.name }),
            consequences: [ctx.t(`listing.${verb}_consequence`)],
            action: `/apps/${app.id}/${verb}`,
            revision: app.revision,
            confirmLabel: ctx.t(label),
            destructive: false,
            cancelHref: appPartHref(app.id, "listing"),
          }),
        );
      },
    }),
    defineRoute({
      area: "page",
      method: "POST",
      path: `${PATH}/${verb}`,
      access: "app.listing",
      name: `${verb}AppForm`,
      summary: `Change how an app stands in the store: ${verb}`,
      params: PARAMS,
      body: formBody(["revision"]),
      handle: async (call) => {
        await act(call, call.params.appId, revisionField(call.body.revision));
        return goOn(call, appPartHref(call.params.appId, "listing"), flash);
      },
    }),
  ]),
  defineRoute({
    area: "page",
    method: "GET",
    path: `${PATH}/deprecate`,
    access: "app.listing",
    name: "deprecateAppPage",
    summary: "What is said against an app",
    params: PARAMS,
    handle: (call) => {
      const app = find(call, call.params.appId);
      const { deprecated } = readListing(call.store, call.actor, app.id);
      const values = { text: deprecated?.text ?? "", instead: deprecated?.instead?.id ?? "" };
      return showDeprecate(call, app, values);
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/deprecate`,
    access: "app.listing",
    name: "deprecateAppForm",
    summary: "Deprecate an app, or say something else of that",
    params: PARAMS,
    body: formBody(["revision", "text", "instead"]),
    handle: async (call) => {
      const { store, actor, params, body } = call;
      const { text, instead } = body;
      const seen = revisionField(body.revision);
      const done = await attempt(() => deprecateApp(store, actor, params.appId, { text, instead }, seen));
      if (isProblem(done)) return showDeprecate(call, find(call, params.appId), { text, instead }, done);
      return goOn(call, appPartHref(params.appId, "listing"), "app_deprecated");
    },
  }),
];
