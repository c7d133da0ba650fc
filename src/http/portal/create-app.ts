/** `/apps/new` */
import { type CreateAppProps, createAppPage } from "../../../views/pages/create-app.tsx";
import { allows } from "../../accounts/rights.ts";
import { createApp } from "../../catalog/apps.ts";
import { groupsFor } from "../../catalog/visibility/groups.ts";
import { isProblem } from "../../errors.ts";
import type { OrganisationId } from "../../ids.ts";
import { formPairs } from "../body.ts";
import { statusOf } from "../errors.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { ORGANISATION_ID } from "../schemas.ts";
import { matches } from "../validate.ts";
import { attempt, fieldErrors } from "./form.ts";
import { goOn, show } from "./page.ts";
import { visibilityIn } from "./visibility.ts";

const PATH = "/apps/new";
const FIELDS = ["organisation", "id", "name", "visibility"] as const;
/** What is wrong with a field that the acting function names otherwise, or by its code alone. */
const FIELD_OF: Readonly<Record<string, string>> = {
  "app.id_taken": "id",
  "organisation.required": "organisation",
};

export const createAppRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: PATH,
    access: "app.create",
    name: "createAppPage",
    summary: "The form for a new app",
    handle: (call) =>
      show(call, (ctx) =>
        createAppPage(ctx, {
          values: { organisation: "", id: "", name: "", visibility: "everyone" },
          groups: groupRows(call, []),
          errors: [],
        }),
      ),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: PATH,
    access: "app.create",
    name: "createAppForm",
    summary: "Create an app",
    body: formPairs(),
    handle: async (call) => {
      const { store, actor } = call;
      const form = new Map(call.body);
      const body = {
        organisation: form.get("organisation") ?? "",
        id: form.get("id") ?? "",
        name: form.get("name") ?? "",
        visibility: form.get("visibility") ?? "everyone",
      };
      const visibility = visibilityIn(call.body);
      // A space at the end is a slip of the hand or of the clipboard, and cannot be seen in the field.
      const id = body.id.trim();
      const name = body.name.trim().normalize("NFC");
      const organisationId = organisationOf(body.organisation);
      const app = await attempt(() =>
        createApp(store, actor, {
          id,
          name,
          visibility,
          ...(organisationId === null ? {} : { organisationId }),
        }),
      );
      if (!isProblem(app)) return goOn(call, `/apps/${app.id}`, "app_created");
      const props: CreateAppProps = {
        values: body,
        groups: groupRows(call, visibility.groups ?? []),
        errors: fieldErrors(app, FIELDS, FIELD_OF),
      };
      return show(call, (ctx) => createAppPage(ctx, props), { status: statusOf(app) });
    },
  }),
];

function groupRows({ store, actor }: CallBase, chosen: readonly string[]) {
  if (!allows(actor, "app.visibility")) return [];
  return groupsFor(store.db.orm, actor).map((group) => ({ ...group, in: chosen.includes(group.id) }));
}

/** null when it was left out, or is the id of nothing: then the acting function says what is missing. */
export function organisationOf(text: string): OrganisationId | null {
  return matches(ORGANISATION_ID, text) ? text : null;
}
