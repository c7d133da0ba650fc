/** Signing in with address and password, at a pace that makes guessing pointless. */
import type { Store } from "../context.ts";
import { perDb } from "../db/per-db.ts";
import { emailKeyOf } from "./emails.ts";
import { newPace, paced, placeOf } from "./pace.ts";
import { type Account, verifyPassword } from "./people.ts";

const pacesOf = perDb(() => ({ signingIn: newPace(), asking: newPace() }));

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
    pacesOf(store).signingIn,
    { accountKey: emailKeyOf(email), address },
    () => store.clock.now(),
    () => verifyPassword(store, email, password, placeOf(address)),
  );
}

/**
 * Asking without an account, whatever it leads to, at the same pace: each time counts, and one place is no other's.
 * @throws Problem `auth.too_many_attempts`
 */
export async function askedAtPace(store: Store, address: string, ask: () => void): Promise<void> {
  await paced(
    pacesOf(store).asking,
    { accountKey: "", address },
    () => store.clock.now(),
    async () => {
      ask();
      return null;
    },
  );
}
