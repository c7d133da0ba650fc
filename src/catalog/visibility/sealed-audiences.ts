/**
 * Who is to see an app with its first publication, sealed under the master key beside the rows: nothing that is signed says it yet.
 * Each change of it is a leaf of the log, and a seal counts only with the newest of them: an older one cannot be put back.
 */
import type { Tx } from "../../db/database.ts";
import type { AppId, Audience } from "../../ids.ts";
import { openFacts, resealFacts, resealRows, sealFacts } from "../../keys/sealed-facts.ts";
import type { Vault } from "../../keys/vault.ts";
import { recordInLog } from "../log/record.ts";
import { findNewestLeaf } from "../log/records.ts";
import * as records from "./records.ts";

type Facts = {
  readonly audiences: readonly Audience[];
  /** Where the newest leaf about it stands; null: it has none. */
  readonly leaf: number | null;
};

const sealName = (id: AppId): string => `audiences of ${id}`;

const newestLeaf = (tx: Tx, id: AppId): number | null => findNewestLeaf(tx, id, "ended")?.position ?? null;

/** Those of the rows, of an app that is new. */
export function sealAudiences(tx: Tx, vault: Vault, id: AppId): void {
  const facts: Facts = { audiences: records.audiencesOf(tx, id), leaf: newestLeaf(tx, id) };
  records.saveSealedAudiences(tx, id, sealFacts(vault, sealName(id), facts));
}

/** What was sealed before counts no more, of an app that was never published. */
export function endSealedAudiences(tx: Tx, vault: Vault, appId: AppId, now: Date): void {
  recordInLog(tx, vault, { type: "ended", what: "visibility", appId, id: appId }, now);
}

/** Null: there is no seal of this store's, or something was changed since. */
export function sealedAudiences(tx: Tx, vault: Vault, id: AppId): readonly Audience[] | null {
  const facts = openFacts(vault, sealName(id), records.findSealedAudiences(tx, id)) as Facts | null;
  return facts !== null && facts.leaf === newestLeaf(tx, id) ? facts.audiences : null;
}

/** In the transaction of the migration that brings the column. Of what was changed before, this is not the first time. */
export function sealOldAudiences(tx: Tx, vault: () => Vault): void {
  for (const { id } of records.unpublishedSeals(tx))
    if (newestLeaf(tx, id) === null) sealAudiences(tx, vault(), id);
}

/** Under another master key. Gives how many there are. */
export function resealAudiences(tx: Tx, from: Vault, to: Vault): number {
  return resealRows(
    records.unpublishedSeals(tx),
    ({ id, sealed }) => resealFacts(from, to, sealName(id), sealed),
    ({ id }, next) => records.saveSealedAudiences(tx, id, next),
  );
}
