/** `/admin/organisations`: all of them; those without an owner who can sign in, and naming one. */
import { Type } from "@sinclair/typebox";
import { narrowedHref } from "../../../views/components/filter-form.tsx";
import { organisationsPage } from "../../../views/pages/organisations.tsx";
import { ownerlessPage, type TakeOverProps, takeOverPage } from "../../../views/pages/ownerless.tsx";
import { foundingOf } from "../../accounts/organisation-makers.ts";
import {
  organisationNotFound,
  pageAllOrganisations,
  readOrganisation,
} from "../../accounts/organisations.ts";
import { listOwnerless, takeOver } from "../../accounts/ownerless.ts";
import { allows, authorise, personOf } from "../../accounts/rights.ts";
import { isProblem, type Problem } from "../../errors.ts";
import type { OrganisationId } from "../../ids.ts";
import { formBody } from "../body.ts";
import { narrowedList, pageRequest } from "../cursor.ts";
import { statusOf } from "../errors.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { ORGANISATION_ID, PAGE_QUERY } from "../schemas.ts";
import { attempt, fieldErrors } from "./form.ts";
import { goOn, pagerOf, show } from "./page.ts";

const PATH = "/admin/organisations";
const WITHOUT = `${PATH}/ownerless`;
const PARAMS = Type.Object({ organisationId: ORGANISATION_ID });
const FIELDS = ["owner", "reason"] as const;
const LIST = "ownerless";
const ALL = "organisations";
const PER_PAGE = 25;

function showTakeOver(
  call: CallBase,
  organisationId: OrganisationId,
  values: TakeOverProps["values"],
  problem: Problem | null = null,
): Promise<Response> {
  const { store, actor } = call;
  authorise(actor, "organisation.take_over", { organisationId }, organisationNotFound);
  const { id, name } = readOrganisation(store, organisationId);
  const errors = problem === null ? [] : fieldErrors(problem, FIELDS);
  return show(
    call,
    (ctx) => takeOverPage(ctx, { organisation: { id, name }, values, errors }),
    problem === null ? {} : { status: statusOf(problem) },
  );
}

export const ownerlessRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: PATH,
    access: "organisation.read",
    name: "organisationsPage",
    summary: "All organisations",
    query: Type.Object({
      cursor: PAGE_QUERY.cursor,
      search: Type.Optional(Type.String({ maxLength: 200 })),
    }),
    handle: (call) => {
      const { store, actor, query } = call;
      const { search = "", ...rest } = query;
      const list = narrowedList(ALL, { search });
      const wanted = pageRequest(list, { ...rest, limit: PER_PAGE });
      const page = pageAllOrganisations(store, actor, { ...wanted, search });
      const path = narrowedHref(PATH, { search });
      return show(call, (ctx) =>
        organisationsPage(ctx, {
          rows: page.items,
          search,
          pager: pagerOf(list, path, { ...wanted, nextCursor: page.nextCursor }, () => null),
          requests: allows(actor, "organisation.requested"),
          founds: foundingOf(store, actor) === "may",
        }),
      );
    },
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: WITHOUT,
    access: "organisation.read",
    name: "ownerlessPage",
    summary: "Organisations without an owner who can sign in",
    query: Type.Object({ cursor: PAGE_QUERY.cursor }),
    handle: (call) => {
      const { store, actor, query } = call;
      const wanted = pageRequest(LIST, { ...query, limit: PER_PAGE });
      const page = listOwnerless(store, actor, wanted);
      return show(call, (ctx) =>
        ownerlessPage(ctx, {
          rows: page.items,
          pager: pagerOf(LIST, WITHOUT, { ...wanted, nextCursor: page.nextCursor }, () => null),
          manages: allows(actor, "organisation.take_over"),
          requests: allows(actor, "organisation.requested"),
        }),
      );
    },
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: `${PATH}/:organisationId/take-over`,
    access: "organisation.take_over",
    name: "takeOverPage",
    summary: "The form that names an owner of an organisation without one",
    params: PARAMS,
    handle: (call) =>
      showTakeOver(call, call.params.organisationId, { owner: personOf(call.actor).email, reason: "" }),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/:organisationId/take-over`,
    access: "organisation.take_over",
    name: "takeOverForm",
    summary: "Name an owner of an organisation without one",
    params: PARAMS,
    body: formBody(FIELDS),
    handle: async (call) => {
      const { store, actor, body, params } = call;
      const outcome = await attempt(() => takeOver(store, actor, params.organisationId, body));
      if (!isProblem(outcome)) return goOn(call, WITHOUT, "owner_named");
      return showTakeOver(call, params.organisationId, body, outcome);
    },
  }),
];
