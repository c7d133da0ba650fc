/** Coming in: the one place that decides what follows once somebody has shown who they are. */
import type { FlashCode } from "../../../views/page.ts";
import { BROWSER_COOKIE, browserCookie, rememberBrowser } from "../../accounts/browsers/browsers.ts";
import {
  beginSecondStep,
  type FirstFactor,
  needsSecondFactor,
  pendingCookie,
} from "../../accounts/factors/pending.ts";
import { createSession, endSession, type How, type Still, sessionCookie } from "../../accounts/sessions.ts";
import type { AccountId, IdentityId } from "../../ids.ts";
import { originOf } from "../guard.ts";
import type { CallBase } from "../route.ts";
import { goOn } from "./page.ts";

export const SECOND_STEP = "/sign-in/second-step";
/** Where one's own second factors are. */
export const SECOND_FACTOR = "/account/second-factor";

export type Entry = {
  readonly accountId: AccountId;
  readonly by: FirstFactor;
  /** The provider has asked for a second factor itself, and is trusted with that. */
  readonly second?: boolean;
  /** The linked account that vouched for them, where one did. */
  readonly identityId?: IdentityId;
  /** When they showed it, where that was before now. */
  readonly shownAt?: Date;
  /** Where to go afterwards, as `ownPath` gives it; null: the dashboard. */
  readonly next?: string | null;
  /** Said on the first page. */
  readonly flash?: FlashCode;
  /** Asked in the transaction that lets them in. */
  readonly still?: Still;
};

/**
 * Every way of signing in ends here, with an account that is not disabled: in a session, or before the second factor of
 * who has one. Who needs one by their role and has none gets a session in which the role does not count, and is led to
 * add one (`guard.ts`).
 * @throws Problem `auth.required` where the account was disabled meanwhile, and what `still` throws
 */
export async function afterFirstFactor(call: CallBase, entry: Entry): Promise<Response> {
  const { accountId, by, second = false, identityId, shownAt, next = null, flash, still } = entry;
  const how = { by, identityId, ...(shownAt === undefined ? {} : { provedAt: shownAt }) };
  if (second) return enter(call, { ...entry, how: { ...how, second: "provider" } });
  if (!needsSecondFactor(call.store, accountId)) return enter(call, { ...entry, how });
  const secret = beginSecondStep(
    call.store,
    { accountId, by, identityId, next, flash: flash ?? null },
    still,
  );
  endPresentSession(call);
  call.setCookie(pendingCookie(secret));
  return goOn(call, SECOND_STEP);
}

/** In: for who has shown all that is asked for. */
export async function enter(
  call: CallBase,
  entry: Pick<Entry, "accountId" | "next" | "flash" | "still"> & { readonly how: How },
): Promise<Response> {
  await startSession(call, entry);
  return goOn(call, entry.next ?? "/dashboard", entry.flash);
}

/** Starts a new session, never goes on with one that was there before: its secret may be known to somebody. */
async function startSession(
  call: CallBase,
  { accountId, how, still }: Pick<Entry, "accountId" | "still"> & { readonly how: How },
): Promise<void> {
  const { store, info, request } = call;
  const { secret, expiresAt } = await createSession(store, accountId, originOf(request, info), how, still);
  // Afterwards: who is refused goes on with what they had.
  endPresentSession(call);
  call.setCookie(sessionCookie(store, secret, expiresAt));
  knowBrowser(call, accountId);
}

/** From now on the account knows this browser: nobody else's guesses make it wait there. */
export function knowBrowser(call: CallBase, accountId: AccountId): void {
  const { store, info, request, cookie } = call;
  const secret = rememberBrowser(store, accountId, cookie(BROWSER_COOKIE), originOf(request, info));
  call.setCookie(browserCookie(secret));
}

function endPresentSession({ store, session, actor }: CallBase): void {
  if (session) endSession(store, actor, session.sessionId);
}
