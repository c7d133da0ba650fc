/** A program asks to be signed in: anybody may, so what is kept of it is little, short-lived and bounded. */
import type { Store } from "../../context.ts";
import { write } from "../../db/database.ts";
import { asideRow } from "../../db/watch.ts";
import { Problem } from "../../errors.ts";
import { say } from "../../say.ts";
import { cleanName } from "../name-rule.ts";
import { placeOf } from "../pace.ts";
import { retryAfter, saidSeconds, waitWords } from "../wait.ts";
import { deviceCodeHash, newDeviceCode, newUserCode, userCodeHash, userCodeOf } from "./codes.ts";
import * as records from "./records.ts";

export const AUTHORIZATION_MINUTES = 10;
/** What the program waits between two questions. */
export const POLL_SECONDS = 5;
const CLIENT_NAME_CHARACTERS = 60;
/** That wait for a person at one time, from one place and in all. What a person has let in counts no more, and stays. */
const MOST_FROM_ONE_PLACE = 200;
export const MOST_WAITING = 20_000;

export type Begun = {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly expiresAt: Date;
};

/** So long nobody at the same place takes what was begun there. */
const SURE_SECONDS = 60;

/**
 * Where a place has begun too many, its oldest gives room, once that had a minute; where all have, that of the place that has
 * the most of them. So nobody takes what somebody at another place, or a person who has let a program in, waits for, and nobody
 * who begins many keeps others at the same address from beginning.
 * @param from.clientName What the program calls itself and its machine; the person who decides is shown it.
 * @throws Problem `login.too_many_waiting`
 */
export function beginAuthorization(
  store: Store,
  from: { readonly clientName: string; readonly address: string },
): Begun {
  const deviceCode = newDeviceCode();
  const userCode = newUserCode();
  const now = store.clock.now();
  const expiresAt = new Date(now.getTime() + AUTHORIZATION_MINUTES * 60_000);
  const address = placeOf(from.address);
  write(store.db, (tx) => {
    // Here, so that what strangers have begun and left takes no more room than what still waits.
    for (let over = records.removeExpired(tx, now); over > 0; over--) asideRow();
    const here = records.waitingFrom(tx, address, now, MOST_FROM_ONE_PLACE);
    const oldest = here.length < MOST_FROM_ONE_PLACE ? undefined : here[0];
    if (oldest !== undefined) {
      const sureUntil = oldest.createdAt.getTime() + SURE_SECONDS * 1000;
      if (sureUntil > now.getTime()) throw tooMany(sureUntil - now.getTime());
      records.removeAuthorization(tx, oldest.deviceCodeHash);
      asideRow();
    }
    if (records.countWaiting(tx, now) >= MOST_WAITING) {
      records.removeOldestOfLargest(tx);
      asideRow();
    }
    records.insertAuthorization(tx, {
      deviceCodeHash: deviceCodeHash(deviceCode),
      userCodeHash: userCodeHash(userCodeOf(userCode) ?? ""),
      // What a stranger calls a program stands in a page beside the question whether to trust it.
      clientName: cleanName(from.clientName.slice(0, 10 * CLIENT_NAME_CHARACTERS), CLIENT_NAME_CHARACTERS),
      address,
      createdAt: now,
      expiresAt,
    });
    // Nobody has done anything yet: the audit log tells who decides on it.
    asideRow();
  });
  return { deviceCode, userCode, expiresAt };
}

function tooMany(waitMs: number): Problem {
  const seconds = saidSeconds(waitMs);
  return new Problem(
    "too_many_requests",
    "login.too_many_waiting",
    say`Too many programs at this address wait to be let in. Begin again in ${waitWords(seconds)}.`,
    [retryAfter(seconds)],
  );
}

/** For a cron entry. */
export function forgetAuthorizations(store: Store): void {
  write(store.db, (tx) => void records.removeExpired(tx, store.clock.now()));
}
