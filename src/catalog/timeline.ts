/** What a version's timeline shows of its events. */
import type { EventView } from "./views.ts";

/**
 * Without the draft that a version sent for review with its upload never was, and that earlier versions of the store wrote down
 * all the same at the end of its checks. Oldest first, as they come.
 */
export function withoutPassing(events: readonly EventView[]): EventView[] {
  const kept: EventView[] = [];
  let from: EventView["fromState"] | undefined;
  for (const [at, event] of events.entries()) {
    const next = events[at + 1];
    const isPassed =
      event.fromState === "checking" &&
      event.toState === "draft" &&
      next?.toState === "in_review" &&
      next.at.getTime() === event.at.getTime();
    if (isPassed) {
      from = event.fromState;
      continue;
    }
    kept.push(from === undefined ? event : { ...event, fromState: from });
    from = undefined;
  }
  return kept;
}
