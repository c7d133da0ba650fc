/** Reporting an app, or what somebody said of it, to those who look after the store. */
import { type Actor, auditAuthor } from "../../accounts/actor.ts";
import { authorise, personOf } from "../../accounts/rights.ts";
import { recordChange } from "../../audit/record.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { Problem } from "../../errors.ts";
import { type AppId, newId, type RatingId, type ReportId } from "../../ids.ts";
import { say } from "../../say.ts";
import { ratingNotFound } from "../ratings/answer.ts";
import { mustHaveRatings } from "../ratings/rate.ts";
import { findNamed, type NamedRating } from "../ratings/records.ts";
import { type ShownRating, shownOf } from "../ratings/shown.ts";
import { findVisible, type ShownApp } from "../visibility/visible.ts";
import { MOST_OPEN_REPORTS, parseReport, type ReportInput } from "./fields.ts";
import * as records from "./records.ts";

/** What is reported: an app, or what somebody said of it. */
export type About = { readonly appId: AppId; readonly ratingId: RatingId | null };

export type OwnReport = {
  readonly id: ReportId;
  readonly appId: AppId;
  readonly ratingId: RatingId | null;
  readonly reason: string;
  readonly text: string;
  readonly createdAt: Date;
  readonly revision: number;
};

/** @throws Problem `rating.off`, `rating.not_found`, `app.not_found`, `auth.required`, `rights.forbidden` */
export function findReported(
  store: Pick<Store, "db" | "config">,
  actor: Actor,
  { appId, ratingId }: About,
): { readonly app: ShownApp; readonly rating: ShownRating | null } {
  authorise(actor, "report.make");
  const { app } = findVisible(store, actor, appId);
  if (ratingId === null) return { app, rating: null };
  mustHaveRatings(store);
  return { app, rating: shownOf(mustFind(store.db.orm, appId, ratingId)) };
}

function mustFind(tx: Tx, appId: AppId, ratingId: RatingId): NamedRating {
  const row = findNamed(tx, appId, ratingId);
  if (row === undefined || row.hiddenAt !== null) throw ratingNotFound();
  return row;
}

/** What the report keeps of it, whatever its author does then. */
function saidIn(tx: Tx, { appId, ratingId }: About) {
  if (ratingId === null) return { saidStars: null, saidText: null, saidBy: null };
  const { stars, body, accountId } = mustFind(tx, appId, ratingId);
  return { saidStars: stars, saidText: body, saidBy: accountId };
}

/**
 * One of each that waits: until it is decided, another one takes its place.
 * @throws Problem `report.invalid`, `report.too_many`, and as `findReported`
 */
export function makeReport(
  store: Pick<Store, "db" | "config" | "clock">,
  actor: Actor,
  about: About,
  input: ReportInput,
): OwnReport {
  findReported(store, actor, about);
  const { reason, text: body } = parseReport(input, about.ratingId === null ? "app" : "rating");
  const { accountId } = personOf(actor);
  return write(store.db, (tx) => {
    findReported(store, actor, about);
    const now = store.clock.now();
    const before = records.findOwnOpen(tx, accountId, about.appId, about.ratingId);
    if (before !== undefined && before.reason === reason && before.body === body) return ownOf(before);
    if (before === undefined && records.countOwnOpen(tx, accountId) >= MOST_OPEN_REPORTS) throw tooMany();
    const said = { reason, body, ...saidIn(tx, about) };
    const row =
      before === undefined
        ? records.insertReport(tx, { ...about, id: newId("rpt"), accountId, ...said, createdAt: now })
        : records.updateReport(tx, before, said);
    recordChange(
      tx,
      auditAuthor(actor),
      {
        action: before === undefined ? "report.made" : "report.changed",
        subject: { type: "report", id: row.id },
        before: before === undefined ? null : { reason: before.reason },
        after: { ...about, reason },
        person: { ...(before === undefined ? {} : { before: wordsOf(before) }), after: wordsOf(row) },
      },
      now,
    );
    return ownOf(row);
  });
}

const wordsOf = ({ body }: records.ReportRow) => (body === "" ? {} : { text: body });

function ownOf({ body, id, appId, ratingId, reason, createdAt, revision }: records.ReportRow): OwnReport {
  return { id, appId, ratingId, reason, text: body, createdAt, revision };
}

function tooMany(): Problem {
  return new Problem(
    "conflict",
    "report.too_many",
    say`${MOST_OPEN_REPORTS} of your reports wait for a decision: wait until some are decided.`,
  );
}
