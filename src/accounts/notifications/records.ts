/** The SQL of what people are told of in the portal. Nothing here decides. */
import { and, asc, desc, eq, gt, gte, inArray, isNotNull, isNull, lt, lte, type SQL, sql } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import {
  accounts,
  apps,
  mutedLetters,
  notifications,
  organisations,
  outbox,
  versions,
} from "../../db/schema.ts";
import type { AccountId, AppId, MessageId, NotificationId, OrganisationId, VersionId } from "../../ids.ts";
import type { NotificationKind, Topic } from "./kinds.ts";

export type NotificationRow = typeof notifications.$inferSelect;

/** The index of unread ones is used only for what stands so in the statement. */
const UNREAD = sql`read_at IS NULL`;

const from = (id: NotificationId | undefined) => (id === undefined ? undefined : lt(notifications.id, id));

export const insertNotification = (tx: Tx, row: typeof notifications.$inferInsert): void => {
  tx.insert(notifications).values(row).run();
};

type New = typeof notifications.$inferInsert;

/** The unread ones that tell the same as these messages. */
export const selectOfMessages = (
  tx: Tx,
  accountId: AccountId,
  messages: readonly MessageId[],
): NotificationRow[] =>
  messages.length === 0
    ? []
    : tx
        .select()
        .from(notifications)
        .where(
          and(
            eq(notifications.accountId, accountId),
            UNREAD,
            inArray(notifications.messageId, [...messages]),
          ),
        )
        .all();

/** The same for each of these people, by one statement: building one for each row takes longer than writing them. */
export const insertNotifications = (
  tx: Tx,
  people: readonly Pick<New, "id" | "accountId">[],
  { kind, organisationId, appId, versionId, path, createdAt, letterDueAt }: Omit<New, "id" | "accountId">,
): void => {
  if (people.length === 0) return;
  const about = sql`${organisationId ?? null}, ${appId ?? null}, ${versionId ?? null}, ${path}`;
  tx.run(sql`
    INSERT INTO notifications
      (id, account_id, kind, organisation_id, app_id, version_id, path, created_at, letter_due_at)
    SELECT value ->> 'id', value ->> 'accountId', ${kind}, ${about},
      ${createdAt.getTime()}, ${letterDueAt?.getTime() ?? null}
    FROM json_each(${JSON.stringify(people)})`);
};

/** Newest first, those before `after` only. */
export const selectNotifications = (
  tx: Tx,
  accountId: AccountId,
  { after, limit, unread }: { after?: NotificationId; limit: number; unread: boolean },
): NotificationRow[] =>
  tx
    .select()
    .from(notifications)
    .where(and(eq(notifications.accountId, accountId), from(after), unread ? UNREAD : undefined))
    .orderBy(desc(notifications.id))
    .limit(limit)
    .all();

/** From this one on towards newer ones. */
export const selectIdsFrom = (
  tx: Tx,
  accountId: AccountId,
  { id, limit, unread }: { id: NotificationId; limit: number; unread: boolean },
): NotificationId[] =>
  tx
    .select({ id: notifications.id })
    .from(notifications)
    .where(
      and(eq(notifications.accountId, accountId), gte(notifications.id, id), unread ? UNREAD : undefined),
    )
    .orderBy(asc(notifications.id))
    .limit(limit)
    .all()
    .map((row) => row.id);

/** The oldest first. */
export const notificationsAfter = (
  tx: Tx,
  accountId: AccountId,
  after: NotificationId | undefined,
  limit: number,
): NotificationRow[] =>
  tx
    .select()
    .from(notifications)
    .where(
      and(
        eq(notifications.accountId, accountId),
        after === undefined ? undefined : gt(notifications.id, after),
      ),
    )
    .orderBy(asc(notifications.id))
    .limit(limit)
    .all();

/** How many are unread, as far as `most`. */
export const countUnread = (tx: Tx, accountId: AccountId, most: number): number =>
  tx
    .select({ id: notifications.id })
    .from(notifications)
    .where(and(eq(notifications.accountId, accountId), UNREAD))
    .limit(most)
    .all().length;

export const notificationOf = (
  tx: Tx,
  accountId: AccountId,
  id: NotificationId,
): NotificationRow | undefined =>
  tx
    .select()
    .from(notifications)
    .where(and(eq(notifications.id, id), eq(notifications.accountId, accountId)))
    .get();

/** Of which a letter may have to be written by now, the oldest first. */
export const selectDueLetters = (tx: Tx, now: Date, limit: number): NotificationRow[] =>
  tx
    .select()
    .from(notifications)
    .where(and(isNotNull(notifications.letterDueAt), lte(notifications.letterDueAt, now)))
    .orderBy(asc(notifications.letterDueAt), asc(notifications.id))
    .limit(limit)
    .all();

/** The message that tells the same; null: none is needed. */
export const endDueLetter = (tx: Tx, id: NotificationId, messageId: MessageId | null): void => {
  tx.update(notifications).set({ messageId, letterDueAt: null }).where(eq(notifications.id, id)).run();
};

/** That the version waits no more: nobody needs to read that it did. */
export const markWaitingRead = (tx: Tx, versionId: VersionId, at: Date): void => {
  tx.update(notifications)
    .set({ readAt: at })
    .where(and(eq(notifications.versionId, versionId), sql`kind = 'version.waits'`, UNREAD))
    .run();
};

/**
 * Marks unread ones read, and puts away the messages that tell the same.
 * @returns How many rows that changed.
 */
export const markRead = (
  tx: Tx,
  accountId: AccountId,
  which: { readonly id: NotificationId } | { readonly until: NotificationId | undefined },
  at: Date,
): number => {
  return markThose(
    tx,
    accountId,
    "id" in which
      ? eq(notifications.id, which.id)
      : which.until === undefined
        ? undefined
        : lte(notifications.id, which.until),
    at,
  );
};

type Overtaken = {
  readonly kinds: readonly NotificationKind[];
  readonly appId: AppId;
  readonly versionId: VersionId | null;
};

/** That what a person was told of an app, or of a version of it, is so no more: nobody needs to read that it was. */
export const markOvertaken = (
  tx: Tx,
  accountId: AccountId,
  { kinds, appId, versionId }: Overtaken,
  at: Date,
): void => {
  const some = and(
    inArray(notifications.kind, [...kinds]),
    eq(notifications.appId, appId),
    versionId === null ? undefined : eq(notifications.versionId, versionId),
  );
  markThose(tx, accountId, some, at);
};

const markThose = (tx: Tx, accountId: AccountId, some: SQL | undefined, at: Date): number => {
  const rows = tx
    .update(notifications)
    .set({ readAt: at })
    .where(and(eq(notifications.accountId, accountId), UNREAD, some))
    .returning({ messageId: notifications.messageId })
    .all();
  const messages = rows.flatMap(({ messageId }) => (messageId === null ? [] : [messageId]));
  if (messages.length === 0) return rows.length;
  const seen = tx
    .update(outbox)
    .set({ seenAt: at })
    .where(and(inArray(outbox.id, messages), isNull(outbox.seenAt)))
    .returning({ id: outbox.id })
    .all();
  return rows.length + seen.length;
};

/** That the message was put away. Gives how many rows that changed. */
export const markMessageRead = (tx: Tx, accountId: AccountId, messageId: MessageId, at: Date): number =>
  tx
    .update(notifications)
    .set({ readAt: at })
    .where(and(eq(notifications.accountId, accountId), UNREAD, eq(notifications.messageId, messageId)))
    .returning({ id: notifications.id })
    .all().length;

export const selectApps = (tx: Tx, ids: readonly AppId[]) =>
  ids.length === 0
    ? []
    : tx
        .select({ id: apps.id, name: apps.name, organisationId: apps.organisationId })
        .from(apps)
        .where(inArray(apps.id, [...ids]))
        .all();

export const selectVersions = (tx: Tx, ids: readonly VersionId[]) =>
  ids.length === 0
    ? []
    : tx
        .select({ id: versions.id, version: versions.version })
        .from(versions)
        .where(inArray(versions.id, [...ids]))
        .all();

export const selectOrganisationNames = (tx: Tx, ids: readonly OrganisationId[]) =>
  ids.length === 0
    ? []
    : tx
        .select({ id: organisations.id, name: organisations.name })
        .from(organisations)
        .where(inArray(organisations.id, [...ids]))
        .all();

/** Some of those that were made before. Gives how many went. */
export const removeOlder = (tx: Tx, before: Date, limit: number): number => {
  const old = tx
    .select({ id: notifications.id })
    .from(notifications)
    .where(lt(notifications.createdAt, before))
    .orderBy(asc(notifications.createdAt))
    .limit(limit)
    .all();
  const ids = old.map((row) => row.id);
  if (ids.length > 0) tx.delete(notifications).where(inArray(notifications.id, ids)).run();
  return ids.length;
};

/** The next accounts in the order of their ids, each with the newest of its notifications that is one too many; null: none is. */
export const selectTooMany = (
  tx: Tx,
  most: number,
  after: AccountId | "",
  limit: number,
): { id: AccountId; last: NotificationId | null }[] =>
  tx
    .select({
      id: accounts.id,
      last: sql<NotificationId | null>`(SELECT n.id FROM notifications AS n WHERE n.account_id = accounts.id ORDER BY n.id DESC LIMIT 1 OFFSET ${most})`,
    })
    .from(accounts)
    .where(gt(accounts.id, after as AccountId))
    .orderBy(asc(accounts.id))
    .limit(limit)
    .all();

/** Some of a person's, this one and older ones. Gives how many went. */
export const removeUpTo = (tx: Tx, accountId: AccountId, last: NotificationId, limit: number): number => {
  const old = tx
    .select({ id: notifications.id })
    .from(notifications)
    .where(and(eq(notifications.accountId, accountId), lte(notifications.id, last)))
    .orderBy(asc(notifications.id))
    .limit(limit)
    .all();
  const ids = old.map((row) => row.id);
  if (ids.length > 0) tx.delete(notifications).where(inArray(notifications.id, ids)).run();
  return ids.length;
};

export const selectMuted = (tx: Tx, accountId: AccountId): string[] =>
  tx
    .select({ topic: mutedLetters.topic })
    .from(mutedLetters)
    .where(eq(mutedLetters.accountId, accountId))
    .all()
    .map((row) => row.topic);

export const isMuted = (tx: Tx, accountId: AccountId, topic: Topic): boolean =>
  tx
    .select({ topic: mutedLetters.topic })
    .from(mutedLetters)
    .where(and(eq(mutedLetters.accountId, accountId), eq(mutedLetters.topic, topic)))
    .get() !== undefined;

export const mute = (tx: Tx, accountId: AccountId, topic: Topic): void => {
  tx.insert(mutedLetters).values({ accountId, topic }).run();
};

export const unmute = (tx: Tx, accountId: AccountId, topic: Topic): void => {
  tx.delete(mutedLetters)
    .where(and(eq(mutedLetters.accountId, accountId), eq(mutedLetters.topic, topic)))
    .run();
};
