/**
 * Answers that stay open and tell each change of one thing as a server-sent event (the HTML standard, “Server-sent events”). A stream begins
 * with the present state, unless that is the one that the client has; the newest is always told, those between two of them need
 * not be. Before each event who follows is asked anew whether they may read the thing, and at least every `aliveMs` whether they may read
 * any such: a stream whose client may not ends, and what the client is told when it comes back is why. It extends no session; that an
 * API key is in use is noted as of any other call.
 */
import { actorLabel } from "../../accounts/actor.ts";
import { needsRenewal } from "../../accounts/sessions.ts";
import { onAnnounced, type Topic } from "../../db/announcements.ts";
import { unwatched } from "../../db/watch.ts";
import { describeError, isProblem } from "../../errors.ts";
import type { CallBase } from "../route.ts";
import { joinStreams, leaveStreams, type OpenStream } from "./open-streams.ts";
import { takeTurn } from "./turns.ts";

/** What there is to tell of a thing now. */
export type LiveState = {
  /** Tells its states apart, and is the event's id. */
  readonly mark: string;
  /** What changes it. */
  readonly topics: readonly Topic[];
  /** True when nothing follows any more: the stream ends with it. */
  readonly isLast: boolean;
  /** Between two looks at what changes more often than anybody reads it. */
  readonly gapMs?: number;
  readonly event: () => Promise<LiveEvent> | LiveEvent;
};
/** Without a name it is what pages put in place. */
export type LiveEvent = { readonly name?: string; readonly data: string };

/** Looks at the thing for whoever follows it. @throws Problem when they may not */
export type Look = (call: CallBase) => LiveState;

/** When a client whose stream has ended comes back. */
const RETRY_MS = 2000;
/** When one comes back that had to give way, and comes back all the same: not in turns with the one that took its place. */
const REPLACED_RETRY_MS = 60_000;
/** Several changes of one moment are one. */
const SOON_MS = 25;
/** Between two looks, however often the thing changes, unless its state says otherwise. */
const GAP_MS = 250;
/** Of the times that nothing but `alive` is to be said: each of so many looks at the thing all the same. */
const FULL_LOOK_EVERY = 4;
/** Events that the client has not taken: it is gone, or too slow to be told more. */
const MOST_UNTAKEN = 8;

const HEADERS = {
  "Content-Type": "text/event-stream",
  "Cache-Control": "no-store",
  // nginx would keep events back until it has some kilobytes of them.
  "X-Accel-Buffering": "no",
};

/**
 * @param seen The mark of what the client has already; else what it sends as Last-Event-ID. To one that has the last state the
 *   answer is 204, after which a browser's EventSource does not come back (the same standard, “Processing model”).
 * @throws Problem `live.full`, and what `look` throws
 */
export function followReply(call: CallBase, look: Look, seen?: string): Response {
  const { store, request, info } = call;
  const first = look(call);
  const known = request.headers.get("last-event-id") ?? seen ?? null;
  if (first.isLast && first.mark === known)
    return new Response(null, { status: 204, headers: { "Cache-Control": "no-store" } });
  if (info.head) return new Response(null, { headers: HEADERS });
  const follower = newFollower(call, look, known);
  joinStreams(store, actorLabel(call.actor), follower);
  const body = new ReadableStream<Uint8Array>(
    { start: (controller) => void follower.start(controller, first), cancel: () => follower.end() },
    { highWaterMark: MOST_UNTAKEN },
  );
  return new Response(body, { headers: HEADERS });
}

type Follower = OpenStream & {
  readonly start: (
    controller: ReadableStreamDefaultController<Uint8Array>,
    first: LiveState,
  ) => Promise<void>;
};

function newFollower(call: CallBase, look: Look, known: string | null): Follower {
  const { store, arrival } = call;
  const encoder = new TextEncoder();
  let out: ReadableStreamDefaultController<Uint8Array> | null = null;
  let mark = known;
  let topics: readonly Topic[] = [];
  let stopHearing = () => {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  let alive: ReturnType<typeof setInterval> | undefined;
  let life: ReturnType<typeof setTimeout> | undefined;
  let gapMs = GAP_MS;
  let ticks = 0;
  let mustSpeak = false;
  let isLooking = false;
  let hasChanged = false;
  let hasEnded = false;

  const end = (): void => {
    if (hasEnded) return;
    hasEnded = true;
    clearTimeout(timer);
    clearInterval(alive);
    clearTimeout(life);
    stopHearing();
    leaveStreams(store, follower);
    try {
      out?.close();
    } catch {
      // The client has closed it.
    }
  };
  const send = (text: string): void => {
    if (hasEnded || out === null) return;
    if ((out.desiredSize ?? 0) > 0) {
      out.enqueue(encoder.encode(text));
      arrival.moved();
    } else end();
  };
  const tell = async (state: LiveState): Promise<boolean> => {
    follow(state.topics);
    gapMs = state.gapMs ?? GAP_MS;
    const isNew = state.mark !== mark;
    if (isNew) {
      const event = await state.event();
      mark = state.mark;
      send(eventText(event, state.mark));
    }
    if (state.isLast) {
      send(eventText({ name: "end", data: "" }));
      end();
    }
    return isNew;
  };
  const follow = (next: readonly Topic[]): void => {
    if (hasEnded || next.join() === topics.join()) return;
    stopHearing();
    topics = next;
    stopHearing = onAnnounced(store.db, next, () => {
      hasChanged = true;
      wake(SOON_MS);
    });
  };
  const wake = (afterMs: number): void => {
    if (hasEnded || isLooking || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      if (hasChanged) takeTurn(store, lookAgain);
    }, afterMs);
  };
  const tick = (): void => {
    ticks += 1;
    mustSpeak = true;
    takeTurn(store, lookAgain);
  };
  const lookAgain = async (): Promise<void> => {
    if (isLooking || hasEnded) return;
    isLooking = true;
    const isFull = hasChanged || ticks % FULL_LOOK_EVERY === 0;
    hasChanged = false;
    try {
      const now = await call.again(call);
      // By a secret from before a change of rights nothing is told.
      if (now.session !== null && needsRenewal(store, now.session.sessionId)) return end();
      const isTold = isFull && (await tell(look(now)));
      if (mustSpeak && !isTold) send(eventText(ALIVE));
      mustSpeak = false;
    } catch (error) {
      if (!isProblem(error))
        store.log.error("live.failed", { id: call.info.id, error: describeError(error) });
      end();
    } finally {
      isLooking = false;
    }
    wake(gapMs);
  };

  const follower: Follower = {
    end,
    giveWay() {
      send(`retry: ${REPLACED_RETRY_MS}\n${eventText({ name: "end", data: "replaced" })}`);
      end();
    },
    async start(controller, first) {
      out = controller;
      // Said at once, so that the client and what stands between know that it is open.
      send(`retry: ${RETRY_MS}\n${eventText(ALIVE)}`);
      const { aliveMs, streamMs } = arrival.patience;
      unwatched(() => {
        alive = setInterval(tick, aliveMs);
        life = setTimeout(end, streamMs);
      });
      isLooking = true;
      try {
        await tell(first);
      } catch (error) {
        store.log.error("live.failed", { id: call.info.id, error: describeError(error) });
        end();
      } finally {
        isLooking = false;
      }
      wake(gapMs);
    },
  };
  return follower;
}

/** Shows that the connection is there when there is nothing else to say. */
const ALIVE: LiveEvent = { name: "alive", data: "" };

/** Each line of the data is one of the event, so that nothing in it can begin another field or event. */
function eventText({ name, data }: LiveEvent, id?: string): string {
  const lines = data.split(/\r\n|\r|\n/).map((line) => `data: ${line}`);
  const fields = [
    ...(name === undefined ? [] : [`event: ${name}`]),
    ...(id === undefined ? [] : [`id: ${id}`]),
  ];
  return `${[...fields, ...lines].join("\n")}\n\n`;
}
