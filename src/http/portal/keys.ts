/** `/keys`, `/keys/:keyid`: signing keys, and revoking one. */
import { Type } from "@sinclair/typebox";
import type { FieldError } from "../../../views/page.ts";
import { type KeyRow, keyPage, keysPage, type RecoveryRow } from "../../../views/pages/keys.tsx";
import { readOrganisation } from "../../accounts/organisations.ts";
import { allows } from "../../accounts/rights.ts";
import {
  beforeDeveloperKeys,
  type DeveloperKeyView,
  listDeveloperKeys,
  readDeveloperKey,
} from "../../catalog/developer-keys.ts";
import { listRecoveries, type RecoveryView } from "../../catalog/recovery.ts";
import { recoveryChoices } from "../../catalog/recovery-choices.ts";
import { revokeDeveloperKey } from "../../catalog/revoke-key.ts";
import type { Store } from "../../context.ts";
import { isProblem } from "../../errors.ts";
import type { KeyId } from "../../ids.ts";
import { formBody } from "../body.ts";
import { pageRequest } from "../cursor.ts";
import { statusOf } from "../errors.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { PAGE_QUERY } from "../schemas.ts";
import { KEY_ID } from "../schemas-keys.ts";
import { attempt, fieldErrors, plainLines } from "./form.ts";
import { goOn, pagerOf, show } from "./page.ts";

const PATH = "/keys";
const PER_PAGE = 25;
const PARAMS = Type.Object({ keyid: KEY_ID });

export function recoveryRow(view: RecoveryView): RecoveryRow {
  const { id, organisationName, apps, state, waited, waitingUntil } = view;
  return {
    id,
    organisation: organisationName,
    apps: apps.map(({ appId }) => appId),
    state: state === "waiting" && waited ? "waited" : state,
    waitingUntil,
  };
}

/** Every app that it signed takes updates of other keys alone: it can still begin one of a new app. */
function isLost({ apps }: DeveloperKeyView): boolean {
  return apps.length > 0 && apps.every(({ usable }) => !usable);
}

function keyRow(store: Store, view: DeveloperKeyView, now: Date): KeyRow {
  const state =
    view.revoked !== null
      ? "revoked"
      : isLost(view)
        ? "lost"
        : view.notAfter < now
          ? "expired"
          : view.expiresSoon
            ? "expiring"
            : "enrolled";
  return {
    keyid: view.keyid,
    fingerprint: view.fingerprint,
    organisation: readOrganisation(store, view.developerId).name,
    algorithm: view.algorithm,
    validUntil: view.notAfter,
    state,
    apps: view.apps.map(({ appId, usable }) => ({ id: appId, usable })),
  };
}

type Again = { readonly reason: string; readonly errors: readonly FieldError[]; readonly status: number };

function page(call: CallBase, keyid: KeyId, again: Again | null): Promise<Response> {
  const { store, actor } = call;
  const view = readDeveloperKey(store, actor, keyid);
  const mayRevoke =
    view.revoked === null && allows(actor, "key.revoke", { organisationId: view.developerId });
  const mayRecover = recoveryChoices(store, actor).some((choice) => choice.keyid === view.keyid);
  return show(
    call,
    (ctx) =>
      keyPage(ctx, {
        key: { ...keyRow(store, view, ctx.now), revokedReason: view.revoked?.reason ?? null },
        mayRevoke,
        mayRecover,
        reason: again?.reason ?? "",
        errors: again?.errors ?? [],
      }),
    again === null ? {} : { status: again.status },
  );
}

export const keyRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: PATH,
    access: "key.read",
    name: "keysPage",
    summary: "Signing keys, what each may sign, and recoveries of lost ones",
    query: Type.Object({ cursor: PAGE_QUERY.cursor }),
    handle: (call) => {
      const { store, actor, query } = call;
      const wanted = pageRequest("keys", { ...query, limit: PER_PAGE });
      const listed = listDeveloperKeys(store, actor, wanted);
      const recoveries = listRecoveries(store, actor, { limit: 5 });
      return show(call, (ctx) =>
        keysPage(ctx, {
          keys: listed.items.map((view) => keyRow(store, view, ctx.now)),
          // What is over is no news on the second page.
          recoveries: wanted.after === undefined ? recoveries.items.map(recoveryRow) : [],
          mayRecover: recoveryChoices(store, actor).length > 0,
          pager: pagerOf("keys", PATH, { ...wanted, nextCursor: listed.nextCursor }, (after) =>
            beforeDeveloperKeys(store, actor, after, PER_PAGE),
          ),
        }),
      );
    },
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: `${PATH}/:keyid`,
    access: "key.read",
    name: "keyPage",
    summary: "One signing key",
    params: PARAMS,
    handle: (call) => page(call, call.params.keyid, null),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/:keyid/revoke`,
    access: "key.revoke",
    name: "revokeKeyForm",
    summary: "Revoke a signing key",
    params: PARAMS,
    body: formBody(["reason"]),
    handle: async (call) => {
      const { store, actor, params, body } = call;
      const reason = plainLines(body.reason);
      const outcome = await attempt(() => revokeDeveloperKey(store, actor, params.keyid, { reason }));
      if (!isProblem(outcome)) return goOn(call, `${PATH}/${params.keyid}`, "key_revoked");
      const errors = fieldErrors(outcome, ["reason"], { "revocation.reason_invalid": "reason" });
      return page(call, params.keyid, { reason, errors, status: statusOf(outcome) });
    },
  }),
];
