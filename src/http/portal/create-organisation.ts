/** `/organisations/new` */
import { createOrganisationPage } from "../../../views/pages/create-organisation.tsx";
import { refuseFounding } from "../../accounts/organisation-makers.ts";
import { foundOrganisation } from "../../accounts/organisations.ts";
import { isProblem } from "../../errors.ts";
import { formBody } from "../body.ts";
import { statusOf } from "../errors.ts";
import { defineRoute, type Route } from "../route.ts";
import { attempt, fieldErrors, MENDABLE } from "./form.ts";
import { goOn, show } from "./page.ts";

const PATH = "/organisations/new";
const FIELDS = ["name"] as const;

export const createOrganisationRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: PATH,
    access: "organisation.create",
    name: "createOrganisationPage",
    summary: "The form for a new organisation",
    handle: (call) => {
      refuseFounding(call.store, call.actor);
      return show(call, (ctx) => createOrganisationPage(ctx, { name: "", errors: [] }));
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: PATH,
    access: "organisation.create",
    name: "createOrganisationForm",
    summary: "Create an organisation, and become its owner",
    body: formBody(FIELDS),
    handle: async (call) => {
      const { store, actor, body } = call;
      const made = await attempt(
        () => foundOrganisation(store, actor, body),
        [...MENDABLE, "too_many_requests"],
      );
      if (!isProblem(made)) return goOn(call, "/dashboard", "organisation_created");
      const props = { name: body.name, errors: fieldErrors(made, FIELDS) };
      return show(call, (ctx) => createOrganisationPage(ctx, props), { status: statusOf(made) });
    },
  }),
];
