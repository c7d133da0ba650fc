/** When a collection is shown. Pure. */
import type { CollectionRow } from "./records.ts";

export const SHOWINGS = ["draft", "scheduled", "shown", "ended"] as const;
/** Whether visitors meet it, and why they do not. */
export type Showing = (typeof SHOWINGS)[number];

export function showingOf(
  { published, shownFrom, shownUntil }: Pick<CollectionRow, "published" | "shownFrom" | "shownUntil">,
  now: Date,
): Showing {
  if (!published) return "draft";
  if (shownUntil !== null && shownUntil <= now) return "ended";
  return shownFrom !== null && shownFrom > now ? "scheduled" : "shown";
}
