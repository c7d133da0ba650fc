/** Signing in with address and password, at a pace that makes guessing pointless. */
import type { Store } from "../context.ts";
import { emailKeyOf } from "./emails.ts";
import { newPace, type Pace, paced } from "./pace.ts";
import { type Account, verifyPassword } from "./people.ts";

type Paces = { readonly signingIn: Pace; readonly asking: Pace };
const known = new WeakMap<Store["db"], Paces>();

function pacesOf(store: Store): Paces {
  const before = known.get(store.db);
  if (before) return before;
  const fresh = { signingIn: newPace(), asking: newPace() };
  known.set(store.db, fresh);
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
    pacesOf(store).signingIn,
    { accountKey: emailKeyOf(email), address },
    () => store.clock.now(),
    () => verifyPassword(store, email, password),
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
