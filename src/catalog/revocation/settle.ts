/**
 * What an act does to versions that are still on their way, in its own transaction: what can never reach a device is
 * withdrawn and says why; what only lacks a signature that counts is signed again.
 */
import { SYSTEM_LABEL } from "../../accounts/actor.ts";
import type { Tx } from "../../db/database.ts";
import type { VersionCode, VersionId } from "../../ids.ts";
import { enqueue, enqueueAfresh, type NewJob } from "../../jobs/queue.ts";
import type { Vault } from "../../keys/vault.ts";
import { recordEnd } from "../ended.ts";
import * as catalog from "../records.ts";
import { stateAfter } from "../states.ts";
import type { Naming } from "./records.ts";
import * as records from "./records.ts";

/** Withdraws what is on its way and is named, or is below the lowest version code. */
export function withdrawRevoked(
  tx: Tx,
  vault: Vault,
  naming: Naming,
  { reason, now, below }: { readonly reason: string; readonly now: Date; readonly below?: VersionCode },
): void {
  for (const row of records.selectUnpublished(tx, naming, below)) {
    const note = below === undefined ? `Revoked: ${reason}` : `Below the lowest version: ${reason}`;
    const event = { actor: SYSTEM_LABEL, note, now };
    catalog.updateVersion(tx, row, { state: stateAfter(row.state, "revoked") }, event);
    recordEnd(tx, vault, row, now);
  }
}

/** An approval whose signature does not count any more is signed anew, with the key that the store has then. */
export function signAgain(tx: Tx, naming: Naming, { reason, now }: { reason: string; now: Date }): void {
  const note = `The store's signature was revoked: ${reason}`;
  for (const row of records.selectUnpublished(tx, naming)) loseSignature(tx, row, note, now);
}

/** One that is on its way to devices, and is to have another signature before it goes on. */
export function loseSignature(tx: Tx, row: catalog.VersionRow, note: string, now: Date): void {
  if (row.state !== "held" && row.state !== "publishing") return;
  catalog.updateVersion(
    tx,
    row,
    {
      state: stateAfter(row.state, "signature_revoked"),
      releasedSha256: null,
      releasedSizeBytes: null,
      releaseKeyid: null,
      releaseCertificate: null,
    },
    { actor: SYSTEM_LABEL, note, now },
  );
  enqueue(tx, countersignJob(row.id), now);
}

/** All that is approved and has no signature of the store: for when there is a key again that may give it. */
export function countersignWaiting(tx: Tx, now: Date): void {
  for (const { id } of catalog.selectVersionsInState(tx, "signing"))
    enqueueAfresh(tx, countersignJob(id), now);
}

function countersignJob(versionId: VersionId): NewJob {
  return { kind: "version.countersign", key: versionId, payload: { versionId } };
}
