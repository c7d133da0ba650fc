/** What a developer may do with a version now: the state machine and the table of rights, together. */

import type { VersionAction } from "../../../views/components/version-actions.tsx";
import type { Actor } from "../../accounts/actor.ts";
import { allows } from "../../accounts/rights.ts";
import { canHappen } from "../../catalog/states.ts";
import type { VersionState } from "../../db/version-states.ts";
import type { OrganisationId } from "../../ids.ts";

const ACTIONS = ["withdraw", "submit", "publish"] as const satisfies readonly VersionAction[];

export function actionsFor(
  actor: Actor,
  organisationId: OrganisationId,
  state: VersionState,
): readonly VersionAction[] {
  return ACTIONS.filter(
    (action) => canHappen(state, action) && allows(actor, `version.${action}`, { organisationId }),
  );
}
