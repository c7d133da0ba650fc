/** The SQL of sessions. Nothing here decides. */
import { and, asc, desc, eq, lte, ne, sql } from "drizzle-orm";
import type { Tx } from "../db/database.ts";
import { hot } from "../db/hot.ts";
import { pendingSignIns, sessions } from "../db/schema.ts";
import type { AccountId, IdentityId } from "../ids.ts";
import { type AccountRow, accountById } from "./records.ts";

export type SessionRow = typeof sessions.$inferSelect;

export const insertSession = (tx: Tx, row: typeof sessions.$inferInsert): void => {
  tx.insert(sessions).values(row).run();
};

/** Not joined with its account: see `hot`. */
const sessionStatement = hot((tx) =>
  tx
    .select()
    .from(sessions)
    .where(eq(sessions.id, sql.placeholder("id")))
    .prepare(),
);

export const sessionWithAccount = (
  tx: Tx,
  id: string,
): { session: SessionRow; account: AccountRow } | undefined => {
  const session = sessionStatement(tx).get({ id });
  const account = session && accountById(tx, session.accountId);
  return account && { session, account };
};

const successorStatement = hot((tx) =>
  tx
    .select()
    .from(sessions)
    .where(eq(sessions.before, sql.placeholder("before")))
    .prepare(),
);

/** The session whose secret came after that one. */
export const sessionAfter = (tx: Tx, before: string): SessionRow | undefined =>
  successorStatement(tx).get({ before });

/** Its secret was used: nothing gives it again. */
export const confirmRenewal = (tx: Tx, id: string): void => {
  tx.update(sessions).set({ renewal: null }).where(eq(sessions.id, id)).run();
};

/** Newest first. */
export const sessionsOf = (tx: Tx, accountId: AccountId): SessionRow[] =>
  tx
    .select()
    .from(sessions)
    .where(eq(sessions.accountId, accountId))
    .orderBy(desc(sessions.createdAt), asc(sessions.id))
    .all();

/** That a linked account began, in the order in which they began. */
export const sessionsBegunBy = (tx: Tx, identityId: IdentityId): SessionRow[] =>
  tx
    .select()
    .from(sessions)
    .where(eq(sessions.identityId, identityId))
    .orderBy(asc(sessions.createdAt), asc(sessions.id))
    .all();

/** Those that wait for a second factor after a linked account was shown. */
export const removePendingBegunBy = (tx: Tx, identityId: IdentityId): void => {
  tx.delete(pendingSignIns).where(eq(pendingSignIns.identityId, identityId)).run();
};

/** Never past the absolute end of the session. */
export const extendSession = (tx: Tx, id: string, expiresAt: Date): void => {
  tx.update(sessions)
    .set({ expiresAt: sql`min(${sessions.endsAt}, ${expiresAt.getTime()})` })
    .where(eq(sessions.id, id))
    .run();
};

/** Whether it was there. */
export const removeSession = (tx: Tx, id: string): boolean =>
  tx.delete(sessions).where(eq(sessions.id, id)).returning({ id: sessions.id }).get() !== undefined;

/** With those that wait for a second factor: whatever ends the one ends the other. */
export const removeSessionsOf = (tx: Tx, accountId: AccountId, except?: string): void => {
  tx.delete(pendingSignIns).where(eq(pendingSignIns.accountId, accountId)).run();
  tx.delete(sessions)
    .where(and(eq(sessions.accountId, accountId), except === undefined ? undefined : ne(sessions.id, except)))
    .run();
};

export const removeExpiredSessions = (tx: Tx, now: Date): void => {
  tx.delete(sessions).where(lte(sessions.expiresAt, now)).run();
};
