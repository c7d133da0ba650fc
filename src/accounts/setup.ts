/** The first administrator: made by a link that the operator is shown, once. */

import { recordChange } from "../audit/record.ts";
import type { Store } from "../context.ts";
import { write } from "../db/database.ts";
import { Problem } from "../errors.ts";
import { say } from "../say.ts";
import { DAY_MS, HOUR_MS } from "../time.ts";
import { type Actor, auditAuthor } from "./actor.ts";
import { nameFault, plainName } from "./name-rule.ts";
import {
  insertOneTimeToken,
  markTokenUsed,
  removeSpentTokens,
  removeTokens,
  usableToken,
} from "./one-time-tokens.records.ts";
import { hashPassword } from "./passwords.ts";
import { type Account, accountFaults, addAccount, refuseAccountFaults } from "./people.ts";
import { activeAdministrators } from "./records.ts";
import { isSecret, newSecret, secretHash } from "./secrets.ts";
import { writeSetting } from "./settings.records.ts";
import { STORE_NAME, STORE_NAME_MOST_CHARACTERS } from "./store-name.ts";

const LINK_HOURS = 24;

export type SetupFields = {
  readonly token: string;
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly storeName: string;
};

/** True until there is an administrator. */
export function needsSetup(store: Store): boolean {
  return activeAdministrators(store.db.orm) === 0;
}

/**
 * Makes the link's token; the ones before it stop working. Only its hash is kept.
 * @throws Problem `setup.done` once there is an administrator.
 */
export function createSetupLink(store: Store, actor: Actor): { token: string; expiresAt: Date } {
  const token = newSecret();
  const now = store.clock.now();
  const expiresAt = new Date(now.getTime() + LINK_HOURS * HOUR_MS);
  write(store.db, (tx) => {
    if (activeAdministrators(tx) > 0) throw setupDone();
    removeTokens(tx, "setup");
    insertOneTimeToken(tx, {
      hash: secretHash(token),
      purpose: "setup",
      accountId: null,
      createdAt: now,
      expiresAt,
      usedAt: null,
    });
    const subject = { type: "store", id: "setup" };
    const after = { expiresAt: expiresAt.toISOString() };
    recordChange(tx, auditAuthor(actor), { action: "store.setup_link", subject, after }, now);
  });
  return { token, expiresAt };
}

/** What the set-up page asks before it shows its form. @throws Problem `setup.done`, `setup.link_invalid` */
export function checkSetupLink(store: Store, token: string): void {
  if (!needsSetup(store)) throw setupDone();
  if (!isSecret(token) || !usableToken(store.db.orm, secretHash(token), "setup", store.clock.now())) {
    throw linkInvalid();
  }
}

/**
 * Makes the first administrator and names the store, and spends the link, in one transaction.
 * @throws Problem `setup.done`, `setup.link_invalid`, `account.invalid`, `account.exists`, `auth.busy`
 */
export async function redeemSetup(store: Store, actor: Actor, fields: SetupFields): Promise<Account> {
  checkSetupLink(store, fields.token);
  const faults = await accountFaults(fields, [fields.storeName]);
  const storeName = plainName(fields.storeName);
  const fault = nameFault(storeName, STORE_NAME_MOST_CHARACTERS, say`A store's name`);
  if (fault !== null) faults.push({ code: "setup.store_name", pointer: "/storeName", ...fault });
  refuseAccountFaults(faults);
  const passwordHash = await hashPassword(fields.password);
  return write(store.db, (tx) => {
    const now = store.clock.now();
    const hash = secretHash(fields.token);
    // Asked again, since two browsers may have sent the same link while the password was hashed.
    if (activeAdministrators(tx) > 0) throw setupDone();
    if (!usableToken(tx, hash, "setup", now)) throw linkInvalid();
    const account = addAccount(
      tx,
      actor,
      { email: fields.email, name: fields.name, passwordHash, storeRole: "administrator" },
      now,
    );
    markTokenUsed(tx, hash, now);
    writeSetting(tx, STORE_NAME, storeName, now);
    const subject = { type: "account", id: account.id };
    recordChange(tx, auditAuthor(actor), { action: "store.set_up", subject, after: { storeName } }, now);
    return account;
  });
}

/** For a cron entry: forgets links that have been of no use for a week. */
export function forgetSpentLinks(store: Store): void {
  const before = new Date(store.clock.now().getTime() - 7 * DAY_MS);
  write(store.db, (tx) => removeSpentTokens(tx, before));
}

function setupDone(): Problem {
  return new Problem(
    "conflict",
    "setup.done",
    say`This store is set up already. Sign in, or ask its administrator for an account.`,
  );
}

function linkInvalid(): Problem {
  return new Problem(
    "forbidden",
    "setup.link_invalid",
    say`This set-up link was used, has expired, or was replaced by a newer one. Make a new one with: mosis admin setup-link`,
  );
}
