/** From a token to who speaks: with each request of the API. */
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { eachWhileUnchanged } from "../../db/unchanged.ts";
import { describeError, Problem } from "../../errors.ts";
import type { ApiKeyId } from "../../ids.ts";
import { actorOfAccount } from "../account-actor.ts";
import type { Actor } from "../actor.ts";
import { inForceSince } from "../identities/plan-roles.ts";
import { rolesIn } from "../memberships.records.ts";
import type { ActingAccount } from "../records.ts";
import { sameHash, secretHash } from "../secrets.ts";
import { narrowingOfKey } from "./narrow.ts";
import { type ApiKeyRow, apiKeyInUse, type PastSecretRow, pastSecret, updateApiKey } from "./records.ts";
import { kindOf, type ParsedToken, parseToken } from "./tokens.ts";

type KeyInUse = NonNullable<ReturnType<typeof apiKeyInUse>>;

/** About 1 kB each. */
const MOST_KEYS = 5000;

/** A busy key would otherwise cost a durable write with each request. */
const LAST_USE_EVERY_MS = 60_000;

/**
 * Who a token speaks for. When and from where is written at most once a minute.
 * @throws Problem `auth.token_invalid`, `auth.token_revoked`, `auth.token_expired`, `auth.account_disabled` (all unauthenticated)
 */
export function findByToken(store: Store, token: string, address: string | null = null): Actor {
  const parsed = parseToken(token);
  if (!parsed) {
    throw refused(
      "auth.token_invalid",
      "This is not an API key: it was cut off, or a character was changed.",
    );
  }
  const row = keyInUse(store, parsed.keyId);
  const past = row === undefined ? undefined : secretOf(store.db.orm, row, parsed);
  if (row === undefined || past === undefined) {
    throw refused("auth.token_invalid", "This API key is not one of this store's.");
  }
  const now = store.clock.now();
  if (row.revokedAt !== null) {
    // Its keys ended with it: that is what their holder has to know.
    if (row.accountId !== null) accountInUse(row.account);
    throw refused("auth.token_revoked", "This API key was revoked.");
  }
  if (past !== "present" && past.until <= now) {
    throw refused(
      "auth.token_revoked",
      "This API key was rotated: its newer token works, and this one does not.",
    );
  }
  if (row.expiresAt <= now) {
    throw refused(
      "auth.token_expired",
      `This API key expired on ${row.expiresAt.toISOString()}. Make a new one.`,
    );
  }
  const actor = actorOfKey(store, row);
  noteUse(store, row, address, now);
  return actor;
}

/** A read of it takes as long as all else that is asked of a request. */
const whileUnchanged = eachWhileUnchanged<KeyInUse>(MOST_KEYS);

/** As it stands; what rests on a group that nobody confirmed pauses to the second. */
function keyInUse({ db, config, clock }: Store, id: ApiKeyId): KeyInUse | undefined {
  const since = inForceSince(config.groupPauseHours, clock.now());
  const second = Math.floor(since.getTime() / 1000);
  return whileUnchanged(db, id, second, () => apiKeyInUse(db.orm, id, since));
}

/** Which of the key's secrets it is; undefined: none of them, or the token is of another kind of key. */
export function secretOf(
  tx: Tx,
  row: Pick<ApiKeyRow, "id" | "secretHash" | "organisationId">,
  { kind, secret }: ParsedToken,
): "present" | PastSecretRow | undefined {
  if (kindOf(row) !== kind) return undefined;
  const hash = secretHash(secret);
  if (sameHash(row.secretHash, hash)) return "present";
  const past = pastSecret(tx, hash);
  return past?.keyId === row.id ? past : undefined;
}

function actorOfKey(store: Store, key: KeyInUse): Actor {
  const narrowed = narrowingOfKey(key);
  const rest = narrowed === undefined ? {} : { narrowed };
  if (key.organisationId !== null) {
    return { kind: "organisation-key", organisationId: key.organisationId, keyId: key.id, ...rest };
  }
  const tx = store.db.orm;
  const account = accountInUse(key.account);
  const via = { type: "api-key", keyId: key.id } as const;
  return { ...actorOfAccount(store, tx, account, via, rolesIn(key.anywhere)), ...rest };
}

/** @throws Problem `auth.account_disabled` (unauthenticated) */
function accountInUse(account: ActingAccount | null): ActingAccount {
  if (account?.disabledAt === null) return account;
  throw refused("auth.account_disabled", "The account of this API key is disabled.");
}

function noteUse(store: Store, row: KeyInUse, address: string | null, now: Date): void {
  if (row.lastUsedAt !== null && now.getTime() - row.lastUsedAt.getTime() < LAST_USE_EVERY_MS) return;
  try {
    write(store.db, (tx) => updateApiKey(tx, row.id, { lastUsedAt: now, lastUsedAddress: address }));
  } catch (error) {
    // A note, not the request's purpose: a full disk must not keep readers out.
    store.log.warn("apikey.use_not_noted", { key: row.id, error: describeError(error) });
  }
}

function refused(code: string, message: string): Problem {
  return new Problem("unauthenticated", code, message);
}
