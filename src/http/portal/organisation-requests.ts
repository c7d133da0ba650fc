/** `/organisations/ask`: asking for an organisation; `/admin/organisation-requests`: what administrators do about that. */
import { Type } from "@sinclair/typebox";
import { askOrganisationPage } from "../../../views/pages/ask-organisation.tsx";
import {
  oneOrganisationRequestPage,
  organisationRequestsPage,
} from "../../../views/pages/organisation-requests.tsx";
import { foundingOf } from "../../accounts/organisation-makers.ts";
import {
  askForOrganisation,
  findOwnRequest,
  withdrawRequest,
} from "../../accounts/organisation-requests/ask.ts";
import {
  acceptRequest,
  beforeRequests,
  listRequests,
  readRequest,
  refuseRequest,
} from "../../accounts/organisation-requests/decide.ts";
import { allows } from "../../accounts/rights.ts";
import { isProblem, type Problem } from "../../errors.ts";
import type { OrganisationRequestId } from "../../ids.ts";
import { formBody } from "../body.ts";
import { pageRequest } from "../cursor.ts";
import { problemHeaders, statusOf } from "../errors.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { oneOf, PAGE_QUERY } from "../schemas.ts";
import { ORGANISATION_REQUEST_ID } from "../schemas-organisation-requests.ts";
import { authorName } from "./authors.ts";
import { attempt, fieldErrors, MENDABLE, revisionField } from "./form.ts";
import { goOn, pagerOf, show } from "./page.ts";

const ASK = "/organisations/ask";
const ADMIN = "/admin/organisation-requests";
const ONE = `${ADMIN}/:requestId`;
const PARAMS = Type.Object({ requestId: ORGANISATION_REQUEST_ID });
const A_PAGE = 25;

type Typed = { readonly name: string; readonly reason: string };

function showAsking(
  call: CallBase,
  again: { readonly typed: Typed; readonly problem: Problem } | null = null,
): Promise<Response> {
  const { store, actor } = call;
  const request = findOwnRequest(store, actor);
  const open = request?.state === "open" ? request : null;
  const typed = again?.typed ?? open ?? { name: "", reason: "" };
  return show(
    call,
    (ctx) =>
      askOrganisationPage(ctx, {
        request: request && {
          ...request,
          mayOpen:
            request.organisationId !== null &&
            allows(actor, "organisation.read", { organisationId: request.organisationId }),
        },
        founds: foundingOf(store, actor) === "may",
        values: { name: typed.name, reason: typed.reason },
        errors: again === null ? [] : fieldErrors(again.problem, ["name", "reason"]),
      }),
    again === null ? {} : { status: statusOf(again.problem), headers: problemHeaders(again.problem) },
  );
}

type Again = {
  readonly of: "accept" | "refuse";
  readonly value: string;
  readonly problem: Problem;
};

function showOne(call: CallBase, id: OrganisationRequestId, again: Again | null = null): Promise<Response> {
  const { store, actor } = call;
  const { closed, ...request } = readRequest(store, actor, id);
  return show(
    call,
    (ctx) =>
      oneOrganisationRequestPage(ctx, {
        request: { ...request, closed: closed && { ...closed, by: authorName(ctx, store, closed.by) } },
        opens: { people: allows(actor, "user.read"), organisations: allows(actor, "organisation.read") },
        name: again?.of === "accept" ? again.value : request.name,
        reason: again?.of === "refuse" ? again.value : "",
        errors: again === null ? [] : fieldErrors(again.problem, [again.of === "accept" ? "name" : "reason"]),
      }),
    again === null ? {} : { status: statusOf(again.problem) },
  );
}

export const organisationRequestRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: ASK,
    access: "organisation.request",
    name: "askOrganisationPage",
    summary: "The form that asks for an organisation, and what became of it",
    handle: (call) => showAsking(call),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: ASK,
    access: "organisation.request",
    name: "askOrganisationForm",
    summary: "Ask for an organisation, or for another one than before",
    body: formBody(["name", "reason"]),
    handle: async (call) => {
      const { store, actor, body } = call;
      const made = await attempt(
        () => askForOrganisation(store, actor, body),
        [...MENDABLE, "too_many_requests"],
      );
      if (isProblem(made)) return showAsking(call, { typed: body, problem: made });
      return goOn(call, ASK, "organisation_asked");
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${ASK}/withdraw`,
    access: "organisation.request",
    name: "withdrawOrganisationRequestForm",
    summary: "Take back that one asks for an organisation",
    body: formBody(["revision"]),
    handle: (call) => {
      withdrawRequest(call.store, call.actor, revisionField(call.body.revision));
      return goOn(call, "/dashboard", "organisation_request_withdrawn");
    },
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: ADMIN,
    access: "organisation.requested",
    name: "organisationRequestsPage",
    summary: "The organisations that people ask for",
    query: Type.Object({ cursor: PAGE_QUERY.cursor, state: Type.Optional(oneOf("open", "closed")) }),
    handle: (call) => {
      const { store, actor, query } = call;
      const { state = "open", ...rest } = query;
      const list = `organisation-requests-${state}`;
      const wanted = pageRequest(list, { ...rest, limit: A_PAGE });
      const page = listRequests(store, actor, { ...wanted, state });
      const path = state === "open" ? ADMIN : `${ADMIN}?state=closed`;
      return show(call, (ctx) =>
        organisationRequestsPage(ctx, {
          requests: page.items,
          isClosed: state === "closed",
          pager: pagerOf(list, path, { ...wanted, nextCursor: page.nextCursor }, (after) =>
            beforeRequests(store, state, after, A_PAGE),
          ),
        }),
      );
    },
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: ONE,
    access: "organisation.requested",
    name: "organisationRequestPage",
    summary: "An organisation that somebody asks for",
    params: PARAMS,
    handle: (call) => showOne(call, call.params.requestId),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${ONE}/accept`,
    access: "organisation.grant",
    name: "acceptOrganisationRequestForm",
    summary: "Make the organisation that somebody asks for",
    params: PARAMS,
    body: formBody(["revision", "name"]),
    handle: async (call) => {
      const { store, actor, params, body } = call;
      const { name } = body;
      const ifMatch = revisionField(body.revision);
      const done = await attempt(() => acceptRequest(store, actor, params.requestId, { name, ifMatch }));
      if (isProblem(done))
        return showOne(call, params.requestId, { of: "accept", value: name, problem: done });
      return goOn(call, ADMIN, "organisation_request_accepted");
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${ONE}/refuse`,
    access: "organisation.grant",
    name: "refuseOrganisationRequestForm",
    summary: "Refuse the organisation that somebody asks for",
    params: PARAMS,
    body: formBody(["revision", "reason"]),
    handle: async (call) => {
      const { store, actor, params, body } = call;
      const { reason } = body;
      const ifMatch = revisionField(body.revision);
      const done = await attempt(() => refuseRequest(store, actor, params.requestId, { reason, ifMatch }));
      if (isProblem(done))
        return showOne(call, params.requestId, { of: "refuse", value: reason, problem: done });
      return goOn(call, ADMIN, "organisation_request_refused");
    },
  }),
];
