/** Streams of the API: what holds for each of them, in the document and on the wire. */
import type { Topic } from "../../db/announcements.ts";
import { markOf } from "../live/mark.ts";
import { followReply } from "../live/stream.ts";
import type { CallBase, ReplySpec } from "../route.ts";

export const EVENTS_REPLY: ReplySpec = {
  status: 200,
  description: "The events.",
  mediaType: "text/event-stream",
  streamed: true,
};

/** Of those that come to an end. */
export const END_REPLIES: readonly ReplySpec[] = [
  EVENTS_REPLY,
  { status: 204, description: "Nothing follows any more, and the last event that came says all." },
];

/**
 * How a stream goes, for the document.
 * @param what Its event, and what that has: a sentence or several
 * @param lastOnce When nothing follows any more; left out: something always may
 */
export function streamDescription(what: string, lastOnce?: string): string {
  return [
    `Server-sent events. ${what}`,
    "It comes once at the beginning, and again when it has changed: the newest state is always told, those between two of them may be left out.",
    "`alive` comes when there is nothing else to say, every 15 seconds at least.",
    ...(lastOnce === undefined
      ? []
      : [`\`end\` is the last one, once nothing follows by itself any more: ${lastOnce}.`]),
    "An `end` whose data is `replaced` came because you opened more streams than one may have, of which the oldest ends: do not come back with it.",
    "A stream ends without `end` after ten minutes, when it was cut off, or when you may not read it any more: come back after the time in `retry`, with `Last-Event-ID`, and the answer says which.",
  ].join(" ");
}

export type Told = {
  readonly data: unknown;
  readonly topics: readonly Topic[];
  /** True once nothing follows any more. */
  readonly isLast?: boolean;
};

/** One event, of this name, with these data as JSON, whenever they have changed. */
export function followJson(
  call: CallBase,
  name: string,
  look: (now: CallBase) => Told,
  gapMs?: number,
): Response {
  return followReply(call, (now) => {
    const { data, topics, isLast = false } = look(now);
    return {
      ...{ mark: markOf(data), topics, isLast },
      ...(gapMs === undefined ? {} : { gapMs }),
      event: () => ({ name, data: JSON.stringify(data) }),
    };
  });
}
