/** `/keys`: signing keys, and recoveries of lost ones. */
import { Type } from "@sinclair/typebox";
import { type KeyRow, keysPage, type RecoveryRow } from "../../../views/pages/keys.tsx";
import type { Actor } from "../../accounts/actor.ts";
import { readOrganisation } from "../../accounts/organisations.ts";
import {
  beforeDeveloperKeys,
  type DeveloperKeyView,
  listDeveloperKeys,
} from "../../catalog/developer-keys.ts";
import { listRecoveries, type RecoveryView } from "../../catalog/recovery.ts";
import { recoveryChoices } from "../../catalog/recovery-choices.ts";
import { pageRequest } from "../cursor.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { PAGE_QUERY } from "../schemas.ts";
import { organisationLink, ownerLink } from "./organisation-link.ts";
import { pagerOf, show } from "./page.ts";

const PATH = "/keys";
const PER_PAGE = 25;

export function recoveryRow(actor: Actor, view: RecoveryView): RecoveryRow {
  const { id, apps, state, waited, waitingUntil } = view;
  return {
    id,
    organisation: ownerLink(actor, view),
    apps: apps.map(({ appId }) => appId),
    state: state === "waiting" && waited ? "waited" : state,
    waitingUntil,
  };
}

/** Every app that it signed takes updates of other keys alone: it can still begin one of a new app. */
function isLost({ apps }: DeveloperKeyView): boolean {
  return apps.length > 0 && apps.every(({ usable }) => !usable);
}

export function keyRow({ store, actor }: CallBase, view: DeveloperKeyView, now: Date): KeyRow {
  const state =
    view.revoked !== null
      ? "revoked"
      : view.developerRevoked !== null
        ? "organisation_revoked"
        : view.certificateRevoked !== null
          ? "certificate_revoked"
          : view.certificateDistrustedAt !== null
            ? "certificate_distrusted"
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
    organisation: organisationLink(actor, readOrganisation(store, view.developerId)),
    algorithm: view.algorithm,
    validUntil: view.notAfter,
    state,
    apps: view.apps.map(({ appId, usable }) => ({ id: appId, usable })),
  };
}

export const keysRoutes: readonly Route[] = [
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
          keys: listed.items.map((view) => keyRow(call, view, ctx.now)),
          // What is over is no news on the second page.
          recoveries:
            wanted.after === undefined ? recoveries.items.map((view) => recoveryRow(actor, view)) : [],
          mayRecover: recoveryChoices(store, actor).length > 0,
          pager: pagerOf("keys", PATH, { ...wanted, nextCursor: listed.nextCursor }, (after) =>
            beforeDeveloperKeys(store, actor, after, PER_PAGE),
          ),
        }),
      );
    },
  }),
];
