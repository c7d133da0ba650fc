/** Asking administrators for an organisation: one at a time, with what it is to be called and why. */
import { recordChange } from "../../audit/record.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { type IfMatch, ifUnchanged } from "../../db/preconditions.ts";
import { judgeAll, Problem } from "../../errors.ts";
import { newId, type OrganisationId, type OrganisationRequestId } from "../../ids.ts";
import { say } from "../../say.ts";
import { DAY_MS } from "../../time.ts";
import { type Actor, actorLabel, auditAuthor } from "../actor.ts";
import { refuseTakenTo } from "../name-tries.ts";
import { notify } from "../notifications/letters.ts";
import { staffWithRole } from "../notifications/people.records.ts";
import { checkedName } from "../organisations.ts";
import { checkReason } from "../reason.ts";
import { authorise, grantOf, personOf } from "../rights.ts";
import { retryAfter, saidSeconds, waitWords } from "../wait.ts";
import * as records from "./records.ts";

/** So many within a day: each is told to whoever decides. */
export const MOST_REQUESTS_A_DAY = 5;
/** Beyond so many that wait nobody is told of each: that they wait stands on the dashboard. */
export const MOST_TOLD = 10;

export type RequestState = records.RequestRow["state"];

export type OwnRequest = {
  readonly id: OrganisationRequestId;
  readonly name: string;
  readonly reason: string;
  readonly state: RequestState;
  readonly createdAt: Date;
  /** When it was decided or taken back; null: it waits. */
  readonly closedAt: Date | null;
  /** Why it was refused. */
  readonly answer: string | null;
  /** What was made. */
  readonly organisationId: OrganisationId | null;
  readonly revision: number;
};

/**
 * Until it is decided, another one takes its place; the same again is no change. Whoever decides is told.
 * @throws Problem `organisation.invalid`, `organisation.name_taken`, `organisation.names_tried`, `reason.invalid`, `organisation_request.too_many`,
 *   `rights.forbidden`
 */
export function askForOrganisation(
  store: Pick<Store, "db" | "clock">,
  actor: Actor,
  asked: { readonly name: string; readonly reason: string },
): OwnRequest {
  authorise(actor, "organisation.request");
  const { accountId } = personOf(actor);
  const [name, reason] = judgeAll(
    () => checkedName(asked.name),
    () => checkReason(asked.reason),
  );
  return write(store.db, (tx) => {
    const now = store.clock.now();
    const before = records.findOpenOf(tx, accountId);
    if (before !== undefined && before.name === name && before.reason === reason) return ownOf(before);
    refuseTakenTo(store, tx, actor, name);
    if (before === undefined) refuseOften(records.requestsOf(tx, accountId, MOST_REQUESTS_A_DAY), now);
    const row =
      before === undefined
        ? records.insertRequest(tx, { id: newId("orq"), accountId, name, reason, createdAt: now })
        : records.updateRequest(tx, before, { name, reason });
    recordChange(
      tx,
      auditAuthor(actor),
      {
        action: before === undefined ? "organisation.requested" : "organisation.request_changed",
        subject: { type: "organisation_request", id: row.id },
        before: before === undefined ? null : { state: before.state },
        after: { state: row.state },
        person: {
          ...(before === undefined ? {} : { before: { name: before.name, reason: before.reason } }),
          after: { name, reason },
        },
      },
      now,
    );
    if (before === undefined) tellWhoDecides(tx, actor, row.id, now);
    return ownOf(row);
  });
}

function refuseOften(earlier: readonly records.RequestRow[], now: Date): void {
  const first = earlier[MOST_REQUESTS_A_DAY - 1];
  if (first === undefined) return;
  const waitMs = first.createdAt.getTime() + DAY_MS - now.getTime();
  if (waitMs <= 0) return;
  const seconds = saidSeconds(waitMs);
  const message = say`You asked for ${MOST_REQUESTS_A_DAY} organisations within a day. Try again in ${waitWords(seconds)}.`;
  throw new Problem("too_many_requests", "organisation_request.too_many", message, [retryAfter(seconds)]);
}

function tellWhoDecides(tx: Tx, actor: Actor, id: OrganisationRequestId, now: Date): void {
  if (records.countOpen(tx, MOST_TOLD + 1) > MOST_TOLD) return;
  const own = actor.kind === "account" ? actor.accountId : null;
  const people = staffWithRole(tx, grantOf("organisation.grant").store).filter((each) => each !== own);
  const path = `/admin/organisation-requests/${id}`;
  notify(tx, people, { kind: "organisation.requested", path }, now);
}

/** The newest of one's own, whatever became of it; null: none. @throws Problem `rights.forbidden` */
export function findOwnRequest(store: Pick<Store, "db">, actor: Actor): OwnRequest | null {
  authorise(actor, "organisation.request");
  const [newest] = records.requestsOf(store.db.orm, personOf(actor).accountId, 1);
  return newest === undefined ? null : ownOf(newest);
}

/** As above. @throws Problem `organisation_request.not_found`, `rights.forbidden` */
export function readOwnRequest(store: Pick<Store, "db">, actor: Actor): OwnRequest {
  const found = findOwnRequest(store, actor);
  if (found === null) throw requestNotFound();
  return found;
}

/** @throws Problem `organisation_request.not_found` where none waits, `precondition.failed`, `rights.forbidden` */
export function withdrawRequest(store: Pick<Store, "db" | "clock">, actor: Actor, ifMatch?: IfMatch): void {
  authorise(actor, "organisation.request");
  const { accountId } = personOf(actor);
  write(store.db, (tx) => {
    const row = records.findOpenOf(tx, accountId);
    if (row === undefined) throw requestNotFound();
    ifUnchanged(row.revision, ifMatch);
    const now = store.clock.now();
    records.updateRequest(tx, row, { state: "withdrawn", closedAt: now, closedBy: actorLabel(actor) });
    recordChange(
      tx,
      auditAuthor(actor),
      {
        action: "organisation.request_withdrawn",
        subject: { type: "organisation_request", id: row.id },
        before: { state: row.state },
        after: { state: "withdrawn" },
      },
      now,
    );
  });
}

export function requestNotFound(): Problem {
  return new Problem(
    "not_found",
    "organisation_request.not_found",
    say`There is no such request for an organisation.`,
  );
}

function ownOf(row: records.RequestRow): OwnRequest {
  const { id, name, reason, state, createdAt, closedAt, answer, organisationId, revision } = row;
  return { id, name, reason, state, createdAt, closedAt, answer, organisationId, revision };
}
