/** What devices fetched most, of what somebody may see. */
import type { Actor } from "../../accounts/actor.ts";
import type { AppId } from "../../ids.ts";
import { audiencesOfActor } from "../visibility/viewers.ts";
import { appsToShow, authoriseLook, type Looking, type ShownApp } from "../visibility/visible.ts";
import { selectMostInstalled } from "./records.ts";

/** The one first that was fetched most; without those that never were. @throws Problem `rights.forbidden` */
export function mostInstalled(store: Looking, actor: Actor, limit: number): readonly ShownApp[] {
  authoriseLook(actor);
  const tx = store.db.orm;
  const most = new Map<AppId, number>();
  for (const audience of audiencesOfActor(tx, actor))
    for (const { id, installs } of selectMostInstalled(tx, audience, limit)) most.set(id, installs);
  const ids = [...most]
    .sort(([a, one], [b, other]) => other - one || (a < b ? 1 : -1))
    .slice(0, limit)
    .map(([id]) => id);
  return appsToShow(store, actor, ids);
}
