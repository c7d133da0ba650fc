/** By what somebody can sign in by themselves: a password, a passkey, or an account at a provider that is set up. */
import type { Store } from "../context.ts";
import type { Tx } from "../db/database.ts";
import type { AccountId } from "../ids.ts";
import { passkeyHost } from "./factors/passkeys.ts";
import { type FactorRow, factorsOf } from "./factors/records.ts";
import { identitiesOf } from "./identities/records.ts";
import { findProvider } from "./providers/ask.ts";
import { accountById } from "./records.ts";

/** Whether any is left. An authenticator app is none: its codes are asked for after something else. */
export function hasWayIn(store: Store, tx: Tx, accountId: AccountId): boolean {
  if ((accountById(tx, accountId)?.passwordHash ?? null) !== null) return true;
  if (factorsOf(tx, accountId).some((factor) => worksHere(store, factor))) return true;
  return identitiesOf(tx, accountId).some(({ provider }) => findProvider(store, provider) !== undefined);
}

/** A passkey of another name is of no use; where nobody has said which one the store has, any may be. */
function worksHere({ config }: Store, { kind, rpId }: Pick<FactorRow, "kind" | "rpId">): boolean {
  return kind === "passkey" && (config.publicUrl === null || rpId === passkeyHost(config.publicUrl));
}
