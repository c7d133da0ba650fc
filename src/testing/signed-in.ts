/** People who act in a session that is there: one that nobody has started is refused like one that was ended. */
import { actorOfAccount } from "../accounts/account-actor.ts";
import type { AccountActor } from "../accounts/actor.ts";
import { accountById } from "../accounts/records.ts";
import { createSession } from "../accounts/sessions.ts";
import type { Store } from "../context.ts";
import type { AccountId } from "../ids.ts";

/** Somebody as they are, in a new session of theirs. @throws Error when there is no such account */
export async function signedInNow(
  store: Store,
  accountId: AccountId,
  from = { address: "127.0.0.1", userAgent: "test" },
): Promise<AccountActor> {
  const row = accountById(store.db.orm, accountId);
  if (!row) throw new Error("nobody");
  const { sessionId } = await createSession(store, accountId, from);
  return actorOfAccount(store, store.db.orm, row, { type: "session", sessionId });
}
