/**
 * Showing again who one is, in a session that has been open for a while: before what the table of rights marks. By the
 * password, by a code of an authenticator app, or by a passkey; a recovery code is for signing in alone.
 */
import type { Store } from "../context.ts";
import type { AccountActor } from "./actor.ts";
import { checkCode } from "./factors/check.ts";
import { hasPasskeyAt, passkeyHost, verifyUse } from "./factors/passkeys.ts";
import { recoveryCodeOf } from "./factors/recovery-codes.ts";
import { factorsAt } from "./factors/views.ts";
import { hasPassword, sessionLane } from "./own.ts";
import { signIn } from "./sign-in.ts";

/** How long a proof lasts. */
export const PROOF_MINUTES = 15;

export function isRecent(provedAt: Date, now: Date): boolean {
  return now.getTime() - provedAt.getTime() <= PROOF_MINUTES * 60_000;
}

/** By what the person can show it; by nothing of it: they sign in again. */
export type WaysToProve = {
  readonly password: boolean;
  readonly code: boolean;
  /** The host of passkeys, where they have one for it. */
  readonly passkeyHost: string | null;
};

export function waysToProve(store: Store, { accountId }: AccountActor, origin: string): WaysToProve {
  const host = passkeyHost(origin);
  return {
    password: hasPassword(store, accountId),
    code: factorsAt(store, accountId).items.some(({ kind }) => kind === "totp"),
    passkeyHost: hasPasskeyAt(store.db.orm, accountId, host) ? host : null,
  };
}

export type GivenProof = {
  readonly password: string;
  readonly code: string;
  /** The browser's answer to a passkey's offer. */
  readonly response: string;
  readonly offer: string;
  readonly address: string;
  readonly origin: string;
};

/**
 * By what it was shown, in words for the audit log; null when it was not. Passwords and codes are tried at the pace of
 * signing in, and counted for this session.
 * @throws Problem `auth.too_many_attempts`, `auth.busy`
 */
export async function prove(store: Store, actor: AccountActor, given: GivenProof): Promise<string | null> {
  const { accountId, email } = actor;
  const { password, code, response, offer, address, origin } = given;
  if (response !== "") return (await verifyUse(store, accountId, { response, offer, origin })) && "passkey";
  const known = sessionLane(actor);
  if (code !== "") {
    return recoveryCodeOf(code) === null
      ? checkCode(store, actor, { accountId, code, address, known })
      : null;
  }
  const shown = await signIn(store, { email, password, address, known });
  return shown?.account.id === accountId ? "password" : null;
}
