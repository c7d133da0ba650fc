/**
 * Who acts, looked up once more: of work that takes its time, such as an upload or an act that waits for its turn, the end counts
 * and not the beginning. Who was put out, disabled or deleted in the meantime does not finish it.
 */
import type { Store } from "../context.ts";
import type { Tx } from "../db/database.ts";
import { Problem } from "../errors.ts";
import type { ApiKeyId } from "../ids.ts";
import { say } from "../say.ts";
import { actorOfAccount } from "./account-actor.ts";
import type { Actor } from "./actor.ts";
import { apiKeyById } from "./api-keys/records.ts";
import { accountById } from "./records.ts";
import { authenticationRequired } from "./rights.ts";
import { sessionAfter, sessionWithAccount } from "./sessions.records.ts";
import { refuseEnded } from "./trusted-publishing/actor.ts";

/**
 * With the roles that they have now, in the store and in organisations.
 * @throws Problem `auth.account_disabled`, `auth.token_revoked`, `auth.token_expired`, `auth.required`
 */
export function stillActing(store: Pick<Store, "config" | "clock">, tx: Tx, actor: Actor): Actor {
  if (actor.kind === "organisation-key") {
    refuseEndedKey(store, tx, actor.keyId);
    return actor;
  }
  if (actor.kind === "publisher") refuseEnded(store, tx, actor);
  if (actor.kind !== "account") return actor;
  if (actor.via.type === "api-key") refuseEndedKey(store, tx, actor.via.keyId);
  const row = accountById(tx, actor.accountId);
  if (row === undefined || row.disabledAt !== null) {
    throw new Problem(
      "unauthenticated",
      "auth.account_disabled",
      say`The account is disabled, or was deleted.`,
    );
  }
  if (actor.via.type === "session") refuseEndedSession(tx, actor.via.sessionId);
  const { from, narrowed } = actor;
  return {
    ...actorOfAccount(store, tx, row, actor.via),
    ...(from === undefined ? {} : { from }),
    ...(narrowed === undefined ? {} : { narrowed }),
  };
}

/** One that goes on under another id is not over. */
function refuseEndedSession(tx: Tx, sessionId: string): void {
  if ((sessionWithAccount(tx, sessionId)?.session ?? sessionAfter(tx, sessionId)) !== undefined) return;
  throw authenticationRequired();
}

function refuseEndedKey({ clock }: Pick<Store, "clock">, tx: Tx, id: ApiKeyId): void {
  const key = apiKeyById(tx, id);
  // Rows of keys stay for good.
  if (key === undefined) return;
  if (key.revokedAt !== null)
    throw new Problem("unauthenticated", "auth.token_revoked", say`This API key was revoked.`);
  if (key.expiresAt <= clock.now())
    throw new Problem(
      "unauthenticated",
      "auth.token_expired",
      say`This API key has expired. Make a new one.`,
    );
}
