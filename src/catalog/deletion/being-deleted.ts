/** What nobody does to an app while it is being deleted, and what they are told. Pure. */
import type { Action } from "../../accounts/rights.ts";
import { Problem } from "../../errors.ts";
import type { AppId } from "../../ids.ts";
import { say } from "../../say.ts";

type Standing = { readonly id: AppId; readonly deletionAt: Date | null };

/** Reading stays, as do taking the deletion back and asking for it, which says that it is asked for already. */
const STAYS: ReadonlySet<Action> = new Set<Action>([
  "app.read",
  "app.remove",
  "app.keep",
  "version.read",
  "review.read",
  "publisher.read",
  "transfer.read",
]);

/** @throws Problem (conflict) `app.being_deleted` */
export function refuseWhileDeleting(app: Standing, action: Action): void {
  if (app.deletionAt !== null && !STAYS.has(action)) throw beingDeleted(app.id, app.deletionAt);
}

export function beingDeleted(id: AppId, at: Date): Problem {
  return new Problem(
    "conflict",
    "app.being_deleted",
    say`${id} is being deleted, and rests until then: on ${at} it is gone. An owner or an administrator can take that back.`,
  );
}

/** Between two looks at the app. */
export function overtaken(id: AppId): Problem {
  return new Problem("conflict", "app.busy", say`Something of ${id} changed meanwhile: try again.`);
}
