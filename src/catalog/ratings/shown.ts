/** Ratings as whoever may see an app reads them: by the name that their authors show, and nothing else of who they are. */
import type { Actor } from "../../accounts/actor.ts";
import { harmless } from "../../accounts/said.ts";
import type { Store } from "../../context.ts";
import { type Page, type PageRequest, pageOf } from "../../db/pages.ts";
import type { AppId, RatingId, VersionCode } from "../../ids.ts";
import { primaryOf } from "../../languages.ts";
import { findVisible } from "../visibility/visible.ts";
import { answerOf, mustHaveRatings, type RatingAnswer } from "./rate.ts";
import * as records from "./records.ts";
import { type RatingSummary, summaryOf } from "./stars.ts";

export type ShownRating = {
  readonly id: RatingId;
  /** What its author calls themselves; null: it is of an enrolled device. */
  readonly author: string | null;
  readonly stars: number;
  /** Plain text. */
  readonly text: string;
  readonly language: string;
  readonly version: string;
  readonly versionCode: VersionCode;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly answer: RatingAnswer | null;
};

type Looking = Pick<Store, "db" | "config">;

/** @throws Problem `rating.off`, `app.not_found`, `rights.forbidden` */
export function readRatingSummary(store: Looking, actor: Actor, id: AppId): RatingSummary {
  mustHaveRatings(store);
  findVisible(store, actor, id);
  return summaryOf(records.selectSums(store.db.orm, [id]).get(id) ?? []);
}

/**
 * Those with words, the newest first: an edited one keeps its place.
 * @param language Only what is written in it; without it all.
 * @throws Problem `rating.off`, `app.not_found`, `rights.forbidden`
 */
export function shownRatings(
  store: Looking,
  actor: Actor,
  id: AppId,
  { language, ...page }: PageRequest & { readonly language?: string },
): Page<ShownRating> {
  mustHaveRatings(store);
  findVisible(store, actor, id);
  const wanted = { ...page, limit: page.limit + 1 };
  const rows = records.selectSaid(store.db.orm, id, languageOf(language), wanted);
  const { items, nextCursor } = pageOf(rows, page.limit, ({ id }) => id);
  return { items: items.map(shownOf), nextCursor };
}

/** As `overview.ts` has it of other lists. */
export function beforeShownRatings(
  store: Looking,
  id: AppId,
  language: string | undefined,
  after: string,
  limit: number,
): string | null {
  const wanted = { after, limit: limit + 1 };
  return records.selectSaidUpTo(store.db.orm, id, languageOf(language), wanted)[limit] ?? null;
}

const languageOf = (tag: string | undefined): string | null =>
  tag === undefined ? null : primaryOf(tag).toLowerCase();

export function shownOf(row: records.NamedRating): ShownRating {
  const { id, name, stars, body, language, version, versionCode, createdAt, updatedAt } = row;
  const answer = answerOf(row);
  return {
    ...{ id, author: name, stars, text: harmless(body), language, version, versionCode },
    ...{ createdAt, updatedAt },
    answer: answer && { ...answer, text: harmless(answer.text) },
  };
}
