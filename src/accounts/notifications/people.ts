/** Whom an event is told to. */
import type { Tx } from "../../db/database.ts";
import type { AccountId, AppId, OrganisationId } from "../../ids.ts";
import { accountLabel } from "../actor.ts";
import { type Action, grantOf } from "../rights.ts";
import * as records from "./people.records.ts";

export type Concerned = {
  readonly organisationId: OrganisationId;
  readonly appId?: AppId;
  /** Label of who did it: they know. */
  readonly by: string;
};

/** Those in the organisation whose role there lets them do this, but for who did it. */
export function membersWho(tx: Tx, action: Action, { organisationId, appId, by }: Concerned): AccountId[] {
  const { organisation: roles } = grantOf(action);
  return records
    .membersWithRole(tx, organisationId, roles)
    .filter(({ apps }) => apps === null || (appId !== undefined && apps.includes(appId)))
    .map(({ accountId }) => accountId)
    .filter((id) => accountLabel(id) !== by);
}

/**
 * Those of the store's staff who may decide on the versions of an organisation: not who uploaded it, and nobody with a part in
 * its work.
 */
export function reviewersOf(tx: Tx, { organisationId, by }: Concerned): AccountId[] {
  const inside = new Set(records.membersWithRole(tx, organisationId, DEVELOPERS).map((one) => one.accountId));
  return records
    .staffWithRole(tx, grantOf("review.decide").store)
    .filter((id) => !inside.has(id) && accountLabel(id) !== by);
}

const DEVELOPERS = ["owner", "maintainer", "developer"] as const;
