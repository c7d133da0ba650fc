/** Whose a key is, and who may see and manage it. */
import type { Tx } from "../../db/database.ts";
import { Problem } from "../../errors.ts";
import type { ApiKeyId } from "../../ids.ts";
import { say } from "../../say.ts";
import type { Actor } from "../actor.ts";
import { organisationNotFound } from "../organisations.ts";
import { accountNotFound } from "../people.ts";
import { authorise } from "../rights.ts";
import { leftBehind } from "./left-behind.ts";
import { type ApiKeyRow, apiKeyById, type KeyOwner } from "./records.ts";

/** What may be shown of a key: never a hash. */
export type ApiKey = Omit<ApiKeyRow, "secretHash" | "endToldAt" | "tokenBy"> & {
  /** Whether somebody was given a token of it that works, and may make no keys there any more. */
  readonly leftBehind: boolean;
};

export function apiKeyOf(tx: Tx, row: ApiKeyRow, now: Date): ApiKey {
  return apiKeysShown(tx, now)(row);
}

/** For several: who made many of them is looked up once. */
export function apiKeysShown(tx: Tx, now: Date): (row: ApiKeyRow) => ApiKey {
  const isLeft = leftBehind(tx, now);
  return (row) => {
    const { secretHash: _, endToldAt: __, tokenBy: ___, ...rest } = row;
    return { ...rest, leftBehind: isLeft(row) };
  };
}

export function ownerOf(row: Pick<ApiKeyRow, "id" | "organisationId" | "accountId">): KeyOwner {
  if (row.organisationId !== null) return { organisationId: row.organisationId };
  if (row.accountId !== null) return { accountId: row.accountId };
  throw new Error(`the API key ${row.id} belongs to nobody`);
}

/**
 * An organisation's keys are for who may by the table of rights; a person's are for that person, and the operator.
 * @throws Problem `auth.required`, `rights.forbidden`, `organisation.not_found`, `account.not_found`
 */
export function authoriseKeys(actor: Actor, owner: KeyOwner, how: "read" | "manage"): void {
  if ("organisationId" in owner) {
    const { organisationId } = owner;
    authorise(actor, `apikey.${how}`, { organisationId }, organisationNotFound);
    return;
  }
  authorise(actor, "self.keys");
  if (actor.kind === "account" && actor.accountId !== owner.accountId) {
    throw accountNotFound();
  }
}

/**
 * The key, when the actor may do this to it.
 * @param owner Whose it must be, as the caller names them; whoever's it is without.
 * @throws Problem `apikey.not_found` and those of `authoriseKeys`
 */
export function findKeyFor(
  tx: Tx,
  actor: Actor,
  keyId: ApiKeyId,
  how: "read" | "manage",
  owner?: KeyOwner,
): ApiKeyRow {
  if (owner !== undefined) authoriseKeys(actor, owner, how);
  else authorise(actor, "self.read");
  const row = apiKeyById(tx, keyId);
  if (!row || (owner !== undefined && !isSame(ownerOf(row), owner))) throw keyNotFound(keyId);
  if (owner === undefined) authoriseKeys(actor, ownerOf(row), how);
  return row;
}

function isSame(a: KeyOwner, b: KeyOwner): boolean {
  return "organisationId" in a
    ? "organisationId" in b && a.organisationId === b.organisationId
    : "accountId" in b && a.accountId === b.accountId;
}

export function keyNotFound(keyId: ApiKeyId): Problem {
  return new Problem("not_found", "apikey.not_found", say`There is no API key ${keyId}.`);
}
