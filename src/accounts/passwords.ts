/** Passwords: Argon2id, few at a time, and the same work for an address that is not there. */
import { Problem } from "../errors.ts";
import { say, type Words } from "../say.ts";
import { isCommonPassword } from "./common-passwords.ts";
import { type Asker, fairQueue } from "./fair-queue.ts";

/** OWASP's smallest Argon2id setting: 19 MiB, two passes, one lane. */
const ARGON2ID = { algorithm: "argon2id", memoryCost: 19_456, timeCost: 2 } as const;

export const PASSWORD_LEAST_CHARACTERS = 12;
/** Beyond it nobody types; hashing time must not grow with what a stranger sends. */
export const PASSWORD_MOST_BYTES = 1024;

/** Hash of a password that nobody knows, made with ARGON2ID: verified when there is no account, so that the time is the same. */
export const NOBODYS_HASH =
  "$argon2id$v=19$m=19456,t=2,p=1$IDDqJDXN4GXrXDZ8rjjS+VdYR7c4CmXzSgv2xZL/2sM$3AjRZB6m8d2t/tTRNTEeLiv5LW0TIajJWQ1vm9+VOUM";

/** Each takes 19 MiB and a core: more than this would let strangers fill the memory. */
const SIDE_BY_SIDE = 2;
const MOST_WAITING = 256;

const turns = fairQueue({
  sideBySide: SIDE_BY_SIDE,
  waiting: MOST_WAITING,
  full: () =>
    new Problem(
      "too_many_requests",
      "auth.busy",
      say`Too many people are signing in at this moment. Try again in 5 seconds.`,
      [{ code: "retry.after", message: "5 seconds", expected: "5" }],
    ),
});

/** Of what is asked without an address, such as by a command on the store's machine. */
const HERE: Asker = { place: "", ahead: false };

/**
 * Why a new password is not taken; null when it is fine.
 * @param about What others know of the person: address, name, the store's name.
 */
export async function passwordFault(password: string, about: readonly string[]): Promise<Words | null> {
  if ([...password].length < PASSWORD_LEAST_CHARACTERS)
    return say`A password has at least ${PASSWORD_LEAST_CHARACTERS} characters.`;
  if (Buffer.byteLength(password) > PASSWORD_MOST_BYTES)
    return say`A password has at most ${PASSWORD_MOST_BYTES} bytes.`;
  if (await isCommonPassword(password, about))
    return say`This password is among the first that are guessed. A few unrelated words make a good one.`;
  return null;
}

/** @throws Problem `auth.busy` */
export function hashPassword(password: string): Promise<string> {
  return turns.run(HERE, () => Bun.password.hash(password, ARGON2ID));
}

/**
 * True when the password belongs to the hash. With null (no such account, or none with a password) it does the same
 * work and gives false.
 * @param asker Whose turn it takes
 * @throws Problem `auth.busy`
 */
export async function checkPassword(
  password: string,
  hash: string | null,
  asker: Asker = HERE,
): Promise<boolean> {
  // What is too long was never taken as a password; hashing nothing instead keeps the time the same.
  const candidate = Buffer.byteLength(password) > PASSWORD_MOST_BYTES ? "" : password;
  const matches = await turns.run(asker, () => Bun.password.verify(candidate, hash ?? NOBODYS_HASH));
  return matches && hash !== null && candidate !== "";
}
