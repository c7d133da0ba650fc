/** Linking an account at a provider to one's own account here, and unlinking it. */
import { recordChange } from "../../audit/record.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { Problem } from "../../errors.ts";
import type { AccountId, IdentityId } from "../../ids.ts";
import { say } from "../../say.ts";
import { type AccountActor, auditAuthor } from "../actor.ts";
import { endWaysIn } from "../links/links.ts";
import { accountSubject } from "../people.ts";
import { providerOf } from "../providers/ask.ts";
import { isInDomains } from "../providers/claims.ts";
import type { Offered } from "../providers/flows.ts";
import { accountById } from "../records.ts";
import { authenticationRequired, authorise } from "../rights.ts";
import { removePendingBegunBy, sessionsBegunBy } from "../sessions.records.ts";
import { endSessionIn, type Still } from "../sessions.ts";
import { hasWayIn } from "../ways-in.ts";
import { addIdentity, taken } from "./come-in.ts";
import { endGroupRoles } from "./group-roles.ts";
import { identitiesOf, identityById, identityBySubject, removeIdentity } from "./records.ts";

/**
 * What was offered signs in to the actor's account from now on: they have said so on a page, and shown of late that they are them.
 * @throws Problem `provider.taken`, `identity.second`, `provider.address`
 */
export function linkOffered(store: Store, actor: AccountActor, offered: Offered): void {
  authorise(actor, "self.secure");
  const provider = providerOf(store, offered.provider);
  write(store.db, (tx) => {
    const { shown, token, askedAt } = offered;
    const now = store.clock.now();
    const account = accountById(tx, actor.accountId);
    if (account === undefined) return;
    const present = identityBySubject(tx, provider.id, shown.subject);
    if (present?.accountId === account.id) return;
    if (present !== undefined || !isInDomains(provider, shown)) throw taken(provider);
    if (identitiesOf(tx, account.id).some((each) => each.provider === provider.id)) {
      throw new Problem(
        "conflict",
        "identity.second",
        say`Another account at ${provider.name} is linked to yours already. Unlink that one first.`,
      );
    }
    addIdentity(store, tx, actor, account, { provider, shown, token, askedAt }, now);
  });
}

/**
 * For the transaction that lets in whom it vouched for: it may have been unlinked since.
 * @throws Problem `auth.required`
 */
export function stillLinked(arrived: {
  readonly accountId: AccountId;
  readonly identityId: IdentityId;
}): Still {
  return (tx) => {
    if (identityById(tx, arrived.identityId)?.accountId !== arrived.accountId) throw authenticationRequired();
  };
}

/**
 * It signs nobody in from now on, and every session but the present one that it began ends: whoever unlinks an account that
 * somebody else has got hold of means those too.
 * @throws Problem `identity.not_found`, `identity.last` when nothing would be left to sign in with
 */
export function unlinkIdentity(store: Store, actor: AccountActor, id: IdentityId): void {
  authorise(actor, "self.secure");
  write(store.db, (tx) => {
    const row = identityById(tx, id);
    if (row === undefined || row.accountId !== actor.accountId)
      throw new Problem("not_found", "identity.not_found", say`There is no such linked account of yours.`);
    const now = store.clock.now();
    endGroupRoles(tx, auditAuthor(actor), row.provider, row.accountId, now);
    removeIdentity(tx, id);
    if (!hasWayIn(store, tx, row.accountId)) throw lastWayIn();
    recordChange(
      tx,
      auditAuthor(actor),
      {
        action: "identity.unlinked",
        subject: accountSubject(row.accountId),
        before: { identity: id, provider: row.provider },
        person: { before: { email: row.email, subject: row.subject } },
      },
      now,
    );
    endBegunBy(tx, actor, id, now);
  });
}

/** With the links to another password or address that they may have asked for. */
function endBegunBy(tx: Tx, actor: AccountActor, id: IdentityId, now: Date): void {
  removePendingBegunBy(tx, id);
  const present = actor.via.type === "session" ? actor.via.sessionId : null;
  const others = sessionsBegunBy(tx, id).filter((session) => session.id !== present);
  for (const session of others) endSessionIn(tx, actor, session.id, now);
  // Also where nobody is signed in any more: a link that was asked for then would still open the account.
  endWaysIn(tx, actor.accountId);
}

function lastWayIn(): Problem {
  return new Problem(
    "conflict",
    "identity.last",
    say`This is the only way in which you can sign in. Set a password, or link another account first.`,
  );
}
