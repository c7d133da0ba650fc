/** Looking at keys: whose they are, what they may, when they end. */
import type { Store } from "../../context.ts";
import { oneMore, type Page, type PageRequest, pageOf } from "../../db/pages.ts";
import type { ApiKeyId } from "../../ids.ts";
import type { Actor } from "../actor.ts";
import { type ApiKey, apiKeyOf, apiKeysShown, authoriseKeys, findKeyFor } from "./owner.ts";
import { allApiKeys, apiKeyIdsFrom, apiKeysOf, type KeyOwner } from "./records.ts";

/** Of all owners, newest first: for the operator. */
export function listApiKeys(store: Store): ApiKey[] {
  return allApiKeys(store.db.orm).map(apiKeysShown(store.db.orm, store.clock.now()));
}

/** Of one owner, newest first, also those that are over. @throws Problem `organisation.not_found`, `rights.forbidden` */
export function pageApiKeys(store: Store, actor: Actor, owner: KeyOwner, page: PageRequest): Page<ApiKey> {
  authoriseKeys(actor, owner, "read");
  const rows = apiKeysOf(store.db.orm, owner, oneMore<ApiKeyId>(page));
  return pageOf(rows, page.limit, (row) => row.id, apiKeysShown(store.db.orm, store.clock.now()));
}

/** Where the page before the one after `after` begins; null when it is the first. The caller has asked who may. */
export function beforeApiKeys(store: Store, owner: KeyOwner, after: string, limit: number): ApiKeyId | null {
  return apiKeyIdsFrom(store.db.orm, owner, after as ApiKeyId, limit + 1)[limit] ?? null;
}

/** @throws Problem `apikey.not_found`, `organisation.not_found`, `rights.forbidden` */
export function readApiKey(store: Store, actor: Actor, owner: KeyOwner, keyId: ApiKeyId): ApiKey {
  const row = findKeyFor(store.db.orm, actor, keyId, "read", owner);
  return apiKeyOf(store.db.orm, row, store.clock.now());
}
