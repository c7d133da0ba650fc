/**
 * Devices in use that have not come for long: lost, switched off, or cut off from the store. Nobody is told but who looks after
 * them.
 */
import type { Store } from "../../context.ts";
import { Problem } from "../../errors.ts";
import { type DeviceId, isId } from "../../ids.ts";
import { say } from "../../say.ts";
import type { Actor } from "../actor.ts";
import { authorise } from "../rights.ts";
import type { DeviceRow } from "./records.ts";
import { countUnseen } from "./records.ts";

const DAY_MS = 86_400_000;
/** A page that tells of them costs the same however many there are. */
const MOST_COUNTED = 1000;

export type Unseen = {
  /** So long they have not come, at least. */
  readonly days: number;
  readonly count: number;
  /** There are more than these. */
  readonly more: boolean;
};

export function unseenSince(now: Date, days: number): Date {
  return new Date(now.getTime() - days * DAY_MS);
}

/** When a device last came, or enrolled. */
export function cameAt({ lastSeenAt, createdAt }: Pick<DeviceRow, "lastSeenAt" | "createdAt">): Date {
  return lastSeenAt ?? createdAt;
}

/** By the store's setting; null: it warns of none. @throws Problem `rights.forbidden` */
export function unseenDevices(store: Store, actor: Actor): Unseen | null {
  authorise(actor, "device.read");
  const days = store.config.deviceUnseenDays;
  if (days === 0) return null;
  const count = countUnseen(store.db.orm, unseenSince(store.clock.now(), days), MOST_COUNTED + 1);
  return { days, count: Math.min(count, MOST_COUNTED), more: count > MOST_COUNTED };
}

/** null: there is none to warn of. @throws Problem `rights.forbidden` */
export function unseenToTell(store: Store, actor: Actor): Unseen | null {
  const found = unseenDevices(store, actor);
  return found === null || found.count === 0 ? null : found;
}

/** Whether the store warns of this one. */
export function isUnseen(
  { config, clock }: Pick<Store, "config" | "clock">,
  device: Pick<DeviceRow, "lastSeenAt" | "createdAt" | "revokedAt">,
): boolean {
  const days = config.deviceUnseenDays;
  return days > 0 && device.revokedAt === null && cameAt(device) <= unseenSince(clock.now(), days);
}

/** Where a list of them goes on: when the last of the page came, and which it is, since it may come again meanwhile. */
export function unseenCursor(row: DeviceRow): string {
  return `${cameAt(row).getTime()}.${row.id}`;
}

/** @throws Problem `cursor.invalid` */
export function parseUnseenCursor(text: string): { readonly cameAt: Date; readonly id: DeviceId } {
  const [, ms, id] = /^(\d{1,15})\.(dev-[0-9a-f]{32})$/.exec(text) ?? [];
  if (ms !== undefined && id !== undefined && isId("dev", id)) return { cameAt: new Date(Number(ms)), id };
  throw new Problem(
    "invalid",
    "cursor.invalid",
    say`This cursor is not one that the list gave: start from the beginning.`,
  );
}
