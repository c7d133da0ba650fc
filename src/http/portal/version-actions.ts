/** What a developer may do with a version now: the state machine and the table of rights, together. */

import type { VersionAction } from "../../../views/components/version-actions.tsx";
import type { Actor } from "../../accounts/actor.ts";
import { allows } from "../../accounts/rights.ts";
import { canHappen } from "../../catalog/states.ts";
import type { VersionView } from "../../catalog/views.ts";
import type { OrganisationId } from "../../ids.ts";

const ACTIONS = ["withdraw", "submit", "publish"] as const satisfies readonly VersionAction[];

export function actionsFor(
  actor: Actor,
  organisationId: OrganisationId,
  { state }: Pick<VersionView, "state">,
): readonly VersionAction[] {
  return ACTIONS.filter(
    (action) => canHappen(state, action) && allows(actor, `version.${action}`, { organisationId }),
  );
}

/** With what is done to a version that is published already: on its own page, beside what that means. */
export function allActionsFor(
  actor: Actor,
  organisationId: OrganisationId,
  version: Pick<VersionView, "state" | "yanked" | "appId">,
): readonly VersionAction[] {
  const mayYank =
    version.state === "published" && allows(actor, "version.yank", { organisationId, appId: version.appId });
  return [
    ...actionsFor(actor, organisationId, version),
    ...(mayYank ? (["yank"] as const) : []),
    ...(mayYank && version.yanked !== null ? (["unyank"] as const) : []),
  ];
}
