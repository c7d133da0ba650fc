/** The SQL of API keys. Nothing here decides. */
import { and, asc, count, desc, eq, gt, inArray, isNotNull, isNull, lt, lte, sql } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { hot } from "../../db/hot.ts";
import { apiKeyPastSecrets, apiKeys, apps } from "../../db/schema.ts";
import type { AccountId, ApiKeyId, AppId, OrganisationId, Sha256 } from "../../ids.ts";
import { anywhereOf } from "../memberships.records.ts";
import { actingAccountOf } from "../records.ts";

export type ApiKeyRow = typeof apiKeys.$inferSelect;
export type PastSecretRow = typeof apiKeyPastSecrets.$inferSelect;

/** Whose a key is: it acts for the organisation, or as the person. */
export type KeyOwner = { readonly organisationId: OrganisationId } | { readonly accountId: AccountId };

export const insertApiKey = (tx: Tx, row: typeof apiKeys.$inferInsert): ApiKeyRow =>
  tx.insert(apiKeys).values(row).returning().get();

const apiKeyStatement = hot((tx) =>
  tx
    .select()
    .from(apiKeys)
    .where(eq(apiKeys.id, sql.placeholder("id")))
    .prepare(),
);

export const apiKeyById = (tx: Tx, id: ApiKeyId): ApiKeyRow | undefined => apiKeyStatement(tx).get({ id });

/** What each request asks of its key. */
const IN_USE = {
  id: apiKeys.id,
  secretHash: apiKeys.secretHash,
  organisationId: apiKeys.organisationId,
  accountId: apiKeys.accountId,
  expiresAt: apiKeys.expiresAt,
  revokedAt: apiKeys.revokedAt,
  lastUsedAt: apiKeys.lastUsedAt,
  actions: apiKeys.actions,
  apps: apiKeys.apps,
  account: actingAccountOf("api_keys.account_id"),
  anywhere: anywhereOf("api_keys.account_id"),
};

const keyInUse = hot((tx) =>
  tx
    .select(IN_USE)
    .from(apiKeys)
    .where(eq(apiKeys.id, sql.placeholder("id")))
    .prepare(),
);

/**
 * The key with its person, and the roles that they have anywhere (`rolesIn`): together they are read nearly as fast as the key alone.
 * @param since As `rolesOf` takes it.
 */
export const apiKeyInUse = (tx: Tx, id: ApiKeyId, since: Date) =>
  keyInUse(tx).get({ id, since: since.getTime() });

const ofOwner = (owner: KeyOwner) =>
  "organisationId" in owner
    ? eq(apiKeys.organisationId, owner.organisationId)
    : eq(apiKeys.accountId, owner.accountId);

/** Newest first, of all owners. */
export const allApiKeys = (tx: Tx): ApiKeyRow[] => tx.select().from(apiKeys).orderBy(desc(apiKeys.id)).all();

/** Newest first, those before `after` only. */
export const apiKeysOf = (
  tx: Tx,
  owner: KeyOwner,
  page: { readonly after?: ApiKeyId; readonly limit: number },
): ApiKeyRow[] =>
  tx
    .select()
    .from(apiKeys)
    .where(and(ofOwner(owner), page.after === undefined ? undefined : lt(apiKeys.id, page.after)))
    .orderBy(desc(apiKeys.id))
    .limit(page.limit)
    .all();

/** From this one on towards newer ones. */
export const apiKeyIdsFrom = (tx: Tx, owner: KeyOwner, from: ApiKeyId, limit: number): ApiKeyId[] =>
  tx
    .select({ id: apiKeys.id })
    .from(apiKeys)
    .where(and(ofOwner(owner), sql`${apiKeys.id} >= ${from}`))
    .orderBy(asc(apiKeys.id))
    .limit(limit)
    .all()
    .map(({ id }) => id);

/** Keys of the owner that still work. */
export const countLiveKeys = (tx: Tx, owner: KeyOwner, now: Date): number =>
  tx
    .select({ n: count() })
    .from(apiKeys)
    .where(and(ofOwner(owner), isNull(apiKeys.revokedAt), gt(apiKeys.expiresAt, now)))
    .get()?.n ?? 0;

/** Those keys. There are never more than one owner may have. */
export const keysInUseOf = (tx: Tx, owner: KeyOwner, now: Date): ApiKeyRow[] =>
  tx
    .select()
    .from(apiKeys)
    .where(and(ofOwner(owner), isNull(apiKeys.revokedAt), gt(apiKeys.expiresAt, now)))
    .orderBy(asc(apiKeys.id))
    .all();

/** The organisations whose keys in use have a token that this person was given. */
export const organisationsOfTokens = (tx: Tx, label: string, now: Date): OrganisationId[] =>
  tx
    .selectDistinct({ id: apiKeys.organisationId })
    .from(apiKeys)
    .where(
      and(
        eq(apiKeys.tokenBy, label),
        isNull(apiKeys.revokedAt),
        isNotNull(apiKeys.organisationId),
        gt(apiKeys.expiresAt, now),
      ),
    )
    .all()
    .flatMap(({ id }) => (id === null ? [] : [id]));

/** Those that this key made and that are not revoked. */
export const liveKeysMadeWith = (tx: Tx, id: ApiKeyId): ApiKeyRow[] =>
  tx
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.madeWith, id), isNull(apiKeys.revokedAt)))
    .all();

export const updateApiKey = (
  tx: Tx,
  id: ApiKeyId,
  change: Partial<Omit<ApiKeyRow, "id" | "organisationId" | "accountId">>,
): ApiKeyRow | undefined => tx.update(apiKeys).set(change).where(eq(apiKeys.id, id)).returning().get();

export const pastSecret = (tx: Tx, hash: Sha256): PastSecretRow | undefined =>
  tx.select().from(apiKeyPastSecrets).where(eq(apiKeyPastSecrets.hash, hash)).get();

/** The secret that a rotation replaces; those of before stop working. */
export const insertPastSecret = (tx: Tx, row: PastSecretRow, now: Date): void => {
  tx.update(apiKeyPastSecrets)
    .set({ until: now })
    .where(and(eq(apiKeyPastSecrets.keyId, row.keyId), gt(apiKeyPastSecrets.until, now)))
    .run();
  tx.insert(apiKeyPastSecrets).values(row).run();
};

/** Keys that end until then and of whose end nobody was told; those that end first come first. */
export const keysEndingUntil = (tx: Tx, until: Date, limit: number): ApiKeyRow[] =>
  tx
    .select()
    .from(apiKeys)
    .where(and(lte(apiKeys.expiresAt, until), isNull(apiKeys.revokedAt), isNull(apiKeys.endToldAt)))
    .orderBy(asc(apiKeys.expiresAt))
    .limit(limit)
    .all();

/** Whose these apps are; what is not there is left out. */
export const ownersOfApps = (
  tx: Tx,
  ids: readonly AppId[],
): { id: AppId; organisationId: OrganisationId }[] =>
  tx
    .select({ id: apps.id, organisationId: apps.organisationId })
    .from(apps)
    .where(and(inArray(apps.id, [...ids]), isNull(apps.removedAt)))
    .all();
