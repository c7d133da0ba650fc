/** API keys: shown once, kept as a hash, with an end, revocable at any time. */
import { recordChange } from "../audit/record.ts";
import type { Store } from "../context.ts";
import { write } from "../db/database.ts";
import { describeError, Problem } from "../errors.ts";
import { type AccountId, type ApiKeyId, newId, type OrganisationId } from "../ids.ts";
import { actorOfAccount } from "./account-actor.ts";
import { type Actor, actorLabel, auditAuthor } from "./actor.ts";
import {
  type ApiKeyRow,
  accountById,
  apiKeyById,
  apiKeysOf,
  insertApiKey,
  markApiKeyRevoked,
  organisationById,
  touchApiKey,
} from "./records.ts";
import { sameHash, secretHash } from "./secrets.ts";
import { formatToken, newTokenSecret, parseToken } from "./tokens.ts";

const DAY_MS = 86_400_000;
export const DEFAULT_KEY_DAYS = 90;
const MOST_KEY_DAYS = 3660;
/** A busy key would otherwise cost a durable write with each request. */
const LAST_USE_EVERY_MS = 60_000;

/** What may be shown of a key: never its hash. */
export type ApiKey = Omit<ApiKeyRow, "secretHash">;

export type NewApiKey = {
  readonly owner: { readonly organisationId: OrganisationId } | { readonly accountId: AccountId };
  readonly name: string;
  /** Whole days until it ends; 90 without it. */
  readonly days?: number;
};

function apiKeyOf({ secretHash: _, ...rest }: ApiKeyRow): ApiKey {
  return rest;
}

/**
 * Makes a key and gives its token, which is not kept and cannot be shown again.
 * @throws Problem `apikey.invalid`, `organisation.not_found`, `account.not_found`
 */
export function createApiKey(store: Store, actor: Actor, fields: NewApiKey): { key: ApiKey; token: string } {
  const name = fields.name.trim();
  const days = fields.days ?? DEFAULT_KEY_DAYS;
  if (name === "" || [...name].length > 80 || /[\p{Cc}\p{Cf}]/u.test(name)) {
    throw invalid("/name", "apikey.name", "A key's name has 1 to 80 characters and no control characters.");
  }
  if (!Number.isInteger(days) || days < 1 || days > MOST_KEY_DAYS) {
    throw invalid("/days", "apikey.days", `A key lives for 1 to ${MOST_KEY_DAYS} whole days, found ${days}.`);
  }
  const keyId = newId("key");
  const secret = newTokenSecret();
  const organisationId = "organisationId" in fields.owner ? fields.owner.organisationId : null;
  const accountId = "accountId" in fields.owner ? fields.owner.accountId : null;
  const now = store.clock.now();
  const row = write(store.db, (tx) => {
    if (organisationId !== null && !organisationById(tx, organisationId)) {
      throw new Problem("not_found", "organisation.not_found", "There is no such organisation.");
    }
    if (accountId !== null && !accountById(tx, accountId)) {
      throw new Problem("not_found", "account.not_found", "There is no such account.");
    }
    const expiresAt = new Date(now.getTime() + days * DAY_MS);
    const change = {
      action: "apikey.created",
      subject: { type: "apikey", id: keyId },
      organisationId,
      after: { name, accountId, expiresAt: expiresAt.toISOString() },
    } as const;
    recordChange(tx, auditAuthor(actor), change, now);
    return insertApiKey(tx, {
      id: keyId,
      name,
      secretHash: secretHash(secret),
      organisationId,
      accountId,
      createdBy: actorLabel(actor),
      createdAt: now,
      expiresAt,
      lastUsedAt: null,
      revokedAt: null,
    });
  });
  const kind = organisationId === null ? "usr" : "org";
  return { key: apiKeyOf(row), token: formatToken({ kind, keyId, secret }) };
}

/**
 * Who a token speaks for. Its last use is written at most once a minute.
 * @throws Problem `auth.token_invalid`, `auth.token_revoked`, `auth.token_expired`, `auth.account_disabled` (all unauthenticated)
 */
export function findByToken(store: Store, token: string): Actor {
  const parsed = parseToken(token);
  if (!parsed) {
    throw refused(
      "auth.token_invalid",
      "This is not an API key: it was cut off, or a character was changed.",
    );
  }
  const row = apiKeyById(store.db.orm, parsed.keyId);
  const belongs = row && sameHash(row.secretHash, secretHash(parsed.secret));
  if (!belongs || (row.organisationId === null ? "usr" : "org") !== parsed.kind) {
    throw refused("auth.token_invalid", "This API key is not one of this store's.");
  }
  const now = store.clock.now();
  if (row.revokedAt !== null) throw refused("auth.token_revoked", "This API key was revoked.");
  if (row.expiresAt <= now) {
    throw refused(
      "auth.token_expired",
      `This API key expired on ${row.expiresAt.toISOString()}. Make a new one.`,
    );
  }
  const actor = actorOfKey(store, row);
  noteUse(store, row, now);
  return actor;
}

function actorOfKey(store: Store, row: ApiKeyRow): Actor {
  if (row.organisationId !== null) {
    return { kind: "organisation-key", organisationId: row.organisationId, keyId: row.id };
  }
  const account = row.accountId === null ? undefined : accountById(store.db.orm, row.accountId);
  if (!account || account.disabledAt !== null) {
    throw refused("auth.account_disabled", "The account of this API key is disabled.");
  }
  return actorOfAccount(store.db.orm, account, { type: "api-key", keyId: row.id });
}

function noteUse(store: Store, row: ApiKeyRow, now: Date): void {
  if (row.lastUsedAt !== null && now.getTime() - row.lastUsedAt.getTime() < LAST_USE_EVERY_MS) return;
  try {
    write(store.db, (tx) => touchApiKey(tx, row.id, now));
  } catch (error) {
    // A note, not the request's purpose: a full disk must not keep readers out.
    store.log.warn("apikey.use_not_noted", { key: row.id, error: describeError(error) });
  }
}

/** Once revoked it stays so; again is no error. @throws Problem `apikey.not_found` */
export function revokeApiKey(store: Store, actor: Actor, keyId: ApiKeyId): ApiKey {
  const now = store.clock.now();
  return write(store.db, (tx) => {
    const before = apiKeyById(tx, keyId);
    if (before && before.revokedAt !== null) return apiKeyOf(before);
    const row = markApiKeyRevoked(tx, keyId, now);
    if (!row) throw new Problem("not_found", "apikey.not_found", `There is no API key ${keyId}.`);
    const subject = { type: "apikey", id: keyId };
    const { organisationId } = row;
    recordChange(tx, auditAuthor(actor), { action: "apikey.revoked", subject, organisationId }, now);
    return apiKeyOf(row);
  });
}

/** Newest first, of one owner or of all. */
export function listApiKeys(
  store: Store,
  owner: { organisationId?: OrganisationId; accountId?: AccountId } = {},
): ApiKey[] {
  return apiKeysOf(store.db.orm, owner).map(apiKeyOf);
}

function refused(code: string, message: string): Problem {
  return new Problem("unauthenticated", code, message);
}

function invalid(pointer: string, code: string, message: string): Problem {
  return new Problem("unprocessable", "apikey.invalid", message, [{ code, pointer, message }]);
}
