/** A person as who acts, with the roles that they have at this moment. */
import type { Store } from "../context.ts";
import type { Tx } from "../db/database.ts";
import type { AccountActor, RolesAnywhere } from "./actor.ts";
import { rolesInForce } from "./factors/required.ts";
import { inForceSince, isInForce } from "./identities/plan-roles.ts";
import type { ActingAccount } from "./records.ts";
import { rolesOf } from "./roles.ts";

/** @param anywhere The roles that they have in one organisation or another, where that was read already. */
export function actorOfAccount(
  { config, clock }: Pick<Store, "config" | "clock">,
  tx: Tx,
  account: ActingAccount,
  via: AccountActor["via"],
  anywhere?: RolesAnywhere,
): AccountActor {
  const { id, email, name, language, timeZone } = account;
  const now = clock.now();
  const { groupPauseHours } = config;
  const rest = { provider: account.storeRoleProvider, confirmedAt: account.storeRoleConfirmedAt };
  const storeRole = isInForce(rest, groupPauseHours, now) ? account.storeRole : null;
  const roles = rolesInForce(config, tx, { id, storeRole });
  const organisations = rolesOf(tx, id, inForceSince(groupPauseHours, now), anywhere);
  const chosen = {
    ...(typeof language === "string" ? { language } : {}),
    ...(typeof timeZone === "string" ? { timeZone } : {}),
  };
  return { kind: "account", accountId: id, email, name, ...chosen, ...roles, organisations, via };
}
