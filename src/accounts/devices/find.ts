/** A device, and what may be shown of it. */
import type { Tx } from "../../db/database.ts";
import { Problem } from "../../errors.ts";
import type { DeviceId } from "../../ids.ts";
import { say } from "../../say.ts";
import { type DeviceRow, deviceById } from "./records.ts";

export type Device = Omit<DeviceRow, "nameKey" | "publicKey">;

export function deviceOf({ nameKey: _, publicKey: __, ...rest }: DeviceRow): Device {
  return rest;
}

/** @throws Problem `device.not_found` */
export function mustFindDevice(tx: Tx, id: DeviceId): DeviceRow {
  const row = deviceById(tx, id);
  if (!row) throw new Problem("not_found", "device.not_found", say`There is no such device.`);
  return row;
}
