/** Coming in: the one place that decides what follows once somebody has shown who they are. */
import type { FlashCode } from "../../../views/page.ts";
import { createSession, endSession, sessionCookie } from "../../accounts/sessions.ts";
import type { AccountId } from "../../ids.ts";
import { originOf } from "../guard.ts";
import type { CallBase } from "../route.ts";
import { goOn } from "./page.ts";

/** How somebody has shown who they are: what was asked for first. */
export type FirstFactor = "password" | "set-up link" | "invitation" | "provider";

export type Entry = {
  readonly accountId: AccountId;
  readonly by: FirstFactor;
  /** Where to go afterwards, as `ownPath` gives it; null: the dashboard. */
  readonly next?: string | null;
  /** Said on the first page. */
  readonly flash?: FlashCode;
};

/**
 * Every way of signing in ends here, with an account that is not disabled; no other place starts a session for somebody
 * who had none.
 */
export async function afterFirstFactor(call: CallBase, entry: Entry): Promise<Response> {
  await startSession(call, entry.accountId);
  return goOn(call, entry.next ?? "/dashboard", entry.flash);
}

/** Starts a new session, never goes on with one that was there before: its secret may be known to somebody. */
export async function startSession(call: CallBase, accountId: AccountId): Promise<void> {
  const { store, info, request, session, actor } = call;
  if (session) endSession(store, actor, session.sessionId);
  const { secret, expiresAt } = await createSession(store, accountId, originOf(request, info));
  call.setCookie(sessionCookie(store, secret, expiresAt));
}
