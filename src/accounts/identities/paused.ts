/** On whose groups roles rest that count for nothing at this moment, for the pages of their person. */
import type { Store } from "../../context.ts";
import type { AccountId } from "../../ids.ts";
import { pausedMemberships } from "../memberships.records.ts";
import { accountById } from "../records.ts";
import { inForceSince, isInForce } from "./plan-roles.ts";

/** Ids of providers, each once. */
export function pausedBy(store: Store, accountId: AccountId): string[] {
  const tx = store.db.orm;
  const now = store.clock.now();
  const { groupPauseHours } = store.config;
  const account = accountById(tx, accountId);
  const provider = account?.storeRoleProvider ?? null;
  const isPaused =
    provider !== null &&
    !isInForce({ provider, confirmedAt: account?.storeRoleConfirmedAt ?? null }, groupPauseHours, now);
  const ofStore = isPaused ? [provider] : [];
  return [...new Set([...ofStore, ...pausedMemberships(tx, accountId, inForceSince(groupPauseHours, now))])];
}
