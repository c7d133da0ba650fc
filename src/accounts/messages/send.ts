/**
 * Sending messages by mail: one job for each, which is tried again for three days.
 *
 * A message counts as sent in a transaction of its own, after the mail server took it. A kill between the two sends it once
 * more, with another link and the same Message-ID, by which mail programs show it once. So does a server that takes it and
 * does not say so; that is why it is given so only a few times.
 */
import type { Store } from "../../context.ts";
import { type Db, type Tx, write } from "../../db/database.ts";
import { perDb } from "../../db/per-db.ts";
import { Problem } from "../../errors.ts";
import { isId, type MessageId } from "../../ids.ts";
import { hasten, postpone } from "../../jobs/queue.ts";
import type { JobRun } from "../../jobs/scheduler.ts";
import { htmlOf, subjectOf, textOf } from "../../mail/form.ts";
import { type MailSettings, mailSettings } from "../../mail/settings.ts";
import { codeOf, type Delivery, deliver, faultCodeOf, type Mail, type Patience } from "../../mail/smtp.ts";
import { say } from "../../say.ts";
import { HOUR_MS, MINUTE_MS } from "../../time.ts";
import { localStoreName } from "../store-name.ts";
import { type Letter, letterOf, signed } from "./letter.ts";
import { enqueueMail, MAIL_KEY, SEND_MAIL_JOB } from "./outbox.ts";
import * as records from "./records.ts";
import { noteRefused } from "./refusals.ts";
import { noteSettings } from "./settings-seen.ts";
import { giveUpLate, giveUpUnanswered, noteTaken, oldestSent } from "./trouble.ts";

export const PLAN_MAIL_JOB = "mail.plan";

/** Without its server every message would be tried by itself, and each wait for it. */
const DOWN_MS = 60_000;
/** Of those that have no job, so many get one at a time. */
const MOST_PLANNED = 500;
/** Given so often without an answer it is not given again: each time it may have arrived. */
const MOST_GIVEN = 3;
const UNANSWERED_MS = [10 * MINUTE_MS, HOUR_MS];
const JOBS = { kind: SEND_MAIL_JOB, key: MAIL_KEY };

/** The databases whose mail server was last found to be down by this process. */
const down = new WeakSet<Db>();

/**
 * The messages at which the mail server fell silent since it last answered. At one it may be the reader's own server that is
 * asked and says nothing; from the second on it is taken to be down.
 */
const silentAt = perDb(() => new Set<MessageId>());
/** Those on their way: one for which another job was planned meanwhile does not go twice. */
const onTheirWay = perDb(() => new Set<MessageId>());

/** The job. @throws Problem `mail.deferred` and those of a server that is down, for the queue to try again */
export async function sendMessage(
  store: Store,
  { job, signal, stepAside }: JobRun,
  patience?: Patience,
): Promise<void> {
  const settings = mailSettings(store.config);
  if (settings === null) return;
  const { messageId } = job.payload;
  if (typeof messageId !== "string" || !isId("msg", messageId))
    throw new Error(`job ${job.id} names no message`);
  const row = records.messageById(store.db.orm, messageId);
  if (row === undefined || row.sentAt !== null || row.ended !== null) return;
  const now = store.clock.now();
  if (row.createdAt < oldestSent(now)) {
    end(store, messageId, "late", (tx) => giveUpLate(tx, now));
    return;
  }
  if (row.given >= MOST_GIVEN) {
    end(store, messageId, "unanswered", (tx) => giveUpUnanswered(tx, messageId));
    return;
  }
  const going = onTheirWay(store);
  if (going.has(messageId)) return;
  going.add(messageId);
  try {
    const compose = () =>
      write(store.db, (tx) => mailOf(store, settings, row, letterFor(store, tx, settings, row)));
    // Before it is given, so that it also counts when the process ends before the answer.
    const onGiving = () =>
      write(store.db, (tx) => records.updateMessage(tx, messageId, { given: row.given + 1 }));
    const how = { signal, onSlow: stepAside, onGiving, ...(patience ? { patience } : {}) };
    settle(store, row, await deliver(settings, compose, how));
  } finally {
    going.delete(messageId);
  }
}

function letterFor(store: Store, tx: Tx, { origin }: MailSettings, row: records.MessageRow): Letter | null {
  return letterOf(tx, row, { origin, mailed: true }, store.clock.now());
}

function mailOf(
  store: Store,
  { origin }: MailSettings,
  row: records.MessageRow,
  letter: Letter | null,
): Mail | null {
  if (letter === null) return null;
  const parts = { ...letter, ...signed(letter, localStoreName(store), origin) };
  return {
    id: row.id,
    to: letter.to,
    language: letter.language,
    subject: subjectOf(letter),
    text: textOf(parts),
    html: htmlOf(parts),
    date: row.createdAt,
    hasSecret: letter.expiresAt !== null,
  };
}

/** Nothing of the mail is written to the log but which it is, its kind, and what became of it. */
function settle(store: Store, row: records.MessageRow, delivery: Delivery): void {
  const { id, kind } = row;
  const now = store.clock.now();
  const { outcome } = delivery;
  const suspicion = silentAt(store);
  const isNewlySilent = outcome === "silent" && !suspicion.has(id);
  if (outcome === "silent") suspicion.add(id);
  else if (outcome !== "needless" && outcome !== "down") suspicion.clear();
  if (outcome === "needless") {
    end(store, id, "needless", (tx) =>
      records.updateMessage(tx, id, { failingSince: null, ended: "needless" }),
    );
    return;
  }
  if (outcome === "sent") {
    const wasDown = down.delete(store.db);
    write(store.db, (tx) => {
      records.updateMessage(tx, id, { sentAt: now, failure: null, given: 0 });
      noteTaken(tx);
      if (wasDown) hasten(tx, JOBS, now);
    });
    store.log.info("mail.sent", { message: id, kind });
    return;
  }
  const { answer } = delivery;
  const code = faultCodeOf(delivery);
  store.log.warn("mail.not_sent", { message: id, kind, code, answer: codeOf(answer) });
  if (outcome === "refused") {
    write(store.db, (tx) => {
      records.updateMessage(tx, id, { failure: answer, failingSince: null, ended: "refused", given: 0 });
      noteRefused(tx, row, answer, now);
    });
    return;
  }
  const isDown = outcome === "down" || (outcome === "silent" && suspicion.size > 1);
  // Those that are silenced again and again would else put the others off for ever.
  const wasGiven = outcome === "silent" && delivery.wasGiven;
  const othersWait = outcome === "down" || (isDown && isNewlySilent);
  write(store.db, (tx) => {
    // What is put off for its reader's sake says nothing about the server.
    // The row is from before the server was asked.
    const since = records.messageById(tx, id)?.failingSince ?? now;
    const failingSince = isDown ? since : null;
    const given = outcome === "deferred" ? 0 : row.given + Number(wasGiven);
    records.updateMessage(tx, id, { failure: answer, failingSince, given });
    if (wasGiven && given < MOST_GIVEN) {
      const waitMs = UNANSWERED_MS[given - 1] ?? HOUR_MS;
      enqueueMail(tx, id, now, new Date(now.getTime() + waitMs));
    }
    if (othersWait) postpone(tx, JOBS, new Date(now.getTime() + DOWN_MS));
  });
  if (isDown) down.add(store.db);
  if (wasGiven) {
    if (row.given + 1 >= MOST_GIVEN) end(store, id, "unanswered", (tx) => giveUpUnanswered(tx, id));
    return;
  }
  const status = codeOf(answer);
  const said = status === "" ? "" : ` (${status})`;
  throw new Problem(
    "unavailable",
    code,
    say`The message ${id} could not be handed to the mail server${said}. It is tried again.`,
  );
}

function end(
  store: Store,
  id: MessageId,
  why: "needless" | "late" | "unanswered",
  act: (tx: Tx) => void,
): void {
  write(store.db, act);
  store.log.info("mail.ended", { message: id, why });
}

/** For a cron entry: what was written without a mail server, or fell out of the queue, is sent as long as it is of use. */
export async function planMail(store: Store): Promise<void> {
  if (isMailed(store)) write(store.db, (tx) => plan(store, tx));
}

function plan(store: Store, tx: Tx): void {
  const now = store.clock.now();
  giveUpLate(tx, now);
  for (const id of records.selectUnsentIds(tx, oldestSent(now), MOST_PLANNED)) enqueueMail(tx, id, now);
}

/** At a start: what kept mail from being sent may have been mended with it. */
export function beginMail(store: Store): void {
  const settings = mailSettings(store.config);
  if (settings === null) return;
  const now = store.clock.now();
  write(store.db, (tx) => {
    plan(store, tx);
    noteSettings(store, tx, settings, now);
    hasten(tx, JOBS, now);
  });
}

/** Whether messages are sent at all. */
export function isMailed(store: Store): boolean {
  return mailSettings(store.config) !== null;
}
