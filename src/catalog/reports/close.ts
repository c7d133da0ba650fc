/** What waits about a rating is decided with it. */
import { type Actor, actorLabel, auditAuthor } from "../../accounts/actor.ts";
import { recordChange } from "../../audit/record.ts";
import type { Tx } from "../../db/database.ts";
import type { AppId, RatingId } from "../../ids.ts";
import * as records from "./records.ts";

/** In one step and one entry of the audit log, however many reported it. */
export function closeReportsOf(
  tx: Tx,
  actor: Actor,
  { id, appId }: { readonly id: RatingId; readonly appId: AppId },
  outcome: "hidden" | "withdrawn",
  now: Date,
): void {
  // Who took it back is its author, whom a report names by what they call themselves, and a device not at all.
  const closedBy = outcome === "withdrawn" ? null : actorLabel(actor);
  const reports = records.closeOpenOf(tx, id, { closedAt: now, closedBy, outcome });
  if (reports === 0) return;
  recordChange(
    tx,
    auditAuthor(actor),
    {
      action: "report.closed",
      subject: { type: "rating", id },
      before: { outcome: null },
      after: { outcome, appId, reports },
    },
    now,
  );
}
