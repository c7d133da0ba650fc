/**
 * Messages to people: written in the transaction of the act that they tell of, so that no act goes untold, and kept until
 * a mail server takes them. Until their reader has put them away they are also on their dashboard.
 */

import { recordChange } from "../../audit/record.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { oneMore, type Page, type PageRequest, pageOf } from "../../db/pages.ts";
import { Problem } from "../../errors.ts";
import { type AccountId, type InvitationId, type MessageId, newId, type OrganisationId } from "../../ids.ts";
import { enqueue } from "../../jobs/queue.ts";
import { USUAL } from "../../jobs/turns.ts";
import { knownLanguages, REFERENCE_LANGUAGE } from "../../languages.ts";
import { say, type Words } from "../../say.ts";
import { sayerOf } from "../../sentences.ts";
import { HOUR_MS } from "../../time.ts";
import { chosenZone, UTC } from "../../zones.ts";
import { type AccountActor, type Actor, auditAuthor } from "../actor.ts";
import type { LinkPurpose } from "../links/links.ts";
import { type About, addNotification } from "../notifications/add.ts";
import { type NotificationKind, topicOf } from "../notifications/kinds.ts";
import { viewsFor } from "../notifications/list.ts";
import { markMessageRead, selectOfMessages } from "../notifications/records.ts";
import { wantsLetters } from "../notifications/wanted.ts";
import { accountById } from "../records.ts";
import { authorise } from "../rights.ts";
import { harmless } from "../said.ts";
import { keptZone } from "../settings.records.ts";
import { mailPriority } from "./priority.ts";
import * as records from "./records.ts";

/** Told in the portal first; a letter is written later, by a job. */
type LaterKind =
  | "app.visibility"
  | "organisation.joined"
  | "organisation.granted"
  | "organisation.left"
  | "organisation.requested"
  | "organisation.role"
  | "version.approved"
  | "version.failed"
  | "version.held"
  | "version.published"
  | "version.rejected"
  | "version.stopped"
  | "version.waits";

export type NoticeKind =
  | LaterKind
  | "account.address"
  | "account.address_asked"
  | "account.deletion"
  | "account.address_changed"
  | "account.exists"
  | "account.guessed"
  | "account.invitation"
  | "account.password"
  | "account.password_changed"
  | "apikey.ending"
  | "apikey.leaked"
  | "apikey.left"
  | "factor.added"
  | "factor.removed"
  | "factor.reset"
  | "factor.codes_made"
  | "factor.code_used"
  | "factor.guessed"
  | "key.added"
  | "key.certificate_distrusted"
  | "key.ending"
  | "key.revoked"
  | "organisation.refused"
  | "organisation.renamed"
  | "organisation.taken_over"
  | "publisher.left"
  | "publisher.stranger"
  | "recovery.requested"
  | "recovery.approved"
  | "recovery.refused"
  | "recovery.objected"
  | "recovery.fallen"
  | "transfer.accepted"
  | "transfer.offered"
  | "transfer.over"
  | "app.listing"
  | "app.deletion"
  | "rating.hidden"
  | "rating.shown"
  | "version.yanked"
  | "version.unyanked"
  | "store.damaged"
  | "store.jobs"
  | "store.keys_ending"
  | "store.keys_failing"
  | "store.mail"
  | "store.sign_up"
  | "store.storage"
  | "revocation.revoked"
  | "revocation.lifted"
  | "revocation.lowest";

/** Kinds of messages that tell of several events, each with a notification of its own. */
type Finer = {
  readonly "app.deletion": "app.deletion_asked" | "app.deletion_kept" | "app.deletion_done";
  readonly "app.listing": "app.unlisted" | "app.listed" | "app.deprecated" | "app.undeprecated";
  readonly "transfer.accepted": "transfer.given" | "transfer.taken";
  readonly "transfer.offered": "transfer.offered" | "transfer.received";
};

export type Notice = NoticeText &
  (
    | { readonly kind: Exclude<NoticeKind, keyof Finer>; readonly event?: undefined }
    | { readonly [K in keyof Finer]: { readonly kind: K; readonly event: Finer[K] } }[keyof Finer]
  );

type NoticeText = {
  /** What the notification of it is about. Of what owners are told, the organisation is added. */
  readonly about?: About;
  /** One line. */
  readonly subject: Words;
  /** Plain text, by paragraphs; LINK_PLACE is one of its own where a link that works once will be. */
  readonly body: readonly Paragraph[];
  /** The page that it is about. */
  readonly path: string;
};

/** Words, or the lines of a list. */
export type Paragraph = Words | readonly Words[];

export type MessageView = {
  readonly id: MessageId;
  readonly kind: NoticeKind;
  /** One line. */
  readonly subject: string;
  /** Plain text; paragraphs have an empty line between them. */
  readonly body: string;
  /** Tag of the language that it is written in (BCP 47). */
  readonly language: string;
  readonly path: string;
  /** Null of a message to somebody who has no account yet. */
  readonly accountId: AccountId | null;
  readonly address: string;
  /** What its link opens; null: it has none. */
  readonly link: LinkPurpose | null;
  readonly createdAt: Date;
  readonly seenAt: Date | null;
  /** When an administrator last made its link to hand it over. */
  readonly handedOverAt: Date | null;
  /** Null until a mail server took it. */
  readonly sentAt: Date | null;
  /** What the mail server said when it last did not take it. */
  readonly failure: string | null;
  /** Why it will not be sent; null: it was, or will be. */
  readonly ended: "refused" | "needless" | "late" | "unanswered" | "unwanted" | null;
};

/** To one address, with a link of its own where the body says LINK_PLACE. */
export type Addressed = {
  readonly address: string;
  readonly accountId: AccountId | null;
  readonly invitationId?: InvitationId;
  readonly link?: LinkPurpose;
  /** What whoever asked for it reads, for who has chosen no language. */
  readonly asked?: string | undefined;
};

/** In a body, as a whole paragraph: the link that works once. The outbox never holds one. */
export const LINK_PLACE = "{link}";

const NOTICES_SHOWN = 10;

/**
 * Writes one message to each owner of the organisation, and gives how many they are.
 * @param by Who did it. To them it is no news, so that it does not wait for them; their letter goes out all the same, in case
 *   that it was somebody else in their name. Left out where they should see that as well.
 */
export function tellOwners(
  tx: Tx,
  organisationId: OrganisationId,
  notice: Notice,
  now: Date,
  by?: Actor,
): number {
  const owners = records.selectOwners(tx, organisationId);
  tell(tx, owners, ofOrganisation(notice, organisationId), now, by);
  return owners.length;
}

/** The same for each owner of the organisation, and each of the store's administrators who is none of them. */
export function tellOwnersAndAdministrators(
  tx: Tx,
  organisationId: OrganisationId,
  notice: Notice,
  now: Date,
  by?: Actor,
): void {
  const owners = records.selectOwners(tx, organisationId);
  const told = new Set(owners.map(({ accountId }) => accountId));
  const others = records.selectAdministrators(tx).filter(({ accountId }) => !told.has(accountId));
  tell(tx, [...owners, ...others], ofOrganisation(notice, organisationId), now, by);
}

/** Writes one message to each of the store's administrators, and gives how many they are. */
export function tellAdministrators(tx: Tx, notice: Notice, now: Date): number {
  const administrators = records.selectAdministrators(tx);
  tell(tx, administrators, notice, now, undefined);
  return administrators.length;
}

function ofOrganisation(notice: Notice, organisationId: OrganisationId): Notice {
  return { ...notice, about: { organisationId, ...notice.about } };
}

/** More letters of a kind than these in an hour are no help to anybody. */
export const MOST_LETTERS_AN_HOUR = 3;
export const LETTERS_MS = HOUR_MS;

export function hasLettersEnough(tx: Tx, accountId: AccountId, kind: NoticeKind, now: Date): boolean {
  const since = new Date(now.getTime() - LETTERS_MS);
  return records.countMessages(tx, accountId, kind, since) >= MOST_LETTERS_AN_HOUR;
}

/** Writes a message to one address, and to the person whose it is a notification that tells the same. */
export function tellAddress(tx: Tx, to: Addressed, notice: Notice, now: Date, by?: Actor): MessageId {
  const { accountId, link } = to;
  // Not so what a key of theirs does: it may be in other hands.
  const isOwn =
    accountId !== null && by?.kind === "account" && by.accountId === accountId && by.via.type === "session";
  const kind = notice.event ?? notice.kind;
  // A link is asked for, or is the only way to what the message is about.
  const isWanted = accountId === null || link !== undefined || wantsLetters(tx, accountId, topicOf(kind));
  const state = { ...(isWanted ? {} : { ended: "unwanted" as const }), ...(isOwn ? { seenAt: now } : {}) };
  const messageId = writeMessage(tx, to, notice, state, now);
  const read = isOwn ? { readAt: now } : {};
  if (accountId !== null)
    addNotification(tx, accountId, { kind, path: notice.path, ...notice.about, messageId, ...read }, now);
  return messageId;
}

/**
 * Writes a message of what the person was told of in the portal already.
 * @param said What it is called, with the names that it has for them.
 */
export function writeLetter(
  tx: Tx,
  to: { readonly address: string; readonly accountId: AccountId },
  { kind, said, path }: { readonly kind: NotificationKind; readonly said: Words; readonly path: string },
  now: Date,
): MessageId {
  const body = [
    say`${said}.`,
    say`It stands among your notifications too. In your account you choose what comes by mail as well.`,
  ];
  // Who reads the portal has it there: on the dashboard it would stand twice.
  return writeMessage(tx, to, { kind, subject: said, body, path }, { seenAt: now }, now);
}

type MessageText = Pick<Notice, "subject" | "body" | "path"> & { readonly kind: string };

function writeMessage(
  tx: Tx,
  to: Addressed,
  message: MessageText,
  state: { readonly ended?: "unwanted"; readonly seenAt?: Date },
  now: Date,
): MessageId {
  const id = newId("msg");
  const { asked, ...addressed } = to;
  const { kind, path } = message;
  const language = languageOf(tx, to);
  const sayIn = sayerOf(language, zoneOfReader(tx, to));
  const subject = sayIn(message.subject);
  const body = message.body
    .map((one) => (Array.isArray(one) ? one.map(sayIn).join("\n") : sayIn(one as Words)))
    .join("\n\n");
  records.insertMessage(tx, {
    ...addressed,
    kind,
    path,
    subject,
    body,
    language,
    id,
    createdAt: now,
    ...state,
  });
  if (state.ended === undefined) enqueueMail(tx, id, now);
  return id;
}

/** As the account's pages tell times; else as the store's do. */
function zoneOfReader(tx: Tx, { accountId }: Addressed): string {
  const chosen = accountId === null ? null : accountById(tx, accountId)?.timeZone;
  return chosenZone(chosen, chosenZone(keptZone(tx), UTC));
}

/** As the account's pages are; else as who asked reads. */
export function languageOf(tx: Tx, { accountId, asked }: Pick<Addressed, "accountId" | "asked">): string {
  const chosen = accountId === null ? null : (accountById(tx, accountId)?.language ?? null);
  const known = knownLanguages();
  return [chosen, asked].find((tag) => tag && known.includes(tag)) ?? REFERENCE_LANGUAGE;
}

function tell(
  tx: Tx,
  people: readonly records.Addressee[],
  notice: Notice,
  now: Date,
  by: Actor | undefined,
): void {
  for (const { accountId, email } of people) tellAddress(tx, { address: email, accountId }, notice, now, by);
}

export const SEND_MAIL_JOB = "mail.send";
/** One mail at a time: a server that hangs must not take the place of all other work. */
export const MAIL_KEY = "mail";
/** How often it is tried is bounded by time, by whoever sends it. */
const MOST_TRIES = 10_000;

/** In the transaction that writes the message. Whether there is a mail server the job finds out. */
export function enqueueMail(tx: Tx, messageId: MessageId, now: Date, runAt: Date = now): void {
  const facts = records.factsForPriority(tx, messageId);
  const priority = facts === undefined ? USUAL : mailPriority(facts);
  const rest = { payload: { messageId }, maxAttempts: MOST_TRIES, runAt, priority };
  enqueue(tx, { kind: SEND_MAIL_JOB, key: MAIL_KEY, ...rest }, now);
}

/** All messages, newest first. @throws Problem `rights.forbidden` */
export function listMessages(store: Store, actor: Actor, page: PageRequest): Page<MessageView> {
  authorise(actor, "outbox.read");
  const rows = records.selectMessages(store.db.orm, oneMore<MessageId>(page));
  return pageOf(rows, page.limit, (row) => row.id, messageView);
}

/** Where the page before the one after `after` begins; null when it is the first. The caller has asked who may. */
export function beforeMessages(store: Store, after: string, limit: number): MessageId | null {
  return records.selectMessageIdsFrom(store.db.orm, after as MessageId, limit + 1)[limit] ?? null;
}

/** All that the store has written to the actor, newest first. @throws Problem `rights.forbidden` */
export function listOwnMessages(store: Store, actor: AccountActor, page: PageRequest): Page<MessageView> {
  authorise(actor, "message.read");
  const rows = records.selectMessagesTo(store.db.orm, actor.accountId, oneMore<MessageId>(page));
  return pageOf(rows, page.limit, (row) => row.id, messageView);
}

export type NoticeView = MessageView & {
  /** What the notification of the same says: the message's subject is in the language in which it was written. */
  readonly said: Words;
  /** null: it is not for the person any more. */
  readonly seenPath: string | null;
};

/** What the actor has not put away, newest first; nothing for machines. */
export function listNotices(store: Store, actor: Actor): NoticeView[] {
  authorise(actor, "self.read");
  if (actor.kind !== "account") return [];
  authorise(actor, "message.read");
  const tx = store.db.orm;
  const rows = records.selectUnseen(tx, actor.accountId, NOTICES_SHOWN);
  const told = selectOfMessages(
    tx,
    actor.accountId,
    rows.map(({ id }) => id),
  );
  const viewOf = viewsFor(tx, actor, told);
  const views = new Map(told.map((row) => [row.messageId, viewOf(row)]));
  return rows.map((row) => {
    const message = messageView(row);
    const view = views.get(row.id);
    // One that is older than notifications has its own words alone.
    const { said, path: seenPath } = view ?? { said: message.subject, path: message.path };
    return { ...message, said, seenPath };
  });
}

/** @throws Problem `message.not_found` */
export function putAway(store: Store, actor: Actor, id: MessageId): void {
  authorise(actor, "self.change");
  if (actor.kind !== "account") throw messageNotFound();
  const now = store.clock.now();
  write(store.db, (tx) => {
    const isChanged = records.markSeen(tx, actor.accountId, id, now);
    if (isChanged === null) throw messageNotFound();
    markMessageRead(tx, actor.accountId, id, now);
    if (!isChanged) return;
    recordChange(
      tx,
      auditAuthor(actor),
      { action: "message.put_away", subject: { type: "message", id } },
      now,
    );
  });
}

function messageNotFound(): Problem {
  return new Problem("not_found", "message.not_found", say`There is no such message for you.`);
}

function messageView(row: records.MessageRow): MessageView {
  const { id, accountId, address, language, path, link } = row;
  const { createdAt, seenAt, handedOverAt, sentAt, failure, ended } = row;
  return {
    kind: row.kind as NoticeKind,
    // They quote reasons, and names that people chose.
    subject: harmless(row.subject),
    body: harmless(row.body),
    id,
    accountId,
    address,
    language,
    path,
    link,
    createdAt,
    seenAt,
    handedOverAt,
    sentAt,
    failure,
    ended,
  };
}
