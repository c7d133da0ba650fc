/** `/apps/:appId/visibility`: who may see an app, what a change means, and the change. */
import { Type } from "@sinclair/typebox";
import { GROUP_FIELD, UNNAMED_GROUPS } from "../../../views/components/group-choice.tsx";
import { UNNAMED_FIELD, visibilityPage } from "../../../views/pages/visibility.tsx";
import { visibilityPreviewPage } from "../../../views/pages/visibility-preview.tsx";
import { allows } from "../../accounts/rights.ts";
import { readApp } from "../../catalog/apps.ts";
import type { VisibilityInput } from "../../catalog/visibility/audiences.ts";
import {
  changeVisibility,
  groupsToChoose,
  previewVisibility,
  readVisibility,
} from "../../catalog/visibility/change.ts";
import { isProblem, type Problem } from "../../errors.ts";
import type { AppId } from "../../ids.ts";
import { formPairs } from "../body.ts";
import { statusOf } from "../errors.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { APP_ID } from "../schemas.ts";
import { appHead, tabbedApp } from "./app-props.ts";
import { attempt, fieldErrors } from "./form.ts";
import { groupsIn } from "./group-choice.ts";
import { goOn, show } from "./page.ts";

const PATH = "/apps/:appId/visibility";
const PARAMS = Type.Object({ appId: APP_ID });

type Pairs = readonly (readonly [name: string, value: string])[];

/**
 * Groups that are ticked beside another choice are not meant. Those that are not named to who sends the form are let go when
 * it asked about them and they are not ticked: whoever got the form before there were any does not mean them.
 */
export function visibilityIn(form: Pairs): VisibilityInput {
  const fields = new Map(form);
  const visibility = fields.get("visibility") ?? "everyone";
  if (visibility !== "groups") return { visibility };
  const drops = fields.get(UNNAMED_FIELD) === "asked" && fields.get(GROUP_FIELD + UNNAMED_GROUPS) !== "true";
  return { visibility, groups: groupsIn(form), ...(drops ? { unnamedGroups: "drop" } : {}) };
}

type Again = { readonly input: VisibilityInput; readonly problem: Problem };

function showVisibility(call: CallBase, appId: AppId, again: Again | null = null): Promise<Response> {
  const { store, actor } = call;
  const app = readApp(store, actor, appId);
  const now = readVisibility(store, actor, appId);
  const { organisationId } = app;
  const manages = allows(actor, "app.visibility", { organisationId, appId });
  const chosen = again?.input.groups ?? now.groups.map(({ id }) => id);
  return show(
    call,
    (ctx) =>
      visibilityPage(ctx, {
        page: appHead(call, ctx, app, "access"),
        visibility: now.visibility,
        groups: now.groups.map(({ name }) => name),
        unnamedGroups: now.unnamedGroups,
        keepsUnnamed: again?.input.unnamedGroups !== "drop",
        published: now.published,
        publicUntil: now.publicUntil,
        choice: manages
          ? groupsToChoose(store, actor, appId).map((group) => ({ ...group, in: chosen.includes(group.id) }))
          : null,
        chosen: again?.input.visibility ?? now.visibility,
        errors: again === null ? [] : fieldErrors(again.problem, ["visibility"]),
      }),
    again === null ? {} : { status: statusOf(again.problem) },
  );
}

async function showPreview(call: CallBase, appId: AppId, input: VisibilityInput, stale: Problem | null) {
  const { store, actor } = call;
  const app = readApp(store, actor, appId);
  const preview = await attempt(() => previewVisibility(store, actor, appId, input));
  if (isProblem(preview)) return showVisibility(call, appId, { input, problem: preview });
  const { before, after, joining, leaving, leavingUnnamed, versions, changes, scope } = preview;
  return show(
    call,
    (ctx) =>
      visibilityPreviewPage(ctx, {
        app: tabbedApp(call, app),
        before: before.visibility,
        after: after.visibility,
        groups: after.groups,
        unnamedGroups: after.unnamedGroups,
        joining,
        leaving,
        leavingUnnamed,
        published: before.published,
        versions,
        changes,
        scope,
        stale: stale !== null,
      }),
    stale === null ? {} : { status: statusOf(stale) },
  );
}

export const visibilityRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: PATH,
    access: "app.read",
    name: "visibilityPage",
    summary: "Who may see an app",
    params: PARAMS,
    handle: (call) => showVisibility(call, call.params.appId),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/preview`,
    access: "app.visibility",
    name: "previewVisibilityForm",
    summary: "What a change of who may see an app means",
    params: PARAMS,
    body: formPairs(),
    handle: (call) => showPreview(call, call.params.appId, visibilityIn(call.body), null),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: PATH,
    access: "app.visibility",
    name: "visibilityForm",
    summary: "Change who may see an app",
    params: PARAMS,
    body: formPairs(),
    handle: async (call) => {
      const { store, actor, params, body } = call;
      const input = visibilityIn(body);
      const outcome = await attempt(() =>
        changeVisibility(store, actor, params.appId, input, new Map(body).get("scope")),
      );
      if (!isProblem(outcome)) return goOn(call, `/apps/${params.appId}/visibility`, "visibility_changed");
      if (outcome.code === "app.scope_changed") return showPreview(call, params.appId, input, outcome);
      return showVisibility(call, params.appId, { input, problem: outcome });
    },
  }),
];
