/** Ratings as an app's developers read them, and their answers: one to each, which they can write anew. */
import { type Actor, actorLabel, auditAuthor } from "../../accounts/actor.ts";
import { allows } from "../../accounts/rights.ts";
import { recordChange } from "../../audit/record.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { type Page, type PageRequest, pageOf } from "../../db/pages.ts";
import { type IfMatch, ifUnchanged } from "../../db/preconditions.ts";
import { Problem } from "../../errors.ts";
import type { AppId, RatingId } from "../../ids.ts";
import { say } from "../../say.ts";
import { findAppFor } from "../apps.ts";
import type { AppRow } from "../records.ts";
import { hasPartIn } from "../reports/part.ts";
import { parseAnswer } from "./fields.ts";
import { mustHaveRatings } from "./rate.ts";
import * as records from "./records.ts";
import { type ShownRating, shownOf } from "./shown.ts";
import { type RatingSummary, summaryOf } from "./stars.ts";

export type DeveloperRating = ShownRating & {
  readonly appId: AppId;
  /** It is of an enrolled device. Of a person there is no name where they gave stars alone: everybody else does not read it either. */
  readonly byDevice: boolean;
  /** Somebody hid it from the store: it counts no more, and its words and its author are not for the app's developers. */
  readonly hidden: boolean;
  /** Who asks can hide it, or show it again. */
  readonly mayHide: boolean;
  readonly revision: number;
};

type Looking = Pick<Store, "db" | "config">;

/**
 * All of them, with words or without, the newest first. Who reads reports, and has no part in them, reads what is hidden.
 * @throws Problem `rating.off`, `app.not_found`, `rights.forbidden`
 */
export function ratingsOfApp(
  store: Looking,
  actor: Actor,
  id: AppId,
  page: PageRequest,
): Page<DeveloperRating> {
  const tx = store.db.orm;
  find(store, tx, actor, "app.read", id);
  const looksAfter = allows(actor, "report.read");
  const hides = allows(actor, "report.decide");
  const rows = records.selectOfApp(tx, id, { ...page, limit: page.limit + 1 });
  const { items, nextCursor } = pageOf(rows, page.limit, (row) => row.id);
  return {
    items: items.map((row) => {
      const readsHidden = looksAfter && !hasPartIn(tx, actor, aboutOf(row));
      return { ...viewOf(row, readsHidden), mayHide: readsHidden && hides };
    }),
    nextCursor,
  };
}

/** Of those that count. The caller has asked whether the app may be read. */
export function ratingSummaryOf(store: Looking, id: AppId): RatingSummary {
  return summaryOf(records.selectSums(store.db.orm, [id]).get(id) ?? []);
}

/** One that somebody is about to answer. @throws Problem `rating.off`, `rating.not_found`, `rating.hidden`, `app.not_found`, `rights.forbidden` */
export function ratingToAnswer(store: Looking, actor: Actor, of: Omit<Of, "ifMatch">): DeveloperRating {
  find(store, store.db.orm, actor, "rating.answer", of.appId);
  const row = records.findNamed(store.db.orm, of.appId, of.ratingId);
  if (row === undefined) throw ratingNotFound();
  if (row.hiddenAt !== null) throw ratingHidden();
  return viewOf(row);
}

/** As `overview.ts` has it of other lists. */
export function beforeRatings(store: Looking, id: AppId, after: string, limit: number): string | null {
  return records.selectOfAppUpTo(store.db.orm, id, { after, limit: limit + 1 })[limit] ?? null;
}

type Of = { readonly appId: AppId; readonly ratingId: RatingId; readonly ifMatch?: IfMatch | undefined };
type Answering = Pick<Store, "db" | "clock" | "config">;

/**
 * In the place of what was answered before; the same again changes nothing.
 * @throws Problem `rating.answer_invalid`, `rating.off`, `rating.not_found`, `rating.hidden`, `app.not_found`, `precondition.failed`, `rights.forbidden`
 */
export function answerRating(store: Answering, actor: Actor, of: Of, said: string): DeveloperRating {
  find(store, store.db.orm, actor, "rating.answer", of.appId);
  const text = parseAnswer(said);
  return change(store, actor, of, text);
}

/** Without an answer nothing changes. @throws Problem as `answerRating` but for `rating.answer_invalid` and `rating.hidden` */
export function removeAnswer(store: Answering, actor: Actor, of: Of): DeveloperRating {
  return change(store, actor, of, null);
}

function change(store: Answering, actor: Actor, of: Of, text: string | null): DeveloperRating {
  return write(store.db, (tx) => {
    const { organisationId, organisationName } = find(store, tx, actor, "rating.answer", of.appId);
    const before = records.findNamed(tx, of.appId, of.ratingId);
    if (before === undefined) throw ratingNotFound();
    ifUnchanged(before.revision, of.ifMatch);
    if (text !== null && before.hiddenAt !== null) throw ratingHidden();
    if (before.answer === text) return viewOf(before);
    const now = store.clock.now();
    const set = {
      answer: text,
      answeredBy: text && actorLabel(actor),
      answeredAs: text && organisationName,
      answeredAt: text === null ? null : now,
    };
    const after = records.updateRating(tx, before, set);
    recordChange(
      tx,
      auditAuthor(actor),
      {
        action: text === null ? "rating.answer_removed" : "rating.answered",
        subject: { type: "rating", id: before.id },
        organisationId,
        before: { answer: before.answer },
        after: { answer: text, appId: of.appId },
      },
      now,
    );
    return viewOf({ ...after, name: before.name });
  });
}

/** Who may not read the app learns nothing of the store's settings by it. */
function find(
  { config }: Pick<Store, "config">,
  tx: Tx,
  actor: Actor,
  action: "app.read" | "rating.answer",
  appId: AppId,
): AppRow {
  const app = findAppFor(tx, actor, action, appId);
  mustHaveRatings({ config });
  return app;
}

/** @param readsHidden Whether who asks looks after the store, and not after the app. */
function viewOf(row: records.NamedRating, readsHidden = false): DeveloperRating {
  const hidden = row.hiddenAt !== null;
  const shown = shownOf(row);
  const isRead = !hidden || readsHidden;
  return {
    ...shown,
    author: isRead && row.body !== "" ? shown.author : null,
    text: isRead ? shown.text : "",
    ...{ byDevice: row.deviceId !== null, appId: row.appId, hidden, mayHide: false },
    revision: row.revision,
  };
}

export const aboutOf = ({ appId, accountId, createdAt }: records.RatingRow) => ({
  ...{ appId, saidBy: accountId, since: createdAt },
});

function ratingHidden(): Problem {
  const message = say`The rating is hidden from the store: nobody would read the answer.`;
  return new Problem("conflict", "rating.hidden", message);
}

export function ratingNotFound(): Problem {
  return new Problem("not_found", "rating.not_found", say`There is no such rating of this app.`);
}
