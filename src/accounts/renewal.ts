/**
 * Another secret for a session, with a new id, while the old one ends: when its person has shown again who they are, and
 * at each change of what they may do. A secret from before the change does nothing any more but get another one for its
 * session: see `http/portal/renew.ts`. Nobody can tell its person from a thief then. So the other of the two is signed out, which
 * the person sees, and neither does what needs a proof before showing anew who they are.
 *
 * A browser asks for several pages at once, and the answer with the new secret may be lost on its way. So the new one is made
 * from the old one, a random number that is kept, and who asks: for a moment, until the new one is used, whoever asks from
 * the same place with the old one gets the same one. What is kept gives nobody a secret who did not have the one before.
 */
import { createHmac } from "node:crypto";
import { recordChange } from "../audit/record.ts";
import type { Store } from "../context.ts";
import { write } from "../db/database.ts";
import { type AccountActor, auditAuthor, type Origin } from "./actor.ts";
import { followSession } from "./device-authorization/records.ts";
import { isSecret, newSecret, secretHash } from "./secrets.ts";
import {
  confirmRenewal,
  insertSession,
  removeSession,
  sessionAfter,
  sessionWithAccount,
} from "./sessions.records.ts";
import { subjectOf } from "./sessions.ts";

export type Renewed = { readonly secret: string; readonly sessionId: string; readonly expiresAt: Date };

/** How long a secret is known of after which another one came: longer than a browser tries for one page. */
export const OVERTAKEN_SECONDS = 30;

/** Where a request came from, as far as a browser's next one comes from there too. */
type Asker = Pick<Origin, "address" | "userAgent">;

/**
 * Where it was started, and when it ends, stay. null when the session is over, or has another secret already.
 * @param given The secret that the request came with, from which the session may have gone on to another one meanwhile.
 * @param provedBy By what the person has just shown who they are; null: they have not, and what they may do has changed.
 */
export function renewSession(
  store: Store,
  actor: AccountActor,
  given: string,
  provedBy: string | null,
): Renewed | null {
  if (actor.via.type !== "session") return null;
  const { sessionId: id } = actor.via;
  const before = secretHash(given);
  return write(store.db, (tx) => {
    const now = store.clock.now();
    const row = sessionWithAccount(tx, id)?.session;
    if (row === undefined || !removeSession(tx, id)) return null;
    // The one before must not lead to a secret that came with a proof, which who copied it has not given.
    const isProven = provedBy !== null || (row.before === before && row.renewal === null);
    const renewal = isProven ? null : newSecret();
    const secret = renewal === null ? newSecret() : successorOf(given, renewal, askerOf(actor));
    const sessionId = secretHash(secret);
    const provedAt = provedBy === null ? row.provedAt : now;
    insertSession(tx, { ...row, id: sessionId, provedAt, before, renewal, renewedAt: now, renew: false });
    followSession(tx, row.accountId, id, sessionId);
    recordChange(
      tx,
      auditAuthor(actor),
      {
        action: "session.renewed",
        subject: subjectOf(sessionId),
        before: { session: id },
        after: provedBy === null ? { for: "rights" } : { for: "proof", by: provedBy },
      },
      now,
    );
    return { secret, sessionId, expiresAt: row.expiresAt };
  });
}

/** Whether a secret is one after which its session got another one a moment ago. */
export function isOvertaken(store: Store, secret: string): boolean {
  return successor(store, secret) !== undefined;
}

/** The secret that came after it, once more; null when that was used, came with a proof, or is for who asks elsewhere. */
export function regain(store: Store, secret: string, asker: Asker): string | null {
  const row = successor(store, secret);
  if (row === undefined || row.renewal === null) return null;
  const after = successorOf(secret, row.renewal, asker);
  return secretHash(after) === row.id ? after : null;
}

/** A session's new secret came with a request: the one before gives it to nobody any more. */
export function confirmNew(store: Store, sessionId: string): void {
  write(store.db, (tx) => confirmRenewal(tx, sessionId));
}

function successor(store: Store, secret: string) {
  if (!isSecret(secret)) return undefined;
  const row = sessionAfter(store.db.orm, secretHash(secret));
  const age = store.clock.now().getTime() - (row?.renewedAt?.getTime() ?? 0);
  return age <= OVERTAKEN_SECONDS * 1000 ? row : undefined;
}

function askerOf({ from }: AccountActor): Asker {
  return { address: from?.address ?? "", userAgent: from?.userAgent ?? "" };
}

function successorOf(secret: string, renewal: string, { address, userAgent }: Asker): string {
  const about = JSON.stringify([renewal, address, userAgent]);
  return createHmac("sha256", secret).update(about).digest("base64url");
}
