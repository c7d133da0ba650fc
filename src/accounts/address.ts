/** The address of an account: proving that one reads mail there, and changing it, which is the same. */
import { recordChange } from "../audit/record.ts";
import type { Store } from "../context.ts";
import { type Tx, write } from "../db/database.ts";
import { Problem } from "../errors.ts";
import { type LocalName, say } from "../say.ts";
import { type AccountActor, type Actor, accountLabel, auditAuthor, readsOf } from "./actor.ts";
import { emailFaults, emailKeyOf, plainEmail } from "./emails.ts";
import { revokeInvitationsTo } from "./invitations/sent-to.ts";
import { endLinks, findAccountLink, spendLink } from "./links/links.ts";
import { hasLettersEnough, LINK_PLACE, type Notice, tellAddress } from "./messages/outbox.ts";
import { givePresentPassword } from "./own.ts";
import { accountSubject, refuseAccountFaults } from "./people.ts";
import { type AccountRow, accountByEmail, accountById, updateAccount } from "./records.ts";
import { authorise } from "./rights.ts";
import { localStoreName } from "./store-name.ts";

/**
 * Sends a link to the account's own address.
 * @throws Problem `account.address_proven`, `auth.too_many_letters`
 */
export function askToProveAddress(store: Store, actor: AccountActor): void {
  authorise(actor, "self.change");
  write(store.db, (tx) => {
    const account = accountById(tx, actor.accountId);
    if (account === undefined) return;
    if (account.emailProvenAt !== null) {
      throw new Problem("conflict", "account.address_proven", say`This address is proven already.`);
    }
    send(store, tx, actor, account, account.email);
  });
}

/**
 * Sends a link to the new address; the present one has word at once, and again when that is confirmed. Whether another account has the new
 * address is not looked at: only who reads mail there learns it.
 * @throws Problem `account.invalid`, `auth.required`, `auth.too_many_attempts`, `auth.busy`, `auth.too_many_letters`
 */
export async function askToChangeAddress(
  store: Store,
  actor: AccountActor,
  change: { readonly email: string; readonly current: string; readonly address: string },
): Promise<void> {
  authorise(actor, "self.secure");
  const { email } = change;
  const { faults, still } = await givePresentPassword(store, actor, change);
  refuseAccountFaults([...emailFaults(email), ...faults]);
  write(store.db, (tx) => {
    still(tx);
    const account = accountById(tx, actor.accountId);
    if (account === undefined) return;
    send(store, tx, actor, account, plainEmail(email));
  });
}

/** @throws Problem `auth.too_many_letters` */
function send(store: Store, tx: Tx, actor: Actor, account: AccountRow, email: string): void {
  const now = store.clock.now();
  if (hasLettersEnough(tx, account.id, "account.address", now)) {
    throw new Problem(
      "too_many_requests",
      "auth.too_many_letters",
      say`Several messages were written to you within the hour. Look for them, or try again later.`,
      [{ code: "retry.after", message: "an hour", expected: "3600" }],
    );
  }
  const isOther = emailKeyOf(email) !== account.emailKey;
  const name = localStoreName(store);
  // Who asks for another address means the last one that they asked for.
  endLinks(tx, { accountId: account.id, purpose: "address" });
  // While there is still time: once it is confirmed, the account is with whoever reads mail there.
  const asked = readsOf(actor);
  const own = { address: account.email, accountId: account.id, asked };
  if (isOther) tellAddress(tx, own, warning(name, email), now);
  tellAddress(
    tx,
    { address: email, accountId: account.id, link: "address", asked },
    {
      kind: "account.address",
      subject: say`Your address for ${name}`,
      body: [
        isOther
          ? say`${account.name} asked to use this address for their account at ${name}, in place of another one.`
          : say`Show that you read mail at this address, which is that of your account at ${name}.`,
        say`Confirm it here, within two days:`,
        LINK_PLACE,
        say`If it was not you, do nothing.`,
      ],
      path: "/account",
    },
    now,
  );
  const subject = accountSubject(account.id);
  const person = { after: { email } };
  recordChange(tx, auditAuthor(actor), { action: "account.address_asked", subject, person }, now);
}

function warning(name: LocalName, email: string): Notice {
  return {
    kind: "account.address_asked",
    subject: say`Somebody asked for another address for your account at ${name}`,
    body: [
      say`Somebody, probably you, asked that your account at ${name} has the address ${email} in place of this one. Nothing changes until that is confirmed there, within two days.`,
      say`If it was not you: sign in and change your password now. That ends the other sessions of your account, and the link to the other address opens nothing any more.`,
    ],
    path: "/account",
  };
}

export type AddressOffer = { readonly email: string; readonly name: string; readonly isOther: boolean };

/** @throws Problem `link.invalid` */
export function readAddressLink(store: Store, token: string): AddressOffer {
  const { account, link } = findAccountLink(store.db.orm, "address", token, store.clock.now());
  const { email } = link;
  return { email, name: account.name, isOther: emailKeyOf(email) !== account.emailKey };
}

/**
 * The address is the account's from now on. It counts as proven only by a link that went there by mail.
 * @throws Problem `link.invalid`, `account.exists`
 */
export function confirmAddress(store: Store, actor: Actor, token: string): { readonly email: string } {
  return write(store.db, (tx) => {
    const now = store.clock.now();
    const { link, account } = findAccountLink(tx, "address", token, now);
    const { email } = link;
    const emailKey = emailKeyOf(email);
    const isOther = emailKey !== account.emailKey;
    if (isOther && accountByEmail(tx, emailKey) !== undefined) {
      throw new Problem("conflict", "account.exists", say`There is an account with this address already.`);
    }
    spendLink(tx, "address", link, now);
    const emailProvenAt = link.mailed ? now : isOther ? null : account.emailProvenAt;
    updateAccount(tx, account.id, { emailProvenAt, ...(isOther ? { email, emailKey } : {}) });
    recordChange(
      tx,
      { ...auditAuthor(actor), actor: accountLabel(account.id) },
      {
        action: "account.address",
        subject: accountSubject(account.id),
        after: { isProven: emailProvenAt !== null },
        ...(isOther ? { person: { before: { email: account.email }, after: { email } } } : {}),
      },
      now,
    );
    if (isOther) {
      // What was sent to the old address must open nothing for who reads mail there.
      endLinks(tx, { accountId: account.id });
      revokeInvitationsTo(tx, auditAuthor(actor), account.emailKey, "all", now);
      tellAddress(
        tx,
        { address: account.email, accountId: account.id, asked: readsOf(actor) },
        {
          kind: "account.address_changed",
          subject: say`Your address for ${localStoreName(store)} was changed`,
          body: [
            say`Your account at ${localStoreName(store)} has the address ${email} now, and not this one any more. If that was not you, ask the store's administrator for help.`,
          ],
          path: "/account",
        },
        now,
      );
    }
    return { email };
  });
}
