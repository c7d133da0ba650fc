/** What becomes of the organisations that people ask for: administrators make them, or refuse with a reason. */
import { beginningOf } from "../../audit/facts.ts";
import { recordChange } from "../../audit/record.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { oneMore, type Page, type PageRequest, pageOf } from "../../db/pages.ts";
import { type IfMatch, ifUnchanged } from "../../db/preconditions.ts";
import { Problem } from "../../errors.ts";
import type { AccountId, OrganisationId, OrganisationRequestId } from "../../ids.ts";
import { say } from "../../say.ts";
import { type Actor, actorLabel, auditAuthor, byOf } from "../actor.ts";
import { tellAddress } from "../messages/outbox.ts";
import { refuseTaken } from "../name-tries.ts";
import { addOrganisation, checkedName, putMember } from "../organisations.ts";
import { checkReason } from "../reason.ts";
import { accountById } from "../records.ts";
import { allows, authorise } from "../rights.ts";
import { localStoreName } from "../store-name.ts";
import { type RequestState, requestNotFound } from "./ask.ts";
import * as records from "./records.ts";

export type OrganisationRequest = {
  readonly id: OrganisationRequestId;
  readonly name: string;
  readonly reason: string;
  readonly by: {
    readonly accountId: AccountId;
    readonly name: string;
    readonly email: string;
    /** Whether they have shown that they read mail there: else anybody may have written it down. */
    readonly isEmailProven: boolean;
  };
  readonly state: RequestState;
  readonly createdAt: Date;
  readonly closed: { readonly at: Date; readonly by: string } | null;
  /** Why it was refused. */
  readonly answer: string | null;
  /** What was made. */
  readonly organisationId: OrganisationId | null;
  readonly mayDecide: boolean;
  readonly revision: number;
};

export type Listed = "open" | "closed";
const COUNT_MOST = 1000;

/** Those that wait, the longest waiting first; the others, the newest first. @throws Problem `rights.forbidden` */
export function listRequests(
  store: Pick<Store, "db">,
  actor: Actor,
  { state, ...page }: PageRequest & { readonly state: Listed },
): Page<OrganisationRequest> {
  authorise(actor, "organisation.requested");
  const rows = records.selectRequests(store.db.orm, state, oneMore(page));
  return pageOf(
    rows,
    page.limit,
    (row) => row.id,
    (row) => viewOf(actor, row),
  );
}

/** Where the page before the one after `after` begins; null when it is the first. The caller has asked who may. */
export function beforeRequests(store: Pick<Store, "db">, state: Listed, after: string, limit: number) {
  return records.selectRequestsUpTo(store.db.orm, state, { after, limit: limit + 1 })[limit] ?? null;
}

/** How many wait, up to a thousand, and since when the first does; for who decides about them. */
export function waitingRequests({ db }: Pick<Store, "db">): {
  readonly waiting: number;
  readonly oldestAt: Date | null;
} {
  const [oldest] = records.selectRequests(db.orm, "open", { limit: 1 });
  return { waiting: records.countOpen(db.orm, COUNT_MOST), oldestAt: oldest?.createdAt ?? null };
}

/** @throws Problem `organisation_request.not_found`, `rights.forbidden` */
export function readRequest(
  store: Pick<Store, "db">,
  actor: Actor,
  id: OrganisationRequestId,
): OrganisationRequest {
  authorise(actor, "organisation.requested");
  return viewOf(actor, mustFind(store.db.orm, id));
}

/**
 * Makes the organisation, and who asked its owner, in one transaction. They are told.
 * @param called What it is called instead of what was asked. @throws Problem `organisation_request.not_found`,
 *   `organisation_request.closed`, `organisation.invalid`, `organisation.name_taken`, `organisation.owner_unknown`,
 *   `precondition.failed`, `rights.forbidden`
 */
export function acceptRequest(
  store: Pick<Store, "db" | "clock">,
  actor: Actor,
  id: OrganisationRequestId,
  { name: called, ifMatch }: { readonly name?: string | undefined; readonly ifMatch?: IfMatch | undefined },
): OrganisationRequest {
  authorise(actor, "organisation.grant");
  return write(store.db, (tx) => {
    const row = mustFindOpen(tx, id, ifMatch);
    const name = checkedName(called ?? row.name);
    refuseTaken(tx, name);
    refuseDisabled(tx, row.accountId);
    const now = store.clock.now();
    const author = auditAuthor(actor);
    const organisationId = addOrganisation(tx, actor, name, now).id;
    const owner = { organisationId, accountId: row.accountId, role: "owner" } as const;
    putMember(tx, author, { ...owner, told: "organisation.granted" }, now);
    const set = { state: "accepted", closedAt: now, closedBy: actorLabel(actor), organisationId } as const;
    records.updateRequest(tx, row, set);
    const subject = { type: "organisation_request", id };
    const facts = { before: { state: row.state }, after: { state: set.state, owner: row.accountId, name } };
    const action = "organisation.request_accepted";
    recordChange(tx, author, { action, subject, organisationId, ...facts }, now);
    return viewOf(actor, mustFind(tx, id));
  });
}

/**
 * Who asked is told, with the reason.
 * @throws Problem `organisation_request.not_found`, `organisation_request.closed`, `reason.invalid`, `precondition.failed`,
 *   `rights.forbidden`
 */
export function refuseRequest(
  store: Pick<Store, "db" | "clock">,
  actor: Actor,
  id: OrganisationRequestId,
  { reason, ifMatch }: { readonly reason: string; readonly ifMatch?: IfMatch | undefined },
): OrganisationRequest {
  authorise(actor, "organisation.grant");
  const answer = checkReason(reason);
  return write(store.db, (tx) => {
    const row = mustFindOpen(tx, id, ifMatch);
    const now = store.clock.now();
    const set = { state: "refused", closedAt: now, closedBy: actorLabel(actor), answer } as const;
    records.updateRequest(tx, row, set);
    recordChange(
      tx,
      auditAuthor(actor),
      {
        action: "organisation.request_refused",
        subject: { type: "organisation_request", id },
        before: { state: row.state },
        after: { state: set.state, reason: beginningOf(answer) },
      },
      now,
    );
    const { start } = byOf(actor);
    tellAddress(
      tx,
      { address: row.email, accountId: row.accountId },
      {
        kind: "organisation.refused",
        subject: say`The organisation that you asked for was refused`,
        body: [
          say`${start} refused the organisation ${row.name}, which you asked for at ${localStoreName(store)}. The reason that was given:`,
          answer,
          say`You can ask again, or have an owner of an organisation invite you.`,
        ],
        path: "/organisations/ask",
      },
      now,
    );
    return viewOf(actor, mustFind(tx, id));
  });
}

function mustFind(tx: Tx, id: OrganisationRequestId): records.NamedRequest {
  const row = records.findRequest(tx, id);
  if (row === undefined) throw requestNotFound();
  return row;
}

function mustFindOpen(tx: Tx, id: OrganisationRequestId, ifMatch: IfMatch | undefined): records.NamedRequest {
  const row = mustFind(tx, id);
  if (row.state !== "open")
    throw new Problem(
      "conflict",
      "organisation_request.closed",
      say`This request was decided already, or taken back.`,
    );
  ifUnchanged(row.revision, ifMatch);
  return row;
}

/** An organisation whose owner cannot sign in would be nobody's. */
function refuseDisabled(tx: Tx, accountId: AccountId): void {
  if ((accountById(tx, accountId)?.disabledAt ?? null) === null) return;
  throw new Problem(
    "unprocessable",
    "organisation.owner_unknown",
    say`The account of who asks is disabled. Enable it first, or refuse the request.`,
  );
}

function viewOf(actor: Actor, row: records.NamedRequest): OrganisationRequest {
  const { id, name, reason, state, createdAt, closedAt, closedBy, answer, organisationId, revision } = row;
  return {
    ...{ id, name, reason, state, createdAt, answer, organisationId, revision },
    by: {
      ...{ accountId: row.accountId, name: row.askedBy, email: row.email },
      isEmailProven: row.emailProvenAt !== null,
    },
    closed: closedAt === null ? null : { at: closedAt, by: closedBy ?? "" },
    mayDecide: allows(actor, "organisation.grant"),
  };
}
