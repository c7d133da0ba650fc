/**
 * All that the store holds about a person, for that person: as one JSON document, made while it is sent, so that it takes no
 * more memory for who has been here for ten years. Secrets are left out, and so is from where others did what concerns them.
 */
import type { AuditAction } from "../../audit/actions.ts";
import type { AuditRow } from "../../audit/entry.ts";
import { recordChange } from "../../audit/record.ts";
import { type AuditFilter, type AuditPlace, firstBefore, searchStep } from "../../audit/records.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import type { AccountId, NotificationId, VersionId } from "../../ids.ts";
import { type AccountActor, accountLabel, auditAuthor } from "../actor.ts";
import { appsNamedTo } from "../audit-apps.ts";
import { groupsNamedTo, UNNAMED_GROUP } from "../audit-groups.ts";
import { listBrowsers } from "../browsers/browsers.ts";
import { factorsAt } from "../factors/views.ts";
import { identitiesAt } from "../identities/list.ts";
import { membershipsOf } from "../memberships.records.ts";
import { viewsFor } from "../notifications/list.ts";
import { notificationsAfter, selectMuted } from "../notifications/records.ts";
import { accountNotFound, accountOf, accountSubject } from "../people.ts";
import { accountById } from "../records.ts";
import { allows, authorise } from "../rights.ts";
import { listSessions } from "../sessions.ts";
import { stillActing } from "../still.ts";
import { storeName } from "../store-name.ts";
import * as records from "./records.ts";

export const EXPORT_FORMAT = "mosis-account-export";
export const EXPORT_VERSION = 1;
/** Rows that are in memory at a time. */
const STEP = 500;

/**
 * The document in pieces. That it was made is in the audit log before the first of them. Who may not have it any more by one of
 * them, since they were put out meanwhile, gets that and the rest no more: the piece is refused as the whole would be.
 * @throws Problem `rights.forbidden`, `account.not_found`
 */
export function exportOwn(store: Store, actor: AccountActor): AsyncGenerator<string, void> {
  authorise(actor, "self.export");
  const { accountId } = actor;
  const now = store.clock.now();
  write(store.db, (tx) => {
    if (!accountById(tx, accountId)) throw accountNotFound();
    recordChange(
      tx,
      auditAuthor(actor),
      { action: "account.exported", subject: accountSubject(accountId) },
      now,
    );
  });
  return documentOf(store, actor, now);
}

/** Who asks, as they are by now. @throws Problem those of `stillActing`, `rights.forbidden` */
type Present = () => AccountActor;

function present(store: Store, actor: AccountActor): AccountActor {
  const now = stillActing(store, store.db.orm, actor);
  if (now.kind !== "account") throw accountNotFound();
  authorise(now, "self.export");
  return now;
}

type Part = readonly [name: string, value: unknown];
/** A list that is gone through step by step: each call gives the next rows. */
type Listed = readonly [name: string, steps: () => Generator<readonly unknown[], void>];

async function* documentOf(store: Store, actor: AccountActor, now: Date): AsyncGenerator<string, void> {
  const asks: Present = () => present(store, actor);
  const parts = wholeParts(store, asks(), now).map(
    ([name, value]) => `${JSON.stringify(name)}:${json(value)}`,
  );
  yield `{${parts.join(",\n")}`;
  for (const [name, steps] of listedParts(store.db.orm, asks)) {
    asks();
    yield `,\n${JSON.stringify(name)}:[`;
    let separator = "\n";
    for (const rows of steps()) {
      if (rows.length > 0) yield rows.map((row) => `${takeSeparator()}${json(row)}`).join("");
      // Others have their turn.
      await Bun.sleep(0);
      asks();
    }
    yield "]";
    function takeSeparator(): string {
      const one = separator;
      separator = ",\n";
      return one;
    }
  }
  yield "}\n";
}

const json = (value: unknown): string => JSON.stringify(value);

function wholeParts(store: Store, actor: AccountActor, now: Date): readonly Part[] {
  const id = actor.accountId;
  const tx = store.db.orm;
  const row = accountById(tx, id);
  if (row === undefined) throw accountNotFound();
  const { items, recoveryCodesLeft } = factorsAt(store, id);
  return [
    ["format", EXPORT_FORMAT],
    ["version", EXPORT_VERSION],
    ["store", storeName(store)],
    ["madeAt", now],
    ["account", { ...accountOf(row), hasPassword: row.passwordHash !== null }],
    ["sessions", listSessions(store, id)],
    ["knownBrowsers", listBrowsers(store, id).map(({ secretHash: _, ...rest }) => rest)],
    ["secondFactors", items],
    ["recoveryCodesLeft", recoveryCodesLeft],
    ["linkedAccounts", identitiesAt(store, id)],
    ["organisations", membershipsOf(tx, id)],
    ["pastOrganisations", pastOrganisationsOf(tx, id)],
    ["groups", groupsOf(tx, actor)],
    ["withoutLettersOf", selectMuted(tx, id)],
    ["openUploads", records.openUploadsOf(tx, id)],
    ["appDraft", records.appDraftOf(tx, id)],
    ["appsHad", records.appsHadBy(tx, id)],
    ["ratings", records.ratingsBy(tx, id)],
    ["reports", records.reportsBy(tx, id)],
    ["organisationRequests", records.organisationRequestsBy(tx, id)],
    ["invitations", invitationsOf(tx, id, row.emailKey)],
  ];
}

/** Called as they were when the person left: what they are called by now is for those who are in them. */
function pastOrganisationsOf(tx: Tx, id: AccountId) {
  return records.pastMembershipsOf(tx, id).map(({ name, ...past }) => {
    const since = { subject: past.organisationId, since: past.until };
    return { ...past, name: firstBefore(tx, { ...since, action: "organisation.renamed" }, "name") ?? name };
  });
}

/** Without which key of theirs somebody else invited with. */
function invitationsOf(tx: Tx, accountId: AccountId, emailKey: string) {
  return records
    .invitationsFor(tx, { accountId, emailKey })
    .map(({ emailKey: _, createdWith: __, ...rest }) => rest);
}

/** That one is in a group, and since when, is one's own; what a group is called that administrators keep unnamed is not. */
function groupsOf(tx: Tx, actor: AccountActor) {
  const seesGroups = allows(actor, "group.read");
  return records
    .groupMembershipsOf(tx, actor.accountId)
    .map(({ offered, id, name, since }) =>
      seesGroups || offered ? { id, name, since } : { id: UNNAMED_GROUP, name: UNNAMED_GROUP, since },
    );
}

function listedParts(tx: Tx, asks: Present): readonly Listed[] {
  const id = asks().accountId;
  const actor = accountLabel(id);
  /** What entries say to the person, by what they may see by now. */
  const told = (): ((row: AuditRow) => AuditRow) => {
    const person = asks();
    const [groups, apps] = [groupsNamedTo(tx, person), appsNamedTo(tx, person)];
    const seesPeople = allows(person, "user.read");
    return (row) => groups(apps(seesPeople ? row : withoutOthers(row, id)));
  };
  return [
    ["apiKeys", () => inSteps((last) => records.ownKeysAfter(tx, id, last?.id, STEP), keyOf)],
    ["notifications", () => notificationsOf(tx, asks)],
    ["messages", () => inSteps((last) => records.messagesAfter(tx, id, last?.id, STEP), messageOf)],
    [
      "uploads",
      () => versionsOf(tx, { actor, action: "version.uploaded" }, (ids) => records.versionsAmong(tx, ids)),
    ],
    ["reviews", () => reviewsOf(tx, actor)],
    [
      "done",
      () =>
        entriesOf(tx, { actor }, () => {
          const as = told();
          return (row) => (isOfOtherSide(row) ? null : entryOf(as(row)));
        }),
    ],
    [
      "concerning",
      () =>
        entriesOf(tx, { subject: id }, () => {
          const as = told();
          return (row) => (row.actor === actor ? null : withoutPlace(as(row)));
        }),
    ],
  ];
}

function* inSteps<Row>(
  read: (last: Row | undefined) => readonly Row[],
  view: (row: Row) => unknown,
): Generator<readonly unknown[], void> {
  let last: Row | undefined;
  do {
    const rows = read(last);
    yield rows.map(view);
    last = rows.length < STEP ? undefined : rows.at(-1);
  } while (last !== undefined);
}

/** As the person sees them by now. */
function* notificationsOf(tx: Tx, asks: Present): Generator<readonly unknown[], void> {
  let last: NotificationId | undefined;
  do {
    const person = asks();
    const rows = notificationsAfter(tx, person.accountId, last, STEP);
    yield rows.map(viewsFor(tx, person, rows));
    last = rows.length < STEP ? undefined : rows.at(-1)?.id;
  } while (last !== undefined);
}

function keyOf({ secretHash: _, endToldAt: __, ...key }: ReturnType<typeof records.ownKeysAfter>[number]) {
  return key;
}

function messageOf({
  kind,
  address,
  subject,
  body,
  createdAt,
  seenAt,
  sentAt,
}: ReturnType<typeof records.messagesAfter>[number]) {
  return { kind, address, subject, body, createdAt, seenAt, sentAt };
}

/** @param viewOf Asked anew for each step. */
function* entriesOf(
  tx: Tx,
  filter: AuditFilter,
  viewOf: () => (row: AuditRow) => unknown,
): Generator<readonly unknown[], void> {
  let next: AuditPlace | null = null;
  do {
    const step = searchStep(tx, filter, {
      order: "oldest",
      ...(next === null ? {} : { beyond: next }),
      limit: STEP,
      scan: STEP,
    });
    yield step.rows.map(viewOf()).filter((row) => row !== null);
    next = step.next;
  } while (next !== null);
}

/**
 * An offer of an app has an entry for each side. Whether there is another side is told to nobody of the one that offers, so
 * the other's is not theirs, whoever wrote both.
 */
function isOfOtherSide({ action, organisationId, after }: AuditRow): boolean {
  if (action !== "transfer.offered" && action !== "transfer.withdrawn") return false;
  return after?.from !== organisationId;
}

/**
 * What the person did about others tells of those by their ids: names and addresses are theirs, and for who may see people by now.
 * From where it was done is the person's own.
 */
function withoutOthers(row: AuditRow, id: AccountId): AuditRow {
  const isOwn = row.subject === id || !ABOUT_PEOPLE.includes(row.subjectType);
  if (isOwn || row.person === null) return row;
  const { before: _, after: __, ...from } = row.person;
  return { ...row, person: from };
}

/** Types of subjects whose entries say something of somebody. Of an API key it is what its owner calls it. */
const ABOUT_PEOPLE: readonly string[] = ["account", "invitation"];

/**
 * Without its place in the log, and without the hash, by which two of them are seen to stand next to each other: anybody could
 * tell by two exports whether others' entries came in between, such as the one of an address that has an account.
 */
function entryOf({ salt: _, position: __, hash: ___, person, ...row }: AuditRow) {
  return { ...row, person };
}

/** From where somebody else did it is theirs. */
function withoutPlace(row: AuditRow) {
  const { address: _, userAgent: __, ...person } = row.person ?? {};
  return { ...entryOf(row), via: null, requestId: null, person };
}

/** What is known of the versions that entries tell of. */
function* versionsOf(
  tx: Tx,
  filter: { readonly actor: string; readonly action: AuditAction },
  read: (ids: readonly VersionId[]) => readonly unknown[],
): Generator<readonly unknown[], void> {
  const subjects = entriesOf(
    tx,
    filter,
    () =>
      ({ subject }) =>
        subject,
  );
  for (const ids of subjects) yield read(ids as VersionId[]);
}

function* reviewsOf(tx: Tx, reviewer: string): Generator<readonly unknown[], void> {
  for (const action of ["review.approved", "review.rejected"] as const)
    yield* versionsOf(tx, { actor: reviewer, action }, (ids) => records.reviewsAmong(tx, ids, reviewer));
}
