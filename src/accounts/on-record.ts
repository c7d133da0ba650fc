/**
 * Who began something, looked up when it is to go on: what one person offers another stands only as long as they may still
 * offer it.
 */
import type { Store } from "../context.ts";
import type { Tx } from "../db/database.ts";
import type { AccountId, ApiKeyId } from "../ids.ts";
import { actorOfAccount } from "./account-actor.ts";
import { type AccountActor, type Actor, OPERATOR } from "./actor.ts";
import { apiKeyById } from "./api-keys/records.ts";
import { accountById } from "./records.ts";
import { rolesOf } from "./roles.ts";

/** Label of who began it, and the API key of theirs by which they did; null: without one. */
export type Begun = { readonly by: string; readonly with: ApiKeyId | null };

const AS_WHOM: AccountActor["via"] = { type: "session", sessionId: "" };
/** Every group that was confirmed at any time. */
const EVER = new Date(0);

/**
 * With the roles that count at this moment. undefined: they are gone, disabled, or the key is revoked.
 */
export function actorInForce(store: Store, tx: Tx, begun: Begun): Actor | undefined {
  const account = present(tx, begun);
  return account === undefined || "kind" in account ? account : actorOfAccount(store, tx, account, AS_WHOM);
}

/**
 * With the roles that they have on record, whether or not one counts for nothing for a while, since their provider does not
 * answer or they have no second factor: what they began does not end for that.
 */
export function actorOnRecord(tx: Tx, begun: Begun): Actor | undefined {
  const account = present(tx, begun);
  if (account === undefined || "kind" in account) return account;
  const { id, email, name, storeRoleProvider, storeRoleConfirmedAt } = account;
  const isWithdrawn = storeRoleProvider !== null && storeRoleConfirmedAt === null;
  const storeRole = isWithdrawn ? null : account.storeRole;
  const organisations = rolesOf(tx, id, EVER);
  return { kind: "account", accountId: id, email, name, storeRole, organisations, via: AS_WHOM };
}

function present(tx: Tx, begun: Begun) {
  if (begun.by === "operator") return OPERATOR;
  if (!begun.by.startsWith("account:")) return undefined;
  // A key that is not there any more went with its account, or was revoked before.
  if (begun.with !== null && apiKeyById(tx, begun.with)?.revokedAt !== null) return undefined;
  const account = accountById(tx, begun.by.slice("account:".length) as AccountId);
  return account === undefined || account.disabledAt !== null ? undefined : account;
}
