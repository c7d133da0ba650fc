/** Offers of apps to other organisations: made for an app, and found below each side's organisation. */
import { Type } from "@sinclair/typebox";
import { acceptOffer, declineOffer } from "../../catalog/transfer/decide.ts";
import { OFFER_DAYS, offerApp, withdrawOffer } from "../../catalog/transfer/offer.ts";
import { listTransfers, readTransfer, transferView } from "../../catalog/transfer/view.ts";
import { jsonBody } from "../body.ts";
import { pageAnswer, pageRequest } from "../cursor.ts";
import { json } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { APP_ID, ORGANISATION_ID, PAGE_QUERY, pageSchema } from "../schemas.ts";
import {
  NEW_TRANSFER,
  TRANSFER,
  TRANSFER_DETAILS,
  TRANSFER_ID,
  transferDetailsJson,
  transferJson,
} from "../schemas-transfers.ts";

const PATH = "/api/v1/organisations/:organisationId/transfers";
const ONE = `${PATH}/:transferId`;
const TAG = "Transfers";
const PARAMS = Type.Object({ organisationId: ORGANISATION_ID, transferId: TRANSFER_ID });
const LIST = "transfers";
const REPLY = [{ status: 200, description: "The offer as it is now.", schema: TRANSFER }] as const;
const DECIDED = [
  "organisation.not_found",
  "transfer.not_found",
  "transfer.other_side",
  "transfer.over",
] as const;

export const transferRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "POST",
    path: "/api/v1/apps/:appId/transfers",
    access: "app.transfer",
    name: "offerApp",
    summary: "Offer an app to another organisation",
    description: `The owners of both are told. When one of the other accepts, the app is theirs; after ${OFFER_DAYS} days the offer ends. The answer is the same whether or not there is such an organisation.`,
    tag: TAG,
    creates: true,
    params: Type.Object({ appId: APP_ID }),
    body: jsonBody(NEW_TRANSFER),
    replies: [{ status: 201, description: "The offer.", schema: TRANSFER }],
    errors: [
      "app.not_found",
      "idempotency.resource_gone",
      "transfer.invalid",
      "transfer.open",
      "transfer.ambiguous",
      "transfer.same",
      "transfer.too_many",
      "transfer.too_often",
    ],
    handle: ({ store, actor, params, body, idempotency }) => {
      const made = transferView(store, offerApp(store, actor, params.appId, body, idempotency), "from");
      const location = `/api/v1/organisations/${made.from.id}/transfers/${made.id}`;
      return json(transferJson(made), { status: 201, headers: { Location: location } });
    },
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: PATH,
    access: "transfer.read",
    name: "listTransfers",
    summary: "List the offers that an organisation makes and gets",
    description: "The newest first.",
    tag: TAG,
    params: Type.Object({ organisationId: ORGANISATION_ID }),
    query: Type.Object(PAGE_QUERY),
    replies: [{ status: 200, description: "A page of offers.", schema: pageSchema(TRANSFER) }],
    errors: ["cursor.invalid", "organisation.not_found"],
    handle: ({ store, actor, params, query }) =>
      json(
        pageAnswer(
          LIST,
          listTransfers(store, actor, params.organisationId, pageRequest(LIST, query)),
          transferJson,
        ),
      ),
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: ONE,
    access: "transfer.read",
    name: "readTransfer",
    summary: "Read an offer of an app",
    description: "With what devices have of the app now, and whether the new owner can sign its updates.",
    tag: TAG,
    params: PARAMS,
    replies: [{ status: 200, description: "The offer.", schema: TRANSFER_DETAILS }],
    errors: ["organisation.not_found", "transfer.not_found"],
    handle: ({ store, actor, params }) => json(transferDetailsJson(readTransfer(store, actor, params))),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${ONE}/accept`,
    access: "transfer.decide",
    name: "acceptTransfer",
    summary: "Take an app over that one's organisation is offered",
    description:
      "It is of this organisation from then on, with what is published of it. Versions that are not published are withdrawn, its trusted publishers are removed, and the other side's keys and roles for it end. Its key lineage stays: devices take updates of a key that is in it.",
    tag: TAG,
    params: PARAMS,
    replies: REPLY,
    errors: [
      ...DECIDED,
      "app.busy",
      "catalog.busy",
      "catalog.damaged",
      "revocation.in_force",
      "transfer.offerer_gone",
      "transfer.recovery_waiting",
    ],
    handle: async ({ store, actor, params }) =>
      json(transferJson(transferView(store, await acceptOffer(store, actor, params), "to"))),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${ONE}/decline`,
    access: "transfer.decide",
    name: "declineTransfer",
    summary: "Decline an app that one's organisation is offered",
    description: "The owners of the other side are told.",
    tag: TAG,
    params: PARAMS,
    replies: REPLY,
    errors: DECIDED,
    handle: ({ store, actor, params }) =>
      json(transferJson(transferView(store, declineOffer(store, actor, params), "to"))),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${ONE}/withdraw`,
    access: "app.transfer",
    name: "withdrawTransfer",
    summary: "Take an offer of an app back",
    description: "What any owner of the organisation that made it can do until it is decided.",
    tag: TAG,
    params: PARAMS,
    replies: REPLY,
    errors: DECIDED,
    handle: ({ store, actor, params }) =>
      json(transferJson(transferView(store, withdrawOffer(store, actor, params), "from"))),
  }),
];
