/** `/recoveries/:recoveryId`, `/admin/recoveries` */
import { Type } from "@sinclair/typebox";
import type { FieldError } from "../../../views/page.ts";
import { recoveriesPage } from "../../../views/pages/keys.tsx";
import { recoveryPage } from "../../../views/pages/recovery.tsx";
import { allows } from "../../accounts/rights.ts";
import { approveRecovery } from "../../catalog/approve-recovery.ts";
import {
  beforeRecoveries,
  listRecoveries,
  objectToRecovery,
  readRecovery,
  refuseRecovery,
} from "../../catalog/recovery.ts";
import { mayDecideRecovery } from "../../catalog/recovery-deciders.ts";
import { isProblem, type Problem } from "../../errors.ts";
import type { RecoveryId } from "../../ids.ts";
import { fingerprintText } from "../../signing/keys.ts";
import { formBody } from "../body.ts";
import { pageRequest } from "../cursor.ts";
import { statusOf } from "../errors.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { PAGE_QUERY } from "../schemas.ts";
import { RECOVERY_ID } from "../schemas-keys.ts";
import { authorName } from "./authors.ts";
import { attempt, fieldErrors, plainLines, revisionField } from "./form.ts";
import { recoveryRow } from "./keys.ts";
import { goOn, pagerOf, show } from "./page.ts";

const PATH = "/recoveries/:recoveryId";
const PARAMS = Type.Object({ recoveryId: RECOVERY_ID });
const PER_PAGE = 25;

/** A form that came back with something to mend: its field has the name of the act. */
type Again = {
  readonly field: "object" | "refuse" | "approve";
  readonly reason: string;
  readonly errors: readonly FieldError[];
  readonly status: number;
};

function again(field: Again["field"], reason: string, problem: Problem): Again {
  const errors = fieldErrors(problem, ["reason"]).map((error) => ({
    ...error,
    field: error.field === "reason" ? field : error.field,
  }));
  return { field, reason, errors, status: statusOf(problem) };
}

function page(call: CallBase, id: RecoveryId, sent: Again | null): Promise<Response> {
  const { store, actor } = call;
  const view = readRecovery(store, actor, id);
  const { organisationId } = view;
  const open = view.state === "waiting";
  const decides = mayDecideRecovery(store.db.orm, actor, view);
  return show(
    call,
    (ctx) =>
      recoveryPage(ctx, {
        recovery: {
          ...recoveryRow(actor, view),
          fingerprint: view.fingerprint,
          lostKeys: [...new Set(view.apps.flatMap(({ lostKeyIds }) => lostKeyIds))].map((keyid) => ({
            keyid,
            fingerprint: fingerprintText(keyid),
          })),
          reason: view.reason,
          requestedBy: authorName(ctx, store, view.requestedBy),
          requestedAt: view.requestedAt,
          ownersTold: view.ownersTold,
          decision:
            view.decidedBy === null || view.decidedAt === null
              ? null
              : {
                  by: authorName(ctx, store, view.decidedBy),
                  at: view.decidedAt,
                  reason: view.decisionReason ?? "",
                },
          revision: view.revision,
          daysMissing: view.daysMissing,
        },
        mayObject: open && allows(actor, "key.recover", { organisationId }),
        decides: !open || !allows(actor, "recovery.decide") ? "never" : decides ? "may" : "own_organisation",
        sent,
      }),
    sent === null ? {} : { status: sent.status },
  );
}

const ENDINGS = [
  { verb: "object", access: "key.recover", act: objectToRecovery, summary: "Stop a recovery" },
  { verb: "refuse", access: "recovery.decide", act: refuseRecovery, summary: "Refuse a recovery" },
] as const;

export const recoveryRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: PATH,
    access: "key.read",
    name: "recoveryPage",
    summary: "A recovery of lost keys, its waiting time, and deciding about it",
    params: PARAMS,
    handle: (call) => page(call, call.params.recoveryId, null),
  }),
  ...ENDINGS.map(({ verb, access, act, summary }) =>
    defineRoute({
      area: "page",
      method: "POST",
      path: `${PATH}/${verb}`,
      access,
      name: `${verb}RecoveryForm`,
      summary,
      params: PARAMS,
      body: formBody(["revision", verb]),
      handle: async (call) => {
        const { store, actor, params, body } = call;
        const reason = plainLines(body[verb]);
        const revision = revisionField(body.revision);
        const outcome = await attempt(() => act(store, actor, params.recoveryId, { reason }, revision));
        if (!isProblem(outcome)) return goOn(call, `/recoveries/${params.recoveryId}`, "recovery_ended");
        return page(call, params.recoveryId, again(verb, reason, outcome));
      },
    }),
  ),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/approve`,
    access: "recovery.decide",
    name: "approveRecoveryForm",
    summary: "Approve a recovery",
    params: PARAMS,
    body: formBody(["revision", "approve"]),
    handle: async (call) => {
      const { store, actor, params, body } = call;
      const reason = plainLines(body.approve);
      const revision = revisionField(body.revision);
      const outcome = await attempt(() =>
        approveRecovery(store, actor, params.recoveryId, { reason }, revision),
      );
      if (!isProblem(outcome)) return goOn(call, `/recoveries/${params.recoveryId}`, "recovery_approved");
      return page(call, params.recoveryId, again("approve", reason, outcome));
    },
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: "/admin/recoveries",
    access: "recovery.read",
    name: "recoveriesPage",
    summary: "Recoveries of lost keys",
    query: Type.Object({ cursor: PAGE_QUERY.cursor }),
    handle: (call) => {
      const wanted = pageRequest("recoveries", { ...call.query, limit: PER_PAGE });
      const listed = listRecoveries(call.store, call.actor, wanted);
      return show(call, (ctx) =>
        recoveriesPage(ctx, {
          rows: listed.items.map((view) => recoveryRow(call.actor, view)),
          pager: pagerOf(
            "recoveries",
            "/admin/recoveries",
            { ...wanted, nextCursor: listed.nextCursor },
            (after) => beforeRecoveries(call.store, call.actor, after, PER_PAGE),
          ),
        }),
      );
    },
  }),
];
