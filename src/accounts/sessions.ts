/**
 * Browser sessions. The one file that imports lucia, which is in maintenance: replacing it means rewriting this file.
 *
 * The cookie holds a 256-bit secret; lucia's session id, and what the table holds, is its SHA-256. Lucia reads the
 * system's clock, so the adapter moves every time between that and the store's clock.
 */
import { Lucia, TimeSpan } from "lucia";
import { recordChange } from "../audit/record.ts";
import { systemClock } from "../clock.ts";
import type { Store } from "../context.ts";
import { type Tx, write } from "../db/database.ts";
import type { AccountId, IdentityId } from "../ids.ts";
import { DAY_MS } from "../time.ts";
import { actorOfAccount } from "./account-actor.ts";
import { type AccountActor, type Actor, accountLabel, auditAuthor, type Origin } from "./actor.ts";
import { hostCookie } from "./host-cookie.ts";
import { type AccountRow, accountById } from "./records.ts";
import { authenticationRequired } from "./rights.ts";
import { isSecret, newSecret, secretHash } from "./secrets.ts";
import {
  extendSession,
  insertSession,
  removeExpiredSessions,
  removeSession,
  removeSessionsOf,
  type SessionRow,
  sessionsOf,
  sessionWithAccount,
} from "./sessions.records.ts";

declare module "lucia" {
  interface Register {
    Lucia: Lucia<Attributes, AccountAttributes>;
    UserId: AccountId;
    DatabaseSessionAttributes: Attributes;
    DatabaseUserAttributes: AccountAttributes;
  }
}

type Attributes = {
  address: string;
  userAgent: string;
  /** Of a session that is being started. */
  started?: { readonly requestId: string | null; readonly how: How | null; readonly still: Still };
  /** As it is kept, with times by the store's clock; lucia's own are by the system's. */
  row?: SessionRow;
};
type AccountAttributes = { account: AccountRow };

/** By what somebody has signed in, in words for the audit log. */
export type How = {
  readonly by: string;
  readonly second?: string;
  /** When they have shown who they are, where that is not now. */
  readonly provedAt?: Date;
  /** The linked account that vouched for them: the session ends with it. */
  readonly identityId?: IdentityId | undefined;
};

/** Asked in the transaction that makes a session: throws where what somebody has shown counts no more. */
export type Still = (tx: Tx) => void;

/** A session that is not used for so long ends; used in its second half, it is extended. */
const SLIDING_DAYS = 7;
/** However much it is used, it ends then. */
const ABSOLUTE_MS = 30 * DAY_MS;

export type Session = {
  readonly id: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly address: string;
  readonly userAgent: string;
};

export type FoundSession = {
  readonly actor: AccountActor;
  readonly sessionId: string;
  readonly expiresAt: Date;
  /** True when it was just extended, and the cookie with it should be. */
  readonly extended: boolean;
  /** When it last showed that it is the person. */
  readonly provedAt: Date;
  /** True when what the person may do has changed since it got its secret. */
  readonly needsRenewal: boolean;
  /** True when its secret came in place of another one, and was not used yet. */
  readonly isNew: boolean;
};

/** `__Host-` (RFC 6265bis §4.1.3.2): Secure, for this host alone, for every path. Browsers take it over https and from loopback. */
export const SESSION_COOKIE = "__Host-mosis_session";

const known = new WeakMap<Store["db"], Lucia<Attributes, AccountAttributes>>();

function luciaOf(store: Store): Lucia<Attributes, AccountAttributes> {
  const before = known.get(store.db);
  if (before) return before;
  const made = newLucia(store);
  known.set(store.db, made);
  return made;
}

function newLucia(store: Store): Lucia<Attributes, AccountAttributes> {
  const toSystem = (at: Date): Date =>
    new Date(at.getTime() + systemClock.now().getTime() - store.clock.now().getTime());
  // Not lucia's own moment: between the skew above and its look at the clock a millisecond may pass.
  const slidingEnd = (): Date => new Date(store.clock.now().getTime() + SLIDING_DAYS * DAY_MS);
  const forLucia = (row: SessionRow) => ({
    id: row.id,
    userId: row.accountId,
    expiresAt: toSystem(row.expiresAt),
    attributes: { address: row.address, userAgent: row.userAgent, row },
  });
  return new Lucia<Attributes, AccountAttributes>(
    {
      async getSessionAndUser(id) {
        const found = sessionWithAccount(store.db.orm, id);
        if (!found) return [null, null];
        const { session, account } = found;
        const ended = session.endsAt <= store.clock.now();
        if (ended || account.disabledAt !== null) return [forLucia(session), null];
        return [forLucia(session), { id: account.id, attributes: { account } }];
      },
      async getUserSessions(accountId) {
        return sessionsOf(store.db.orm, accountId).map(forLucia);
      },
      async setSession({ id, userId, attributes }) {
        const createdAt = store.clock.now();
        const { address, userAgent, started } = attributes;
        write(store.db, (tx) => {
          started?.still(tx);
          // What somebody has shown was compared in a while in which others had their turn.
          if (accountById(tx, userId)?.disabledAt !== null) throw authenticationRequired();
          insertSession(tx, {
            id,
            accountId: userId,
            expiresAt: slidingEnd(),
            endsAt: new Date(createdAt.getTime() + ABSOLUTE_MS),
            createdAt,
            address,
            userAgent,
            provedAt: started?.how?.provedAt ?? createdAt,
            identityId: started?.how?.identityId ?? null,
          });
          const author = {
            actor: accountLabel(userId),
            via: id,
            requestId: started?.requestId ?? null,
            address,
            userAgent,
          };
          const { by, second } = started?.how ?? {};
          const after = by === undefined ? null : { by, ...(second === undefined ? {} : { second }) };
          recordChange(tx, author, { action: "session.started", subject: subjectOf(id), after }, createdAt);
        });
      },
      async updateSessionExpiration(id) {
        const row = sessionWithAccount(store.db.orm, id)?.session;
        // At its absolute end nothing is left to extend, and each request would write the same row again.
        if (!row || row.expiresAt.getTime() === row.endsAt.getTime()) return;
        write(store.db, (tx) => extendSession(tx, id, slidingEnd()));
      },
      async deleteSession(id) {
        write(store.db, (tx) => removeSession(tx, id));
      },
      async deleteUserSessions(accountId) {
        write(store.db, (tx) => removeSessionsOf(tx, accountId));
      },
      async deleteExpiredSessions() {
        write(store.db, (tx) => removeExpiredSessions(tx, store.clock.now()));
      },
    },
    {
      sessionExpiresIn: new TimeSpan(SLIDING_DAYS, "d"),
      sessionCookie: { name: SESSION_COOKIE },
      getSessionAttributes: (attributes) => attributes,
      getUserAttributes: (attributes) => attributes,
    },
  );
}

/**
 * Starts a session. The secret goes into the cookie and nowhere else. `address` and `userAgent` are for the person's own list.
 * @throws Problem `auth.required` where the account is disabled or gone, and what `still` throws
 */
export async function createSession(
  store: Store,
  accountId: AccountId,
  from: Omit<Origin, "requestId"> & Partial<Origin>,
  how: How | null = null,
  still: Still = () => {},
): Promise<{ secret: string; sessionId: string; expiresAt: Date }> {
  const secret = newSecret();
  const sessionId = secretHash(secret);
  await luciaOf(store).createSession(
    accountId,
    {
      address: from.address.slice(0, 64),
      userAgent: from.userAgent.slice(0, 256),
      started: { requestId: from.requestId ?? null, how, still },
    },
    { sessionId },
  );
  const row = sessionWithAccount(store.db.orm, sessionId);
  if (!row) throw new Error("a session that was just made is not there");
  return { secret, sessionId, expiresAt: row.session.expiresAt };
}

/** Who a cookie speaks for; null when it is unknown, over, or of a disabled account. */
export async function findSession(store: Store, secret: string): Promise<FoundSession | null> {
  if (!isSecret(secret)) return null;
  const id = secretHash(secret);
  const { session, user } = await luciaOf(store).validateSession(id);
  const row = session?.row;
  if (!session || !row) return null;
  const expiresAt = session.fresh ? sessionWithAccount(store.db.orm, id)?.session.expiresAt : row.expiresAt;
  if (!expiresAt) return null;
  return {
    actor: actorOfAccount(store, store.db.orm, user.account, { type: "session", sessionId: id }),
    sessionId: id,
    expiresAt,
    extended: expiresAt.getTime() !== row.expiresAt.getTime(),
    provedAt: row.provedAt,
    needsRenewal: row.renew,
    isNew: row.renewal !== null,
  };
}

/** The same without extending it, for what stays open by itself and shows nothing of whether somebody is there. */
export function findSessionAsItIs(store: Store, secret: string): FoundSession | null {
  if (!isSecret(secret)) return null;
  const id = secretHash(secret);
  const actor = sessionInUse(store, id);
  const row = sessionWithAccount(store.db.orm, id)?.session;
  if (actor === null || row === undefined) return null;
  return {
    actor,
    sessionId: id,
    expiresAt: row.expiresAt,
    extended: false,
    provedAt: row.provedAt,
    needsRenewal: row.renew,
    isNew: row.renewal !== null,
  };
}

/** Whether it is open, and what its person may do has changed since it got its secret. */
export function needsRenewal(store: Store, sessionId: string): boolean {
  return sessionWithAccount(store.db.orm, sessionId)?.session.renew === true;
}

/** Who a session speaks for, by its id; null when it is over, or its account is disabled. */
export function sessionInUse(store: Store, sessionId: string): AccountActor | null {
  const found = sessionWithAccount(store.db.orm, sessionId);
  const now = store.clock.now();
  if (!found || found.account.disabledAt !== null) return null;
  if (found.session.expiresAt <= now || found.session.endsAt <= now) return null;
  return actorOfAccount(store, store.db.orm, found.account, { type: "session", sessionId });
}

/** Whether it is there still. */
export function isOpenSession(tx: Tx, sessionId: string): boolean {
  return sessionWithAccount(tx, sessionId)?.account.disabledAt === null;
}

/**
 * For the transaction of what somebody does in a session after a while in which it may have ended. @throws Problem `auth.required`
 */
export function refuseEndedSession(tx: Tx, actor: AccountActor): void {
  if (actor.via.type === "session" && !isOpenSession(tx, actor.via.sessionId)) throw authenticationRequired();
}

/** No error when it is over already. */
export function endSession(store: Store, actor: Actor, sessionId: string): void {
  write(store.db, (tx) => endSessionIn(tx, actor, sessionId, store.clock.now()));
}

/** The same inside a transaction that does more. */
export function endSessionIn(tx: Tx, actor: Actor, sessionId: string, now: Date): void {
  if (!removeSession(tx, sessionId)) return;
  const change = { action: "session.ended", subject: subjectOf(sessionId) } as const;
  recordChange(tx, auditAuthor(actor), change, now);
}

/** Of an entry of the audit log. */
export function subjectOf(id: string) {
  return { type: "session", id };
}

/** Those that are not over, newest first. */
export function listSessions(store: Store, accountId: AccountId): Session[] {
  const now = store.clock.now();
  return sessionsOf(store.db.orm, accountId)
    .filter((row) => row.expiresAt > now)
    .map(({ id, createdAt, expiresAt, address, userAgent }) => ({
      id,
      createdAt,
      expiresAt,
      address,
      userAgent,
    }));
}

/** For a cron entry. */
export async function forgetExpiredSessions(store: Store): Promise<void> {
  await luciaOf(store).deleteExpiredSessions();
}

/** The Set-Cookie line that starts or extends a session in the browser. */
export function sessionCookie(store: Store, secret: string, expiresAt: Date): string {
  const seconds = Math.max(0, Math.floor((expiresAt.getTime() - store.clock.now().getTime()) / 1000));
  return hostCookie(SESSION_COOKIE, secret, seconds);
}

/** The Set-Cookie line that takes it away. */
export function endedSessionCookie(): string {
  return hostCookie(SESSION_COOKIE, "", 0);
}
