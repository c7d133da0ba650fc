/**
 * What follows once a provider has said who somebody is: they are signed in to the account that the identity belongs to, get
 * one where signing up lets them, or are asked to say that an account is theirs. An address alone never opens an account.
 */
import { recordChange } from "../../audit/record.ts";
import type { Provider } from "../../config.providers.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { Problem } from "../../errors.ts";
import { type AccountId, type IdentityId, newId } from "../../ids.ts";
import { say } from "../../say.ts";
import { type Actor, accountLabel, auditAuthor, SYSTEM_LABEL } from "../actor.ts";
import { domainOf, emailKeyOf } from "../emails.ts";
import { takeUpOpen } from "../invitations/accept.ts";
import { accountSubject, addAccount } from "../people.ts";
import type { Told } from "../providers/ask.ts";
import { isInDomains, type Shown } from "../providers/claims.ts";
import { type AccountRow, accountByEmail, accountById, updateAccount } from "../records.ts";
import { signUpOf } from "../sign-up.ts";
import { applyGroups } from "./group-roles.ts";
import { type IdentityRow, identityBySubject, insertIdentity, updateIdentity } from "./records.ts";
import { keepToken } from "./tokens.ts";

export type Arrival =
  /** The account that it signs in to. */
  | {
      readonly step: "in";
      readonly accountId: AccountId;
      readonly identityId: IdentityId;
      readonly isNew: boolean;
    }
  /** It belongs to no account yet, and there is one that may be theirs: they must prove that, and say that they want it. */
  | { readonly step: "offer" };

/** Of whom a provider says something. */
type Vouched = Omit<Told, "next">;

/**
 * @param actor Who sits at the browser, as far as a session says
 * @throws Problem `provider.disabled`, `provider.domain`, `provider.address`, `provider.taken`, `provider.moved`, `provider.no_account`
 */
export function comeIn(store: Store, actor: Actor, told: Vouched): Arrival {
  return write(store.db, (tx) => {
    const { provider, shown } = told;
    const now = store.clock.now();
    if (!isInDomains(provider, shown)) throw outsideDomains(provider);
    const identity = identityBySubject(tx, provider.id, shown.subject);
    if (identity !== undefined) return comeBack(store, tx, actor, { ...told, identity }, now);
    const email = verifiedEmail(provider, shown);
    if (actor.kind === "account" || accountByEmail(tx, emailKeyOf(email)) !== undefined)
      return { step: "offer" };
    const accountId = makeAccount(store, tx, actor, { ...told, email }, now);
    const made = identityBySubject(tx, provider.id, shown.subject);
    if (made === undefined) throw new Error("an identity that was just linked is not there");
    return { step: "in", accountId, identityId: made.id, isNew: true };
  });
}

function comeBack(
  store: Store,
  tx: Tx,
  actor: Actor,
  told: Vouched & { readonly identity: IdentityRow },
  now: Date,
): Arrival {
  const { provider, identity, shown } = told;
  const { accountId } = identity;
  if (actor.kind === "account" && actor.accountId !== accountId) throw taken(provider);
  const account = accountById(tx, accountId);
  if (account === undefined || account.disabledAt !== null) throw disabled(provider);
  const verified = shown.email !== null && shown.emailVerified ? shown.email : null;
  // Numbers of people are given anew by each server, so that another one calls somebody else so.
  const isSame = verified !== null && emailKeyOf(verified) === emailKeyOf(identity.email);
  if (isOfOther(provider, identity) && !isSame) throw moved(provider);
  updateIdentity(tx, identity.id, {
    seenAt: now,
    email: verified ?? identity.email,
    issuer: provider.issuer,
  });
  hearGroups(store, tx, actor, told, identity, now);
  return { step: "in", accountId, identityId: identity.id, isNew: false };
}

/** Whether another server stood under the provider's id when the identity last signed somebody in. */
export function isOfOther({ issuer }: Provider, identity: Pick<IdentityRow, "issuer">): boolean {
  return identity.issuer !== null && identity.issuer !== issuer;
}

/** @throws Problem `provider.address` */
function verifiedEmail(provider: Provider, { email, emailVerified }: Shown): string {
  if (email !== null && emailVerified) return email;
  throw new Problem(
    "forbidden",
    "provider.address",
    email === null
      ? say`${provider.name} does not say at which address you read mail. Let it tell this store, or sign in another way.`
      : say`${provider.name} has not verified that you read mail at ${email}. Verify it there, or sign in another way.`,
  );
}

/** @throws Problem `provider.no_account` where signing up does not let them */
function makeAccount(
  store: Store,
  tx: Tx,
  actor: Actor,
  told: Vouched & { readonly email: string },
  now: Date,
): AccountId {
  const { provider, shown, email } = told;
  const fields = {
    email,
    name: shown.name ?? email.split("@")[0] ?? email,
    passwordHash: null,
    storeRole: null,
    isProven: true,
  };
  const made = (): AccountRow => {
    const { id } = addAccount(tx, actor, fields, now);
    const row = accountById(tx, id);
    if (row === undefined) throw new Error("an account that was just made is not there");
    addIdentity(store, tx, actor, row, told, now);
    return row;
  };
  if (!provider.accounts || store.config.signUp === "closed") throw noAccount(provider, email);
  const open = signUpOf(store);
  const mayBeMade = open !== null && (open.domains === null || open.domains.includes(domainOf(email)));
  const invited = takeUpOpen(store, tx, actor, emailKeyOf(email), made, now);
  if (invited !== null) return invited;
  if (!mayBeMade) throw noAccount(provider, email);
  return made().id;
}

/** The row, the word of it, and the roles that come with it. @throws Problem `provider.address` */
export function addIdentity(
  store: Store,
  tx: Tx,
  actor: Actor,
  account: Pick<AccountRow, "id" | "emailKey">,
  told: Vouched,
  now: Date,
): void {
  const { provider, shown } = told;
  const email = verifiedEmail(provider, shown);
  const id = newId("idn");
  const { subject } = shown;
  insertIdentity(tx, {
    id,
    accountId: account.id,
    provider: provider.id,
    subject,
    email,
    createdAt: now,
    seenAt: now,
    issuer: provider.issuer,
  });
  // The provider has proven it as a mail with a link would have.
  if (emailKeyOf(email) === account.emailKey) updateAccount(tx, account.id, { emailProvenAt: now });
  recordChange(
    tx,
    { ...auditAuthor(actor), actor: accountLabel(account.id) },
    {
      action: "identity.linked",
      subject: accountSubject(account.id),
      after: { identity: id, provider: provider.id },
      person: { after: { email, subject } },
    },
    now,
  );
  const fresh = { id, accountId: account.id, sealedToken: null, confirmedAt: null };
  hearGroups(store, tx, actor, told, fresh, now);
}

/**
 * The groups come from the provider's word, and are nothing that the person does. An answer that was asked for before what the
 * store has heard since says nothing new: it would give back what was taken away.
 */
function hearGroups(
  store: Store,
  tx: Tx,
  actor: Actor,
  { provider, shown, token, askedAt }: Vouched,
  identity: Pick<IdentityRow, "id" | "accountId" | "sealedToken" | "confirmedAt">,
  now: Date,
): void {
  const isOld = identity.confirmedAt !== null && identity.confirmedAt > askedAt;
  if (!isOld || identity.sealedToken === null) keepToken(store, tx, identity.id, token);
  if (isOld) return;
  const author = { ...auditAuthor(actor), actor: SYSTEM_LABEL, via: null };
  applyGroups(tx, author, provider, identity, shown.groups, askedAt, now);
}

export function taken({ name }: Provider): Problem {
  return new Problem(
    "conflict",
    "provider.taken",
    say`This account at ${name} signs in to another account of this store. Choose another one at ${name}, or unlink it from that account first.`,
  );
}

function moved({ name }: Provider): Problem {
  return new Problem(
    "forbidden",
    "provider.moved",
    say`Since this account at ${name} was linked, ${name} is another server, on which it may be somebody else's: it does not vouch for the same address. Sign in another way, and unlink and link it under “Your account”, or ask the store's administrator.`,
  );
}

function disabled({ name }: Provider): Problem {
  return new Problem(
    "forbidden",
    "provider.disabled",
    say`The account that your account at ${name} signs in to is disabled. Ask the store's administrator.`,
  );
}

function outsideDomains({ name, domains }: Provider): Problem {
  return new Problem(
    "forbidden",
    "provider.domain",
    say`With ${name}, people sign in here whose verified address is at ${domains.join(", ")}. Choose another account there, or sign in another way.`,
  );
}

function noAccount({ name }: Provider, email: string): Problem {
  return new Problem(
    "forbidden",
    "provider.no_account",
    say`${name} says that you are ${email}, and there is no account here for that address. Ask the store's administrator for an invitation.`,
  );
}
