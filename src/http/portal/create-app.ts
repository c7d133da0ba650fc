/** `/apps/new` */
import { type CreateAppProps, createAppPage } from "../../../views/pages/create-app.tsx";
import { createApp } from "../../catalog/apps.ts";
import { isProblem } from "../../errors.ts";
import type { OrganisationId } from "../../ids.ts";
import { formBody } from "../body.ts";
import { statusOf } from "../errors.ts";
import { defineRoute, type Route } from "../route.ts";
import { ORGANISATION_ID } from "../schemas.ts";
import { matches } from "../validate.ts";
import { attempt, fieldErrors } from "./form.ts";
import { goOn, show } from "./page.ts";

const PATH = "/apps/new";
const FIELDS = ["organisation", "id", "name"] as const;
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
      show(call, (ctx) => createAppPage(ctx, { values: { organisation: "", id: "", name: "" }, errors: [] })),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: PATH,
    access: "app.create",
    name: "createAppForm",
    summary: "Create an app",
    body: formBody(FIELDS),
    handle: async (call) => {
      const { store, actor, body } = call;
      // A space at the end is a slip of the hand or of the clipboard, and cannot be seen in the field.
      const id = body.id.trim();
      const name = body.name.trim().normalize("NFC");
      const organisationId = organisationOf(body.organisation);
      const app = await attempt(() =>
        createApp(store, actor, { id, name, ...(organisationId === null ? {} : { organisationId }) }),
      );
      if (!isProblem(app)) return goOn(call, `/apps/${app.id}`, "app_created");
      const props: CreateAppProps = { values: body, errors: fieldErrors(app, FIELDS, FIELD_OF) };
      return show(call, (ctx) => createAppPage(ctx, props), { status: statusOf(app) });
    },
  }),
];

/** null when it was left out, or is the id of nothing: then the acting function says what is missing. */
export function organisationOf(text: string): OrganisationId | null {
  return matches(ORGANISATION_ID, text) ? text : null;
}
