/** Adding and removing second factors: by the person, or for who has lost theirs by an administrator or the operator. */

import { timingSafeEqual } from "node:crypto";
import type { AuditChange } from "../../audit/entry.ts";
import { recordChange } from "../../audit/record.ts";
import { recordedSince } from "../../audit/records.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { judgeAll, Problem } from "../../errors.ts";
import { type AccountId, type FactorId, newId } from "../../ids.ts";
import { say } from "../../say.ts";
import { type AccountActor, type Actor, auditAuthor, byOf, readsOf } from "../actor.ts";
import { endWaysIn } from "../links/links.ts";
import { nameFault, plainName } from "../name-rule.ts";
import { accountNotFound, accountSubject } from "../people.ts";
import { type AccountRow, accountById } from "../records.ts";
import { authorise } from "../rights.ts";
import { removeSessionsOf } from "../sessions.records.ts";
import { refuseEndedSession } from "../sessions.ts";
import { storeName } from "../store-name.ts";
import { hasWayIn } from "../ways-in.ts";
import { base32 } from "./base32.ts";
import { tellOfFactors } from "./letters.ts";
import { offerRegistration, type PasskeyOffer, passkeyHost, verifyRegistration } from "./passkeys.ts";
import * as records from "./records.ts";
import { newRecoveryCodes, recoveryHash } from "./recovery-codes.ts";
import { openOffer, sealOffer } from "./sealed.ts";
import { matchingStep, newTotpSecret, plainCode, totpUri } from "./totp.ts";
import { factorNotFound } from "./views.ts";

const NAME_MOST_CHARACTERS = 60;
const MOST_FACTORS = 20;
const WORDS = {
  totp: (name: string) => say`The authenticator app “${name}”`,
  passkey: (name: string) => say`The passkey “${name}”`,
} as const;

/** Recovery codes, when these are the first; shown now or never. */
export type Added = { readonly codes: readonly string[] | null };

const offeringApp = (accountId: AccountId) => `authenticator app ${accountId}`;
/** What the vault binds a kept secret to. */
export const secretName = (id: FactorId): string => `authenticator app ${id}`;

export type AppOffer = {
  /** To type where there is no camera: groups of four. */
  readonly secret: string;
  /** For the QR code. */
  readonly uri: string;
  /** Has to come back with the first code. */
  readonly offer: string;
};

/** @param offer What was shown before, to show it again; null when that is over. */
export function offerApp(store: Store, actor: AccountActor, offer: string | null = null): AppOffer {
  authorise(actor, "self.secure");
  const purpose = offeringApp(actor.accountId);
  const before = offer === null ? null : openOffer(store, purpose, offer);
  const secret = before?.bytes ?? newTotpSecret();
  return {
    secret: (base32(secret).match(/.{1,4}/g) ?? []).join(" "),
    uri: totpUri(secret, { store: storeName(store), email: actor.email }),
    offer: before === null || offer === null ? sealOffer(store, purpose, secret) : offer,
  };
}

/**
 * Adds an authenticator app that has shown its first code.
 * @throws Problem `factor.invalid`, `factor.offer_over`, `factor.code_wrong`, `factor.exists`, `factor.too_many`
 */
export function addApp(
  store: Store,
  actor: AccountActor,
  fields: { readonly offer: string; readonly code: string; readonly name: string },
): Added {
  authorise(actor, "self.secure");
  const opened = openOffer(store, offeringApp(actor.accountId), fields.offer);
  if (opened === null) throw offerOver();
  const [name, step] = judgeAll(
    () => nameFrom(fields.name),
    () => stepNow(opened.bytes, fields.code, store.clock.now()),
  );
  return add(store, actor, (tx, id) => {
    refuseRemovedSince(tx, actor.accountId, opened.at);
    for (const { id: other, sealedSecret } of records.factorsOf(tx, actor.accountId)) {
      if (sealedSecret === null) continue;
      const known = store.vault.unseal(secretName(other), sealedSecret);
      if (known.byteLength === opened.bytes.byteLength && timingSafeEqual(known, opened.bytes))
        throw new Problem("conflict", "factor.exists", say`This app is added already.`);
    }
    const sealedSecret = Buffer.from(store.vault.seal(secretName(id), opened.bytes));
    return { kind: "totp", name, sealedSecret, lastStep: step };
  });
}

/** @throws Problem `factor.no_passkeys_here` */
export async function offerPasskey(store: Store, actor: AccountActor, origin: string): Promise<PasskeyOffer> {
  authorise(actor, "self.secure");
  const host = passkeyHost(origin);
  if (host === null) {
    throw new Problem(
      "conflict",
      "factor.no_passkeys_here",
      say`Browsers make passkeys for stores with a name and https, or at localhost.`,
    );
  }
  const { accountId: id, email, name } = actor;
  return offerRegistration(store, { id, email, name }, host);
}

/** @throws Problem `factor.invalid`, `factor.offer_over`, `factor.exists`, `factor.too_many` */
export async function addPasskey(
  store: Store,
  actor: AccountActor,
  fields: {
    readonly offer: string;
    readonly response: string;
    readonly name: string;
    readonly origin: string;
  },
): Promise<Added> {
  authorise(actor, "self.secure");
  const name = nameFrom(fields.name);
  if (fields.response === "") {
    const message = say`No passkey came with the form. The browser asks for one when the form’s button is used, with JavaScript on.`;
    throw new Problem("unprocessable", "factor.no_passkey", message);
  }
  const verified = await verifyRegistration(store, actor.accountId, fields);
  if (verified === null) throw offerOver();
  const { made, offeredAt } = verified;
  return add(store, actor, (tx) => {
    // An offer is for one passkey: none came since it was made.
    const hasLater = records
      .factorsOf(tx, actor.accountId)
      .some(({ kind, createdAt }) => kind === "passkey" && createdAt > offeredAt);
    if (hasLater) throw offerOver();
    refuseRemovedSince(tx, actor.accountId, offeredAt);
    if (made.credentialId !== null && records.factorByCredential(tx, made.credentialId) !== undefined)
      throw new Problem("conflict", "factor.exists", say`This passkey is added already.`);
    return { ...made, kind: "passkey", name };
  });
}

/** What was sent once to add a factor would bring it back, when it is sent again after the factor was removed. */
function refuseRemovedSince(tx: Tx, accountId: AccountId, since: Date): void {
  for (const action of ["account.factor_removed", "account.factors_reset"] as const)
    if (recordedSince(tx, { subject: accountId, action, since }).length > 0) throw offerOver();
}

type Content = Pick<records.FactorRow, "kind" | "name"> & Partial<records.FactorRow>;

/** The first one ends every other session, and every link that one of them may have asked for: those were begun without it. */
function add(store: Store, actor: AccountActor, content: (tx: Tx, id: FactorId) => Content): Added {
  const { accountId } = actor;
  return write(store.db, (tx) => {
    // What a browser's answer says was found out in a while in which the session may have ended.
    refuseEndedSession(tx, actor);
    const now = store.clock.now();
    const account = ownAccount(tx, accountId);
    const count = records.countFactors(tx, accountId);
    if (count >= MOST_FACTORS) {
      throw new Problem(
        "conflict",
        "factor.too_many",
        say`An account has at most ${MOST_FACTORS} second factors. Remove one first.`,
      );
    }
    const id = newId("fac");
    const made = records.insertFactor(tx, { ...content(tx, id), id, accountId, createdAt: now });
    const codes = count === 0 ? makeCodes(tx, accountId, now) : null;
    if (count === 0) {
      removeSessionsOf(tx, accountId, actor.via.type === "session" ? actor.via.sessionId : undefined);
      endWaysIn(tx, accountId);
      records.markForRenewal(tx, accountId, auditAuthor(actor).via);
    }
    const { kind, name } = made;
    const after = { factor: id, kind };
    const subject = accountSubject(accountId);
    const change: AuditChange = {
      action: "account.factor_added",
      subject,
      after,
      person: { after: { name } },
    };
    recordChange(tx, auditAuthor(actor), change, now);
    tellOfFactors(store, tx, account, { kind: "added", what: WORDS[kind](name) }, now, readsOf(actor));
    return { codes };
  });
}

/**
 * With the last one the recovery codes go too.
 * @throws Problem `factor.not_found`, `factor.needed` when a role needs one, `factor.last_way_in` of the only passkey of who has no password
 */
export function removeFactor(store: Store, actor: AccountActor, id: FactorId): void {
  authorise(actor, "self.secure");
  const { accountId } = actor;
  write(store.db, (tx) => {
    const now = store.clock.now();
    const account = ownAccount(tx, accountId);
    const gone = records.removeFactorRow(tx, accountId, id);
    if (gone === undefined) throw factorNotFound();
    if (gone.kind === "passkey" && !hasWayIn(store, tx, accountId)) {
      throw new Problem(
        "conflict",
        "factor.last_way_in",
        say`This passkey is the only way in which you can sign in. Set a password, or add another passkey first.`,
      );
    }
    if (!records.hasFactor(tx, accountId)) {
      if (account.storeRole !== null && store.config.secondFactor.includes(account.storeRole)) {
        throw new Problem(
          "conflict",
          "factor.needed",
          say`Your role in this store needs a second factor, and this is the only one. Add another one first.`,
        );
      }
      records.removeRecoveryCodes(tx, accountId);
    }
    const { kind, name } = gone;
    const before = { factor: id, kind };
    const subject = accountSubject(accountId);
    const change: AuditChange = {
      action: "account.factor_removed",
      subject,
      before,
      person: { before: { name } },
    };
    recordChange(tx, auditAuthor(actor), change, now);
    tellOfFactors(store, tx, account, { kind: "removed", what: WORDS[kind](name) }, now, readsOf(actor));
  });
}

/** In the place of those that there were. @throws Problem `factor.none` without a factor that they could stand in for */
export function renewRecoveryCodes(store: Store, actor: AccountActor): readonly string[] {
  authorise(actor, "self.secure");
  const { accountId } = actor;
  return write(store.db, (tx) => {
    const now = store.clock.now();
    const account = ownAccount(tx, accountId);
    if (!records.hasFactor(tx, accountId)) {
      throw new Problem(
        "conflict",
        "factor.none",
        say`Recovery codes stand in for a second factor. Add one first.`,
      );
    }
    const codes = makeCodes(tx, accountId, now);
    const change: AuditChange = {
      action: "account.recovery_codes",
      subject: accountSubject(accountId),
    };
    recordChange(tx, auditAuthor(actor), change, now);
    tellOfFactors(store, tx, account, { kind: "codes_made" }, now, readsOf(actor));
    return codes;
  });
}

/**
 * Removes every factor and recovery code of who has lost theirs, and ends their sessions and links. Nothing happens where there is
 * none. @throws Problem `account.not_found`
 */
export function resetFactors(store: Store, actor: Actor, accountId: AccountId): void {
  authorise(actor, "user.manage");
  write(store.db, (tx) => {
    const now = store.clock.now();
    const account = accountById(tx, accountId);
    if (account === undefined) throw accountNotFound();
    const gone = records.removeFactorsOf(tx, accountId);
    if (gone.length === 0) return;
    records.removeRecoveryCodes(tx, accountId);
    removeSessionsOf(tx, accountId);
    endWaysIn(tx, accountId);
    const before = { factors: gone.map(({ id }) => id) };
    const subject = accountSubject(accountId);
    recordChange(tx, auditAuthor(actor), { action: "account.factors_reset", subject, before }, now);
    tellOfFactors(store, tx, account, { kind: "reset", by: byOf(actor).within }, now);
  });
}

function makeCodes(tx: Tx, accountId: AccountId, now: Date): readonly string[] {
  const codes = newRecoveryCodes();
  records.replaceRecoveryCodes(
    tx,
    accountId,
    codes.map((code) => recoveryHash(accountId, code)),
    now,
  );
  return codes;
}

function ownAccount(tx: Tx, id: AccountId): AccountRow {
  const account = accountById(tx, id);
  if (account === undefined) throw accountNotFound();
  return account;
}

function nameFrom(text: string): string {
  const name = plainName(text);
  const fault = nameFault(name, NAME_MOST_CHARACTERS, say`A name`);
  if (fault === null) return name;
  throw new Problem("unprocessable", "factor.invalid", fault.message, [
    { code: "factor.name", pointer: "/name", ...fault },
  ]);
}

function stepNow(secret: Uint8Array, code: string, now: Date): number {
  const step = matchingStep(secret, plainCode(code), now, null);
  if (step !== null) return step;
  throw wrong("/code", "This is not the code that the app shows now. Check that its clock is right.");
}

function wrong(pointer: string, message: string): Problem {
  return new Problem("unprocessable", "factor.code_wrong", message, [
    { code: "factor.code_wrong", pointer, message },
  ]);
}

function offerOver(): Problem {
  return new Problem(
    "conflict",
    "factor.offer_over",
    say`This took too long, or was answered by another page or device. Begin again.`,
  );
}
