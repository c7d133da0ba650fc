/**
 * Asking that an account is deleted, and taking that back. From when it is asked for nobody can sign in to the account and no
 * key of it works; after some days, a setting, it is gone.
 */
import { recordChange } from "../../audit/record.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { Problem } from "../../errors.ts";
import type { AccountId } from "../../ids.ts";
import { enqueue } from "../../jobs/queue.ts";
import { say, sayAll } from "../../say.ts";
import { DAY_MS } from "../../time.ts";
import { type AccountActor, type Actor, accountLabel, actorLabel, auditAuthor, readsOf } from "../actor.ts";
import { removeBrowsersOf } from "../browsers/records.ts";
import { endBegunBy } from "../departed.ts";
import { emailKeyOf } from "../emails.ts";
import { tellOfLeftBy } from "../left-by.ts";
import { endLinks, type FoundLink, findLink, linkInvalid, spendLink } from "../links/links.ts";
import { membershipsOf } from "../memberships.records.ts";
import { LINK_PLACE, tellAddress } from "../messages/outbox.ts";
import { markKindSeen } from "../messages/records.ts";
import { type Account, accountNotFound, accountOf, accountSubject } from "../people.ts";
import { type AccountRow, accountById, updateAccount } from "../records.ts";
import { authorise } from "../rights.ts";
import { removeSessionsOf } from "../sessions.records.ts";
import { localStoreName } from "../store-name.ts";
import { type Hindrance, hindrancesOf, refuseHindrances } from "./hindrances.ts";

export const ERASE_JOB = "account.erase";

const DELETION_MESSAGE = "account.deletion";

/** What keeps one's own account from being deleted, for the page that asks. @throws Problem `account.not_found` */
export function ownHindrances(store: Store, actor: AccountActor): Hindrance[] {
  authorise(actor, "self.read");
  const row = accountById(store.db.orm, actor.accountId);
  if (!row) throw accountNotFound();
  return hindrancesOf(store.db.orm, row, store.clock.now());
}

/**
 * One's own. @param confirm The account's address, typed once more.
 * @throws Problem `account.deletion_unconfirmed`, `account.deletion_hindered`, `account.not_found`
 */
export function askToDelete(store: Store, actor: AccountActor, { confirm }: { confirm: string }): Account {
  authorise(actor, "self.delete");
  return write(store.db, (tx) => {
    const row = confirmed(tx, actor.accountId, confirm);
    return ask(store, tx, actor, row, store.config.accountDeletionDays);
  });
}

/**
 * Somebody else's, which is disabled already: what they may still do ended then. A deletion that its person asked for becomes
 * the administration's, which no link takes back; the earlier time counts.
 * @param days How long it can be taken back; the setting's, without it.
 * @throws Problem `account.not_found`, `account.not_disabled`, `account.deletion_unconfirmed`, `account.deletion_hindered`,
 *   `rights.forbidden`
 */
export function askToDeletePerson(
  store: Store,
  actor: Actor,
  id: AccountId,
  { confirm, days }: { readonly confirm: string; readonly days?: number },
): Account {
  authorise(actor, "user.manage");
  return write(store.db, (tx) => {
    const known = accountById(tx, id);
    if (!known) throw accountNotFound();
    if (known.disabledAt === null) {
      const message = say`Disable the account first: what is deleted is one that nobody works with any more.`;
      throw new Problem("conflict", "account.not_disabled", message);
    }
    const row = confirmed(tx, id, confirm);
    return ask(store, tx, actor, row, days ?? store.config.accountDeletionDays);
  });
}

function confirmed(tx: Tx, id: AccountId, confirm: string): AccountRow {
  const row = accountById(tx, id);
  if (!row) throw accountNotFound();
  if (emailKeyOf(confirm) === row.emailKey) return row;
  const message = say`This is not the address of the account that is to be deleted.`;
  throw new Problem("unprocessable", "account.deletion_unconfirmed", message, [
    { code: "account.deletion_unconfirmed", pointer: "/confirm", message },
  ]);
}

function ask(store: Store, tx: Tx, actor: Actor, row: AccountRow, days: number): Account {
  const now = store.clock.now();
  const { id, email } = row;
  const deletionAskedBy = actorLabel(actor);
  const isOwn = deletionAskedBy === accountLabel(id);
  const deletionAt = earlier(row.deletionAt, new Date(now.getTime() + days * DAY_MS));
  if (row.deletionAt !== null) {
    const isNoEarlier = deletionAt >= row.deletionAt;
    if (isOwn || (isNoEarlier && row.deletionAskedBy !== accountLabel(id))) return accountOf(row);
  }
  refuseHindrances(hindrancesOf(tx, row, now));
  removeSessionsOf(tx, id);
  removeBrowsersOf(tx, id);
  endLinks(tx, { accountId: id });
  const changed = updateAccount(tx, id, {
    deletionAt,
    deletionAskedBy,
    disabledAt: row.disabledAt ?? now,
    disabledForDeletion: isOwn && row.disabledAt === null,
  });
  const subject = accountSubject(id);
  const after = { deletionAt: deletionAt.toISOString() };
  recordChange(tx, auditAuthor(actor), { action: "account.deletion_asked", subject, after }, now);
  endBegunBy(tx, auditAuthor(actor), id, now);
  const organisations = membershipsOf(tx, id).map(({ id: organisationId, role }) => ({
    organisationId,
    role,
  }));
  const { storeRole } = row;
  if (row.disabledAt === null) tellOfLeftBy(tx, id, { organisations, storeRole }, now);
  const name = localStoreName(store);
  tellAddress(
    tx,
    {
      address: email,
      accountId: id,
      asked: readsOf(actor),
      ...(isOwn && days > 0 ? { link: "keep" as const } : {}),
    },
    {
      kind: DELETION_MESSAGE,
      subject: say`Your account at ${name} will be deleted`,
      body: [
        sayAll([
          isOwn
            ? say`You asked that the account ${email} at ${name} is deleted.`
            : say`The store's administration was asked, or decided, that the account ${email} at ${name} is deleted.`,
          say`Nobody can sign in to it any more, and on ${deletionAt} it is gone for good.`,
        ]),
        ...(isOwn && days > 0
          ? [
              say`If you want to keep it, or if it was not you:`,
              LINK_PLACE,
              say`Then change your password: whoever asked had your session or your password.`,
            ]
          : [say`If you want to keep it, ask the store's administrator before then.`]),
      ],
      path: "/sign-in",
    },
    now,
  );
  enqueue(tx, { kind: ERASE_JOB, key: "accounts", payload: { accountId: id }, runAt: deletionAt }, now);
  if (!changed) throw new Error(`the account ${id} is gone while it is asked to be deleted`);
  return accountOf(changed);
}

function earlier(known: Date | null, asked: Date): Date {
  return known !== null && known < asked ? known : asked;
}

/** What the link of the message keeps. @throws Problem `link.invalid` */
export function readKeepLink(
  store: Store,
  token: string,
): { readonly email: string; readonly at: Date; readonly staysDisabled: boolean } {
  const { row } = findKept(store.db.orm, token, store.clock.now());
  return { email: row.email, at: row.deletionAt, staysDisabled: accountOf(row).staysDisabled };
}

/**
 * By the link: the account is as it was, but for its sessions. One that somebody disabled meanwhile stays disabled.
 * @throws Problem `link.invalid`
 */
export function keepByLink(store: Store, actor: Actor, token: string): Account {
  return write(store.db, (tx) => {
    const now = store.clock.now();
    const { link, row } = findKept(tx, token, now);
    spendLink(tx, "keep", link, now);
    const author = { ...auditAuthor(actor), actor: accountLabel(row.id) };
    const change = { action: "account.deletion_taken_back", subject: accountSubject(row.id) } as const;
    recordChange(tx, author, { ...change, after: { by: "link" } }, now);
    return keep(tx, row, row.disabledForDeletion ? null : row.disabledAt, now);
  });
}

/**
 * By an administrator. The account stays disabled, until it is enabled.
 * @throws Problem `account.not_found`, `rights.forbidden`
 */
export function keepPerson(store: Store, actor: Actor, id: AccountId): Account {
  authorise(actor, "user.manage");
  return write(store.db, (tx) => {
    const row = accountById(tx, id);
    if (!row) throw accountNotFound();
    if (row.deletionAt === null) return accountOf(row);
    const subject = accountSubject(id);
    const now = store.clock.now();
    recordChange(tx, auditAuthor(actor), { action: "account.deletion_taken_back", subject }, now);
    return keep(tx, row, row.disabledAt, now);
  });
}

function keep(tx: Tx, row: AccountRow, disabledAt: Date | null, now: Date): Account {
  endLinks(tx, { accountId: row.id });
  markKindSeen(tx, row.id, DELETION_MESSAGE, now);
  const change = { deletionAt: null, deletionAskedBy: null, disabledForDeletion: false, disabledAt };
  return accountOf(updateAccount(tx, row.id, change) ?? row);
}

/** The person asked, and the time has not come. */
function findKept(
  tx: Tx,
  token: string,
  now: Date,
): { readonly link: FoundLink; readonly row: AccountRow & { readonly deletionAt: Date } } {
  const link = findLink(tx, "keep", token, now);
  const row = link.accountId === null ? undefined : accountById(tx, link.accountId);
  if (row === undefined || row.deletionAt === null || row.deletionAskedBy !== accountLabel(row.id))
    throw linkInvalid();
  return { link, row: { ...row, deletionAt: row.deletionAt } };
}
