/** `/apps/:appId/transfer`, `/organisations/:organisationId/transfers`: apps that are given to another organisation. */
import { Type } from "@sinclair/typebox";
import {
  type OfferProps,
  offerPage,
  type TransferRow,
  transferPage,
  transfersPage,
} from "../../../views/pages/transfers.tsx";
import type { Actor } from "../../accounts/actor.ts";
import { readOrganisation } from "../../accounts/organisations.ts";
import { allows, authorise } from "../../accounts/rights.ts";
import { readApp } from "../../catalog/apps.ts";
import { acceptOffer, declineOffer } from "../../catalog/transfer/decide.ts";
import { OFFER_DAYS, offerApp, withdrawOffer } from "../../catalog/transfer/offer.ts";
import { listTransfers, openOfferOf, readTransfer, type TransferView } from "../../catalog/transfer/view.ts";
import { isProblem, type Problem } from "../../errors.ts";
import type { AppId, OrganisationId, TransferId } from "../../ids.ts";
import { formBody } from "../body.ts";
import { pageRequest } from "../cursor.ts";
import { statusOf } from "../errors.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { APP_ID, ORGANISATION_ID, PAGE_QUERY } from "../schemas.ts";
import { TRANSFER_ID } from "../schemas-transfers.ts";
import { authorName } from "./authors.ts";
import { attempt, fieldErrors, plainLines } from "./form.ts";
import { organisationLink } from "./organisation-link.ts";
import { goOn, pagerOf, show } from "./page.ts";

const OFFER = "/apps/:appId/transfer";
const PATH = "/organisations/:organisationId/transfers";
const ONE = `${PATH}/:transferId`;
const APP_PARAMS = Type.Object({ appId: APP_ID });
const PARAMS = Type.Object({ organisationId: ORGANISATION_ID, transferId: TRANSFER_ID });
const FIELDS = ["to", "reason"] as const;
const LIST = "transfers";
const PER_PAGE = 25;

type Of = { readonly organisationId: OrganisationId; readonly transferId: TransferId };

const pathOf = ({ organisationId, transferId }: Of) =>
  `/organisations/${organisationId}/transfers/${transferId}`;

/** For the app's own pages. */
export function openOfferLink(offer: TransferView | null): OfferProps["open"] {
  return (
    offer && { href: pathOf({ organisationId: offer.from.id, transferId: offer.id }), named: offer.named }
  );
}

function showOffer(
  call: CallBase,
  appId: AppId,
  values: OfferProps["values"],
  problem: Problem | null = null,
): Promise<Response> {
  const { store, actor } = call;
  const { id, name, organisationId, organisationName } = readApp(store, actor, appId);
  authorise(actor, "app.transfer", { organisationId });
  const open = openOfferLink(openOfferOf(store, actor, id));
  return show(
    call,
    (ctx) =>
      offerPage(ctx, {
        app: { id, name, organisation: organisationName },
        days: OFFER_DAYS,
        open,
        values,
        errors: problem === null ? [] : fieldErrors(problem, FIELDS),
      }),
    problem === null ? {} : { status: statusOf(problem) },
  );
}

function rowOf(actor: Actor, view: TransferView): TransferRow {
  const { id, side, state, offeredAt, expiresAt } = view;
  const other = side === "to" ? view.from : view.to;
  return {
    id,
    app: { id: view.appId, name: view.appName ?? view.appId },
    side,
    other: other === null ? { name: view.named, href: null } : organisationLink(actor, other),
    state,
    offeredAt,
    expiresAt,
  };
}

function showTransfer(call: CallBase, of: Of, problem: Problem | null = null): Promise<Response> {
  const { store, actor } = call;
  const { organisationId } = of;
  const view = readTransfer(store, actor, of);
  const { id, name } = readOrganisation(store, organisationId);
  const act = view.side === "from" ? "app.transfer" : "transfer.decide";
  const owner = view.state === "accepted" ? view.to?.id : view.from.id;
  return show(
    call,
    (ctx) =>
      transferPage(ctx, {
        organisation: { id, name },
        transfer: {
          ...rowOf(actor, view),
          reason: view.reason,
          offeredBy: authorName(ctx, store, view.offeredBy),
          decision:
            view.decidedBy === null || view.decidedAt === null
              ? null
              : { by: authorName(ctx, store, view.decidedBy), at: view.decidedAt },
          version: view.version,
          signing: view.signing,
          isShown: view.appName !== null,
          opens: view.appName !== null && owner === organisationId,
        },
        may:
          view.state !== "open" || !allows(actor, act, { organisationId })
            ? null
            : act === "app.transfer"
              ? "withdraw"
              : "decide",
        errors: problem === null ? [] : fieldErrors(problem, []),
      }),
    problem === null ? {} : { status: statusOf(problem) },
  );
}

const ENDINGS = [
  {
    verb: "accept",
    access: "transfer.decide",
    act: acceptOffer,
    flash: "transfer_accepted",
    summary: "Take an app over that one's organisation is offered",
  },
  {
    verb: "decline",
    access: "transfer.decide",
    act: declineOffer,
    flash: "transfer_declined",
    summary: "Decline an app that one's organisation is offered",
  },
  {
    verb: "withdraw",
    access: "app.transfer",
    act: withdrawOffer,
    flash: "transfer_withdrawn",
    summary: "Take an offer of an app back",
  },
] as const;

export const transferRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: OFFER,
    access: "app.transfer",
    name: "offerAppPage",
    summary: "The form that offers an app to another organisation",
    params: APP_PARAMS,
    handle: (call) => showOffer(call, call.params.appId, { to: "", reason: "" }),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: OFFER,
    access: "app.transfer",
    name: "offerTransferForm",
    summary: "Offer an app to another organisation",
    params: APP_PARAMS,
    body: formBody(FIELDS),
    handle: async (call) => {
      const { store, actor, params, body } = call;
      const values = { to: body.to, reason: plainLines(body.reason) };
      const outcome = await attempt(() => offerApp(store, actor, params.appId, values));
      if (isProblem(outcome)) return showOffer(call, params.appId, values, outcome);
      const of = { organisationId: outcome.fromOrganisationId, transferId: outcome.id };
      return goOn(call, pathOf(of), "transfer_offered");
    },
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: PATH,
    access: "transfer.read",
    name: "transfersPage",
    summary: "What an organisation offers to others, and what it is offered",
    params: Type.Object({ organisationId: ORGANISATION_ID }),
    query: Type.Object({ cursor: PAGE_QUERY.cursor }),
    handle: (call) => {
      const { store, actor, params, query } = call;
      const { organisationId } = params;
      const wanted = pageRequest(LIST, { ...query, limit: PER_PAGE });
      const page = listTransfers(store, actor, organisationId, wanted);
      const { id, name } = readOrganisation(store, organisationId);
      return show(call, (ctx) =>
        transfersPage(ctx, {
          organisation: { id, name },
          rows: page.items.map((view) => rowOf(actor, view)),
          pager: pagerOf(
            LIST,
            `/organisations/${organisationId}/transfers`,
            { ...wanted, nextCursor: page.nextCursor },
            () => null,
          ),
        }),
      );
    },
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: ONE,
    access: "transfer.read",
    name: "transferPage",
    summary: "An offer of an app, and answering it",
    params: PARAMS,
    handle: (call) => showTransfer(call, call.params),
  }),
  ...ENDINGS.map(({ verb, access, act, flash, summary }) =>
    defineRoute({
      area: "page",
      method: "POST",
      path: `${ONE}/${verb}`,
      access,
      name: `${verb}TransferForm`,
      summary,
      params: PARAMS,
      handle: async (call) => {
        const { store, actor, params } = call;
        const outcome = await attempt(() => act(store, actor, params));
        return isProblem(outcome) ? showTransfer(call, params, outcome) : goOn(call, pathOf(params), flash);
      },
    }),
  ),
];
