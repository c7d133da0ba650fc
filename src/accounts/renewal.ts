/**
 * Another secret for a session, with a new id, while the old one ends: when its person has shown again who they are, and
 * at each change of what they may do. Whoever came to know the secret before has nothing of what came after.
 */
import { recordChange } from "../audit/record.ts";
import type { Store } from "../context.ts";
import { write } from "../db/database.ts";
import { type AccountActor, auditAuthor } from "./actor.ts";
import { newSecret, secretHash } from "./secrets.ts";
import { insertSession, removeSession, sessionWithAccount } from "./sessions.records.ts";
import { subjectOf } from "./sessions.ts";

export type Renewed = { readonly secret: string; readonly sessionId: string; readonly expiresAt: Date };

/**
 * Where it was started, and when it ends, stay. null when the session is over.
 * @param provedBy By what the person has just shown who they are; null: they have not, and what they may do has changed.
 */
export function renewSession(store: Store, actor: AccountActor, provedBy: string | null): Renewed | null {
  if (actor.via.type !== "session") return null;
  const { sessionId: before } = actor.via;
  const secret = newSecret();
  const sessionId = secretHash(secret);
  return write(store.db, (tx) => {
    const now = store.clock.now();
    const row = sessionWithAccount(tx, before)?.session;
    if (row === undefined || !removeSession(tx, before)) return null;
    const provedAt = provedBy === null ? row.provedAt : now;
    insertSession(tx, { ...row, id: sessionId, provedAt, renew: false });
    recordChange(
      tx,
      auditAuthor(actor),
      {
        action: "session.renewed",
        subject: subjectOf(sessionId),
        before: { session: before },
        after: provedBy === null ? { for: "rights" } : { for: "proof", by: provedBy },
      },
      now,
    );
    return { secret, sessionId, expiresAt: row.expiresAt };
  });
}
