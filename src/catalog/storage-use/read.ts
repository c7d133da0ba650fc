/** What takes how much room, for whoever runs the store. */
import { statfsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Actor } from "../../accounts/actor.ts";
import { authorise } from "../../accounts/rights.ts";
import type { Store } from "../../context.ts";
import { oneMore, type Page, type PageRequest, pageOf } from "../../db/pages.ts";
import type { AppId } from "../../ids.ts";
import { isCounting, STORAGE_KINDS, type StorageKind } from "./count.ts";
import * as records from "./records.ts";

export type StorageUse = {
  /** When the files were last counted; null: not yet. */
  readonly countedAt: Date | null;
  /** Whether somebody has asked for them to be counted now, and it is not done. */
  readonly counting: boolean;
  readonly kinds: readonly {
    readonly kind: StorageKind;
    readonly files: number;
    readonly sizeBytes: number;
  }[];
  /** The database with its log, as large as it is now. */
  readonly databaseBytes: number;
  /** Of the disk with the data folder, now; null: the system does not say. */
  readonly disk: { readonly freeBytes: number; readonly sizeBytes: number } | null;
};

export type AppUse = Omit<records.LargeApp, "appId"> & { readonly appId: AppId };

/** @throws Problem `rights.forbidden` */
export function readStorageUse(store: Store, actor: Actor): StorageUse {
  authorise(actor, "storage.read");
  const counted = new Map(records.selectKinds(store.db.orm).map((row) => [row.kind, row]));
  const { dataDir } = store.config;
  return {
    countedAt: records.findCountedAt(store.db.orm),
    counting: isCounting(store),
    kinds: STORAGE_KINDS.flatMap((kind) => {
      const row = counted.get(kind);
      return row === undefined ? [] : [{ kind, files: row.files, sizeBytes: row.sizeBytes }];
    }),
    databaseBytes: ["mosis.db", "mosis.db-wal"].reduce((all, name) => all + sizeOf(join(dataDir, name)), 0),
    disk: diskOf(dataDir),
  };
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** null: the system does not say. */
export function diskOf(folder: string): StorageUse["disk"] {
  try {
    const { bavail, blocks, bsize } = statfsSync(folder);
    return { freeBytes: bavail * bsize, sizeBytes: blocks * bsize };
  } catch {
    return null;
  }
}

/** Apps by the room that their files took when it was last counted, the largest first. @throws Problem `rights.forbidden` */
export function listStorageOfApps(store: Store, actor: Actor, page: PageRequest): Page<AppUse> {
  authorise(actor, "storage.read");
  return pageOf(records.selectLargest(store.db.orm, oneMore<AppId>(page)), page.limit, ({ appId }) => appId);
}

/** Where the page before the one after `after` begins; null when it is the first. */
export function beforeStorageOfApps(store: Store, after: string, limit: number): AppId | null {
  return records.selectIdsFrom(store.db.orm, after as AppId, limit + 1)[limit] ?? null;
}
