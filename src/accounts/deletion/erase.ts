/**
 * Deleting an account: what tells of the person goes in one transaction, and of what must stay, such as who approved a version,
 * the id stays, which is nobody's any more. The audit log's entries stay in their chain: what tells of a person stands beside
 * it.
 */
import type { AuditAuthor } from "../../audit/entry.ts";
import { recordChange, SYSTEM_AUTHOR } from "../../audit/record.ts";
import { erasePerson } from "../../audit/records.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { forgetOverwritten } from "../../db/wal.ts";
import { Problem } from "../../errors.ts";
import type { AccountId, MessageId } from "../../ids.ts";
import { say } from "../../say.ts";
import { type Actor, accountLabel } from "../actor.ts";
import { endKeyBy } from "../api-keys/end-by.ts";
import { emailKeyOf } from "../emails.ts";
import { jobKeyOf, PASSWORD_ASKED_JOB } from "../forgotten.ts";
import { PASSWORDS_GUESSED_JOB } from "../guessed.ts";
import { revokeInvitationsBy } from "../invitations/sent-by.ts";
import { takeOut } from "../members.ts";
import { membershipsOf } from "../memberships.records.ts";
import { openUploadsOf, ownKeysAfter } from "../own-data/records.ts";
import { type Account, accountSubject } from "../people.ts";
import { type AccountRow, accountById } from "../records.ts";
import { SIGN_UP_ASKED_JOB } from "../sign-up.ts";
import { askToDeletePerson } from "./ask.ts";
import { addErased, readErased } from "./list.ts";
import { type Mentions, withoutMentions } from "./mentions.ts";
import * as records from "./records.ts";

/** Messages that are gone through at a time: between two steps others have their turn. */
const STEP = 1000;
const ALL_KEYS = 10_000;
const DUE_AT_ONCE = 100;

/** Job: deletes every account whose time has come. It does nothing twice. */
export async function eraseDue(store: Store): Promise<void> {
  for (;;) {
    const due = records.dueDeletions(store.db.orm, store.clock.now(), DUE_AT_ONCE);
    for (const { id } of due) await erase(store, id, "due");
    if (due.length < DUE_AT_ONCE) return;
  }
}

/**
 * Deletes a disabled account at once.
 * @returns The account as it was.
 * @throws Problem `account.deletion_taken_back` where somebody kept it meanwhile, and those of askToDeletePerson
 */
export async function deletePersonNow(
  store: Store,
  actor: Actor,
  id: AccountId,
  { confirm }: { readonly confirm: string },
): Promise<Account> {
  const account = askToDeletePerson(store, actor, id, { confirm, days: 0 });
  await eraseDue(store);
  if (accountById(store.db.orm, id) === undefined) return account;
  const message = say`The account is not deleted: somebody took the deletion back meanwhile.`;
  throw new Problem("conflict", "account.deletion_taken_back", message);
}

/**
 * At a start: writes down who was deleted and is not in the list, since the process ended between the two, and deletes again
 * whoever an older database brought back.
 */
export async function applyErased(store: Store): Promise<void> {
  const dataDir = folderOf(store);
  addErased(dataDir, records.erasedAccounts(store.db.orm) as AccountId[]);
  for (const id of readErased(dataDir)) {
    if (accountById(store.db.orm, id) === undefined) continue;
    await erase(store, id, "again");
    store.log.warn("account.erased_again", { account: id });
  }
}

/** @param why `due`: it was asked for, and still is; `again`: it was deleted before, and a backup brought it back. */
async function erase(store: Store, id: AccountId, why: "due" | "again"): Promise<void> {
  const known = accountById(store.db.orm, id);
  if (known === undefined) return;
  const mentions = mentionsOf(store.db.orm, known);
  const last = await rewriteMessages(store, mentions, id);
  const uploads = openUploadsOf(store.db.orm, id);
  const isErased = write(store.db, (tx) => {
    const now = store.clock.now();
    const row = accountById(tx, id);
    if (row === undefined) return false;
    // It may have been taken back while the messages were gone through.
    if (why === "due" && (row.deletionAt === null || row.deletionAt > now)) return false;
    eraseIn(tx, row, mentionsOf(tx, row), { last, again: why === "again" }, now);
    return true;
  });
  if (!isErased) return;
  // A kill in between leaves them to the sweep, as what nobody has a row of.
  for (const upload of uploads) await store.blobs.partial.remove(upload.id);
  addErased(folderOf(store), [id]);
  // The database overwrites what it deletes; its write-ahead log still holds the pages of before.
  forgetOverwritten(store, "database.log_not_emptied");
}

function eraseIn(
  tx: Tx,
  row: AccountRow,
  mentions: Mentions,
  { last, again }: { readonly last: MessageId | ""; readonly again: boolean },
  now: Date,
): void {
  const { id } = row;
  const label = accountLabel(id);
  const author: AuditAuthor = {
    ...SYSTEM_AUTHOR,
    actor: again ? "system" : (row.deletionAskedBy ?? "system"),
  };
  /** Beside the account, for the check of the log: without them a person that is missing there is damage. */
  const things: string[] = [];
  for (const key of ownKeysAfter(tx, id, undefined, ALL_KEYS)) {
    endKeyBy(tx, author, key, "apikey.revoked", now);
    // The operator may have made it, and named it after them.
    erasePerson(tx, label, key.id);
    things.push(key.id);
  }
  revokeInvitationsBy(tx, author, id, "all", now);
  for (const { id: organisationId, role, provider, apps } of membershipsOf(tx, id)) {
    takeOut(tx, author, { organisationId, accountId: id, role, provider, apps }, now);
    if (records.removeEmptyOrganisation(tx, organisationId)) {
      const subject = { type: "organisation", id: organisationId };
      recordChange(tx, author, { action: "organisation.removed", subject, organisationId }, now);
    }
  }
  rewrite(tx, records.messagesBeyond(tx, last, Number.MAX_SAFE_INTEGER), mentions, id);
  const emailKeys = mentions.emails.map(emailKeyOf);
  for (const invitation of records.invitationsOf(tx, id, emailKeys)) {
    erasePerson(tx, label, invitation.id);
    things.push(invitation.id);
    records.removeInvitation(tx, invitation.id);
  }
  records.removeJobs(
    tx,
    [PASSWORD_ASKED_JOB, SIGN_UP_ASKED_JOB, PASSWORDS_GUESSED_JOB],
    emailKeys.map(jobKeyOf),
  );
  records.removeIdempotencyOf(tx, label);
  erasePerson(tx, label, id);
  records.removeAccount(tx, id);
  const after = { ...(again ? { again } : {}), with: things };
  recordChange(tx, author, { action: "account.erased", subject: accountSubject(id), after }, now);
}

/** How the person is called, and was, and where they have mail, and had. */
function mentionsOf(tx: Tx, row: AccountRow): Mentions {
  const names = new Set([row.name]);
  const emails = new Set([row.email]);
  for (const { person } of records.personsOf(tx, row.id)) {
    for (const facts of [person?.before, person?.after]) {
      const { name, email } = facts ?? {};
      if (typeof email === "string" && email !== "") emails.add(email);
      if (typeof email === "string" && typeof name === "string" && name !== "") names.add(name);
    }
  }
  return { names: [...names], emails: [...emails] };
}

/** Gives the last message that was gone through. */
async function rewriteMessages(store: Store, mentions: Mentions, id: AccountId): Promise<MessageId | ""> {
  let last: MessageId | "" = "";
  for (;;) {
    const rows = records.messagesBeyond(store.db.orm, last, STEP);
    if (rows.some((row) => rewritten(row, mentions, id) !== null))
      write(store.db, (tx) => rewrite(tx, records.messagesBeyond(tx, last, STEP), mentions, id));
    last = rows.at(-1)?.id ?? last;
    if (rows.length < STEP) return last;
    await Bun.sleep(0);
  }
}

function rewrite(tx: Tx, rows: readonly records.WrittenMessage[], mentions: Mentions, id: AccountId): void {
  for (const row of rows) {
    const changed = rewritten(row, mentions, id);
    if (changed !== null) records.rewriteMessage(tx, changed);
  }
}

function rewritten(
  row: records.WrittenMessage,
  mentions: Mentions,
  id: AccountId,
): records.WrittenMessage | null {
  const subject = withoutMentions(row.subject, mentions, `a deleted account (${id})`);
  const body = withoutMentions(row.body, mentions, `a deleted account (${id})`);
  return subject === row.subject && body === row.body ? null : { id: row.id, subject, body };
}

function folderOf({ config: { dataDir } }: Store): string {
  if (dataDir === null) throw new Error("a store without a folder has no accounts to delete");
  return dataDir;
}
