/** When an audience's catalogue is to be renewed, and when it ends: of all of them, that is asked for without reading them. */
import type { Tx } from "../../db/database.ts";
import { type Audience, EVERYBODY } from "../../ids.ts";
import * as records from "./records.ts";

export function noteEnds(tx: Tx, audience: Audience, now: Date): void {
  if (audience === EVERYBODY) return;
  const roles = [...records.currentRoles(tx, audience).values()];
  const first = (times: readonly number[]) => new Date(Math.min(...times));
  records.saveAudience(tx, {
    id: audience,
    createdAt: now,
    renewAt: first(roles.map(({ createdAt, expiresAt }) => (createdAt.getTime() + expiresAt.getTime()) / 2)),
    expiresAt: first(roles.map(({ expiresAt }) => expiresAt.getTime())),
  });
}
