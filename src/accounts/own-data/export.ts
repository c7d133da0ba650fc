/**
 * All that the store holds about a person, for that person: as one JSON document, made while it is sent, so that it takes no
 * more memory for who has been here for ten years. Secrets are left out, and so is from where others did what concerns them.
 */
import type { AuditAction } from "../../audit/actions.ts";
import type { AuditRow } from "../../audit/entry.ts";
import { recordChange } from "../../audit/record.ts";
import { type AuditFilter, type AuditPlace, searchStep } from "../../audit/records.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import type { VersionId } from "../../ids.ts";
import { type AccountActor, accountLabel, auditAuthor } from "../actor.ts";
import { appsNamedTo } from "../audit-apps.ts";
import { groupsNamedTo, UNNAMED_GROUP } from "../audit-groups.ts";
import { listBrowsers } from "../browsers/browsers.ts";
import { factorsAt } from "../factors/views.ts";
import { identitiesAt } from "../identities/list.ts";
import { membershipsOf } from "../memberships.records.ts";
import { accountNotFound, accountOf, accountSubject } from "../people.ts";
import { accountById } from "../records.ts";
import { allows, authorise } from "../rights.ts";
import { listSessions } from "../sessions.ts";
import { storeName } from "../store-name.ts";
import * as records from "./records.ts";

export const EXPORT_FORMAT = "mosis-account-export";
export const EXPORT_VERSION = 1;
/** Rows that are in memory at a time. */
const STEP = 500;

/**
 * The document in pieces. That it was made is in the audit log before the first of them.
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

type Part = readonly [name: string, value: unknown];
/** A list that is gone through step by step: each call gives the next rows. */
type Listed = readonly [name: string, steps: () => Generator<readonly unknown[], void>];

async function* documentOf(store: Store, actor: AccountActor, now: Date): AsyncGenerator<string, void> {
  const parts = wholeParts(store, actor, now).map(
    ([name, value]) => `${JSON.stringify(name)}:${json(value)}`,
  );
  yield `{${parts.join(",\n")}`;
  for (const [name, steps] of listedParts(store.db.orm, actor)) {
    yield `,\n${JSON.stringify(name)}:[`;
    let separator = "\n";
    for (const rows of steps()) {
      if (rows.length > 0) yield rows.map((row) => `${takeSeparator()}${json(row)}`).join("");
      // Others have their turn.
      await Bun.sleep(0);
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
    ["pastOrganisations", records.pastMembershipsOf(tx, id)],
    ["groups", groupsOf(tx, actor)],
    ["invitations", records.invitationsFor(tx, row.emailKey).map(({ emailKey: _, ...rest }) => rest)],
  ];
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

function listedParts(tx: Tx, person: AccountActor): readonly Listed[] {
  const id = person.accountId;
  const actor = accountLabel(id);
  const [groups, apps] = [groupsNamedTo(tx, person), appsNamedTo(tx, person)];
  const told = (row: AuditRow) => groups(apps(row));
  return [
    ["apiKeys", () => inSteps((last) => records.ownKeysAfter(tx, id, last?.id, STEP), keyOf)],
    ["messages", () => inSteps((last) => records.messagesAfter(tx, id, last?.id, STEP), messageOf)],
    ["uploads", () => versionsOf(tx, { actor, action: "version.uploaded" }, records.versionsAmong)],
    ["reviews", () => reviewsOf(tx, actor)],
    ["done", () => entriesOf(tx, { actor }, (row) => (isOfOtherSide(row) ? null : entryOf(told(row))))],
    [
      "concerning",
      () => entriesOf(tx, { subject: id }, (row) => (row.actor === actor ? null : withoutPlace(told(row)))),
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

function* entriesOf(
  tx: Tx,
  filter: AuditFilter,
  view: (row: AuditRow) => unknown,
): Generator<readonly unknown[], void> {
  let next: AuditPlace | null = null;
  do {
    const step = searchStep(tx, filter, {
      order: "oldest",
      ...(next === null ? {} : { beyond: next }),
      limit: STEP,
      scan: STEP,
    });
    yield step.rows.map(view).filter((row) => row !== null);
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
  read: (tx: Tx, ids: readonly VersionId[]) => readonly unknown[],
): Generator<readonly unknown[], void> {
  for (const ids of entriesOf(tx, filter, ({ subject }) => subject)) yield read(tx, ids as VersionId[]);
}

function* reviewsOf(tx: Tx, reviewer: string): Generator<readonly unknown[], void> {
  for (const action of ["review.approved", "review.rejected"] as const)
    yield* versionsOf(tx, { actor: reviewer, action }, (_, ids) => records.reviewsAmong(tx, ids, reviewer));
}
