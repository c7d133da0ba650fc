/** Making API keys: the token is shown once and kept as a hash. */

import type { AuditChange } from "../../audit/entry.ts";
import { recordChange } from "../../audit/record.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import {
  findIdempotent,
  type Idempotency,
  idempotentResourceGone,
  rememberIdempotent,
} from "../../db/idempotency.ts";
import { type Fault, Problem } from "../../errors.ts";
import { type ApiKeyId, newId } from "../../ids.ts";
import { say, sayAll } from "../../say.ts";
import { DAY_MS } from "../../time.ts";
import { type Actor, actorLabel, auditAuthor } from "../actor.ts";
import { nameFault, plainName } from "../name-rule.ts";
import { organisationById } from "../organisations.records.ts";
import { organisationNotFound } from "../organisations.ts";
import { accountNotFound } from "../people.ts";
import { accountById } from "../records.ts";
import { secretHash } from "../secrets.ts";
import { type AskedNarrowing, checkNarrowing } from "./narrow.ts";
import { type ApiKey, apiKeyOf, authoriseKeys } from "./owner.ts";
import { type ApiKeyRow, apiKeyById, countLiveKeys, insertApiKey, type KeyOwner } from "./records.ts";
import { formatToken, kindOf, newTokenSecret } from "./tokens.ts";

export const DEFAULT_KEY_DAYS = 90;
export const MOST_KEY_DAYS = 366;
export const KEY_NAME_CHARACTERS = 80;
/** Of one owner, that work at one time. */
export const MOST_LIVE_KEYS = 200;

export type NewApiKey = Partial<AskedNarrowing> & {
  readonly owner: KeyOwner;
  readonly name: string;
  /** Whole days until it ends; 90 without it, and no longer than the key that makes it. */
  readonly days?: number;
};

/**
 * Makes a key and gives its token, which is not kept and cannot be shown again. A key that is made with another one may do
 * no more than that one, ends no later, and ends with it.
 * @throws Problem `apikey.invalid`, `apikey.too_many`, `organisation.not_found`, `account.not_found`, `rights.forbidden`
 */
export function createApiKey(store: Store, actor: Actor, fields: NewApiKey): { key: ApiKey; token: string } {
  const { key, token } = createApiKeyOnce(store, actor, fields, undefined);
  if (token === null) throw new Error("only a repeated call gives no token");
  return { key, token };
}

/** As `createApiKey`; a repeated call gives the key that the first one made, without its token. */
export function createApiKeyOnce(
  store: Store,
  actor: Actor,
  fields: NewApiKey,
  idempotency: Idempotency | undefined,
): { key: ApiKey; token: string | null } {
  const { owner } = fields;
  authoriseKeys(actor, owner, "manage");
  const now = store.clock.now();
  return write(store.db, (tx) => {
    const request = JSON.stringify([owner, fields.name, fields.days, fields.actions, fields.apps]);
    const earlier = findIdempotent(tx, idempotency, request);
    if (earlier) {
      const made = apiKeyById(tx, earlier.resourceId as ApiKeyId);
      if (!made) throw idempotentResourceGone();
      return { key: apiKeyOf(tx, made, now), token: null };
    }
    const made = createApiKeyIn(tx, actor, fields, now);
    rememberIdempotent(tx, idempotency, request, made.key.id, now);
    return made;
  });
}

/** The same within a transaction that does more. @throws as `createApiKey`, but for the rights, which the caller has asked for */
export function createApiKeyIn(
  tx: Tx,
  actor: Actor,
  fields: NewApiKey,
  now: Date,
): { key: ApiKey; token: string } {
  const { owner } = fields;
  const keyId = newId("key");
  const secret = newTokenSecret();
  refuseMissingOwner(tx, owner);
  const maker = makerKey(tx, actor);
  const checked = checkFields(tx, actor, fields, maker, now);
  if (countLiveKeys(tx, owner, now) >= MOST_LIVE_KEYS) {
    const message = say`There are ${MOST_LIVE_KEYS} keys already that work. Revoke what is not needed any more.`;
    throw new Problem("conflict", "apikey.too_many", message);
  }
  const organisationId = "organisationId" in owner ? owner.organisationId : null;
  const accountId = "accountId" in owner ? owner.accountId : null;
  const row = insertApiKey(tx, {
    ...checked,
    id: keyId,
    secretHash: secretHash(secret),
    organisationId,
    accountId,
    madeWith: maker?.id ?? null,
    createdBy: actorLabel(actor),
    tokenBy: actorLabel(actor),
    createdAt: now,
  });
  const { name, expiresAt, actions, apps } = row;
  const change: AuditChange = {
    action: "apikey.created",
    subject: { type: "apikey", id: keyId },
    organisationId,
    // What somebody calls a key of their own may tell of them.
    ...(accountId === null ? {} : { person: { after: { name } } }),
    after: {
      ...(accountId === null ? { name } : {}),
      accountId,
      expiresAt: expiresAt.toISOString(),
      ...(actions === null ? {} : { actions: actions.join(" ") }),
      ...(apps === null ? {} : { apps: apps.join(" ") }),
    },
  };
  recordChange(tx, auditAuthor(actor), change, now);
  return { key: apiKeyOf(tx, row, now), token: formatToken({ kind: kindOf(row), keyId, secret }) };
}

/** The key that somebody acts with, as it is now. @throws Problem `auth.token_revoked`, `auth.token_expired` */
export function makerKey(tx: Tx, actor: Actor): ApiKeyRow | null {
  if (actor.kind !== "account" || actor.via.type !== "api-key") return null;
  const row = apiKeyById(tx, actor.via.keyId);
  // It may have ended since the request began.
  if (!row || row.revokedAt !== null) {
    throw new Problem("unauthenticated", "auth.token_revoked", say`This API key was revoked.`);
  }
  return row;
}

function refuseMissingOwner(tx: Tx, owner: KeyOwner): void {
  if ("organisationId" in owner) {
    if (!organisationById(tx, owner.organisationId)) throw organisationNotFound();
  } else if (!accountById(tx, owner.accountId)) {
    throw accountNotFound();
  }
}

function checkFields(tx: Tx, actor: Actor, fields: NewApiKey, maker: ApiKeyRow | null, now: Date) {
  const faults: Fault[] = [];
  const name = plainName(fields.name);
  const fault = nameFault(name, KEY_NAME_CHARACTERS, say`A key's name`);
  if (fault !== null) faults.push({ code: "apikey.name", pointer: "/name", ...fault });
  const expiresAt = checkEnd(fields.days, maker, now, faults);
  const asked = { actions: fields.actions ?? null, apps: fields.apps ?? null };
  const narrowed = checkNarrowing(tx, actor, fields.owner, asked, faults);
  refuseKeyFaults(faults);
  return { name, expiresAt, ...narrowed };
}

/** When the key ends; what is wrong with the days is added to `faults`. */
export function checkEnd(
  days: number | undefined,
  maker: ApiKeyRow | null,
  now: Date,
  faults: Fault[],
): Date {
  const asked = days ?? DEFAULT_KEY_DAYS;
  const fault = (message: string): void =>
    void faults.push({ code: "apikey.days", pointer: "/days", message });
  if (!Number.isInteger(asked) || asked < 1 || asked > MOST_KEY_DAYS) {
    fault(`A key lives for 1 to ${MOST_KEY_DAYS} whole days, found ${asked}.`);
    return now;
  }
  const end = new Date(now.getTime() + asked * DAY_MS);
  if (maker === null || end <= maker.expiresAt) return end;
  if (days !== undefined)
    fault(
      `The key that makes it ends on ${maker.expiresAt.toISOString()}, and it cannot live longer than that.`,
    );
  return maker.expiresAt;
}

/** @throws Problem `apikey.invalid` with one detail for each fault */
export function refuseKeyFaults(faults: readonly Fault[]): void {
  if (faults.length === 0) return;
  const message = sayAll(faults.map(({ message }) => message));
  throw new Problem("unprocessable", "apikey.invalid", message, faults);
}
