/** What was reported, for those who look after the store: they hide what somebody said and show it again, and close reports. */
import { type Actor, actorLabel, auditAuthor } from "../../accounts/actor.ts";
import { tellAddress } from "../../accounts/messages/outbox.ts";
import { checkReason } from "../../accounts/reason.ts";
import { accountById } from "../../accounts/records.ts";
import { allows, authorise } from "../../accounts/rights.ts";
import { harmless } from "../../accounts/said.ts";
import { recordChange } from "../../audit/record.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { type Page, type PageRequest, pageOf } from "../../db/pages.ts";
import { type IfMatch, ifUnchanged } from "../../db/preconditions.ts";
import { Problem } from "../../errors.ts";
import type { AccountId, AppId, RatingId, ReportId } from "../../ids.ts";
import { say } from "../../say.ts";
import { aboutOf, ratingNotFound } from "../ratings/answer.ts";
import * as ratings from "../ratings/records.ts";
import { findApp } from "../records.ts";
import { findShownTo } from "../visibility/records.ts";
import { audiencesOfAccount } from "../visibility/viewers.ts";
import { closeReportsOf } from "./close.ts";
import { hasPartIn, refuseOwnPart } from "./part.ts";
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

type Outcome = NonNullable<records.ReportRow["outcome"]>;

export type Report = {
  readonly id: ReportId;
  readonly appId: AppId;
  readonly appName: string;
  /** As it was when it was reported; null: the report is about the app. */
  readonly said: { readonly stars: number; readonly text: string } | null;
  /** As it is now; null: the report is about the app, or its author took the rating back. */
  readonly rating: ReportedRating | null;
  readonly reason: string;
  readonly text: string;
  /** null: who asks has a part in it, as `own` says. */
  readonly by: { readonly accountId: AccountId; readonly name: string } | null;
  /** Who asks said it, or works for the organisation that the app is of: others decide. */
  readonly own: boolean;
  readonly mayDecide: boolean;
  readonly createdAt: Date;
  readonly closed: { readonly at: Date; readonly by: string; readonly outcome: Outcome } | null;
  readonly revision: number;
};

export type ReportState = "open" | "closed";
type Acting = Pick<Store, "db" | "clock">;
const COUNT_MOST = 1000;

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
  return { items: items.map((row) => viewOf(tx, actor, row)), nextCursor };
}

/** As `overview.ts` has it of other lists. */
export function beforeReports(store: Pick<Store, "db">, state: ReportState, after: string, limit: number) {
  return records.selectReportsUpTo(store.db.orm, state, { after, limit: limit + 1 })[limit] ?? null;
}

/** @throws Problem `report.not_found`, `rights.forbidden` */
export function readReport(store: Pick<Store, "db">, actor: Actor, id: ReportId): Report {
  authorise(actor, "report.read");
  return viewOf(store.db.orm, actor, mustFind(store.db.orm, id));
}

/**
 * Without hiding anything: `dismissed` where nothing is wrong, `handled` where something was done about the app. One that is decided
 * stays as it is.
 * @throws Problem `report.not_found`, `report.closed`, `report.own`, `precondition.failed`, `rights.forbidden`
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
    refuseOwnPart(tx, actor, thingOf(row));
    ifUnchanged(row.revision, ifMatch);
    if (row.closedAt !== null)
      throw new Problem("conflict", "report.closed", say`Somebody has decided about this report already.`);
    return viewOf(tx, actor, close(tx, actor, row, outcome, store.clock.now()));
  });
}

/** How many wait, up to a thousand, and since when the first does; for who decides about them. */
export function waitingReports({ db }: Pick<Store, "db">): { waiting: number; oldestAt: Date | null } {
  const [oldest] = records.selectReports(db.orm, "open", { limit: 1 });
  return { waiting: records.countOpen(db.orm, COUNT_MOST), oldestAt: oldest?.createdAt ?? null };
}

type Of = { readonly appId: AppId; readonly ratingId: RatingId; readonly ifMatch?: IfMatch | undefined };

/**
 * Its author reads it from then on, and who looks after the store; it counts no more. Every report of it is decided by that. With
 * another reason than before that alone changes. Its author is told.
 * @throws Problem `reason.invalid`, `rating.not_found`, `report.own`, `precondition.failed`, `rights.forbidden`
 */
export function hideRating(store: Acting, actor: Actor, of: Of, said: string): ReportedRating {
  authorise(actor, "report.decide");
  const reason = checkReason(said);
  return write(store.db, (tx) => {
    const now = store.clock.now();
    const before = mustFindRating(tx, actor, of);
    if (before.hiddenAt !== null && before.hiddenReason === reason) return ratingOf(before);
    const set = { hiddenAt: before.hiddenAt ?? now, hiddenBy: actorLabel(actor), hiddenReason: reason };
    const after = ratings.updateRating(tx, before, set);
    tell(tx, actor, before, after, now);
    closeReportsOf(tx, actor, before, "hidden", now);
    return ratingOf({ ...after, name: before.name });
  });
}

/** One that somebody is about to hide. @throws Problem `rating.not_found`, `report.own`, `rights.forbidden` */
export function ratingToHide(
  store: Pick<Store, "db">,
  actor: Actor,
  of: Omit<Of, "ifMatch">,
): { readonly appName: string; readonly rating: ReportedRating } {
  authorise(actor, "report.decide");
  const tx = store.db.orm;
  const rating = ratingOf(mustFindRating(tx, actor, of));
  return { appName: findApp(tx, of.appId)?.name ?? of.appId, rating };
}

/** What is shown stays so. @throws Problem as `hideRating` but for `reason.invalid` */
export function showRating(store: Acting, actor: Actor, of: Of): ReportedRating {
  authorise(actor, "report.decide");
  return write(store.db, (tx) => {
    const before = mustFindRating(tx, actor, of);
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
  const isShown = findShownTo(tx, app.id, audiencesOfAccount(tx, author.id)) !== undefined;
  const about = { id: app.id, name: isShown ? app.name : null };
  const notice = reason === null ? shownNotice(about) : hiddenNotice(about, reason);
  tellAddress(tx, { address: author.email, accountId: author.id }, notice, now);
}

function close(tx: Tx, actor: Actor, row: records.ReportRow, outcome: Outcome, now: Date): records.ReportRow {
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

function mustFindRating(tx: Tx, actor: Actor, { appId, ratingId, ifMatch }: Of): ratings.NamedRating {
  const row = ratings.findNamed(tx, appId, ratingId);
  if (row === undefined) throw ratingNotFound();
  refuseOwnPart(tx, actor, aboutOf(row));
  ifUnchanged(row.revision, ifMatch);
  return row;
}

/** What was said of an app can be hidden since it was said, an app be dealt with since it was reported. */
const thingOf = ({ appId, saidBy, createdAt }: records.ReportRow) => ({
  ...{ appId, saidBy, since: createdAt },
});

function viewOf(tx: Tx, actor: Actor, row: records.ReportRow): Report {
  const { id, appId, reason, body, accountId, createdAt, closedAt, closedBy, outcome, revision } = row;
  const { saidStars, saidText } = row;
  const { appName, by, rating } = records.named(tx, row);
  const own = hasPartIn(tx, actor, rating === null ? thingOf(row) : aboutOf(rating));
  return {
    ...{ id, appId, appName, reason, text: harmless(body), createdAt, revision },
    rating: rating && ratingOf(rating),
    said: saidStars === null ? null : { stars: saidStars, text: harmless(saidText ?? "") },
    by: own ? null : { accountId, name: by },
    ...{ own, mayDecide: !own && allows(actor, "report.decide") },
    closed: closedAt === null || outcome === null ? null : { at: closedAt, by: closedBy ?? "", outcome },
  };
}

function ratingOf(row: ratings.NamedRating): ReportedRating {
  const { id, name, stars, body, createdAt, hiddenReason, revision } = row;
  return { id, author: name, stars, text: harmless(body), createdAt, hiddenReason, revision };
}
