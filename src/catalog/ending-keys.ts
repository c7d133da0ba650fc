/** Signing keys whose certificate ends soon, for those who can enrol them again. */
import type { Actor } from "../accounts/actor.ts";
import { ownReachOf } from "../accounts/rights.ts";
import type { Store } from "../context.ts";
import { DAY_MS } from "../time.ts";
import { type DeveloperKeyView, EXPIRES_SOON_MS, keyViews } from "./developer-keys.ts";
import { selectEndingKeys } from "./keys.records.ts";

/** Who has not renewed a key so long after its certificate's end has put it away. */
export const OVER_MS = 30 * DAY_MS;
const AT_ONCE = 50;
/** The dashboard costs the same however many keys were revoked. */
const MOST_LOOKED_AT = 500;

/**
 * Keys of the actor's organisations whose newest certificate ends within sixty days, or ended in the last thirty; the first to end
 * first. Not those that a new certificate would not help: revoked ones, and ones that no app takes any more.
 */
export function endingSigningKeys(store: Store, actor: Actor, limit: number): DeveloperKeyView[] {
  const { organisationIds } = ownReachOf(actor, "key.enroll");
  if (organisationIds.length === 0) return [];
  const now = store.clock.now().getTime();
  const within = { from: new Date(now - OVER_MS), to: new Date(now + EXPIRES_SOON_MS), limit: AT_ONCE };
  const found: DeveloperKeyView[] = [];
  // Revoked ones may be many, and end first: they must not take the places of those that wait for somebody.
  for (let skip = 0; found.length < limit && skip < MOST_LOOKED_AT; skip += AT_ONCE) {
    const rows = selectEndingKeys(store.db.orm, organisationIds, { ...within, skip });
    found.push(...keyViews(store, rows).filter(isWorthRenewing));
    if (rows.length < AT_ONCE) break;
  }
  return found.slice(0, limit);
}

/** Whether a new certificate would help: the key is not revoked, nor lost to each of its apps. */
export function isWorthRenewing({ revoked, developerRevoked, apps }: DeveloperKeyView): boolean {
  const isLost = apps.length > 0 && apps.every(({ usable }) => !usable);
  return revoked === null && developerRevoked === null && !isLost;
}
