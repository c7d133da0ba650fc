/**
 * Rating an app: who has it says once what they think of it, and may say otherwise later. People rate by their account, devices by their
 * enrolment. Whoever belongs to the organisation that an app is of does not rate it.
 */
import { type Actor, auditAuthor, readsOf } from "../../accounts/actor.ts";
import { findMembership } from "../../accounts/memberships.records.ts";
import { authenticationRequired, authorise } from "../../accounts/rights.ts";
import { recordChange } from "../../audit/record.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { type IfMatch, ifUnchanged } from "../../db/preconditions.ts";
import { Problem } from "../../errors.ts";
import { type AppId, EVERYBODY, newId, type RatingId, type VersionCode } from "../../ids.ts";
import { primaryOf, REFERENCE_LANGUAGE } from "../../languages.ts";
import { say } from "../../say.ts";
import { findApp, type VersionRow } from "../records.ts";
import { closeReportsOf } from "../reports/close.ts";
import { detachReports } from "../reports/records.ts";
import { selectOffered } from "../revocation/records.ts";
import { findShownTo } from "../visibility/records.ts";
import { findVisible, isVisible } from "../visibility/visible.ts";
import { parseRating, type RatingInput } from "./fields.ts";
import { raterOf } from "./holders.ts";
import * as records from "./records.ts";

type Rating = Pick<Store, "db" | "clock" | "config">;

export type OwnRating = {
  readonly id: RatingId;
  readonly appId: AppId;
  readonly stars: number;
  /** Plain text; may be empty. */
  readonly text: string;
  readonly language: string;
  /** What its author had. */
  readonly version: string;
  readonly versionCode: VersionCode;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly answer: RatingAnswer | null;
  /** Somebody hid it: its author reads it, and who decides about reports; null: it is shown. */
  readonly hidden: { readonly at: Date; readonly reason: string } | null;
  readonly revision: number;
};

/** `by`: the organisation's name that answered, as it was then. */
export type RatingAnswer = { readonly text: string; readonly by: string; readonly at: Date };

/** Why somebody cannot rate an app, or that they may. */
export type RatingStanding = "may" | "sign_in" | "own_app" | "not_had";

/** What is said of a rating, and by a device of the version that it has. */
export type RatingSaid = RatingInput & {
  readonly versionCode?: VersionCode;
  /** What its words are written in; without it what their author reads. */
  readonly language?: string;
};

/** @throws Problem `rating.off` where the store has no ratings */
export function mustHaveRatings({ config }: Pick<Store, "config">): void {
  if (config.ratings) return;
  throw new Problem("not_found", "rating.off", say`There are no ratings in this store.`);
}

/** @throws Problem `app.not_found` */
export function ratingStanding(store: Pick<Store, "db" | "config">, actor: Actor, id: AppId): RatingStanding {
  const tx = store.db.orm;
  const rater = raterOf(actor);
  if (rater === null) return "sign_in";
  const { newest } = findVisible(store, actor, id);
  if (isOwn(tx, actor, id)) return "own_app";
  return hadVersion(store, tx, rater, { id, newest }) === null ? "not_had" : "may";
}

/** @throws Problem `rating.off`, `rating.not_found`, `app.not_found`, `auth.required`, `rights.forbidden` */
export function readOwnRating(store: Rating, actor: Actor, id: AppId): OwnRating {
  const found = findOwnRating(store, actor, id);
  if (found === null) throw notRated();
  return found;
}

/**
 * null: there is none. Of an app that is not shown to its author any more it is there without the answer.
 * @throws Problem as `readOwnRating` but for `rating.not_found`
 */
export function findOwnRating(
  store: Pick<Store, "db" | "config">,
  actor: Actor,
  id: AppId,
): OwnRating | null {
  mustHaveRatings(store);
  const own = findOwnLeft(store, actor, id);
  if (own === null) findVisible(store, actor, id);
  return own;
}

/** As `findOwnRating`, also where the store has no ratings any more: it can be taken back. @throws Problem `auth.required`, `rights.forbidden` */
export function findOwnLeft(store: Pick<Store, "db" | "config">, actor: Actor, id: AppId): OwnRating | null {
  const row = standing(records.findRatingOf(store.db.orm, raterFor(actor), id));
  if (row === null) return null;
  return isVisible(store, actor, id) ? ownOf(row) : { ...ownOf(row), answer: null };
}

/**
 * Rates an app, or says it otherwise. The same again changes nothing. One that is hidden stays so.
 * @throws Problem `rating.invalid`, `rating.off`, `rating.own_app`, `rating.not_had`, `app.not_found`, `version.not_found`,
 *   `precondition.failed`, `auth.required`, `rights.forbidden`
 */
export function rateApp(
  store: Rating,
  actor: Actor,
  id: AppId,
  said: RatingSaid,
  ifMatch?: IfMatch,
): OwnRating {
  mustHaveRatings(store);
  const rater = raterFor(actor);
  findVisible(store, actor, id);
  const { stars, text: body } = parseRating(said);
  const language = primaryOf(said.language ?? readsOf(actor) ?? REFERENCE_LANGUAGE).toLowerCase();
  return write(store.db, (tx) => {
    const { newest } = findVisible(store, actor, id);
    if (isOwn(tx, actor, id)) throw ownApp(id);
    const had = hadVersion(store, tx, rater, { id, newest, ...said });
    if (had === null) throw notHad(id, actor);
    const now = store.clock.now();
    const found = records.findRatingOf(tx, rater, id);
    const before = standing(found);
    if (found === undefined) {
      const row = records.insertRating(tx, rater, {
        ...{ id: newId("rat"), appId: id, stars, body, language, createdAt: now },
        ...had,
      });
      tell(tx, actor, { before: null, after: row }, now);
      return ownOf(row);
    }
    if (before !== null) {
      ifUnchanged(before.revision, ifMatch);
      const isIn = said.language === undefined || before.language === language;
      const isSame = before.stars === stars && before.body === body && isIn;
      if (isSame && before.versionCode === had.versionCode) return ownOf(before);
    }
    // What was hidden and taken back goes on in its row, and stays hidden.
    const set = { stars, body, language, ...had, updatedAt: now, withdrawnAt: null };
    const row = records.updateRating(tx, found, set);
    tell(tx, actor, { before, after: row }, now);
    return ownOf(row);
  });
}

/**
 * Takes one's rating back, with what was answered; also where the store has no ratings any more. What waits of reports of it is closed,
 * and keeps what was said. Of one that is hidden an empty row stays: what its author says next is hidden as well.
 * @throws Problem as `readOwnRating`, and `precondition.failed`
 */
export function withdrawRating(store: Rating, actor: Actor, id: AppId, ifMatch?: IfMatch): void {
  const rater = raterFor(actor);
  write(store.db, (tx) => {
    const before = standing(records.findRatingOf(tx, rater, id));
    // Of one's own there is always a way back, also when the app is not for its author's eyes any more.
    if (before === null) {
      mustHaveRatings(store);
      findVisible(store, actor, id);
      throw notRated();
    }
    ifUnchanged(before.revision, ifMatch);
    const now = store.clock.now();
    closeReportsOf(tx, actor, before, "withdrawn", now);
    if (before.hiddenAt === null) {
      detachReports(tx, before.id);
      records.removeRating(tx, before.id);
    } else records.updateRating(tx, before, { ...EMPTY, withdrawnAt: now });
    tell(tx, actor, { before, after: null }, now);
  });
}

const EMPTY = { body: "", answer: null, answeredBy: null, answeredAs: null, answeredAt: null };

/** What its author has not taken back. */
const standing = (row: records.RatingRow | undefined): records.RatingRow | null =>
  row === undefined || row.withdrawnAt !== null ? null : row;

function raterFor(actor: Actor): records.Rater {
  // What a device may is no matter of the table of rights: it has shown that it is enrolled.
  if (actor.kind !== "device") authorise(actor, "rating.write");
  const rater = raterOf(actor);
  if (rater === null) throw authenticationRequired();
  return rater;
}

/** Also of a role that is not in force, such as one that waits for a second factor. */
function isOwn(tx: Tx, actor: Actor, id: AppId): boolean {
  if (actor.kind !== "account") return false;
  const app = findApp(tx, id);
  return app !== undefined && findMembership(tx, app.organisationId, actor.accountId) !== undefined;
}

type Had = Pick<VersionRow, "versionCode" | "version">;

/**
 * What a rating is of: the version that was fetched last. Of an app that a device fetches as anybody does the store has noted nothing:
 * there an enrolled device's own word counts, which is of a version that the store offers.
 * @throws Problem `version.not_found`
 */
function hadVersion(
  { config }: Pick<Store, "config">,
  tx: Tx,
  rater: records.Rater,
  {
    id,
    newest,
    versionCode,
  }: { readonly id: AppId; readonly newest: VersionRow; readonly versionCode?: VersionCode },
): Had | null {
  const holder = records.findHolder(tx, rater, id);
  const isAnybodys = !config.restricted && findShownTo(tx, id, [EVERYBODY]) !== undefined;
  if (holder === undefined && !("deviceId" in rater && isAnybodys)) return null;
  if ("deviceId" in rater && versionCode !== undefined) return offeredWith(tx, id, versionCode);
  const { version, versionCode: code } = holder ?? newest;
  return { version, versionCode: code };
}

function offeredWith(tx: Tx, id: AppId, code: VersionCode): Had {
  const [found] = selectOffered(tx, id, 1, (code + 1) as VersionCode);
  if (found?.versionCode === code) return { version: found.version, versionCode: code };
  throw new Problem(
    "not_found",
    "version.not_found",
    say`There is no version with code ${code} of ${id} that you may see.`,
  );
}

/** Of an organisation's app it is told to the store alone: who rated it is nobody's there. */
function tell(
  tx: Tx,
  actor: Actor,
  { before, after }: { readonly before: records.RatingRow | null; readonly after: records.RatingRow | null },
  now: Date,
): void {
  const row = after ?? before;
  if (row === null) return;
  const said = (of: records.RatingRow | null) => (of === null || of.body === "" ? {} : { text: of.body });
  // A person's words stand apart, where they go with the account.
  const facts = (of: records.RatingRow | null) =>
    of && {
      ...{ appId: of.appId, stars: of.stars, versionCode: of.versionCode },
      ...(of.accountId === null ? said(of) : {}),
    };
  recordChange(
    tx,
    auditAuthor(actor),
    {
      action: before === null ? "rating.made" : after === null ? "rating.withdrawn" : "rating.changed",
      subject: { type: "rating", id: row.id },
      before: facts(before),
      after: facts(after),
      ...(row.accountId === null ? {} : { person: { before: said(before), after: said(after) } }),
    },
    now,
  );
}

export function ownOf(row: records.RatingRow): OwnRating {
  const { body, hiddenAt, hiddenReason } = row;
  const { id, appId, stars, language, version, versionCode, createdAt, updatedAt, revision } = row;
  return {
    ...{ id, appId, stars, text: body, language, version, versionCode, createdAt, updatedAt, revision },
    answer: answerOf(row),
    hidden: hiddenAt === null ? null : { at: hiddenAt, reason: hiddenReason ?? "" },
  };
}

export function answerOf({ answer, answeredAs, answeredAt }: records.RatingRow): RatingAnswer | null {
  if (answer === null || answeredAt === null) return null;
  return { text: answer, by: answeredAs ?? "", at: answeredAt };
}

function notRated(): Problem {
  return new Problem("not_found", "rating.not_found", say`You have not rated this app.`);
}

function ownApp(id: AppId): Problem {
  return new Problem(
    "forbidden",
    "rating.own_app",
    say`You belong to the organisation that ${id} is of: others say how it is.`,
  );
}

function notHad(id: AppId, actor: Actor): Problem {
  return new Problem(
    "forbidden",
    "rating.not_had",
    actor.kind === "device"
      ? say`This device has not fetched ${id} from the store: it rates what it has.`
      : say`You have not downloaded ${id} while you were signed in: people rate what they have.`,
  );
}
