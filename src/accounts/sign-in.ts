/** Signing in with address and password, at a pace that makes guessing pointless. */
import type { Store } from "../context.ts";
import { emailKeyOf } from "./emails.ts";
import { newPace, type Pace, paced } from "./pace.ts";
import { type Account, verifyPassword } from "./people.ts";

const paces = new WeakMap<Store["db"], Pace>();

function paceOf(store: Store): Pace {
  const known = paces.get(store.db);
  if (known) return known;
  const fresh = newPace();
  paces.set(store.db, fresh);
  return fresh;
}

/**
 * The account when address and password belong together; else null, after the same work and in the same words, whether
 * or not the address is an account's.
 * @throws Problem `auth.too_many_attempts`, `auth.busy`
 */
export function signIn(
  store: Store,
  attempt: { readonly email: string; readonly password: string; readonly address: string },
): Promise<Account | null> {
  const { email, password, address } = attempt;
  return paced(
    paceOf(store),
    { accountKey: emailKeyOf(email), address },
    () => store.clock.now(),
    () => verifyPassword(store, email, password),
  );
}
