/**
 * Who acts, looked up once more: of work that takes its time, such as an upload or an act that waits for its turn, the end counts
 * and not the beginning. Who was put out, disabled or deleted in the meantime does not finish it.
 */
import type { Store } from "../context.ts";
import type { Tx } from "../db/database.ts";
import { Problem } from "../errors.ts";
import { say } from "../say.ts";
import { actorOfAccount } from "./account-actor.ts";
import type { Actor } from "./actor.ts";
import { apiKeyById } from "./api-keys/records.ts";
import { accountById } from "./records.ts";
import { authenticationRequired } from "./rights.ts";
import { sessionAfter, sessionWithAccount } from "./sessions.records.ts";

/**
 * With the roles that they have now, in the store and in organisations.
 * @throws Problem `auth.account_disabled`, `auth.token_revoked`, `auth.required`
 */
export function stillActing(store: Pick<Store, "config" | "clock">, tx: Tx, actor: Actor): Actor {
  if (actor.kind === "organisation-key") {
    refuseRevoked(tx, actor);
    return actor;
  }
  if (actor.kind !== "account") return actor;
  if (actor.via.type === "api-key") refuseRevoked(tx, { keyId: actor.via.keyId });
  const row = accountById(tx, actor.accountId);
  if (row === undefined || row.disabledAt !== null) {
    throw new Problem(
      "unauthenticated",
      "auth.account_disabled",
      say`The account is disabled, or was deleted.`,
    );
  }
  if (actor.via.type === "session") refuseEnded(tx, actor.via.sessionId);
  const { from, narrowed } = actor;
  return {
    ...actorOfAccount(store, tx, row, actor.via),
    ...(from === undefined ? {} : { from }),
    ...(narrowed === undefined ? {} : { narrowed }),
  };
}

/** One that goes on under another id is not over. */
function refuseEnded(tx: Tx, sessionId: string): void {
  if ((sessionWithAccount(tx, sessionId)?.session ?? sessionAfter(tx, sessionId)) !== undefined) return;
  throw authenticationRequired();
}

function refuseRevoked(tx: Tx, { keyId }: Pick<Extract<Actor, { kind: "organisation-key" }>, "keyId">): void {
  if ((apiKeyById(tx, keyId)?.revokedAt ?? null) === null) return;
  throw new Problem("unauthenticated", "auth.token_revoked", say`This API key was revoked.`);
}
