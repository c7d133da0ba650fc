/** What was reported, for those who look after the store: they hide what somebody said and show it again, and close reports. */
import { type Actor, actorLabel, auditAuthor } from "../../accounts/actor.ts";
import { tellAddress } from "../../accounts/messages/outbox.ts";
import { checkReason } from "../../accounts/reason.ts";
import { accountById } from "../../accounts/records.ts";
import { authorise } from "../../accounts/rights.ts";
import { harmless } from "../../accounts/said.ts";
import { recordChange } from "../../audit/record.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { type Page, type PageRequest, pageOf } from "../../db/pages.ts";
import { type IfMatch, ifUnchanged } from "../../db/preconditions.ts";
import { Problem } from "../../errors.ts";
import type { AccountId, AppId, RatingId, ReportId } from "../../ids.ts";
import { say } from "../../say.ts";
import { ratingNotFound } from "../ratings/answer.ts";
import * as ratings from "../ratings/records.ts";
import { findApp } from "../records.ts";
import * as records from "./records.ts";
import { hiddenNotice, shownNotice } from "./told.ts";

export type ReportedRating = {
  readonly id: RatingId;
  /** null: an enrolled device. */
  readonly author: string | null;
  readonly stars: number;
  readonly text: string;
  readonly createdAt: Date;
  readonly hiddenReason: string | null;
  readonly revision: number;
};

export type Report = {
  readonly id: ReportId;
  readonly appId: AppId;
  readonly appName: string;
  /** null: it is about the app. */
  readonly rating: ReportedRating | null;
  readonly reason: string;
  readonly text: string;
  readonly by: { readonly accountId: AccountId; readonly name: string };
  readonly createdAt: Date;
  readonly closed: { readonly at: Date; readonly by: string; readonly outcome: string } | null;
  readonly revision: number;
};

export type ReportState = "open" | "closed";
type Acting = Pick<Store, "db" | "clock">;

/** Those that wait, the longest waiting first; those that were decided, the newest first. @throws Problem `rights.forbidden` */
export function listReports(
  store: Pick<Store, "db">,
  actor: Actor,
  { state, ...page }: PageRequest & { readonly state: ReportState },
): Page<Report> {
  authorise(actor, "report.read");
  const tx = store.db.orm;
  const rows = records.selectReports(tx, state, { ...page, limit: page.limit + 1 });
  const { items, nextCursor } = pageOf(rows, page.limit, ({ id }) => id);
  return { items: items.map((row) => viewOf(tx, row)), nextCursor };
}

/** As `overview.ts` has it of other lists. */
export function beforeReports(store: Pick<Store, "db">, state: ReportState, after: string, limit: number) {
  return records.selectReportsUpTo(store.db.orm, state, { after, limit: limit + 1 })[limit] ?? null;
}

/** @throws Problem `report.not_found`, `rights.forbidden` */
export function readReport(store: Pick<Store, "db">, actor: Actor, id: ReportId): Report {
  authorise(actor, "report.read");
  return viewOf(store.db.orm, mustFind(store.db.orm, id));
}

/**
 * Without hiding anything: `dismissed` where nothing is wrong, `handled` where something was done about the app. One that is decided
 * stays as it is.
 * @throws Problem `report.not_found`, `report.closed`, `precondition.failed`, `rights.forbidden`
 */
export function closeReport(
  store: Acting,
  actor: Actor,
  id: ReportId,
  outcome: "dismissed" | "handled",
  ifMatch?: IfMatch,
): Report {
  authorise(actor, "report.decide");
  return write(store.db, (tx) => {
    const row = mustFind(tx, id);
    ifUnchanged(row.revision, ifMatch);
    if (row.closedAt !== null)
      throw new Problem("conflict", "report.closed", say`Somebody has decided about this report already.`);
    return viewOf(tx, close(tx, actor, row, outcome, store.clock.now()));
  });
}

type Of = { readonly appId: AppId; readonly ratingId: RatingId; readonly ifMatch?: IfMatch | undefined };

/**
 * Nobody but its author reads it from then on, and it counts no more. Every report of it is decided by that. With another reason
 * than before that alone changes. Its author is told.
 * @throws Problem `reason.invalid`, `rating.not_found`, `precondition.failed`, `rights.forbidden`
 */
export function hideRating(store: Acting, actor: Actor, of: Of, said: string): ReportedRating {
  authorise(actor, "report.decide");
  const reason = checkReason(said);
  return write(store.db, (tx) => {
    const now = store.clock.now();
    const before = mustFindRating(tx, of);
    if (before.hiddenAt !== null && before.hiddenReason === reason) return ratingOf(before);
    const set = { hiddenAt: before.hiddenAt ?? now, hiddenBy: actorLabel(actor), hiddenReason: reason };
    const after = ratings.updateRating(tx, before, set);
    tell(tx, actor, before, after, now);
    for (const report of records.selectOpenOf(tx, before.id)) close(tx, actor, report, "hidden", now);
    return ratingOf({ ...after, name: before.name });
  });
}

/** What is shown stays so. @throws Problem as `hideRating` but for `reason.invalid` */
export function showRating(store: Acting, actor: Actor, of: Of): ReportedRating {
  authorise(actor, "report.decide");
  return write(store.db, (tx) => {
    const before = mustFindRating(tx, of);
    if (before.hiddenAt === null) return ratingOf(before);
    const set = { hiddenAt: null, hiddenBy: null, hiddenReason: null };
    const after = ratings.updateRating(tx, before, set);
    tell(tx, actor, before, after, store.clock.now());
    return ratingOf({ ...after, name: before.name });
  });
}

function tell(tx: Tx, actor: Actor, before: ratings.RatingRow, after: ratings.RatingRow, now: Date): void {
  const app = findApp(tx, after.appId);
  const reason = after.hiddenReason;
  recordChange(
    tx,
    auditAuthor(actor),
    {
      action: reason === null ? "rating.shown" : "rating.hidden",
      subject: { type: "rating", id: after.id },
      before: { hidden: before.hiddenReason },
      after: { hidden: reason, appId: after.appId },
    },
    now,
  );
  const author = after.accountId === null ? undefined : accountById(tx, after.accountId);
  if (author === undefined || app === undefined) return;
  const notice = reason === null ? shownNotice(app) : hiddenNotice(app, reason);
  tellAddress(tx, { address: author.email, accountId: author.id }, notice, now);
}

function close(
  tx: Tx,
  actor: Actor,
  row: records.ReportRow,
  outcome: NonNullable<records.ReportRow["outcome"]>,
  now: Date,
): records.ReportRow {
  const set = { closedAt: now, closedBy: actorLabel(actor), outcome };
  const after = records.updateReport(tx, row, set);
  recordChange(
    tx,
    auditAuthor(actor),
    {
      action: "report.closed",
      subject: { type: "report", id: row.id },
      before: { outcome: null },
      after: { outcome, appId: row.appId, ratingId: row.ratingId },
    },
    now,
  );
  return after;
}

function mustFind(tx: Tx, id: ReportId): records.ReportRow {
  const row = records.findReport(tx, id);
  if (row === undefined) throw new Problem("not_found", "report.not_found", say`There is no such report.`);
  return row;
}

function mustFindRating(tx: Tx, { appId, ratingId, ifMatch }: Of): ratings.NamedRating {
  const row = ratings.findNamed(tx, appId, ratingId);
  if (row === undefined) throw ratingNotFound();
  ifUnchanged(row.revision, ifMatch);
  return row;
}

function viewOf(tx: Tx, row: records.ReportRow): Report {
  const { id, appId, reason, body, accountId, createdAt, closedAt, closedBy, outcome, revision } = row;
  const { appName, by, rating } = records.named(tx, row);
  return {
    ...{ id, appId, appName, reason, text: harmless(body), createdAt, revision },
    rating: rating && ratingOf(rating),
    by: { accountId, name: by },
    closed: closedAt === null ? null : { at: closedAt, by: closedBy ?? "", outcome: outcome ?? "" },
  };
}

function ratingOf(row: ratings.NamedRating): ReportedRating {
  const { id, name, stars, body, createdAt, hiddenReason, revision } = row;
  return { id, author: name, stars, text: harmless(body), createdAt, hiddenReason, revision };
}
