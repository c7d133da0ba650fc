import type { Actor } from "../../accounts/actor.ts";
import type { Topic } from "../../db/announcements.ts";
import type { AppId } from "../../ids.ts";

/** What changes what waits for somebody: these apps of theirs, what they are told and offered, and what they decide about. */
export function topicsOfDashboard(
  actor: Actor,
  apps: readonly { readonly id: string }[],
  { review }: { readonly review: unknown },
): Topic[] {
  return [
    ...apps.map(({ id }): Topic => `app:${id as AppId}`),
    ...(review === null ? [] : ["review-queue" as const]),
    ...(actor.kind === "account" ? [`notices:${actor.accountId}` as const] : []),
    // Of one's own as well: it is on the dashboard of who asked for it.
    "organisation-requests",
    "transfers",
  ];
}
