/** What waits below a published version code can never be published: devices take only a higher one. */

import { SYSTEM_LABEL } from "../accounts/actor.ts";
import type { Tx } from "../db/database.ts";
import type { VersionState } from "../db/version-states.ts";
import type { Vault } from "../keys/vault.ts";
import { recordEnd } from "./ended.ts";
import * as records from "./records.ts";
import { stateAfter } from "./states.ts";

export const OVERTAKEN_NOTE = "A higher version code was published first.";

/** Those that are being signed or published are left to their own jobs, which find out by themselves. */
const WAITING: readonly VersionState[] = ["checking", "draft", "in_review", "held"];

/** Withdraws what waits below `published`; to be called in the transaction that publishes it. */
export function withdrawOvertaken(tx: Tx, vault: Vault, published: records.VersionRow, now: Date): void {
  for (const row of records.selectBelow(tx, published.appId, published.versionCode, WAITING)) {
    const state = stateAfter(row.state, "overtaken");
    records.updateVersion(tx, row, { state }, { actor: SYSTEM_LABEL, note: OVERTAKEN_NOTE, now });
    recordEnd(tx, vault, row, now);
  }
}
