/**
 * What has changed, told within this process once it is committed: who shows it looks again then, and nobody asks the database
 * over and over. Another process does not hear of it; only one serves a store.
 */
import type { AccountId, AppId, VersionId } from "../ids.ts";
import type { Db } from "./database.ts";
import { perDb } from "./per-db.ts";
import { unwatched } from "./watch.ts";

/**
 * One version, an app and what stands in its list, what somebody is told, the review queue, the store's jobs, organisations that are
 * asked for, offers of apps, or what is revoked.
 */
export type Topic =
  | `version:${VersionId}`
  | `app:${AppId}`
  | `notices:${AccountId}`
  | "review-queue"
  | "jobs"
  | "organisation-requests"
  | "transfers"
  | "revocations";

type Listener = () => void;

const listenersOf = perDb(() => new Map<Topic, Set<Listener>>());

/** Of the transaction that is open; there is one at a time, since its function is synchronous. */
let announced: Set<Topic> | null = null;

/** In the transaction that changes it. Outside of one it is not heard: see `tellNow`. */
export function announce(topic: Topic): void {
  announced?.add(topic);
}

/** At the beginning of a transaction. What it gives is called at its end: with the database when it was committed, else with null. */
export function beginAnnouncing(): (committed: Db | null) => void {
  const topics = new Set<Topic>();
  announced = topics;
  return (committed) => {
    announced = null;
    if (committed !== null) for (const topic of topics) tellNow(committed, topic);
  };
}

/** Of what is in memory and in no transaction. */
export function tellNow(db: Db, topic: Topic): void {
  const listeners = listenersOf({ db }).get(topic);
  // What somebody who looks does then is no part of the work that has changed it.
  if (listeners !== undefined) unwatched(() => [...listeners].forEach((listener) => void listener()));
}

/**
 * Calls the listener after each change of one of the topics, until what it gives is called. A listener only notes that it has to look: it is
 * called in the midst of whatever has changed the thing, and must not throw.
 */
export function onAnnounced(db: Db, topics: readonly Topic[], listener: Listener): () => void {
  const all = listenersOf({ db });
  for (const topic of topics) all.set(topic, (all.get(topic) ?? new Set()).add(listener));
  return () => {
    for (const topic of topics) {
      const listeners = all.get(topic);
      listeners?.delete(listener);
      if (listeners?.size === 0) all.delete(topic);
    }
  };
}
