/** Who has a part in what is reported, and so neither decides about it nor learns who reports it. */
import { type Actor, accountLabel } from "../../accounts/actor.ts";
import { isConcerned } from "../../accounts/concerned.ts";
import type { Tx } from "../../db/database.ts";
import { Problem } from "../../errors.ts";
import type { AccountId, AppId } from "../../ids.ts";
import { say } from "../../say.ts";
import { findApp } from "../records.ts";

/** What is reported. */
export type Thing = {
  readonly appId: AppId;
  /** Who said what is reported; null: a device, or it is the app itself. */
  readonly saidBy: AccountId | null;
  /** Since when there is something to decide about. */
  readonly since: Date;
};

/** Whoever said it, and who is or since then was more than a viewer of the organisation that the app is of. The operator is not. */
export function hasPartIn(tx: Tx, actor: Actor, { appId, saidBy, since }: Thing): boolean {
  const app = findApp(tx, appId);
  if (app === undefined) return false;
  const by = saidBy === null ? "" : accountLabel(saidBy);
  return isConcerned(tx, actor, { organisationId: app.organisationId, by, since });
}

/** @throws Problem `report.own` */
export function refuseOwnPart(tx: Tx, actor: Actor, thing: Thing): void {
  if (!hasPartIn(tx, actor, thing)) return;
  throw new Problem(
    "forbidden",
    "report.own",
    say`You said it yourself, or work for the organisation that the app is of, or did meanwhile: let somebody else decide.`,
  );
}
