/**
 * Who might see an app before somebody asked to delete it, sealed under the master key: rows that somebody changed beside the store
 * would show everybody what few may see, once the deletion is taken back. Each deletion and its end are leaves of the log, and a
 * seal counts only with the newest of them: that of an earlier deletion cannot be put in its place.
 */
import type { Tx } from "../../db/database.ts";
import type { AppId, Audience } from "../../ids.ts";
import { openFacts, resealFacts, resealRows, sealFacts } from "../../keys/sealed-facts.ts";
import type { Vault } from "../../keys/vault.ts";
import { recordInLog } from "../log/record.ts";
import { findNewestLeaf } from "../log/records.ts";
import * as records from "./records.ts";

type Facts = { readonly audiences: readonly Audience[]; readonly leaf: number | null };

const sealName = (id: AppId): string => `deletion of ${id}`;

const newestLeaf = (tx: Tx, id: AppId): number | null => findNewestLeaf(tx, id, "ended")?.position ?? null;

/** What was sealed of the app before counts no more. */
export function turnLeaf(tx: Tx, vault: Vault, appId: AppId, now: Date): void {
  recordInLog(tx, vault, { type: "ended", what: "visibility", appId, id: appId }, now);
}

/** After `turnLeaf`, in the same transaction. */
export function sealBefore(tx: Tx, vault: Vault, id: AppId, audiences: readonly Audience[]): Buffer {
  const facts: Facts = { audiences, leaf: newestLeaf(tx, id) };
  return sealFacts(vault, sealName(id), facts);
}

/** Null: it cannot be told, since somebody changed what was sealed. */
export function sealedBefore(tx: Tx, vault: Vault, row: records.DeletionRow): readonly Audience[] | null {
  const facts = openFacts(vault, sealName(row.appId), row.sealed) as Facts | null;
  return facts !== null && facts.leaf === newestLeaf(tx, row.appId) ? facts.audiences : null;
}

/** Under another master key. Gives how many there are. */
export function resealDeletions(tx: Tx, from: Vault, to: Vault): number {
  return resealRows(
    records.allDeletions(tx),
    ({ appId, sealed }) => resealFacts(from, to, sealName(appId), sealed),
    ({ appId }, next) => records.replaceSeal(tx, appId, next),
  );
}
