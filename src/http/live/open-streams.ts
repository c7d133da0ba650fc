/** Which event streams are open: bounded for each who follows and in all, and ended together when the store stops. */
import type { Store } from "../../context.ts";
import { perDb } from "../../db/per-db.ts";
import { Problem } from "../../errors.ts";
import { say } from "../../say.ts";

/** Of one person, organisation's key or publisher: a page in view holds one. Another one takes the place of the oldest. */
export const MOST_OF_ONE = 20;
/** Each is a connection, and looks again at each change. */
export const MOST_IN_ALL = 500;
const RETRY_SECONDS = 10;

export type OpenStream = {
  readonly end: () => void;
  /** Ends it, and says that another one of the same person took its place. */
  readonly giveWay: () => void;
};

const openOf = perDb(() => new Map<OpenStream, string>());

/**
 * Takes a place, which `leaveStreams` gives back. The oldest of the same person gives way when there are too many of theirs:
 * it may be of a connection that died in silence, and the newest is the one that is looked at.
 * @param who As `actorLabel` writes it
 * @throws Problem `live.full`
 */
export function joinStreams(store: Pick<Store, "db">, who: string, stream: OpenStream): void {
  const open = openOf(store);
  const own = [...open].flatMap(([each, whose]) => (whose === who ? [each] : []));
  if (own.length >= MOST_OF_ONE) own[0]?.giveWay();
  if (open.size >= MOST_IN_ALL)
    throw new Problem(
      "unavailable",
      "live.full",
      say`As many follow what happens here as the store can keep up to date at once. Ask for the present state again in a while.`,
      [{ code: "retry.after", message: `${RETRY_SECONDS} seconds`, expected: String(RETRY_SECONDS) }],
    );
  open.set(stream, who);
}

export function leaveStreams(store: Pick<Store, "db">, stream: OpenStream): void {
  openOf(store).delete(stream);
}

/** All of them, at once: who follows comes back by itself when the store is there again. */
export function endStreams(store: Pick<Store, "db">): void {
  for (const stream of [...openOf(store).keys()]) stream.end();
}

export function countStreams(store: Pick<Store, "db">): number {
  return openOf(store).size;
}
