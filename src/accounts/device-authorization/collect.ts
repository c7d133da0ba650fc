/** The program asks whether it is signed in by now (RFC 8628 §3.4 and §3.5), and is given its key once. */
import type { Store } from "../../context.ts";
import { write } from "../../db/database.ts";
import { perDb } from "../../db/per-db.ts";
import { asideRow } from "../../db/watch.ts";
import { isProblem, Problem } from "../../errors.ts";
import type { Sha256 } from "../../ids.ts";
import { keepNewest } from "../../newest.ts";
import { say, type Words } from "../../say.ts";
import { actorOfAccount } from "../account-actor.ts";
import type { Origin } from "../actor.ts";
import { createApiKeyIn, KEY_NAME_CHARACTERS } from "../api-keys/make.ts";
import type { ApiKey } from "../api-keys/owner.ts";
import { sessionWithAccount } from "../sessions.records.ts";
import { POLL_SECONDS } from "./begin.ts";
import { deviceCodeHash } from "./codes.ts";
import * as records from "./records.ts";

/** The codes of RFC 8628 §3.5 and RFC 6749 §5.2, in ours. */
export type WaitCode =
  | "login.authorization_pending"
  | "login.slow_down"
  | "login.access_denied"
  | "login.expired_token";

type Asked = { at: number; intervalMs: number };
/** Of each program that asks, when it did last. Kept in memory: strangers write nothing to the disk, a restart forgives. */
const askedOf = perDb(() => new Map<Sha256, Asked>());
const MOST_KEPT = 20_000;
/** Networks bunch what was sent at even times. */
const EARLY_MS = 500;

/**
 * The key that a person let the program have, with its token, which is kept nowhere.
 * @throws Problem with a `WaitCode`
 */
export function collectKey(
  store: Store,
  asked: { readonly deviceCode: string; readonly from: Origin },
): { key: ApiKey; token: string } {
  const hash = deviceCodeHash(asked.deviceCode);
  const now = store.clock.now();
  const row = records.byDeviceCode(store.db.orm, hash);
  if (!row || row.expiresAt <= now) throw waiting("login.expired_token");
  if (isTooSoon(store, hash, now)) throw waiting("login.slow_down");
  if (row.decision === null) throw waiting("login.authorization_pending");
  try {
    return write(store.db, (tx) => {
      // Another of its questions may have been faster: the code is of use once (§3.5).
      const present = records.byDeviceCode(tx, hash);
      if (!present) throw waiting("login.expired_token");
      const { decision, accountId, sessionId, days, clientName } = present;
      const found = sessionId === null ? undefined : sessionWithAccount(tx, sessionId);
      // Whoever ended the session, or the account, since, takes back what was allowed in it.
      const isGood =
        decision === "approved" &&
        sessionId !== null &&
        days !== null &&
        found?.account.id === accountId &&
        found.account.disabledAt === null &&
        found.session.expiresAt > now;
      if (!isGood) throw waiting("login.access_denied");
      records.removeAuthorization(tx, hash);
      const { account } = found;
      const actor = actorOfAccount(store, tx, account, { type: "session", sessionId });
      const name = nameOf(clientName);
      return createApiKeyIn(
        tx,
        { ...actor, from: asked.from },
        { owner: { accountId: account.id }, name, days },
        now,
      );
    });
  } catch (error) {
    if (isProblem(error) && error.code === "login.access_denied") forget(store, hash);
    throw error;
  }
}

/** What was refused is told once, and then it is over. */
function forget(store: Store, hash: Sha256): void {
  write(store.db, (tx) => {
    records.removeAuthorization(tx, hash);
    asideRow();
  });
}

/** Of the key, in the person's list. */
function nameOf(clientName: string): string {
  const name = clientName === "" ? "Signed in with a code" : `Signed in on ${clientName}`;
  return [...name].slice(0, KEY_NAME_CHARACTERS).join("").trim();
}

/** Whether it asks more often than it was told, after which it has to wait five seconds longer each time (§3.5). */
function isTooSoon(store: Store, hash: Sha256, now: Date): boolean {
  const all = askedOf(store);
  const before = all.get(hash);
  const at = now.getTime();
  const intervalMs = before?.intervalMs ?? POLL_SECONDS * 1000;
  const isSoon = before !== undefined && at >= before.at && at - before.at < intervalMs - EARLY_MS;
  const asked = { at, intervalMs: isSoon ? intervalMs + POLL_SECONDS * 1000 : intervalMs };
  keepNewest(all, hash, asked, MOST_KEPT);
  return isSoon;
}

const WORDS: Readonly<Record<WaitCode, Words>> = {
  "login.authorization_pending": say`Nobody has let the program in yet.`,
  "login.slow_down": say`The program asks too often: it waits five seconds longer between two questions from now on.`,
  "login.access_denied": say`The program was not let in.`,
  "login.expired_token": say`The code is over or was used. Begin again.`,
};

function waiting(code: WaitCode): Problem {
  return new Problem("invalid", code, WORDS[code]);
}
