/** Whom an event is told to. */
import type { Tx } from "../../db/database.ts";
import type { AccountId, AppId, OrganisationId } from "../../ids.ts";
import { accountLabel } from "../actor.ts";
import { type Concern, isPersonConcerned } from "../concerned.ts";
import { type Action, grantOf } from "../rights.ts";
import * as records from "./people.records.ts";

export type Hearers = {
  /** What their role in the organisation lets them do. */
  readonly action: Action;
  readonly organisationId: OrganisationId;
  readonly appId?: AppId;
  /** Label of who did it: they know. */
  readonly by: string;
  /** When it was: who came later hears nothing of it. null: now. */
  readonly at: Date | null;
};

export type HearersPage = {
  readonly people: readonly AccountId[];
  /** The last member who was looked at; null: there are no more. */
  readonly next: AccountId | null;
};

/** Of so many members those who are told, in the order of their ids. Who cannot sign in is not. */
export function membersWho(
  tx: Tx,
  { action, organisationId, appId, by, at }: Hearers,
  { after, limit }: { readonly after: AccountId | ""; readonly limit: number },
): HearersPage {
  const { organisation: roles } = grantOf(action);
  const rows = records.membersAfter(tx, organisationId, after, limit + 1);
  const page = rows.slice(0, limit);
  const people = page
    .filter(({ role, apps, createdAt, provider, confirmedAt, disabledAt }) => {
      // Without a confirmation no group of theirs says so any more: the role stands on record alone.
      const counts = disabledAt === null && (provider === null || confirmedAt !== null);
      const isForIt = apps === null || (appId !== undefined && apps.includes(appId));
      return counts && isForIt && roles.includes(role) && (at === null || createdAt <= at);
    })
    .map(({ accountId }) => accountId)
    .filter((id) => accountLabel(id) !== by);
  return { people, next: rows.length > limit ? (page.at(-1)?.accountId ?? null) : null };
}

/** Those of the store's staff who may decide on a version: nobody with a part in it, by the rule of the decision. */
export function reviewersOf(tx: Tx, concern: Concern): AccountId[] {
  return records
    .staffWithRole(tx, grantOf("review.decide").store)
    .filter((id) => !isPersonConcerned(tx, id, concern));
}
