/** A device that comes with an access token: looked up each time, so that one that was revoked has nothing more. */
import type { Store } from "../../context.ts";
import { write } from "../../db/database.ts";
import { describeError } from "../../errors.ts";
import type { DeviceId } from "../../ids.ts";
import type { DeviceActor } from "../actor.ts";
import { deviceById, updateDevice } from "./records.ts";
import { seenNow } from "./token.ts";

/** null: it is revoked, or gone. */
export function actingDevice(store: Store, id: DeviceId): DeviceActor | null {
  const row = deviceById(store.db.orm, id);
  if (row === undefined || row.revokedAt !== null) return null;
  return { kind: "device", deviceId: row.id, lastSeenAt: row.lastSeenAt };
}

/** When and from where is written at most once a minute. */
export function noteSeen(store: Store, device: DeviceActor, address: string): void {
  const { deviceId: id, lastSeenAt = null } = device;
  const change = seenNow({ lastSeenAt }, address, store.clock.now());
  if (change.lastSeenAt === undefined) return;
  try {
    write(store.db, (tx) => updateDevice(tx, id, change));
  } catch (error) {
    // A note, not the request's purpose: a full disk must not keep devices from an update.
    store.log.warn("device.not_noted", { device: id, error: describeError(error) });
  }
}
