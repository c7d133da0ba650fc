/**
 * Asking providers by itself whether people are still in the groups that their roles rest on, several times before those
 * would pause. A provider that is down is left alone until the next time; what could not be confirmed pauses by itself.
 */
import { SYSTEM_AUTHOR } from "../../audit/record.ts";
import type { Provider } from "../../config.providers.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { describeError, isProblem } from "../../errors.ts";
import { HOUR_MS } from "../../time.ts";
import { shownBy } from "../providers/ask.ts";
import { isInDomains } from "../providers/claims.ts";
import { renew } from "../providers/protocol.ts";
import { isOfOther } from "./come-in.ts";
import { applyGroups } from "./group-roles.ts";
import { dueIdentities, type IdentityRow, identityById, updateIdentity } from "./records.ts";
import { keepToken, readToken } from "./tokens.ts";

export const CONFIRM_GROUPS_JOB = "identity.confirm";

/** So many times before what rests on a group would pause. */
const TRIES_BEFORE_PAUSE = 4;
/** In one run; the next one goes on. */
const MOST_AT_ONCE = 500;

export async function confirmGroups(store: Store, signal: AbortSignal): Promise<void> {
  const everyMs = (store.config.groupPauseHours * HOUR_MS) / TRIES_BEFORE_PAUSE;
  const faults: unknown[] = [];
  for (const provider of store.config.providers.filter(({ groups }) => groups.length > 0)) {
    const before = new Date(store.clock.now().getTime() - everyMs);
    for (const identity of dueIdentities(store.db.orm, provider.id, before, MOST_AT_ONCE)) {
      if (signal.aborted) return;
      try {
        if (!(await confirmOne(store, provider, identity))) break;
      } catch (error) {
        // What nobody thought of goes wrong for one person, and neither for those after them nor for other providers' people.
        faults.push(error);
        write(store.db, (tx) => updateIdentity(tx, identity.id, { askedAt: store.clock.now() }));
      }
    }
  }
  if (faults.length > 0) throw faults[0];
}

/** Whether the provider answers at all. */
async function confirmOne(store: Store, provider: Provider, due: IdentityRow): Promise<boolean> {
  // The person may have signed in since the list was made.
  const identity = identityById(store.db.orm, due.id);
  if (identity === undefined) return true;
  const askedAt = store.clock.now();
  let token = readToken(store, identity);
  /** A sign-in of a moment ago brought another one, which the answer to this one says nothing of. */
  const isPresent = (tx: Tx): boolean => {
    const row = identityById(tx, identity.id);
    return row !== undefined && readToken(store, row) === token;
  };
  try {
    // What another server gave is nothing for this one, which would learn it.
    if (isOfOther(provider, identity)) {
      write(store.db, (tx) => updateIdentity(tx, identity.id, { askedAt }));
      return true;
    }
    if (token === null) {
      write(store.db, (tx) => keepToken(store, tx, identity.id, null));
      return true;
    }
    const tokens = staysGood(provider, token) ? github(token) : await renew(store, provider, token);
    // A token that may be used once is lost with what comes after it, so the next one is kept first.
    const next = tokens.refreshToken;
    if (next !== null && next !== token)
      write(store.db, (tx) => {
        if (!isPresent(tx)) return;
        keepToken(store, tx, identity.id, next);
        token = next;
      });
    const shown = await shownBy(store, provider, tokens, identity.subject);
    write(store.db, (tx) => {
      const now = store.clock.now();
      // It may have been unlinked meanwhile, or the person has signed in: what the provider was asked for later is newer.
      const row = identityById(tx, identity.id);
      if (row === undefined) return;
      const isUnheard = row.confirmedAt?.getTime() === identity.confirmedAt?.getTime();
      if (!isUnheard && row.confirmedAt !== null && row.confirmedAt >= askedAt) return;
      updateIdentity(tx, identity.id, { askedAt: now });
      if (shown.subject !== identity.subject) return;
      const groups = isInDomains(provider, shown) ? shown.groups : [];
      applyGroups(tx, SYSTEM_AUTHOR, provider, identity, groups, askedAt, now);
    });
    return true;
  } catch (error) {
    if (!isProblem(error)) throw error;
    store.log.warn("identity.not_confirmed", {
      identity: identity.id,
      code: error.code,
      error: describeError(error),
    });
    // The person's own: it has ended there, and only they can begin it again.
    const isOver = error.code === "provider.code";
    write(store.db, (tx) => {
      if (isOver && isPresent(tx)) keepToken(store, tx, identity.id, null);
      updateIdentity(tx, identity.id, { askedAt: store.clock.now() });
    });
    return isOver || error.code === "provider.token";
  }
}

/** An access token of GitHub's, which does not end by itself: the same one asks again. Its refresh tokens begin with `ghr_`. */
const staysGood = ({ kind }: Provider, token: string) => kind === "github" && !token.startsWith("ghr_");

function github(token: string) {
  return { claims: null, accessToken: token, refreshToken: null };
}
