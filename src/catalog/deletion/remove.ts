/**
 * Job `app.remove`: what was asked to be deleted, and was not taken back, is gone. First out of the signed catalogue that nobody
 * reads, from when on nothing brings it back; then its versions, a few in each transaction; then what else there is of it. After a kill
 * it goes on from there. Files that no version names any more the daily sweep removes, wherever they lie. The app's row stays: whoever
 * was given its id would be taken for it by every device that has it.
 */
import { SYSTEM_LABEL } from "../../accounts/actor.ts";
import { updateApiKey } from "../../accounts/api-keys/records.ts";
import { tellOwnersAndAdministrators } from "../../accounts/messages/outbox.ts";
import { forgetAppInRoles } from "../../accounts/narrowed-roles.ts";
import { recordChange, SYSTEM_AUTHOR } from "../../audit/record.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import type { AppId } from "../../ids.ts";
import * as catalog from "../records.ts";
import { keepSearchable } from "../search/keep.ts";
import { keysNarrowedTo } from "../transfer/records.ts";
import { inTurn } from "../tuf/turn.ts";
import { moveApp } from "../visibility/move.ts";
import { mendAudiences } from "../visibility/signed-audiences.ts";
import { overtaken } from "./being-deleted.ts";
import { goneNotice } from "./notices.ts";
import * as records from "./records.ts";
import { turnLeaf } from "./seal.ts";

const DUE_AT_ONCE = 50;
/** So many versions in one transaction: between two of them others have their turn. */
const STEP = 100;

/** It does nothing twice. One that cannot be taken out now holds up none of the others. @throws what the first of those threw */
export async function removeDue(store: Store, signal?: AbortSignal): Promise<void> {
  const failures: unknown[] = [];
  let after: records.Due | null = null;
  for (;;) {
    const due: readonly records.Due[] = records.selectDue(
      store.db.orm,
      store.clock.now(),
      after,
      DUE_AT_ONCE,
    );
    for (const { appId } of due) {
      try {
        await inTurn(store.db, () => takeOut(store, appId), "act");
        await removeVersions(store, appId, signal);
        if (signal?.aborted) return;
        finish(store, appId);
      } catch (error) {
        failures.push(error);
      }
    }
    after = due.at(-1) ?? null;
    if (due.length < DUE_AT_ONCE) break;
  }
  if (failures.length > 0) throw failures[0];
}

/** From here on nobody takes it back. */
async function takeOut(store: Store, id: AppId): Promise<void> {
  const isDue = (tx: Tx) => {
    const app = catalog.findApp(tx, id);
    const row = records.findDeletion(tx, id);
    const due = app?.removedAt === null && row !== undefined && row.endsAt <= store.clock.now();
    return due ? app : undefined;
  };
  // Somebody took it back meanwhile, or a kill came after this was done.
  if (isDue(store.db.orm) === undefined) return;
  mendAudiences(store, id);
  await moveApp(store, {
    id,
    wanted: [],
    look: (tx) => {
      const app = isDue(tx);
      if (app === undefined) throw overtaken(id);
      return app;
    },
    overtaken: () => overtaken(id),
    save: (tx, _app, now) => {
      turnLeaf(tx, store.vault, id, now);
      catalog.updateApp(tx, id, { removedAt: now }, now);
    },
  });
}

async function removeVersions(store: Store, id: AppId, signal: AbortSignal | undefined): Promise<void> {
  for (let left = STEP; left === STEP && !signal?.aborted; await Bun.sleep(0))
    left = write(store.db, (tx) => {
      if (!isOut(tx, id)) return 0;
      const some = records.selectSomeVersions(tx, id, STEP);
      for (const row of some) records.removeVersion(tx, row);
      return some.length;
    });
}

/** Whether it is out of every catalogue, and something of it is still there. */
function isOut(tx: Tx, id: AppId): boolean {
  return catalog.findApp(tx, id)?.removedAt != null && records.findDeletion(tx, id) !== undefined;
}

function finish(store: Store, id: AppId): void {
  write(store.db, (tx) => {
    const app = isOut(tx, id) ? catalog.findApp(tx, id) : undefined;
    const row = records.findDeletion(tx, id);
    if (app === undefined || row === undefined || records.selectSomeVersions(tx, id, 1).length > 0) return;
    const now = store.clock.now();
    const { organisationId, name } = app;
    const author = { ...SYSTEM_AUTHOR, actor: SYSTEM_LABEL };
    records.removeBelongings(tx, id);
    catalog.updateApp(tx, id, EMPTY, now);
    keepSearchable(tx, id);
    forgetAppInRoles(tx, author, organisationId, id, now);
    for (const key of keysNarrowedTo(tx, organisationId, id)) {
      const apps = key.apps.filter((other) => other !== id);
      updateApiKey(tx, key.id, { apps });
      const change = { action: "apikey.narrowed", subject: { type: "apikey", id: key.id } } as const;
      recordChange(tx, author, { ...change, organisationId, after: { apps: apps.join(" ") } }, now);
    }
    records.deleteDeletion(tx, id);
    const before = { name, askedBy: row.askedBy, reason: row.reason };
    const subject = { type: "app", id } as const;
    recordChange(tx, author, { action: "app.removed", subject, organisationId, before }, now);
    tellOwnersAndAdministrators(tx, organisationId, goneNotice(app), now);
  });
}

/** The name stays, for who looks up what was revoked or done. */
const EMPTY = {
  summary: "",
  trustedOnly: false,
  chosenCategory: null,
  category: null,
  installs: 0,
  unlistedAt: null,
  deprecatedAt: null,
  deprecatedText: null,
  deprecatedInstead: null,
} as const;
