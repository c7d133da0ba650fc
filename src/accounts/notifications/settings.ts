/** Which of it somebody is told by mail as well. In the portal all of it stands. */
import { recordChange } from "../../audit/record.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { Problem } from "../../errors.ts";
import type { AccountId } from "../../ids.ts";
import { type Said, say } from "../../say.ts";
import { type AccountActor, auditAuthor } from "../actor.ts";
import { accountSubject } from "../people.ts";
import { authorise } from "../rights.ts";
import { ALWAYS_MAILED, TOPIC_WORDS, TOPICS, type Topic } from "./kinds.ts";
import * as records from "./records.ts";

export type TopicSetting = {
  readonly topic: Topic;
  readonly meaning: Said;
  /** Whether letters of it are written. */
  readonly mail: boolean;
  /** Why that cannot be turned off; null: it can. */
  readonly always: Said | null;
};

/** All topics, in their order. @throws Problem `rights.forbidden` */
export function ownNotificationSettings(store: Store, actor: AccountActor): readonly TopicSetting[] {
  authorise(actor, "message.read");
  return settingsIn(store.db.orm, actor.accountId);
}

export type MailChoices = Readonly<Partial<Record<Topic, boolean>>>;

/**
 * Turns letters on or off; what is not named stays. The same again is no change.
 * @throws Problem `notification.always_mailed`, `rights.forbidden`
 */
export function changeNotificationSettings(
  store: Store,
  actor: AccountActor,
  choices: MailChoices,
): readonly TopicSetting[] {
  authorise(actor, "self.change");
  const refused = TOPICS.filter((topic) => choices[topic] === false && ALWAYS_MAILED.has(topic));
  if (refused.length > 0) throw alwaysMailed(refused);
  const { accountId } = actor;
  return write(store.db, (tx) => {
    const muted = new Set(records.selectMuted(tx, accountId));
    const changed = TOPICS.filter(
      (topic) => choices[topic] !== undefined && choices[topic] === muted.has(topic),
    );
    for (const topic of changed) {
      if (choices[topic] === true) records.unmute(tx, accountId, topic);
      else records.mute(tx, accountId, topic);
    }
    if (changed.length > 0) {
      const facts = (mail: (topic: Topic) => boolean) =>
        Object.fromEntries(changed.map((topic) => [topic, mail(topic)]));
      recordChange(
        tx,
        auditAuthor(actor),
        {
          action: "account.notifications",
          subject: accountSubject(accountId),
          before: facts((topic) => !muted.has(topic)),
          after: facts((topic) => choices[topic] === true),
        },
        store.clock.now(),
      );
    }
    return settingsIn(tx, accountId);
  });
}

function settingsIn(tx: Tx, accountId: AccountId): readonly TopicSetting[] {
  const muted = new Set(records.selectMuted(tx, accountId));
  return TOPICS.map((topic) => ({ topic, ...TOPIC_WORDS[topic], mail: !muted.has(topic) }));
}

function alwaysMailed(topics: readonly Topic[]): Problem {
  return new Problem(
    "unprocessable",
    "notification.always_mailed",
    say`Some of these always go by mail as well.`,
    topics.map((topic) => ({
      code: "notification.always_mailed",
      message: TOPIC_WORDS[topic].always ?? "",
      pointer: `/${topic}`,
    })),
  );
}
