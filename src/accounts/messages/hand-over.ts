/** Without mail: an administrator makes a message's link and hands it over. */
import { recordChange } from "../../audit/record.ts";
import type { Store } from "../../context.ts";
import { write } from "../../db/database.ts";
import { Problem } from "../../errors.ts";
import type { MessageId } from "../../ids.ts";
import { say } from "../../say.ts";
import { type Actor, auditAuthor } from "../actor.ts";
import { authorise } from "../rights.ts";
import { type Letter, letterOf } from "./letter.ts";
import { messageById, updateMessage } from "./records.ts";

export type HandedOver = Letter & { readonly expiresAt: Date };

/**
 * Makes the link, which is shown once and lives for a day or longer. It proves no address, since it did not come by mail.
 * @param origin The store's address, without a slash at the end.
 * @throws Problem `rights.forbidden`, `message.not_found`, `message.no_link`, `message.over`
 */
export function handOver(store: Store, actor: Actor, id: MessageId, origin: string): HandedOver {
  authorise(actor, "outbox.hand_over");
  return write(store.db, (tx) => {
    const now = store.clock.now();
    const row = messageById(tx, id);
    if (row === undefined) throw messageMissing();
    if (row.link === null) {
      throw new Problem("conflict", "message.no_link", say`This message has no link that works once.`);
    }
    const letter = letterOf(tx, row, { origin, mailed: false }, now);
    if (letter === null || letter.expiresAt === null) {
      throw new Problem(
        "conflict",
        "message.over",
        say`What this message is about has been done, was taken back, or has ended.`,
      );
    }
    updateMessage(tx, id, { handedOverAt: now });
    const after = { link: row.link };
    const change = { action: "message.handed_over", subject: { type: "message", id }, after } as const;
    recordChange(tx, auditAuthor(actor), change, now);
    return { ...letter, expiresAt: letter.expiresAt };
  });
}

export function messageMissing(): Problem {
  return new Problem("not_found", "message.not_found", say`There is no such message.`);
}
