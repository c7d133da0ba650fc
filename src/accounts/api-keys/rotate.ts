/** A new token for a key that otherwise stays what it is; the old one works on for as long as is asked for. */
import { recordChange } from "../../audit/record.ts";
import type { Store } from "../../context.ts";
import { write } from "../../db/database.ts";
import { type Fault, Problem } from "../../errors.ts";
import type { ApiKeyId } from "../../ids.ts";
import { say } from "../../say.ts";
import { HOUR_MS } from "../../time.ts";
import { type Actor, actorLabel, auditAuthor } from "../actor.ts";
import { narrowingOf } from "../rights.ts";
import { secretHash } from "../secrets.ts";
import { checkEnd, makerKey, refuseKeyFaults } from "./make.ts";
import { isWithin } from "./narrow.ts";
import { type ApiKey, apiKeyOf, findKeyFor } from "./owner.ts";
import { insertPastSecret, type KeyOwner, updateApiKey } from "./records.ts";
import { formatToken, kindOf, newTokenSecret } from "./tokens.ts";

export const MOST_OVERLAP_HOURS = 168;

export type Rotation = {
  /** Whole hours in which the token of before works too, 0 to 168. */
  readonly overlapHours: number;
  /** Whole days until the key ends; 90 without it. */
  readonly days?: number;
};

/**
 * Gives the new token, which is not kept. Only the newest token of before goes on working, and no longer than it would
 * have. A key can be rotated with another one that may do as much: it then ends with that one, as if that had made it.
 * @param owner Whose it must be; whoever's it is without.
 * @throws Problem `apikey.not_found`, `apikey.invalid`, `apikey.ended`, `rights.forbidden`, `organisation.not_found`
 */
export function rotateApiKey(
  store: Store,
  actor: Actor,
  keyId: ApiKeyId,
  { overlapHours, days }: Rotation,
  owner?: KeyOwner,
): { key: ApiKey; token: string } {
  const secret = newTokenSecret();
  const now = store.clock.now();
  return write(store.db, (tx) => {
    const row = findKeyFor(tx, actor, keyId, "manage", owner);
    if (row.revokedAt !== null || row.expiresAt <= now) {
      throw new Problem("conflict", "apikey.ended", say`This key is revoked or has expired. Make a new one.`);
    }
    const maker = makerKey(tx, actor);
    const faults: Fault[] = [];
    if (!isWithin(row, narrowingOf(actor))) {
      const message = say`The key that would rotate it may do less than this one, or is for other apps.`;
      faults.push({ code: "apikey.actions", message });
    }
    if (!Number.isInteger(overlapHours) || overlapHours < 0 || overlapHours > MOST_OVERLAP_HOURS) {
      const message = say`The old token works for 0 to ${MOST_OVERLAP_HOURS} whole hours more, found ${overlapHours}.`;
      faults.push({ code: "apikey.overlap", pointer: "/overlapHours", message });
    }
    const expiresAt = checkEnd(days, maker, now, faults);
    refuseKeyFaults(faults);
    const until = new Date(Math.min(now.getTime() + overlapHours * HOUR_MS, row.expiresAt.getTime()));
    const replacedWith = maker?.id ?? null;
    insertPastSecret(tx, { hash: row.secretHash, keyId, until, replacedWith }, now);
    const changed = updateApiKey(tx, keyId, {
      secretHash: secretHash(secret),
      tokenBy: actorLabel(actor),
      previousUntil: overlapHours === 0 ? null : until,
      expiresAt,
      endToldAt: null,
      // Whoever rotated it knows the new token: it ends with the key that they used, as what that key made does.
      madeWith: maker?.id === keyId ? row.madeWith : replacedWith,
    });
    if (!changed) throw new Error(`the API key ${keyId} is gone while it is rotated`);
    const { organisationId } = row;
    recordChange(
      tx,
      auditAuthor(actor),
      {
        action: "apikey.rotated",
        subject: { type: "apikey", id: keyId },
        organisationId,
        before: { expiresAt: row.expiresAt.toISOString() },
        after: { expiresAt: expiresAt.toISOString(), oldTokenUntil: until.toISOString() },
      },
      now,
    );
    return { key: apiKeyOf(tx, changed, now), token: formatToken({ kind: kindOf(row), keyId, secret }) };
  });
}
