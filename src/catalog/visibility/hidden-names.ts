/**
 * Notices that name another app: what an app's developers say to use instead of it. From the moment on when who reads them may
 * not see that app any more they are not served, whatever has been signed anew or written since, and whichever app they are of;
 * and they are again when it may be seen again. What a file names it says itself, so that there is nothing to keep beside it.
 */
import type { Store } from "../../context.ts";
import { isProblem } from "../../errors.ts";
import type { AppId } from "../../ids.ts";
import { appOfNotices, NOTICES_MAX_BYTES, parseNotices } from "../tuf/app-notices.ts";
import { sha256 as digestOf } from "../tuf/metadata.ts";
import { findTarget } from "../tuf/records.ts";
import { targetOfKey } from "../tuf/roles.ts";
import { isWithheld } from "../withheld.records.ts";
import { isNameable } from "../yank/notices.ts";

type Served = Pick<Store, "db" | "blobs">;

/** Whether a file of the catalogues is kept from who reads there, though it may still lie where it did. */
export async function isKeptBack(store: Served, key: string): Promise<boolean> {
  return isWithheld(store.db.orm, key) || (await namesHidden(store, key));
}

async function namesHidden(store: Served, key: string): Promise<boolean> {
  const target = targetOfKey(key);
  if (target === null || appOfNotices(target.path) === null) return false;
  const named = await namedIn(store, key, target);
  // Asked after the file was read: a change meanwhile counts.
  return named === "unreadable" || (named !== null && !isNameable(store.db.orm, target.audience, named));
}

/** Null: none, or there is no such file. Of what cannot be read nobody knows what it names. */
async function namedIn(
  { db, blobs }: Served,
  key: string,
  { sha256, ...at }: NonNullable<ReturnType<typeof targetOfKey>>,
): Promise<AppId | "unreadable" | null> {
  const present = findTarget(db.orm, at)?.body;
  const isIt = present !== undefined && digestOf(present) === sha256;
  try {
    if (isIt) return nameIn(new Uint8Array(present));
    const facts = await blobs.head(key);
    if (facts === null) return null;
    return facts.sizeBytes > NOTICES_MAX_BYTES ? "unreadable" : nameIn(await blobs.bytes(key));
  } catch (error) {
    if (isProblem(error) && error.code === "catalogue.malformed") return "unreadable";
    if (isProblem(error) && error.code === "blob.missing") return null;
    throw error;
  }
}

const nameIn = (bytes: Uint8Array): AppId | null => parseNotices(bytes).deprecated?.instead ?? null;
